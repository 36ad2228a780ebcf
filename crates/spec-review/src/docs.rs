//! The documentation axis: text, examples, tags and extensions, where both documents say the same
//! thing.
//!
//! Both trees are walked together, object by object as OpenAPI defines them, so that a property
//! called `description` is not taken for one.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use openapi_document::{Document, Node};
use serde_json::Value;

use crate::assemble::locate;
use crate::change::{Aspect, Change, Fact, Part};
use crate::report::Finding;
use crate::rules::{self, Axis, Holds, Object, Row, Rule, Says, rows};
use crate::side::{At, METHODS, Side};
use crate::subject::{Subject, Target};
use crate::users::Users;
use crate::versions::Versions;

/// Extensions that the generator of the client reads.
const OF_THE_GENERATOR: &str = "x-dbss-";

/// What changed for readers.
pub(crate) fn findings(sources: Versions<&Document>) -> Vec<Finding> {
    let sides = sources.map(Side::new);
    let mut walker =
        Walker { sources, sides: sides.each(), users: OnceCell::new(), found: Vec::new() };
    let roots = sides.each().map(Side::root);
    walker.walk(&[Object::OpenApi], roots.each());
    walker.found
}

struct Walker<'w, 'd> {
    sources: Versions<&'w Document>,
    sides: Versions<&'w Side<'d>>,
    /// Who is concerned, once somebody asks.
    users: OnceCell<Versions<Users>>,
    found: Vec<Finding>,
}

/// The rows of an object. Where it may be of several kinds it is read as all of them.
fn rows_of(objects: &'static [Object]) -> impl Iterator<Item = &'static Row> {
    objects.iter().enumerate().flat_map(move |(index, object)| {
        let others = objects.get(..index).unwrap_or_default();
        rows(*object).iter().filter(move |row| {
            !others.iter().any(|other| rows(*other).iter().any(|o| o.property == row.property))
        })
    })
}

/// The rule by which a property of readers' is reported.
fn rule_of(row: &Row) -> Option<&'static Rule> {
    let Says::Rules(rules) = row.says else { return None };
    rules.iter().copied().find(|rule| rule.axis == Axis::Docs && **rule != rules::EXTENSION)
}

impl<'d> Walker<'_, 'd> {
    fn walk(&mut self, objects: &'static [Object], at: Versions<&At<'d>>) {
        let referring = at.map(|at| at.node.get("$ref").is_some());
        if referring.base || referring.head {
            return;
        }
        for row in rows_of(objects) {
            match row.holds {
                Some(holds) => self.inside(holds, row.property, at),
                None => {
                    if let Some(rule) = rule_of(row) {
                        self.compare(rule, row.property, at);
                    }
                }
            }
        }
        self.extensions(at);
    }

    fn inside(&mut self, holds: Holds, key: &str, at: Versions<&At<'d>>) {
        if let Holds::Methods(objects) = holds {
            for method in METHODS {
                if let Some(inside) = at.map(|at| at.get(method)).complete() {
                    self.walk(objects, inside.each());
                }
            }
            return;
        }
        let Some(inside) = at.map(|at| at.get(key)).complete() else { return };
        match holds {
            Holds::One(objects) | Holds::Methods(objects) => self.walk(objects, inside.each()),
            Holds::Map(objects) => self.pairs(objects, &inside.each().map(index_map)),
            Holds::List(objects) => {
                let lists = self.sources.zip(inside.each());
                let lists = lists.map(|(document, at)| index_list(document, at));
                self.pairs(objects, &lists);
            }
        }
    }

    fn pairs(&mut self, objects: &'static [Object], maps: &Versions<BTreeMap<String, At<'d>>>) {
        let keys: BTreeSet<&String> = maps.base.keys().chain(maps.head.keys()).collect();
        for key in keys {
            let found = maps.each().map(|map| map.get(key));
            if let Some(both) = found.complete() {
                self.walk(objects, both);
            } else if objects == [Object::Tag] {
                let change = Change::presence(Part::Tag(key.clone()), found.head.is_some());
                let at = found.map(Option::<&At<'d>>::cloned);
                self.found(&rules::TAGS, change, at.each().map(Option::as_ref), None);
            }
        }
    }

    fn compare(&mut self, rule: &'static Rule, key: &'static str, at: Versions<&At<'d>>) {
        let nodes = at.map(|at| at.node.get(key));
        if nodes.is_empty() {
            return;
        }
        let values = nodes.map(|node| node.map(Node::to_json));
        if !values.differ() {
            return;
        }
        let change = if *rule == rules::INFO_VERSION {
            let facts = values.map(|value| value.map(Fact::Value));
            Change::replaced(Aspect::Version, facts)
        } else {
            match (values.base, values.head) {
                (None, _) => Change::added(Part::Text(key)),
                (_, None) => Change::removed(Part::Text(key)),
                _ => Change::Altered(Part::Text(key)),
            }
        };
        self.found(rule, change, at.map(Some), Some(key));
    }

    fn extensions(&mut self, at: Versions<&At<'d>>) {
        let mut extensions = at.map(|at| -> BTreeMap<&str, Value> {
            let entries = at.node.entries().iter().filter(|entry| entry.key.starts_with("x-"));
            entries.map(|entry| (entry.key.as_str(), entry.value.to_json())).collect()
        });
        let keys: BTreeSet<&str> =
            extensions.base.keys().chain(extensions.head.keys()).copied().collect();
        for key in keys {
            let values = extensions.each_mut().map(|extensions| extensions.remove(key));
            if !values.differ() {
                continue;
            }
            let (rule, change) = if key.starts_with(OF_THE_GENERATOR) {
                let facts = values.map(|value| value.map(Fact::Value));
                let change = Change::replaced(Aspect::Extension(key.to_owned()), facts);
                (&rules::RUST_BEHAVIOUR, change)
            } else {
                (&rules::EXTENSION, Change::Altered(Part::Extension(key.to_owned())))
            };
            self.found(rule, change, at.map(Some), Some(key));
        }
    }

    /// Notes a change of an object, at one of its keys or of the whole.
    fn found(
        &mut self,
        rule: &'static Rule,
        change: Change,
        at: Versions<Option<&At<'d>>>,
        key: Option<&str>,
    ) {
        let pointer = self.sides.zip(at);
        let pointer =
            pointer.map(|(side, at)| Some(side.source.order_independent_pointer(&at?.pointer)));
        let target = Target::Document { pointer, negated: false, of_schema: false };
        let at = self.sources.zip(at).map(|(source, at)| {
            let place = at.map(|at| {
                // The object, with the place of one of its keys.
                let mut place = at.place();
                if let Some(key) = key {
                    place.span = at.place_of(key).span;
                }
                place
            });
            locate(source, place.as_ref())
        });
        let users = self.users.get_or_init(|| self.sides.map(Users::of));
        let users = users.each().zip(at.each()).map(|(users, place)| users.at(&place.pointer));
        let operations = users.base.union(&users.head).cloned().collect();
        let subject = Subject { target, operations, directions: Vec::new(), at };
        self.found.push(Finding::unproven(rule, rule.usual, subject, change));
    }
}

fn index_map<'d>(at: &At<'d>) -> BTreeMap<String, At<'d>> {
    at.named().map(|(key, at)| (key.to_owned(), at)).collect()
}

/// Items by what they are called; by their number where they are not called anything.
fn index_list<'d>(document: &Document, at: &At<'d>) -> BTreeMap<String, At<'d>> {
    let items = at.items().enumerate();
    items
        .map(|(index, item)| {
            (document.item_name(item.node).unwrap_or_else(|| index.to_string()), item)
        })
        .collect()
}
