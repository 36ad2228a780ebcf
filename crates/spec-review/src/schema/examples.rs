//! Examples of values, by the schemas that describe them.
//!
//! Where no value of a schema can be generated, because of a pattern that automata cannot express,
//! the documents often have one: in an example of the schema itself, of a schema around it, or of the
//! media type, parameter or header that has the schema.

use std::collections::HashMap;

use openapi_document::Node;
use serde_json::Value;

use super::{AdditionalKeyword, SchemaId, Schemas};
use crate::resolver::NodeRef;

/// At most so many examples of a schema are kept.
const MAX_EXAMPLES: usize = 8;

/// The examples of each schema, the parts of examples of other schemas among them.
pub(super) type Examples<'d> = HashMap<SchemaId, Vec<&'d Node>>;

impl<'d> Schemas<'d> {
    /// Adds the examples of a media type, a parameter or a header to its schema.
    pub(crate) fn read_examples(&mut self, of: &NodeRef<'d>) {
        let Some(schema) = of.get("schema") else { return };
        let named = of.get("examples");
        let named: Vec<NodeRef<'d>> =
            named.iter().flat_map(NodeRef::all_entries).map(|(_, at)| at).collect();
        let values = named.iter().filter_map(|at| self.resolver.follow(at)?.node.get("value"));
        let nodes: Vec<&Node> = of.node.get("example").into_iter().chain(values).collect();
        if nodes.is_empty() {
            return;
        }
        let id = self.read(&schema);
        for node in nodes {
            self.add_example(id, node);
        }
    }

    /// Adds an example to a schema, and its parts to the schemas of these.
    pub(super) fn add_example(&mut self, id: SchemaId, example: &'d Node) {
        let mut open = vec![(id, example)];
        while let Some((id, node)) = open.pop() {
            let known = self.examples.entry(id).or_default();
            let seen = known.iter().any(|known| std::ptr::eq(*known, node));
            if seen || known.len() >= MAX_EXAMPLES {
                continue;
            }
            known.push(node);
            let object = self.object(id);
            let same = object.all_of.iter().chain(&object.any_of).chain(&object.one_of);
            open.extend(same.map(|inner| (*inner, node)));
            open.extend(node.items().iter().filter_map(|item| Some((object.items?, item))));
            for entry in node.entries() {
                let rest = || match object.additional {
                    Some(AdditionalKeyword::Schema(rest)) => Some(rest),
                    _ => None,
                };
                let schema = object.properties.get(&entry.key).copied().or_else(rest);
                open.extend(schema.map(|schema| (schema, &entry.value)));
            }
        }
    }

    /// The examples of a schema.
    pub(crate) fn examples_of(&self, id: SchemaId) -> impl Iterator<Item = Value> + '_ {
        self.examples.get(&id).into_iter().flatten().map(|node| node.to_json())
    }
}
