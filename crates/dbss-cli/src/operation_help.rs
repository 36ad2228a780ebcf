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

/// What `--body` takes.
pub(crate) const BODY_VALUE: &str = "JSON|@FILE|-";

/// How wide a line of the list is, as clap's own.
const WIDTH: usize = 100;

/// The operations under their tags, in the order of the contract; one that has several is under
/// the first.
pub(crate) fn list(operations: &[&Operation], about: impl Fn(&Operation) -> String) -> String {
    let mut groups: Vec<(&str, Vec<&Operation>)> = Vec::new();
    for operation in operations {
        let tag = operation.tags.first().copied().unwrap_or("operations");
        match groups.iter_mut().find(|(other, _)| *other == tag) {
            Some((_, group)) => group.push(operation),
            None => groups.push((tag, vec![operation])),
        }
    }
    let column = operations.iter().map(|operation| operation.id.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (tag, group) in groups {
        let _ = writeln!(text, "{tag}:");
        for operation in group {
            let mut line = format!("  {:column$} ", operation.id);
            for word in about(operation).split_whitespace() {
                if line.len() + 1 + word.len() > WIDTH && line.len() > column + 3 {
                    let _ = writeln!(text, "{}", line.trim_end());
                    line = " ".repeat(column + 3);
                }
                line.push(' ');
                line.push_str(word);
            }
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text.push('\n');
    }
    text
}

/// The command line of an operation with what it requires. A body is not required of clap: without
/// it, the fields that are missing are named.
pub(crate) fn usage(
    command: &str,
    operation: &Operation,
    flags: &[(&Parameter, String)],
) -> String {
    let mut usage = format!("dbss {command} {} [OPTIONS]", operation.id);
    for (parameter, flag) in flags.iter().filter(|(parameter, _)| parameter.required) {
        let _ = write!(usage, " --{flag} <{}>", parameter.name.to_ascii_uppercase());
    }
    let requires_body = |body: &Body| match resolve(body.schema).kind {
        SchemaKind::Object(fields) => fields.iter().any(|field| field.required),
        _ => true,
    };
    if operation.body.as_ref().is_some_and(requires_body) {
        let _ = write!(usage, " --body <{BODY_VALUE}>");
    }
    usage
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
    notes.extend(
        parameter
            .default
            .map(|json| format!("the service's default is {}", json.trim_matches('"'))),
    );
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
