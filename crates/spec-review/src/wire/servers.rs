//! The addresses under which the service is reached.

use std::collections::BTreeSet;

use super::operations::{Call, placeholders, template};
use super::{OperationId, Said, Wire};
use crate::law::{Direction, Effect, Level};
use crate::rules;
use crate::side::{At, Place, Side};

/// More addresses than this are not written out.
const MOST_ADDRESSES: usize = 256;

/// A value that callers choose, or leave as it is.
#[derive(Debug, Clone)]
struct Variable {
    name: String,
    default: String,
    /// Nothing where any value will do.
    values: Option<BTreeSet<String>>,
    place: Place,
}

#[derive(Debug, Clone)]
struct Server {
    url: String,
    variables: Vec<Variable>,
    place: Place,
}

fn servers(side: &Side<'_>, call: &Call<'_>) -> Vec<Server> {
    let root = side.root();
    let written = [&call.at, &call.item.at, &root].into_iter().filter_map(|at| at.get("servers"));
    let Some(list) = written.into_iter().find(|servers| !servers.node.items().is_empty()) else {
        return vec![Server { url: "/".to_owned(), variables: Vec::new(), place: root.place() }];
    };
    let list: Vec<Server> = list
        .items()
        .map(|at| {
            let url = at.text("url").unwrap_or("/").to_owned();
            let variables =
                placeholders(&url).into_iter().filter_map(|name| variable(&at, name)).collect();
            Server { variables, place: at.place(), url }
        })
        .collect();
    list
}

fn variable(server: &At<'_>, name: &str) -> Option<Variable> {
    let at = server.get("variables")?.get(name)?;
    let text = |node: &openapi_document::Node| match node.to_json() {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    let values: BTreeSet<String> =
        at.node.get("enum").iter().flat_map(|node| node.items()).map(text).collect();
    Some(Variable {
        name: name.to_owned(),
        default: at.node.get("default").map(text).unwrap_or_default(),
        values: (!values.is_empty()).then_some(values),
        place: at.place(),
    })
}

impl Server {
    /// What tells servers apart: the address without the names of its variables.
    fn key(&self) -> String {
        template(self.url.trim_end_matches('/'))
    }

    /// All addresses, if they are few.
    fn addresses(&self) -> Option<BTreeSet<String>> {
        let mut addresses = BTreeSet::from([self.url.trim_end_matches('/').to_owned()]);
        for variable in &self.variables {
            let values = variable.values.as_ref()?;
            if addresses.len() * values.len() > MOST_ADDRESSES {
                return None;
            }
            let hole = format!("{{{}}}", variable.name);
            let fill = |address: &String| {
                values.iter().map(|value| address.replace(&hole, value)).collect::<Vec<_>>()
            };
            addresses = addresses.iter().flat_map(fill).collect();
        }
        (!addresses.iter().any(|address| address.contains('{'))).then_some(addresses)
    }
}

impl<'d> Wire<'d> {
    pub(super) fn compare_servers(&mut self, id: OperationId, old: &Call<'d>, new: &Call<'d>) {
        let (base, head) = (servers(self.base(), old), servers(self.head(), new));
        let all = |servers: &[Server]| -> BTreeSet<String> {
            servers.iter().filter_map(Server::addresses).flatten().collect()
        };
        let (before, after) = (all(&base), all(&head));
        let within = |server: &Server, addresses: &BTreeSet<String>| {
            server.addresses().is_some_and(|own| own.is_subset(addresses))
        };
        for server in &base {
            if let Some(other) = head.iter().find(|other| other.key() == server.key()) {
                self.compare_variables(id, server, other);
            } else if !within(server, &after) {
                let head = head.first().map(|server| server.place.clone());
                let message = format!("the server `{}` was removed", server.url);
                self.server_said(
                    id,
                    Level::Breaking,
                    Effect::NARROWS,
                    (Some(server.place.clone()), head),
                    message,
                );
            }
        }
        for server in
            head.iter().filter(|server| !base.iter().any(|other| other.key() == server.key()))
        {
            if !within(server, &before) {
                let base = base.first().map(|server| server.place.clone());
                let message = format!("the server `{}` was added", server.url);
                self.server_said(
                    id,
                    Level::Info,
                    Effect::WIDENS,
                    (base, Some(server.place.clone())),
                    message,
                );
            }
        }
    }

    fn server_said(
        &mut self,
        id: OperationId,
        level: Level,
        effect: Effect,
        (base, head): (Option<Place>, Option<Place>),
        message: String,
    ) {
        let said = Said::new(&rules::SERVER, message).level(level).effect(effect).at(base, head);
        self.say(Some(id), Some(Direction::Request), said);
    }

    fn compare_variables(&mut self, id: OperationId, old: &Server, new: &Server) {
        for (before, after) in old.variables.iter().zip(&new.variables) {
            let at = (Some(before.place.clone()), Some(after.place.clone()));
            let name = &after.name;
            if before.default != after.default {
                let message = format!(
                    "the default of the server variable `{name}` changed from `{}` to `{}`",
                    before.default, after.default
                );
                self.server_said(id, Level::Breaking, Effect::BOTH, at.clone(), message);
            }
            let (lost, gained) = match (&before.values, &after.values) {
                (Some(before), Some(after)) => (
                    before.difference(after).cloned().collect::<Vec<_>>(),
                    after.difference(before).next().is_some(),
                ),
                (None, Some(_)) => (vec!["any other value".to_owned()], false),
                (Some(_), None) => (Vec::new(), true),
                (None, None) => (Vec::new(), false),
            };
            if !lost.is_empty() {
                let message =
                    format!("the server variable `{name}` no longer takes {}", lost.join(", "));
                self.server_said(id, Level::Breaking, Effect::NARROWS, at.clone(), message);
            }
            if gained {
                let message = format!("the server variable `{name}` takes more values");
                self.server_said(id, Level::Info, Effect::WIDENS, at, message);
            }
        }
    }
}
