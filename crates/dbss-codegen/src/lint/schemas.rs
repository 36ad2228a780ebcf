//! Schemas as a whole: `allOf`, names, objects and recursion.

use std::collections::{HashMap, HashSet};

use openapi_document::{Node, Span, Value, quote};

use super::context::type_of;
use super::object_specs::ObjectKind;
use super::structure::Object;
use super::{Context, Diagnostics};
use crate::rules;

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    for object in cx.objects(ObjectKind::Schema) {
        if let Some(all_of) = object.node.entry("allOf") {
            check_all_of(cx, object, all_of.key_span, out);
        } else if object.parent_key != "allOf" {
            check_name(cx, object, out);
        }
        check_object(cx, object, out);
    }
    check_infinite(cx, out);
}

/// `allOf` is accepted only around one reference, to which it adds what `$ref` cannot have beside
/// it: a description, `nullable`, an example.
fn check_all_of<'d>(cx: &Context<'d>, object: &Object<'d>, at: Span, out: &mut Diagnostics<'d>) {
    let elements = object.node.get("allOf");
    if elements.is_some_and(|elements| {
        elements.items().is_empty() && !matches!(elements.value, Value::Sequence(_))
    }) {
        return;
    }
    let beside = ["allOf", "description", "nullable", "deprecated", "example"];
    let other = object.node.entries().iter().find(|entry| {
        !beside.contains(&entry.key.as_str())
            && !entry.key.starts_with("x-")
            && super::object_specs::is_schema_key(&entry.key)
    });
    let help = "describe one named object with the properties of all parts";
    if cx.is_component(object) {
        let message = "a component that is only an `allOf` is not supported";
        out.report(&rules::ALL_OF_FORM, at, message, help);
    } else if !matches!(elements.map(Node::items), Some([only]) if only.get("$ref").is_some()) {
        let message = "`allOf` with anything but one `$ref` is not supported";
        out.report(&rules::ALL_OF_FORM, at, message, help);
    } else if let Some(other) = other {
        let message = format!("{} beside `allOf` is not supported", quote(&other.key));
        let help = "only `description`, `nullable`, `deprecated` and `example` are allowed there; move it to the component";
        out.report(&rules::ALL_OF_FORM, other.key_span, message, help);
    }
}

/// A schema that becomes a Rust type has to be a component, because the generator would invent a
/// name for it.
fn check_name<'d>(cx: &Context<'d>, object: &Object<'d>, out: &mut Diagnostics<'d>) {
    let in_header = cx.parent(object).is_some_and(|parent| parent.kind == ObjectKind::Header);
    if cx.is_component(object) || in_header {
        return;
    }
    let has = |key: &str| object.node.entry(key);
    let kind = type_of(object.node);
    let reason = if let Some(properties) =
        has("properties").filter(|entry| !entry.value.entries().is_empty())
    {
        Some((properties, "an object with properties"))
    } else if let Some(list) = has("enum").filter(|_| matches!(kind, Some("string") | None)) {
        Some((list, "an enum"))
    } else if kind == Some("string") {
        let limit = ["minLength", "maxLength", "pattern"].into_iter().find_map(has);
        limit.map(|limit| (limit, "a string with limits"))
    } else {
        None
    };
    if let Some((entry, what)) = reason {
        let message = format!("{what} needs a name");
        let help = "move the schema to `components/schemas`, and refer to it from here";
        out.report(&rules::UNNAMED_SCHEMA, entry.key_span, message, help);
    }
}

fn check_object<'d>(cx: &Context<'d>, object: &Object<'d>, out: &mut Diagnostics<'d>) {
    let node = object.node;
    let properties = node.get("properties");
    if let Some(additional) = node.entry("additionalProperties") {
        let closed = additional.value.as_bool() == Some(false);
        if closed && cx.usage.in_responses.contains(&std::ptr::from_ref(node)) {
            let message = "this schema occurs in responses, and `additionalProperties: false` forbids new properties in them";
            let help = "leave it out; otherwise the client fails on the first new property";
            out.report(&rules::CLOSED_RESPONSE, additional.key_span, message, help);
        }
        if !closed && properties.is_some_and(|properties| !properties.entries().is_empty()) {
            let message = "`additionalProperties` beside `properties` is not supported";
            let help = "declare every property that is known, without `additionalProperties`; responses may have others, which the client ignores";
            out.report(&rules::MIXED_PROPERTIES, additional.key_span, message, help);
        }
    }
    check_nullable(cx, node, out);
    // Without valid `properties` there is nothing to compare `required` with.
    let readable = match properties {
        Some(properties) => properties.is_mapping(),
        None => cx.is_missing(node, "properties") && type_of(node) == Some("object"),
    };
    let mut seen = HashMap::new();
    for item in node.get("required").map_or(&[][..], Node::items) {
        let Some(name) = item.as_str() else { continue };
        if let Some(earlier) = seen.insert(name, item.span) {
            let line = out.line_of(earlier);
            let message = format!("{} is listed as required already, in line {line}", quote(name));
            out.report(&rules::REQUIRED_LIST, item.span, message, "list it once");
        } else if readable && properties.is_none_or(|properties| cx.get(properties, name).is_none())
        {
            let message = format!("{} is required and not among the properties", quote(name));
            out.report(
                &rules::REQUIRED_LIST,
                item.span,
                message,
                "declare it under `properties`, or correct the name",
            );
        }
    }
}

/// An optional field of a Rust struct that is not set is left out, so nothing sends null for it. In
/// what is received there is no such difference: null is read like a property that is missing.
fn check_nullable<'d>(cx: &Context<'d>, schema: &'d Node, out: &mut Diagnostics<'d>) {
    let address = std::ptr::from_ref(schema);
    let usage = &cx.usage;
    if !usage.in_request_bodies.contains(&address) || usage.in_responses.contains(&address) {
        return;
    }
    let required = schema.get("required");
    for entry in schema.get("properties").map_or(&[][..], Node::entries) {
        let is_required = required.is_some_and(|list| cx.contains_string(list, &entry.key));
        if is_required || !cx.schema(&entry.value).is_some_and(|property| property.nullable) {
            continue;
        }
        let message = format!(
            "{} is optional and nullable in a schema that is only sent: the client leaves it out, and cannot send null",
            quote(&entry.key)
        );
        let help =
            "remove `nullable`, and say in the description what it means to leave the property out";
        out.report(&rules::NULL_NOT_SENT, entry.key_span, message, help);
    }
}

/// Finds schemas of which every value contains another value of the same schema.
fn check_infinite<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    let schemas = cx.section("schemas");
    let mut done: HashSet<&str> = HashSet::new();
    for start in schemas {
        // Iterative, because a chain of references can be as long as the contract has schemas.
        let mut path: Vec<(&str, Vec<&str>)> = Vec::new();
        let mut on_path: HashSet<&str> = HashSet::new();
        let mut enter = Some(start.key.as_str());
        loop {
            if let Some(name) = enter.take() {
                if on_path.contains(name) {
                    report_cycle(cx, &path, name, out);
                } else if done.insert(name) {
                    on_path.insert(name);
                    let node = cx.component("schemas", name).map(|entry| &entry.value);
                    path.push((
                        name,
                        node.map_or_else(Vec::new, |node| required_components(cx, node)),
                    ));
                }
            }
            let Some((name, next)) = path.last_mut() else { break };
            enter = next.pop();
            if enter.is_none() {
                on_path.remove(name);
                path.pop();
            }
        }
    }
}

fn report_cycle<'d>(
    cx: &Context<'d>,
    path: &[(&str, Vec<&str>)],
    name: &str,
    out: &mut Diagnostics<'d>,
) {
    let Some(entry) = cx.component("schemas", name) else { return };
    let cycle: Vec<_> =
        path.iter().map(|(name, _)| *name).skip_while(|on_path| *on_path != name).take(8).collect();
    let through = if cycle.len() > 1 {
        format!(" through {}", quote(&cycle.join(" > ")))
    } else {
        String::new()
    };
    let message =
        format!("every {} contains another one{through}, so no value is finite", quote(name));
    let help =
        "a service cannot send that: find out which property of the cycle is optional or nullable";
    out.report(&rules::INFINITE_TYPE, entry.key_span, message, help);
}

/// The components of which every value of a schema contains a value.
fn required_components<'d>(cx: &Context<'d>, node: &'d Node) -> Vec<&'d str> {
    if node.get("nullable").and_then(Node::as_bool) == Some(true) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut next = vec![node];
    while let Some(node) = next.pop() {
        if let Some(properties) = node.get("properties") {
            let required =
                node.get("required").map_or(&[][..], Node::items).iter().filter_map(Node::as_str);
            next.extend(
                required
                    .filter_map(|name| cx.get(properties, name))
                    .filter(|node| !is_nullable(node)),
            );
        }
        let filled = node
            .get("minItems")
            .and_then(Node::as_number)
            .is_some_and(|count| count.as_u64() > Some(0));
        next.extend(node.get("items").filter(|node| filled && !is_nullable(node)));
        next.extend(node.get("allOf").map_or(&[][..], Node::items));
        let name =
            node.get("$ref").and_then(Node::as_str).and_then(super::context::component_reference);
        found.extend(name.filter(|(section, _)| *section == "schemas").map(|(_, name)| name));
    }
    found
}

fn is_nullable(node: &Node) -> bool {
    node.get("nullable").and_then(Node::as_bool) == Some(true)
}
