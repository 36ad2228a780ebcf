//! What the contract says of an operation and its values, as help.

use std::fmt::Write as _;

use dbss_client::descriptor::{Body, Operation, Parameter, Schema, Shape};

/// How deep the help goes into a body; schemas may hold themselves.
const DEPTH: usize = 4;

/// What stands behind a name that adds nothing to a type.
pub(crate) fn resolve(schema: &'static Schema) -> &'static Schema {
    match schema.shape {
        Shape::Named(named) => resolve(named),
        _ => schema,
    }
}

/// What an operation does.
pub(crate) fn operation(operation: &Operation) -> String {
    let text =
        if operation.description.is_empty() { operation.summary } else { operation.description };
    let deprecated = if operation.deprecated { "Deprecated: move away from it.\n\n" } else { "" };
    format!("{deprecated}{text}\n\n{} {}", operation.method, operation.path)
}

/// A description and what else there is to say in short.
pub(crate) fn short(description: &str, more: &str) -> String {
    let description = description.trim_end_matches('.');
    match (description.is_empty(), more.is_empty()) {
        (true, _) => more.to_owned(),
        (false, true) => description.to_owned(),
        (false, false) => format!("{description}; {more}"),
    }
}

/// Everything about a parameter.
pub(crate) fn parameter(parameter: &Parameter) -> String {
    let mut text = parameter.description.to_owned();
    let mut facts = vec![if parameter.required { "Required" } else { "Optional" }.to_owned()];
    facts.extend(Some(parameter.schema.limits.join(", ")).filter(|limits| !limits.is_empty()));
    if matches!(resolve(parameter.schema).shape, Shape::Array { .. }) {
        facts.push("may be given several times".to_owned());
    }
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(&facts.join("; "));
    if let Some(example) = parameter.example {
        let _ = write!(text, "\n\nExample: {}", example.trim_matches('"'));
    }
    text
}

/// The fields of a body and its examples.
pub(crate) fn body(body: &Body) -> String {
    let mut text = String::from("Body:\n");
    outline(body.schema, 1, &mut text);
    if !body.examples.is_empty() {
        text.push_str("\nExamples:\n");
    }
    for example in body.examples {
        let _ = writeln!(text, "  --body '{}'", example.json.replace('\'', r"'\''"));
    }
    text.trim_end().to_owned()
}

fn outline(schema: &'static Schema, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let schema = resolve(schema);
    let Shape::Object(fields) = schema.shape else {
        let _ = writeln!(text, "{indent}{}", facts(schema, false));
        return;
    };
    for field in fields {
        let _ = writeln!(text, "{indent}{}  {}", field.name, facts(field.schema, field.required));
        let described = [field.schema.description, resolve(field.schema).description];
        if let Some(description) = described.into_iter().find(|text| !text.is_empty()) {
            let _ = writeln!(text, "{indent}    {description}");
        }
        let inner = match resolve(field.schema).shape {
            Shape::Array { items, .. } => resolve(items),
            _ => resolve(field.schema),
        };
        if matches!(inner.shape, Shape::Object(_)) && depth < DEPTH {
            outline(inner, depth + 2, text);
        }
    }
}

fn facts(schema: &'static Schema, required: bool) -> String {
    let mut facts = vec![kind(schema)];
    facts.extend(required.then_some("required"));
    facts.extend(schema.limits);
    facts.join(", ")
}

fn kind(schema: &'static Schema) -> &'static str {
    match resolve(schema).shape {
        Shape::Boolean => "true or false",
        Shape::Integer { .. } => "whole number",
        Shape::Number { .. } => "number",
        Shape::String { .. } | Shape::Enum { .. } => "text",
        Shape::Array { .. } => "list",
        Shape::Map(_) | Shape::Free | Shape::Object(_) | Shape::Named(_) => "object",
        _ => "value",
    }
}
