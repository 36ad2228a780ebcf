//! Help texts of operations, parameters and bodies, made from the descriptors.

use std::fmt::Write as _;

use dbss_client::descriptor::{Body, Operation, Parameter, Schema, SchemaKind};

/// How deep the help goes into nested objects; a schema may contain itself.
const MAX_DEPTH: usize = 4;

/// Follows schemas that only name another one.
pub(crate) fn resolve(schema: &'static Schema) -> &'static Schema {
    match schema.kind {
        SchemaKind::Reference(named) => resolve(named),
        _ => schema,
    }
}

/// The long help of an operation: what it does, its method and its path.
pub(crate) fn operation(operation: &Operation) -> String {
    let text =
        if operation.description.is_empty() { operation.summary } else { operation.description };
    let deprecated = if operation.deprecated { "Deprecated: move away from it.\n\n" } else { "" };
    format!("{deprecated}{text}\n\n{} {}", operation.method, operation.path)
}

/// The short help: a description, and notes after it.
pub(crate) fn short(description: &str, notes: &str) -> String {
    let description = description.trim_end_matches('.');
    match (description.is_empty(), notes.is_empty()) {
        (true, _) => notes.to_owned(),
        (false, true) => description.to_owned(),
        (false, false) => format!("{description}; {notes}"),
    }
}

/// The long help of a parameter: description, limits, example.
pub(crate) fn parameter(parameter: &Parameter) -> String {
    let mut text = parameter.description.to_owned();
    let mut notes = vec![if parameter.required { "Required" } else { "Optional" }.to_owned()];
    notes.extend(Some(parameter.schema.limits.join(", ")).filter(|limits| !limits.is_empty()));
    if matches!(resolve(parameter.schema).kind, SchemaKind::Array { .. }) {
        notes.push("may be given several times".to_owned());
    }
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(&notes.join("; "));
    if let Some(example) = parameter.example {
        let _ = write!(text, "\n\nExample: {}", example.trim_matches('"'));
    }
    text
}

/// The long help of a body: its fields and examples.
pub(crate) fn body(body: &Body) -> String {
    let mut text = String::from("Body:\n");
    write_fields(body.schema, 1, &mut text);
    if !body.examples.is_empty() {
        text.push_str("\nExamples:\n");
    }
    for example in body.examples {
        let _ = writeln!(text, "  --body '{}'", example.json.replace('\'', r"'\''"));
    }
    text.trim_end().to_owned()
}

fn write_fields(schema: &'static Schema, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let schema = resolve(schema);
    let SchemaKind::Object(fields) = schema.kind else {
        let _ = writeln!(text, "{indent}{}", type_and_limits(schema, false));
        return;
    };
    for field in fields {
        let _ = writeln!(
            text,
            "{indent}{}  {}",
            field.name,
            type_and_limits(field.schema, field.required)
        );
        let schema = field.schema;
        let described = [field.description, schema.description, resolve(schema).description];
        if let Some(description) = described.into_iter().find(|text| !text.is_empty()) {
            let _ = writeln!(text, "{indent}    {description}");
        }
        let inner = match resolve(field.schema).kind {
            SchemaKind::Array { items, .. } => resolve(items),
            _ => resolve(field.schema),
        };
        if matches!(inner.kind, SchemaKind::Object(_)) && depth < MAX_DEPTH {
            write_fields(inner, depth + 2, text);
        }
    }
}

fn type_and_limits(schema: &'static Schema, required: bool) -> String {
    let mut parts = vec![type_name(schema)];
    parts.extend(required.then_some("required"));
    parts.extend(schema.limits);
    parts.join(", ")
}

fn type_name(schema: &'static Schema) -> &'static str {
    match resolve(schema).kind {
        SchemaKind::Boolean => "true or false",
        SchemaKind::Integer { .. } => "whole number",
        SchemaKind::Number { .. } => "number",
        SchemaKind::String { .. } | SchemaKind::Enum { .. } => "text",
        SchemaKind::Array { .. } => "list",
        SchemaKind::Map(_)
        | SchemaKind::AnyObject
        | SchemaKind::Object(_)
        | SchemaKind::Reference(_) => "object",
        _ => "value",
    }
}
