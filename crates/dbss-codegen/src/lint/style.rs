//! Warnings about style: missing descriptions, summaries and examples, unused components.

use std::collections::HashMap;

use openapi_document::{Node, quote};

use super::context::type_of;
use super::object_specs::ObjectKind;
use super::structure::Object;
use super::{Context, Diagnostics};
use crate::rules;

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    check_descriptions(cx, out);
    check_examples(cx, out);
    for section in cx.document.root().get("components").map_or(&[][..], Node::entries) {
        for entry in section.value.entries() {
            let known = super::object_specs::is_section(&section.key);
            if known && !cx.usage.components.contains(&(section.key.as_str(), entry.key.as_str())) {
                let message =
                    format!("nothing uses {} of `components/{}`", quote(&entry.key), section.key);
                out.report(
                    &rules::UNUSED_COMPONENT,
                    entry.key_span,
                    message,
                    "remove it, or refer to it",
                );
            }
        }
    }
}

fn check_descriptions<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    for kind in [
        ObjectKind::Info,
        ObjectKind::Operation,
        ObjectKind::Parameter,
        ObjectKind::RequestBody,
        ObjectKind::Schema,
        ObjectKind::Tag,
        ObjectKind::ServerVariable,
    ] {
        for object in cx.objects(kind) {
            let Some(what) = description_subject(cx, kind, object) else { continue };
            if is_blank(cx, object.node, "description") {
                let message = format!("{what} has no description");
                out.report(
                    &rules::MISSING_DESCRIPTION,
                    object.span,
                    message,
                    "say what it is, and in which unit or form",
                );
            }
            if kind == ObjectKind::Operation && is_blank(cx, object.node, "summary") {
                let message = format!("{what} has no summary");
                out.report(
                    &rules::MISSING_SUMMARY,
                    object.span,
                    message,
                    "say in a few words what it does",
                );
            }
        }
    }
}

/// The name of an object for messages, if it is one that needs a description.
fn description_subject<'d>(
    cx: &Context<'d>,
    kind: ObjectKind,
    object: &Object<'d>,
) -> Option<String> {
    let named = |what: &str, key: &str| match object.node.get(key).and_then(Node::as_str) {
        Some(name) => format!("{what} {}", quote(name)),
        None => format!("this {what}"),
    };
    Some(match kind {
        ObjectKind::Info => "`info`".to_owned(),
        ObjectKind::Operation => named("operation", "operationId"),
        ObjectKind::Parameter => named("parameter", "name"),
        ObjectKind::Tag => named("tag", "name"),
        ObjectKind::RequestBody => "this request body".to_owned(),
        ObjectKind::ServerVariable => format!("the server variable {}", quote(object.name?)),
        ObjectKind::Schema if cx.is_component(object) => {
            format!("the schema {}", quote(object.name?))
        }
        // A reference, or an `allOf` that wraps one, has the description of its target.
        ObjectKind::Schema
            if object.parent_key == "properties" && object.node.get("allOf").is_none() =>
        {
            format!("the property {}", quote(object.name?))
        }
        _ => return None,
    })
}

fn is_blank(cx: &Context<'_>, node: &Node, key: &'static str) -> bool {
    match node.get(key) {
        Some(text) => text.as_str().is_some_and(|text| text.trim().is_empty()),
        None => cx.is_missing(node, key),
    }
}

fn check_examples<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    let mut examples = ExampleFinder { cx, known: HashMap::new() };
    for kind in [ObjectKind::Parameter, ObjectKind::MediaType] {
        for object in cx.objects(kind) {
            let Some(schema) = object.node.get("schema") else { continue };
            let own = object.node.get("example").is_some() || object.node.get("examples").is_some();
            if !own && !examples.has(schema, 0) {
                let what = match (kind, object.node.get("name").and_then(Node::as_str)) {
                    (ObjectKind::Parameter, Some(name)) => format!("the parameter {}", quote(name)),
                    _ => "this body".to_owned(),
                };
                let message =
                    format!("{what} has no example, and none can be built from its schema");
                out.report(
                    &rules::MISSING_EXAMPLE,
                    object.span,
                    message,
                    "add `example: …`, here or to the schema",
                );
            }
        }
    }
}

/// Finds out for which schemas the generator can build an example.
struct ExampleFinder<'c, 'd> {
    cx: &'c Context<'d>,
    known: HashMap<*const Node, bool>,
}

/// How deep references are followed, because schemas can be recursive.
const MAX_REFERENCE_DEPTH: usize = 32;

impl<'d> ExampleFinder<'_, 'd> {
    fn has(&mut self, node: &'d Node, depth: usize) -> bool {
        let own = ["example", "default", "enum"].into_iter().any(|key| node.get(key).is_some());
        let Some(schema) = self.cx.schema(node).filter(|_| !own && depth < MAX_REFERENCE_DEPTH)
        else {
            return true;
        };
        let node = schema.node;
        if let Some(&known) = self.known.get(&std::ptr::from_ref(node)) {
            return known;
        }
        // For a recursive schema, the inner occurrence does not decide; so it counts as having one
        // meanwhile.
        self.known.insert(node, true);
        let has = ["example", "default", "enum"].into_iter().any(|key| node.get(key).is_some())
            || match type_of(node) {
                Some("object") => {
                    let properties = node.get("properties").map_or(&[][..], Node::entries);
                    properties.iter().all(|entry| self.has(&entry.value, depth + 1))
                }
                Some("array") => node.get("items").is_none_or(|items| self.has(items, depth + 1)),
                Some("boolean") | None => true,
                Some(_) => false,
            };
        self.known.insert(node, has);
        has
    }
}
