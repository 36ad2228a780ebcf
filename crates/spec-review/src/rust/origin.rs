//! Which part of a document a generated item comes from.

use std::collections::{BTreeSet, HashMap};

use dbss_codegen::document::Node;
use heck::{ToPascalCase, ToSnakeCase};

use crate::assemble::locate;
use crate::input::Source;
use crate::report::Location;
use crate::side::{At, Place, Side};

/// The schemas and operations of a document by the names that the generator gives them.
pub(super) struct Origins {
    schemas: HashMap<String, Schema>,
    operations: HashMap<String, (Place, String)>,
}

struct Schema {
    place: Place,
    members: HashMap<String, Place>,
    /// The ids of the operations that send or receive it.
    users: BTreeSet<String>,
}

impl Origins {
    pub(super) fn of(source: &Source) -> Self {
        let side = Side::new(source);
        let mut origins = Self { schemas: HashMap::new(), operations: HashMap::new() };
        let users = users(&side);
        let components =
            side.root().get("components").and_then(|components| components.get("schemas"));
        for (name, at) in components.iter().flat_map(At::named) {
            let properties = at.get("properties");
            let members = properties
                .iter()
                .flat_map(At::named)
                .map(|(name, at)| (name.to_snake_case(), at.place()));
            let schema = Schema {
                place: at.place(),
                members: members.collect(),
                users: users.get(&*at.pointer).cloned().unwrap_or_default(),
            };
            origins.schemas.insert(name.to_pascal_case(), schema);
        }
        for (id, at, _) in operations(&side) {
            origins.operations.insert(id.to_pascal_case(), (at.place(), id.to_owned()));
        }
        origins
    }

    /// The place of an item, or the beginning of the document.
    pub(super) fn locate(&self, source: &Source, item: &str) -> Location {
        locate(source, self.find(item).as_ref())
    }

    /// The operations that an item belongs to: its own, or those that use the schema.
    pub(super) fn operations(&self, item: &str) -> BTreeSet<String> {
        let names = parts(item).map(ToPascalCase::to_pascal_case).collect::<Vec<_>>();
        if let Some((_, id)) = names.iter().find_map(|name| self.operations.get(name)) {
            return BTreeSet::from([id.clone()]);
        }
        let schema = names.iter().find_map(|name| self.schemas.get(name));
        schema.map(|schema| schema.users.clone()).unwrap_or_default()
    }

    fn find(&self, item: &str) -> Option<Place> {
        let parts: Vec<&str> = parts(item).collect();
        for (index, part) in parts.iter().enumerate() {
            let name = part.to_pascal_case();
            if let Some(schema) = self.schemas.get(&name) {
                let member = parts.get(index + 1);
                let member = member.and_then(|member| schema.members.get(&member.to_snake_case()));
                return Some(member.unwrap_or(&schema.place).clone());
            }
            if let Some((place, _)) = self.operations.get(&name) {
                return Some(place.clone());
            }
        }
        None
    }
}

/// The operations that have an id, with the path items that they stand in.
fn operations<'d>(side: &Side<'d>) -> Vec<(&'d str, At<'d>, At<'d>)> {
    let mut found = Vec::new();
    let paths = side.root().get("paths");
    for (_, item) in paths.iter().flat_map(At::entries) {
        for (_, at) in item.entries() {
            if let Some(id) = at.text("operationId") {
                found.push((id, at, item.clone()));
            }
        }
    }
    found
}

/// The ids of the operations that lead to a component, by the component's pointer.
fn users(side: &Side<'_>) -> HashMap<String, BTreeSet<String>> {
    let mut inside: HashMap<String, BTreeSet<&str>> = HashMap::new();
    let components = side.root().get("components");
    for (_, kind) in components.iter().flat_map(At::entries) {
        for (_, at) in kind.named() {
            inside.insert(at.pointer.to_string(), references(at.node));
        }
    }
    let mut users: HashMap<String, BTreeSet<String>> = HashMap::new();
    for (id, at, item) in operations(side) {
        let shared = item.node.get("parameters").map(references).unwrap_or_default();
        let mut open: Vec<&str> = references(at.node).into_iter().chain(shared).collect();
        while let Some(pointer) = open.pop() {
            if users.entry(pointer.to_owned()).or_default().insert(id.to_owned()) {
                open.extend(inside.get(pointer).into_iter().flatten());
            }
        }
    }
    users
}

/// The pointers of all references inside a value.
fn references(node: &Node) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let reference = node.get("$ref").and_then(Node::as_str);
        found.extend(reference.and_then(|reference| reference.strip_prefix('#')));
        open.extend(node.items());
        open.extend(node.entries().iter().map(|entry| &entry.value));
    }
    found
}

/// The names in a path.
fn parts(item: &str) -> impl Iterator<Item = &str> {
    item.split([':', '.', ' ']).filter(|part| !part.is_empty())
}
