//! `x-dbss-completion`: whether the operation, inputs, fields and values that it names are there.

use std::collections::{HashMap, HashSet};

use openapi_document::{Entry, Node, Span, Value, quote};

use super::context::{JSON, Operation, Parameter, Schema};
use super::pages::{field, help_with_field, item_schema, success_schema};
use super::{Context, Diagnostics};
use crate::rules;

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    for operation in &cx.operations {
        let Some(completion) =
            operation.node.get("x-dbss-completion").filter(|completion| completion.is_mapping())
        else {
            continue;
        };
        if let Some(look) = look(cx, operation, completion, out) {
            check_inputs(cx, operation, look, completion, out);
            check_item(cx, operation, look, completion, out);
        }
    }
}

fn report(
    out: &mut Diagnostics<'_>,
    at: Span,
    message: impl Into<String>,
    help: impl Into<String>,
) {
    out.report(&rules::COMPLETION, at, message, help);
}

fn id_of<'d>(operation: &Operation<'d>) -> Option<&'d str> {
    operation.node.get("operationId")?.as_str()
}

/// The operation to look with.
fn look<'c, 'd>(
    cx: &'c Context<'d>,
    operation: &Operation<'d>,
    completion: &'d Node,
    out: &mut Diagnostics<'d>,
) -> Option<&'c Operation<'d>> {
    let named = completion.get("operation")?;
    let name = named.as_str()?;
    let Some(look) = cx.operations.iter().find(|other| id_of(other) == Some(name)) else {
        let help = match out.nearest(name, cx.operations.iter().filter_map(id_of)) {
            Some(near) => format!("did you mean {}?", quote(near)),
            None => "name the operationId of an operation that shows the state".to_owned(),
        };
        report(out, named.span, format!("there is no operation {}", quote(name)), help);
        return None;
    };
    let message = if std::ptr::eq(look.node, operation.node) {
        format!("{} cannot show its own end", quote(name))
    } else if look.node.get("x-dbss-completion").is_some() {
        format!("{} starts something itself", quote(name))
    } else if look.method != "get" {
        format!("{} is not a GET, so that looking may change something", quote(name))
    } else {
        return Some(look);
    };
    report(out, named.span, message, "name an operation that only shows the state");
    None
}

/// The inputs of an operation, and whether they are required; `None` if they are not all known.
fn inputs<'d>(cx: &Context<'d>, operation: &Operation<'d>) -> Option<HashMap<&'d str, bool>> {
    if !operation.parameters.complete {
        return None;
    }
    let mut inputs = HashMap::new();
    if let Some(body) = operation.node.get("requestBody") {
        let content = cx.follow(body, "requestBodies")?.get("content")?;
        let schema = cx.schema(content.get(JSON)?.get("schema")?)?.node;
        let required = schema.get("required");
        let fields = schema.get("properties").map_or(&[][..], Node::entries).iter();
        inputs.extend(fields.map(|entry| {
            let is_required = required.is_some_and(|list| cx.contains_string(list, &entry.key));
            (entry.key.as_str(), is_required)
        }));
    }
    let parameters = operation.parameters.resolved.iter();
    inputs.extend(
        parameters.filter_map(|parameter| Some((parameter.name?.0, is_required(parameter)))),
    );
    Some(inputs)
}

fn is_required(parameter: &Parameter<'_>) -> bool {
    parameter.node.get("required").and_then(Node::as_bool) == Some(true)
}

/// Checks the parameters of the look, and the inputs that they get.
fn check_inputs<'d>(
    cx: &Context<'d>,
    operation: &Operation<'d>,
    look: &Operation<'d>,
    completion: &'d Node,
    out: &mut Diagnostics<'d>,
) {
    let Some(inputs) = inputs(cx, operation) else { return };
    let given = completion.get("parameters").map_or(&[][..], Node::entries);
    let item = completion.get("item").map_or(&[][..], Node::entries);
    let name_of = |parameter: &Parameter<'d>| parameter.name.map(|(name, _)| name);
    let needs: HashSet<&str> = look
        .parameters
        .resolved
        .iter()
        .filter(|parameter| is_required(parameter))
        .filter_map(name_of)
        .filter(|name| *name != "project_id")
        .collect();
    let given_to = given.iter().map(|entry| (entry, needs.contains(entry.key.as_str())));
    for (Entry { value, .. }, is_needed) in given_to.chain(item.iter().map(|entry| (entry, true))) {
        let Some(input) = value.as_str() else { continue };
        match inputs.get(input) {
            Some(false) if is_needed => {
                let message = format!("the input {} is not required", quote(input));
                let help = "name an input that every call gives, or make it required";
                report(out, value.span, message, help);
            }
            Some(_) => {}
            None => {
                let message = format!("{} has no input {}", operation.display_name(), quote(input));
                report(out, value.span, message, "name a parameter, or a field of the body");
            }
        }
    }
    if !look.parameters.complete {
        return;
    }
    for entry in given {
        if !look.parameters.resolved.iter().any(|known| name_of(known) == Some(&entry.key)) {
            let message = format!("{} has no parameter {}", look.display_name(), quote(&entry.key));
            report(out, entry.key_span, message, "name a parameter of the operation to look with");
        }
    }
    for name in look.parameters.resolved.iter().filter_map(name_of) {
        if needs.contains(name) && !given.iter().any(|entry| entry.key == name) {
            let message = format!("{} needs the parameter {}", look.display_name(), quote(name));
            let help = "say in `parameters` which input it gets";
            report(out, completion.span, message, help);
        }
    }
}

/// Checks how the item is found, and the states.
fn check_item<'d>(
    cx: &Context<'d>,
    operation: &Operation<'d>,
    look: &Operation<'d>,
    completion: &'d Node,
    out: &mut Diagnostics<'d>,
) {
    let is_list = look.node.get("x-dbss-pages").is_some();
    let item = completion.entry("item");
    let keys = item.map_or(&[][..], |item| item.value.entries());
    if is_list && keys.len() != 1 {
        let at = item.map_or(completion.span, |item| item.key_span);
        let message = format!(
            "{} returns a list, and `item` names not exactly one field",
            look.display_name()
        );
        report(
            out,
            at,
            message,
            "write `item: {FIELD: INPUT}`: the item whose field is equal to the input",
        );
        return;
    }
    if let Some(item) = item.filter(|_| !is_list) {
        let message = format!("{} returns no list in pages", look.display_name());
        report(
            out,
            item.key_span,
            message,
            "remove `item`, or say with `x-dbss-pages` how it is paged",
        );
        return;
    }
    let schema = if is_list { item_schema(cx, look) } else { success_schema(cx, look) };
    let Some(schema) = schema else {
        // What is wrong with pages has been reported.
        if !is_list {
            let message = format!("{} returns no named object", look.display_name());
            report(
                out,
                completion.span,
                message,
                "name an operation whose success response shows the state",
            );
        }
        return;
    };
    for Entry { key, key_span, .. } in keys {
        if field(cx, schema, key).is_none() {
            no_field(schema, key, *key_span, out);
        }
    }
    check_states(cx, operation, schema, completion, out);
}

fn no_field<'d>(schema: Schema<'d>, name: &str, at: Span, out: &mut Diagnostics<'d>) {
    let help = help_with_field(schema, name, out);
    report(out, at, format!("there is no field {} in what is looked at", quote(name)), help);
}

fn check_states<'d>(
    cx: &Context<'d>,
    operation: &Operation<'d>,
    schema: Schema<'d>,
    completion: &'d Node,
    out: &mut Diagnostics<'d>,
) {
    let mut done = HashSet::new();
    for key in ["done", "under_way", "failed"] {
        let Some(states) = completion.entry(key) else { continue };
        if matches!(&states.value.value, Value::Mapping(entries) if entries.is_empty()) {
            let help = "name the fields that show the state, each with its values";
            report(
                out,
                states.key_span,
                format!("`{key}` of {} names no field", operation.display_name()),
                help,
            );
        }
        for Entry { key: name, key_span, value: list, .. } in states.value.entries() {
            let Some(found) = field(cx, schema, name) else {
                no_field(schema, name, *key_span, out);
                continue;
            };
            if found.type_name().is_some_and(|kind| kind != "string") {
                let message = format!("the field {} is not a string", quote(name));
                report(out, *key_span, message, "name a field of type string");
                continue;
            }
            if matches!(&list.value, Value::Sequence(values) if values.is_empty()) {
                report(out, list.span, format!("{} lists nothing", quote(name)), "list its values");
            }
            for value in list.items() {
                let Some(text) = value.as_str() else { continue };
                let values = found.node.get("enum");
                if values.is_some_and(|values| !cx.contains_string(values, text)) {
                    let message = format!("{} is not among the values of the enum", quote(text));
                    report(out, value.span, message, "add it to `enum`, or correct it");
                }
                if key == "done" {
                    done.insert((name, text));
                } else if key == "failed" && done.contains(&(name, text)) {
                    let message = format!("{} means both done and failed", quote(text));
                    report(out, value.span, message, "decide which of them it means");
                }
            }
        }
    }
}
