//! The documentation axis: text, examples, tags and extensions of objects that both documents have.
//!
//! Both documents are walked together along the object types of OpenAPI, so that a property of a
//! schema that happens to be called `description` is not taken for the keyword.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use openapi_document::{Document, Node};
use serde_json::Value;

use crate::change::{Aspect, AspectValue, Change, Part};
use crate::report::Finding;
use crate::resolver::{METHODS, NodeRef, Resolver};
use crate::rules::{
    self, Axis, Children, Coverage, ObjectKind, ObjectProperty, Rule, properties_of,
};
use crate::subject::{Location, Subject, Target};
use crate::usage::UsageIndex;
use crate::versions::Versions;

/// The prefix of extensions that the client generator reads.
const GENERATOR_EXTENSION_PREFIX: &str = "x-dbss-";

/// The extension that lists the values that report success and failure.
const OUTCOME_EXTENSION: &str = "x-dbss-outcome";

/// The extension that says how the end of what an operation starts is seen.
const COMPLETION_EXTENSION: &str = "x-dbss-completion";

/// The findings of the documentation axis. `moved_paths` are the paths of the base document whose
/// operations have another path in the head document.
pub(crate) fn findings(
    sources: Versions<&Document>,
    moved_paths: &HashMap<String, String>,
) -> Vec<Finding> {
    let resolvers = sources.map(Resolver::new);
    let mut comparison = DocumentationComparison {
        sources,
        resolvers: resolvers.each(),
        usage: OnceCell::new(),
        moved_paths,
        findings: Vec::new(),
    };
    let roots = resolvers.each().map(Resolver::root);
    comparison.walk(&[ObjectKind::OpenApi], roots.each());
    comparison.findings
}

struct DocumentationComparison<'w, 'd> {
    sources: Versions<&'w Document>,
    resolvers: Versions<&'w Resolver<'d>>,
    /// Which operations use a place; computed when the first change is found.
    usage: OnceCell<Versions<UsageIndex>>,
    moved_paths: &'w HashMap<String, String>,
    findings: Vec<Finding>,
}

/// The properties of an object. An object that may be of several kinds has those of all of them.
fn properties(objects: &'static [ObjectKind]) -> impl Iterator<Item = &'static ObjectProperty> {
    objects.iter().enumerate().flat_map(move |(index, object)| {
        let others = objects.get(..index).unwrap_or_default();
        properties_of(*object).iter().filter(move |property| {
            !others
                .iter()
                .any(|other| properties_of(*other).iter().any(|o| o.property == property.property))
        })
    })
}

/// The rule that reports changes of a property on this axis.
fn documentation_rule(property: &ObjectProperty) -> Option<&'static Rule> {
    let Coverage::ReportedBy(rules) = property.coverage else { return None };
    rules.iter().copied().find(|rule| rule.axis == Axis::Docs && **rule != rules::EXTENSION)
}

impl<'d> DocumentationComparison<'_, 'd> {
    fn walk(&mut self, objects: &'static [ObjectKind], at: Versions<&NodeRef<'d>>) {
        let referring = at.map(|at| at.node.get("$ref").is_some());
        if referring.base || referring.head {
            return;
        }
        for property in properties(objects) {
            match property.children {
                Some(children) => self.walk_children(children, property.property, at),
                None => {
                    if let Some(rule) = documentation_rule(property) {
                        self.compare(rule, property.property, at);
                    }
                }
            }
        }
        self.extensions(at);
    }

    fn walk_children(&mut self, children: Children, key: &str, at: Versions<&NodeRef<'d>>) {
        if let Children::Methods(objects) = children {
            for method in METHODS {
                if let Some(inside) = at.map(|at| at.get(method)).complete() {
                    self.walk(objects, inside.each());
                }
            }
            return;
        }
        let Some(inside) = at.map(|at| at.get(key)).complete() else { return };
        match children {
            Children::One(objects) | Children::Methods(objects) => {
                self.walk(objects, inside.each());
            }
            Children::Map(objects) => {
                let mut maps = inside.each().map(index_map);
                if *objects == [ObjectKind::PathItem] {
                    let items = std::mem::take(&mut maps.base).into_iter();
                    maps.base = items
                        .map(|(path, item)| {
                            (self.moved_paths.get(&path).unwrap_or(&path).clone(), item)
                        })
                        .collect();
                }
                self.walk_pairs(objects, &maps);
            }
            Children::List(objects) => {
                let lists = self.sources.zip(inside.each());
                let lists = lists.map(|(document, at)| index_list(document, at));
                self.walk_pairs(objects, &lists);
            }
        }
    }

    fn walk_pairs(
        &mut self,
        objects: &'static [ObjectKind],
        maps: &Versions<BTreeMap<String, NodeRef<'d>>>,
    ) {
        let keys: BTreeSet<&String> = maps.base.keys().chain(maps.head.keys()).collect();
        for key in keys {
            let found = maps.each().map(|map| map.get(key));
            if let Some(both) = found.complete() {
                self.walk(objects, both);
            } else if objects == [ObjectKind::Tag] {
                let change = Change::presence(Part::Tag(key.clone()), found.head.is_some());
                let at = found.map(Option::<&NodeRef<'d>>::cloned);
                self.report(&rules::TAGS, change, at.each().map(Option::as_ref), None);
            }
        }
    }

    fn compare(&mut self, rule: &'static Rule, key: &'static str, at: Versions<&NodeRef<'d>>) {
        let nodes = at.map(|at| at.node.get(key));
        if nodes.is_empty() {
            return;
        }
        let values = nodes.map(|node| node.map(Node::to_json));
        if !values.differ() {
            return;
        }
        let change = if *rule == rules::INFO_VERSION {
            let facts = values.map(|value| value.map(AspectValue::Value));
            Change::replaced(Aspect::Version, facts)
        } else {
            match (values.base, values.head) {
                (None, _) => Change::added(Part::Text(key)),
                (_, None) => Change::removed(Part::Text(key)),
                _ => Change::Altered(Part::Text(key)),
            }
        };
        self.report(rule, change, at.map(Some), Some(key));
    }

    fn extensions(&mut self, at: Versions<&NodeRef<'d>>) {
        let mut extensions = at.map(|at| -> BTreeMap<&str, Value> {
            let entries = at.node.entries().iter().filter(|entry| entry.key.starts_with("x-"));
            entries.map(|entry| (entry.key.as_str(), entry.value.to_json())).collect()
        });
        let keys: BTreeSet<&str> =
            extensions.base.keys().chain(extensions.head.keys()).copied().collect();
        for key in keys {
            let values = extensions.each_mut().map(|extensions| extensions.remove(key));
            if key.starts_with(GENERATOR_EXTENSION_PREFIX) {
                for (path, values) in differing_parts(key, key.to_owned(), values) {
                    let facts = values.map(|value| value.map(AspectValue::Value));
                    let change = Change::replaced(Aspect::Extension(path), facts);
                    self.report(&rules::RUST_BEHAVIOUR, change, at.map(Some), Some(key));
                }
            } else if values.differ() {
                let change = Change::Altered(Part::Extension(key.to_owned()));
                self.report(&rules::EXTENSION, change, at.map(Some), Some(key));
            }
        }
    }

    /// Adds a finding about an object, or about one of its keys.
    fn report(
        &mut self,
        rule: &'static Rule,
        change: Change,
        at: Versions<Option<&NodeRef<'d>>>,
        key: Option<&str>,
    ) {
        let pointer = self.resolvers.zip(at);
        let pointer = pointer
            .map(|(resolver, at)| Some(resolver.source.order_independent_pointer(&at?.pointer)));
        let target = Target::Document { pointer, negated: false, is_schema: false };
        let locations = self.sources.zip(at).map(|(source, at)| {
            let location = at.map(|at| {
                // The pointer of the object, with the position of one of its keys.
                let mut location = at.location();
                if let Some(key) = key {
                    location.span = at.location_of(key).span;
                }
                location
            });
            Location::of(source, location.as_ref())
        });
        let usage = self.usage.get_or_init(|| self.resolvers.map(UsageIndex::new));
        let usage = usage
            .each()
            .zip(locations.each())
            .map(|(usage, location)| usage.operations_at(&location.pointer));
        let operations = usage.base.union(&usage.head).cloned().collect();
        let subject = Subject { target, operations, directions: Vec::new(), locations };
        self.findings.push(Finding::without_witness(rule, rule.default_level, subject, change));
    }
}

/// What differs in an extension, with its path: mappings are compared key by key, so that a report
/// shows the part that changed and not the beginning of a long value.
fn differing_parts(
    extension: &str,
    path: String,
    values: Versions<Option<Value>>,
) -> Vec<(String, Versions<Option<Value>>)> {
    if let (Some(Value::Object(base)), Some(Value::Object(head))) = (&values.base, &values.head) {
        let keys: BTreeSet<&String> = base.keys().chain(head.keys()).collect();
        let parts = keys.into_iter().flat_map(|key| {
            let values = Versions { base: base.get(key).cloned(), head: head.get(key).cloned() };
            differing_parts(extension, format!("{path}.{key}"), values)
        });
        return parts.collect();
    }
    let meant = values.each().map(|value| value.as_ref().map(|value| meaning(extension, value)));
    if meant.differ() { vec![(path, values)] } else { Vec::new() }
}

/// The value of an extension without what does not matter: the order of the values that report an
/// outcome or show a state, and for an outcome the case of their letters.
fn meaning(extension: &str, value: &Value) -> Value {
    match (extension, value) {
        (OUTCOME_EXTENSION | COMPLETION_EXTENSION, Value::Object(lists)) => {
            lists.iter().map(|(key, list)| (key.clone(), meaning(extension, list))).collect()
        }
        (OUTCOME_EXTENSION | COMPLETION_EXTENSION, Value::Array(values)) => {
            let ignores_case = extension == OUTCOME_EXTENSION;
            let text = |value: &Value| match value {
                Value::String(text) if ignores_case => text.to_ascii_lowercase(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let distinct: BTreeSet<String> = values.iter().map(text).collect();
            distinct.into_iter().map(Value::String).collect()
        }
        _ => value.clone(),
    }
}

fn index_map<'d>(at: &NodeRef<'d>) -> BTreeMap<String, NodeRef<'d>> {
    at.all_entries().map(|(key, at)| (key.to_owned(), at)).collect()
}

/// List items by their names, or by their positions where they have no name.
fn index_list<'d>(document: &Document, at: &NodeRef<'d>) -> BTreeMap<String, NodeRef<'d>> {
    let items = at.items().enumerate();
    items
        .map(|(index, item)| {
            (document.item_name(item.node).unwrap_or_else(|| index.to_string()), item)
        })
        .collect()
}
