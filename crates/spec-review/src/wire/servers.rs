//! Servers: the URLs under which the service is reached.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::operations::{OperationNode, placeholders, template};
use super::{DetectedChange, HttpMessage, OperationIndex, WireComparison};
use crate::change::{Aspect, AspectValue, Change, Part, VariableValues};
use crate::compatibility::{Direction, Level, SetEffect};
use crate::resolver::{NodeLocation, NodeRef, Resolver};
use crate::rules;
use crate::versions::Versions;

/// Servers with more URLs than this are not expanded.
const MAX_ADDRESSES: usize = 256;

/// A variable of a server URL.
#[derive(Debug, Clone)]
struct Variable {
    name: String,
    default: String,
    /// The listed values; `None` if any value is accepted.
    values: Option<BTreeSet<String>>,
    location: NodeLocation,
}

#[derive(Debug, Clone)]
struct Server {
    url: String,
    /// What the paths of this document have before those of the other one: part of the address.
    prefix: String,
    variables: Vec<Variable>,
    location: NodeLocation,
}

/// The servers of an operation, and the pointer of the object that lists them.
pub(super) struct Servers {
    list: Vec<Server>,
    owner: Rc<str>,
}

impl Servers {
    /// The addresses of an operation with this path. A variable of a server whose values are not
    /// listed is no parameter of the path, so it is written in another way.
    pub(super) fn addresses_of(&self, template: &str) -> BTreeSet<String> {
        let urls = self.list.iter().flat_map(|server| {
            server
                .addresses()
                .unwrap_or_else(|| BTreeSet::from([server.key().replace("{}", "{variable}")]))
        });
        urls.map(|url| url + template).collect()
    }
}

pub(super) fn servers(resolver: &Resolver<'_>, operation: &OperationNode<'_>) -> Servers {
    let root = resolver.root();
    let owners = [&operation.at, &operation.item.at, &root].into_iter();
    let mut lists = owners.filter_map(|owner| Some((owner, owner.get("servers")?)));
    let Some((owner, list)) = lists.find(|(_, servers)| !servers.node.items().is_empty()) else {
        let own = Server {
            url: "/".to_owned(),
            prefix: String::new(),
            variables: Vec::new(),
            location: root.location(),
        };
        return Servers { list: vec![own], owner: Rc::clone(&root.pointer) };
    };
    let list = list.items().map(|at| {
        let url = at.text("url").unwrap_or("/").to_owned();
        let variables =
            placeholders(&url).into_iter().filter_map(|name| variable(&at, name)).collect();
        Server { variables, location: at.location(), url, prefix: String::new() }
    });
    Servers { list: list.collect(), owner: Rc::clone(&owner.pointer) }
}

fn variable(server: &NodeRef<'_>, name: &str) -> Option<Variable> {
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
        location: at.location(),
    })
}

impl Server {
    /// What identifies a server: the URL without the names of its variables.
    fn key(&self) -> String {
        template(self.url.trim_end_matches('/')) + &self.prefix
    }

    /// All URLs with the variables filled in, if they can be listed.
    fn addresses(&self) -> Option<BTreeSet<String>> {
        let whole = format!("{}{}", self.url.trim_end_matches('/'), self.prefix);
        let mut addresses = BTreeSet::from([whole]);
        for variable in &self.variables {
            let values = variable.values.as_ref()?;
            if addresses.len() * values.len() > MAX_ADDRESSES {
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

impl<'d> WireComparison<'d> {
    pub(super) fn compare_servers(
        &mut self,
        operation: OperationIndex,
        operations: Versions<&OperationNode<'d>>,
    ) {
        let message = HttpMessage { operation, direction: Direction::Request };
        let mut servers = self
            .resolvers()
            .zip(operations)
            .map(|(resolver, operation)| servers(resolver, operation));
        let paths = operations.map(|operation| template(&operation.item.path));
        let prefixes = paths.each().zip(paths.each().swapped());
        let prefixes = prefixes.map(|(path, other)| path.strip_suffix(other.as_str()));
        for (servers, prefix) in
            [(&mut servers.base, prefixes.base), (&mut servers.head, prefixes.head)]
        {
            for server in &mut servers.list {
                prefix.unwrap_or_default().clone_into(&mut server.prefix);
            }
        }
        let lists = servers.each().map(|servers| servers.list.as_slice());
        let all = lists.map(|list| -> BTreeSet<String> {
            list.iter().filter_map(Server::addresses).flatten().collect()
        });
        let within = |server: &Server, addresses: &BTreeSet<String>| {
            server.addresses().is_some_and(|own| own.is_subset(addresses))
        };
        let first = lists.map(|list| list.first().map(|server| server.location.clone()));
        for server in lists.base {
            if let Some(other) = lists.head.iter().find(|other| other.key() == server.key()) {
                self.compare_variables(message, Versions::new(server, other));
            } else if !within(server, &all.head) {
                let change = Change::removed(Part::Server(server.url.clone()));
                let detected = DetectedChange::new(&rules::SERVER, change)
                    .level(Level::Breaking)
                    .effect(SetEffect::NARROWS)
                    .at(server.location.clone(), first.head.clone())
                    .target(Some(&server.location.pointer), Some(&servers.head.owner));
                self.report_for(message, detected);
            }
        }
        let known = |server: &&Server| lists.base.iter().any(|other| other.key() == server.key());
        for server in lists.head.iter().filter(|server| !known(server)) {
            if !within(server, &all.base) {
                let change = Change::added(Part::Server(server.url.clone()));
                let detected = DetectedChange::new(&rules::SERVER, change)
                    .effect(SetEffect::WIDENS)
                    .at(first.base.clone(), server.location.clone())
                    .target(Some(&servers.base.owner), Some(&server.location.pointer));
                self.report_for(message, detected);
            }
        }
    }

    fn compare_variables(&mut self, message: HttpMessage, servers: Versions<&Server>) {
        let variables = servers.base.variables.iter().zip(&servers.head.variables);
        for variables in variables.map(|(before, after)| Versions::new(before, after)) {
            let at = variables.map(|variable| variable.location.clone());
            let name = &variables.head.name;
            let mut report = |level, effect, change| {
                let detected =
                    DetectedChange::new(&rules::SERVER, change).level(level).effect(effect);
                self.report_for(message, detected.at(at.base.clone(), at.head.clone()));
            };
            let defaults = variables.map(|variable| variable.default.as_str());
            if defaults.differ() {
                let what = Aspect::ServerVariableDefault(name.clone());
                let change =
                    Change::replaced(what, defaults.map(|text| Some(AspectValue::from(text))));
                report(Level::Breaking, SetEffect::BOTH, change);
            }
            let change = |values| Change::ServerVariable { name: name.clone(), values };
            match (&variables.base.values, &variables.head.values) {
                (Some(before), Some(after)) => {
                    let lost: Vec<_> = before.difference(after).cloned().collect();
                    if !lost.is_empty() {
                        let change = change(VariableValues::Removed(lost));
                        report(Level::Breaking, SetEffect::NARROWS, change);
                    }
                    let gained: Vec<_> = after.difference(before).cloned().collect();
                    if !gained.is_empty() {
                        report(
                            Level::Info,
                            SetEffect::WIDENS,
                            change(VariableValues::Added(gained)),
                        );
                    }
                }
                (None, Some(after)) => {
                    let change = change(VariableValues::Limited(after.clone()));
                    report(Level::Breaking, SetEffect::NARROWS, change);
                }
                (Some(_), None) => {
                    report(Level::Info, SetEffect::WIDENS, change(VariableValues::Unlimited));
                }
                (None, None) => {}
            }
        }
    }
}
