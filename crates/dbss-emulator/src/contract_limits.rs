//! The limits of the contract, which the types of the client do not have: they bind what is sent to
//! a service, so a service checks them.

use dbss_client::contract::API;
use dbss_client::descriptor::{Schema, SchemaKind};
use serde_json::Value;

/// The first limit that a value breaks, in words after its path. Patterns and the ranges of numbers
/// are not among them: no schema of the contract has one.
pub(crate) fn broken_by(schema: &Schema, value: &Value) -> Option<String> {
    broken_at(schema, value, "the body")
}

/// The limit of a named schema's length that a text breaks, in words.
pub(crate) fn length_of_named_broken_by(name: &str, text: &str) -> Option<String> {
    let parameters = API.operations.iter().flat_map(|operation| operation.parameters);
    let bodies = API.operations.iter().filter_map(|operation| operation.body.as_ref());
    let mut schemas = parameters.map(|p| p.schema).chain(bodies.map(|body| body.schema));
    length_broken_by(schemas.find_map(|schema| find(schema, name, MAX_DEPTH))?, text)
}

/// How deep a schema is looked for; schemas can be recursive.
const MAX_DEPTH: usize = 4;

fn find(schema: &'static Schema, name: &str, depth: usize) -> Option<&'static Schema> {
    if schema.name == name {
        return Some(schema);
    }
    let depth = depth.checked_sub(1)?;
    match schema.kind {
        SchemaKind::Reference(target) => find(target, name, depth),
        SchemaKind::Array { items, .. } => find(items, name, depth),
        SchemaKind::Map(values) => find(values, name, depth),
        SchemaKind::Object(fields) => {
            fields.iter().find_map(|field| find(field.schema, name, depth))
        }
        _ => None,
    }
}

/// The limit of the length that a text breaks, in words.
fn length_broken_by(schema: &Schema, text: &str) -> Option<String> {
    let SchemaKind::String { min_length, max_length, .. } = schema.kind else { return None };
    let length = text.chars().count();
    if let Some(min) = min_length.filter(|min| length < *min) {
        return Some(format!("shorter than {min} characters"));
    }
    let max = max_length.filter(|max| length > *max)?;
    Some(format!("longer than {max} characters"))
}

fn broken_at(schema: &Schema, value: &Value, path: &str) -> Option<String> {
    match (&schema.kind, value) {
        (SchemaKind::Reference(target), _) => broken_at(target, value, path),
        (SchemaKind::String { .. }, Value::String(text)) => {
            length_broken_by(schema, text).map(|broken| format!("{path} is {broken}"))
        }
        (SchemaKind::Enum { values, .. }, Value::String(text)) => {
            let is_listed = values.contains(&text.as_str());
            (!is_listed).then(|| format!("{path} is none of {}", values.join(", ")))
        }
        (SchemaKind::Array { items, min_items, max_items, .. }, Value::Array(list)) => {
            let count = list.len();
            if min_items.is_some_and(|min| count < min) || max_items.is_some_and(|max| count > max)
            {
                return Some(format!("{path} has {count} items"));
            }
            let mut each = list.iter().enumerate();
            each.find_map(|(index, item)| broken_at(items, item, &format!("{path}[{index}]")))
        }
        (SchemaKind::Object(fields), Value::Object(object)) => fields.iter().find_map(|field| {
            broken_at(field.schema, object.get(field.name)?, &format!("`{}`", field.name))
        }),
        (SchemaKind::Map(values), Value::Object(object)) => {
            object.iter().find_map(|(key, item)| broken_at(values, item, &format!("`{key}`")))
        }
        _ => None,
    }
}
