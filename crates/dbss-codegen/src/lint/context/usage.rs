//! Which schemas occur in responses, and which components are used at all.

use std::collections::HashSet;

use openapi_document::Node;

use super::operations::Operation;
use super::resolver::{JSON, Resolver};
use super::statuses::success_responses;
use crate::lint::object_specs::ObjectKind;

/// The schemas that occur in responses, and the components that are used.
#[derive(Debug)]
pub(in crate::lint) struct Usage<'d> {
    /// Schemas that occur in any response.
    pub(in crate::lint) in_responses: HashSet<*const Node>,
    /// Schemas that occur in a request body.
    pub(in crate::lint) in_request_bodies: HashSet<*const Node>,
    /// Schemas that occur in a success response.
    pub(in crate::lint) in_success_responses: HashSet<*const Node>,
    /// Sections and names of components that are used by an operation, directly or indirectly.
    pub(in crate::lint) components: HashSet<(&'d str, &'d str)>,
}

impl<'d> Usage<'d> {
    pub(super) fn new(cx: &Resolver<'d>, operations: &[Operation<'d>]) -> Self {
        let responses = cx.objects(ObjectKind::Response).map(|object| object.node);
        let bodies = cx.objects(ObjectKind::RequestBody).map(|object| object.node);
        let successes = operations.iter().flat_map(success_responses);
        Self {
            in_responses: reachable(cx, responses.filter_map(schema_of_message)),
            in_request_bodies: reachable(cx, bodies.filter_map(schema_of_message)),
            in_success_responses: reachable(
                cx,
                successes
                    .filter_map(|entry| cx.follow(&entry.value, "responses"))
                    .filter_map(schema_of_message),
            ),
            components: used_components(cx, operations),
        }
    }
}

/// The schema of a request body or a response.
fn schema_of_message(message: &Node) -> Option<&Node> {
    message.get("content")?.get(JSON)?.get("schema")
}

/// All schemas that these schemas contain, directly or indirectly. Iterative, because a chain of
/// references can be as long as the contract has schemas.
fn reachable<'d>(cx: &Resolver<'d>, from: impl Iterator<Item = &'d Node>) -> HashSet<*const Node> {
    let mut found = HashSet::new();
    let mut next: Vec<&Node> = from.collect();
    while let Some(node) = next.pop() {
        let Some(schema) = cx.follow(node, "schemas") else { continue };
        if !found.insert(std::ptr::from_ref(schema)) {
            continue;
        }
        next.extend(schema.get("items"));
        next.extend(schema.get("additionalProperties"));
        next.extend(schema.get("allOf").map_or(&[][..], Node::items));
        next.extend(
            schema
                .get("properties")
                .map_or(&[][..], Node::entries)
                .iter()
                .map(|entry| &entry.value),
        );
    }
    found
}

/// Follows all references that start outside of `components`, transitively.
fn used_components<'d>(
    cx: &Resolver<'d>,
    operations: &[Operation<'d>],
) -> HashSet<(&'d str, &'d str)> {
    let mut used = HashSet::new();
    let mut next: Vec<(&str, &str)> = Vec::new();
    for (owner, target) in cx.references() {
        if owner.is_none() {
            next.push(target);
        }
    }
    let mut of_component = std::collections::HashMap::<_, Vec<_>>::new();
    for (owner, target) in cx.references() {
        if let Some(owner) = owner {
            of_component.entry(owner).or_default().push(target);
        }
    }
    let root = cx.document.root();
    let requirements = operations.iter().filter_map(|operation| operation.node.get("security"));
    for requirement in requirements.chain(root.get("security")).flat_map(Node::items) {
        next.extend(
            requirement.entries().iter().map(|entry| ("securitySchemes", entry.key.as_str())),
        );
    }
    while let Some(component) = next.pop() {
        if used.insert(component) {
            next.extend(of_component.get(&component).into_iter().flatten());
        }
    }
    used
}
