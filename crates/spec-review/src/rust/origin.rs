//! Finds the part of a document that a generated item comes from.

use std::collections::HashMap;

use heck::{ToPascalCase, ToSnakeCase};
use openapi_document::{Document, Node};

use crate::resolver::{NodeLocation, NodeRef, Resolver};
use crate::subject::{ItemPath, Location, Member};
use crate::usage::{OperationNames, UsageIndex};

/// The schemas and operations of a document, by the names that the generator gives them.
pub(super) struct ItemOrigins {
    schemas: HashMap<String, (NodeLocation, HashMap<String, NodeLocation>)>,
    operations: HashMap<String, NodeLocation>,
    usage: UsageIndex,
}

impl ItemOrigins {
    pub(super) fn of(source: &Document) -> Self {
        let resolver = Resolver::new(source);
        let usage = UsageIndex::new(&resolver);
        let mut origins = Self { schemas: HashMap::new(), operations: HashMap::new(), usage };
        let components =
            resolver.root().get("components").and_then(|components| components.get("schemas"));
        for (name, at) in components.iter().flat_map(NodeRef::all_entries) {
            let properties = at.get("properties");
            let members = properties
                .iter()
                .flat_map(NodeRef::all_entries)
                .map(|(name, at)| (name.to_snake_case(), at.location()));
            origins.schemas.insert(name.to_pascal_case(), (at.location(), members.collect()));
        }
        let paths = resolver.root().get("paths");
        for (_, item) in paths.iter().flat_map(NodeRef::entries) {
            for (_, at) in item.entries() {
                if let Some(id) = at.node.get("operationId").and_then(Node::as_str) {
                    origins.operations.insert(id.to_pascal_case(), at.location());
                }
            }
        }
        origins
    }

    /// The location of the part that an item comes from, or the beginning of the document.
    pub(super) fn locate(&self, source: &Document, item: &ItemPath) -> Location {
        Location::of(source, self.find(item).as_ref())
    }

    /// The operations of an item: its own, or those that use its schema.
    pub(super) fn operations(&self, item: &ItemPath) -> OperationNames {
        let names = parts(item).map(ToPascalCase::to_pascal_case).collect::<Vec<_>>();
        let operation = names.iter().find_map(|name| self.operations.get(name));
        let schema = || names.iter().find_map(|name| Some(&self.schemas.get(name)?.0));
        let location = operation.or_else(schema);
        location.map(|location| self.usage.operations_at(&location.pointer)).unwrap_or_default()
    }

    fn find(&self, item: &ItemPath) -> Option<NodeLocation> {
        let parts: Vec<&str> = parts(item).collect();
        for (index, part) in parts.iter().enumerate() {
            let name = part.to_pascal_case();
            if let Some((location, members)) = self.schemas.get(&name) {
                let member =
                    parts.get(index + 1).and_then(|member| members.get(&member.to_snake_case()));
                return Some(member.unwrap_or(location).clone());
            }
            if let Some(location) = self.operations.get(&name) {
                return Some(location.clone());
            }
        }
        None
    }
}

/// The names in a path, without modules.
fn parts(item: &ItemPath) -> impl Iterator<Item = &str> {
    std::iter::once(item.name.as_str()).chain(item.member.as_ref().map(Member::name))
}
