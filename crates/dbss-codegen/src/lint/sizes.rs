//! How much memory a value of a schema takes by itself.
//!
//! An object holds the objects within it in place, unless a list, a map or a recursion is between
//! them. So what refers to the same object twice, at every level, doubles with each of them: a few
//! lines of a contract can make a type that no stack holds.

use std::collections::HashMap;

use openapi_document::{Node, quote};

use super::context::{component_reference, type_of};
use super::{Context, Diagnostics};
use crate::rules;

/// The most bytes of a value. Calls pass their inputs on by value a dozen times, on a stack that has
/// 2 MiB where a thread of Tokio's runs them.
const LIMIT: u64 = 64 * 1024;

/// How far the size of a component is known.
#[derive(Clone, Copy)]
enum Size {
    /// It is being added up: who contains it has it in a box.
    Open,
    Bytes(u64),
}

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    let mut sizes: HashMap<&'d str, Size> = HashMap::new();
    for start in cx.section("schemas") {
        // Iterative, because a chain of references can be as long as the contract has schemas.
        let mut path: Vec<(&'d str, &'d Node, Vec<&'d str>)> = Vec::new();
        let mut enter = Some(start.key.as_str());
        loop {
            if let Some(name) = enter.take()
                && !sizes.contains_key(name)
                && let Some(entry) = cx.component("schemas", name)
            {
                sizes.insert(name, Size::Open);
                let within = properties(&entry.value).filter_map(referred).collect();
                path.push((name, &entry.value, within));
            }
            let Some((name, node, within)) = path.last_mut() else { break };
            enter = within.pop();
            if enter.is_none() {
                let bytes = size(node, &sizes);
                if bytes > LIMIT && !properties(node).any(|property| is_large(property, &sizes)) {
                    report(cx, name, bytes, out);
                }
                sizes.insert(name, Size::Bytes(bytes));
                path.pop();
            }
        }
    }
}

fn properties(schema: &Node) -> impl Iterator<Item = &Node> {
    schema.get("properties").map_or(&[][..], Node::entries).iter().map(|entry| &entry.value)
}

/// The component that a schema refers to, directly or by the one reference of an `allOf`.
fn referred(schema: &Node) -> Option<&str> {
    let wrapped = schema.get("allOf").and_then(|all_of| all_of.items().first());
    let reference = wrapped.unwrap_or(schema).get("$ref").and_then(Node::as_str)?;
    component_reference(reference)
        .filter(|(section, _)| *section == "schemas")
        .map(|(_, name)| name)
}

fn is_large(schema: &Node, sizes: &HashMap<&str, Size>) -> bool {
    let size = referred(schema).and_then(|name| sizes.get(name));
    matches!(size, Some(Size::Bytes(bytes)) if *bytes > LIMIT)
}

/// The bytes of a value, on a machine with 64 bits.
fn size(schema: &Node, sizes: &HashMap<&str, Size>) -> u64 {
    let mut found = None;
    for property in properties(schema) {
        let bytes = match referred(property).map(|name| sizes.get(name)) {
            Some(Some(Size::Bytes(bytes))) => *bytes,
            Some(Some(Size::Open)) => 8,
            _ => scalar(property),
        };
        found = Some(bytes.saturating_add(found.unwrap_or(0)));
    }
    found.unwrap_or_else(|| scalar(schema))
}

fn scalar(schema: &Node) -> u64 {
    match type_of(schema) {
        Some("boolean") => 1,
        Some("integer" | "number") => 16,
        Some("object") => 48,
        _ => 24,
    }
}

fn report<'d>(cx: &Context<'d>, name: &str, bytes: u64, out: &mut Diagnostics<'d>) {
    let Some(entry) = cx.component("schemas", name) else { return };
    let message = format!(
        "a value of {} takes about {} KiB of memory by itself, with all objects within it",
        quote(name),
        bytes / 1024
    );
    let help = "what takes more than 64 KiB cannot be passed on a stack, so what sends or receives it cannot be generated: leave it out";
    out.report(&rules::HUGE_TYPE, entry.key_span, message, help);
}
