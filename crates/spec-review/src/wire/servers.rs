//! The addresses under which the service is reached.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::operations::{Call, placeholders, template};
use super::{Message, OperationId, Said, Wire};
use crate::change::{Aspect, Change, Fact, Part, VariableValues};
use crate::law::{Direction, Effect, Level};
use crate::rules;
use crate::side::{At, Place, Side};
use crate::versions::Versions;

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

/// The servers of an operation, and what they are written in.
struct Servers {
    list: Vec<Server>,
    owner: Rc<str>,
}

fn servers(side: &Side<'_>, call: &Call<'_>) -> Servers {
    let root = side.root();
    let owners = [&call.at, &call.item.at, &root].into_iter();
    let mut written = owners.filter_map(|owner| Some((owner, owner.get("servers")?)));
    let Some((owner, list)) = written.find(|(_, servers)| !servers.node.items().is_empty()) else {
        let own = Server { url: "/".to_owned(), variables: Vec::new(), place: root.place() };
        return Servers { list: vec![own], owner: Rc::clone(&root.pointer) };
    };
    let list = list.items().map(|at| {
        let url = at.text("url").unwrap_or("/").to_owned();
        let variables =
            placeholders(&url).into_iter().filter_map(|name| variable(&at, name)).collect();
        Server { variables, place: at.place(), url }
    });
    Servers { list: list.collect(), owner: Rc::clone(&owner.pointer) }
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
    pub(super) fn compare_servers(&mut self, operation: OperationId, calls: Versions<&Call<'d>>) {
        let message = Message { operation, direction: Direction::Request };
        let servers = self.sides().zip(calls).map(|(side, call)| servers(side, call));
        let lists = servers.each().map(|servers| servers.list.as_slice());
        let all = lists.map(|list| -> BTreeSet<String> {
            list.iter().filter_map(Server::addresses).flatten().collect()
        });
        let within = |server: &Server, addresses: &BTreeSet<String>| {
            server.addresses().is_some_and(|own| own.is_subset(addresses))
        };
        let first = lists.map(|list| list.first().map(|server| server.place.clone()));
        for server in lists.base {
            if let Some(other) = lists.head.iter().find(|other| other.key() == server.key()) {
                self.compare_variables(message, Versions::new(server, other));
            } else if !within(server, &all.head) {
                let change = Change::removed(Part::Server(server.url.clone()));
                let said = Said::new(&rules::SERVER, change)
                    .level(Level::Breaking)
                    .effect(Effect::NARROWS)
                    .at(server.place.clone(), first.head.clone())
                    .about(Some(&server.place.pointer), Some(&servers.head.owner));
                self.say_of(message, said);
            }
        }
        let known = |server: &&Server| lists.base.iter().any(|other| other.key() == server.key());
        for server in lists.head.iter().filter(|server| !known(server)) {
            if !within(server, &all.base) {
                let change = Change::added(Part::Server(server.url.clone()));
                let said = Said::new(&rules::SERVER, change)
                    .effect(Effect::WIDENS)
                    .at(first.base.clone(), server.place.clone())
                    .about(Some(&servers.base.owner), Some(&server.place.pointer));
                self.say_of(message, said);
            }
        }
    }

    fn compare_variables(&mut self, message: Message, servers: Versions<&Server>) {
        let variables = servers.base.variables.iter().zip(&servers.head.variables);
        for variables in variables.map(|(before, after)| Versions::new(before, after)) {
            let at = variables.map(|variable| variable.place.clone());
            let name = &variables.head.name;
            let mut say = |level, effect, change| {
                let said = Said::new(&rules::SERVER, change).level(level).effect(effect);
                self.say_of(message, said.at(at.base.clone(), at.head.clone()));
            };
            let defaults = variables.map(|variable| variable.default.as_str());
            if defaults.differ() {
                let what = Aspect::ServerVariableDefault(name.clone());
                let change = Change::replaced(what, defaults.map(|text| Some(Fact::from(text))));
                say(Level::Breaking, Effect::BOTH, change);
            }
            let change = |values| Change::ServerVariable { name: name.clone(), values };
            match (&variables.base.values, &variables.head.values) {
                (Some(before), Some(after)) => {
                    let lost: Vec<_> = before.difference(after).cloned().collect();
                    if !lost.is_empty() {
                        let change = change(VariableValues::Removed(lost));
                        say(Level::Breaking, Effect::NARROWS, change);
                    }
                    let gained: Vec<_> = after.difference(before).cloned().collect();
                    if !gained.is_empty() {
                        say(Level::Info, Effect::WIDENS, change(VariableValues::Added(gained)));
                    }
                }
                (None, Some(after)) => {
                    let change = change(VariableValues::Limited(after.clone()));
                    say(Level::Breaking, Effect::NARROWS, change);
                }
                (Some(_), None) => {
                    say(Level::Info, Effect::WIDENS, change(VariableValues::Unlimited));
                }
                (None, None) => {}
            }
        }
    }
}
