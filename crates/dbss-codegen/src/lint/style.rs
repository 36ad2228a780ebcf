//! What is legal, and would serve readers better otherwise.

use std::collections::HashMap;

use openapi_document::{Node, quote};

use super::context::type_of;
use super::model::Kind;
use super::shape::Site;
use super::{Context, Findings};
use crate::rules;

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Findings<'d>) {
    check_descriptions(cx, out);
    check_examples(cx, out);
    for section in cx.document.root().get("components").map_or(&[][..], Node::entries) {
        for entry in section.value.entries() {
            let known = super::model::is_section(&section.key);
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

fn check_descriptions<'d>(cx: &Context<'d>, out: &mut Findings<'d>) {
    for kind in [
        Kind::Info,
        Kind::Operation,
        Kind::Parameter,
        Kind::RequestBody,
        Kind::Schema,
        Kind::Tag,
        Kind::ServerVariable,
    ] {
        for site in cx.sites(kind) {
            let Some(what) = described(cx, kind, site) else { continue };
            if is_blank(cx, site.node, "description") {
                let message = format!("{what} has no description");
                out.report(
                    &rules::MISSING_DESCRIPTION,
                    site.at,
                    message,
                    "say what it is, and in which unit or form",
                );
            }
            if kind == Kind::Operation && is_blank(cx, site.node, "summary") {
                let message = format!("{what} has no summary");
                out.report(
                    &rules::MISSING_SUMMARY,
                    site.at,
                    message,
                    "say in a few words what it does",
                );
            }
        }
    }
}

/// What a site is called, if it is one that needs a description.
fn described<'d>(cx: &Context<'d>, kind: Kind, site: &Site<'d>) -> Option<String> {
    let named = |what: &str, key: &str| match site.node.get(key).and_then(Node::as_str) {
        Some(name) => format!("{what} {}", quote(name)),
        None => format!("this {what}"),
    };
    Some(match kind {
        Kind::Info => "`info`".to_owned(),
        Kind::Operation => named("operation", "operationId"),
        Kind::Parameter => named("parameter", "name"),
        Kind::Tag => named("tag", "name"),
        Kind::RequestBody => "this request body".to_owned(),
        Kind::ServerVariable => format!("the server variable {}", quote(site.name?)),
        Kind::Schema if cx.is_component(site) => format!("the schema {}", quote(site.name?)),
        // A reference, or an `allOf` around one, has the description of its target.
        Kind::Schema if site.slot == "properties" && site.node.get("allOf").is_none() => {
            format!("the property {}", quote(site.name?))
        }
        _ => return None,
    })
}

fn is_blank(cx: &Context<'_>, node: &Node, key: &'static str) -> bool {
    match node.get(key) {
        Some(text) => text.as_str().is_some_and(|text| text.trim().is_empty()),
        None => cx.lacks(node, key),
    }
}

fn check_examples<'d>(cx: &Context<'d>, out: &mut Findings<'d>) {
    let mut examples = Examples { cx, known: HashMap::new() };
    for kind in [Kind::Parameter, Kind::MediaType] {
        for site in cx.sites(kind) {
            let Some(schema) = site.node.get("schema") else { continue };
            let own = site.node.get("example").is_some() || site.node.get("examples").is_some();
            if !own && !examples.has(schema, 0) {
                let what = match (kind, site.node.get("name").and_then(Node::as_str)) {
                    (Kind::Parameter, Some(name)) => format!("the parameter {}", quote(name)),
                    _ => "this body".to_owned(),
                };
                let message = format!("{what} has no example, and its schema makes none");
                out.report(
                    &rules::MISSING_EXAMPLE,
                    site.at,
                    message,
                    "add `example: …`, here or to the schema",
                );
            }
        }
    }
}

/// Which schemas an example can be made from.
struct Examples<'c, 'd> {
    cx: &'c Context<'d>,
    known: HashMap<*const Node, bool>,
}

/// How far references are followed; recursive schemas go on for ever.
const DEEPEST: usize = 32;

impl<'d> Examples<'_, 'd> {
    fn has(&mut self, node: &'d Node, depth: usize) -> bool {
        let own = ["example", "default", "enum"].into_iter().any(|key| node.get(key).is_some());
        let Some(schema) = self.cx.schema(node).filter(|_| !own && depth < DEEPEST) else {
            return true;
        };
        let node = schema.node;
        if let Some(&known) = self.known.get(&std::ptr::from_ref(node)) {
            return known;
        }
        // Meanwhile a schema that occurs in itself makes no difference to itself.
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
