//! The lengths of named texts in the contract, for values that do not come in a request.

use dbss_client::contract::API;
use dbss_client::descriptor::{Schema, SchemaKind};

/// How deep a schema is looked for; schemas can be recursive.
const MAX_DEPTH: usize = 4;

/// The limit of the named schema's length that a text breaks, in words.
pub(crate) fn length_of_named_broken_by(name: &str, text: &str) -> Option<String> {
    let parameters = API.operations.iter().flat_map(|operation| operation.parameters);
    let bodies = API.operations.iter().filter_map(|operation| operation.body.as_ref());
    let mut schemas = parameters.map(|p| p.schema).chain(bodies.map(|body| body.schema));
    let schema = schemas.find_map(|schema| find(schema, name, MAX_DEPTH))?;
    let SchemaKind::String { min_length, max_length, .. } = schema.kind else { return None };
    let length = text.chars().count();
    if let Some(min) = min_length.filter(|min| length < *min) {
        return Some(format!("shorter than {}", characters(min)));
    }
    let max = max_length.filter(|max| length > *max)?;
    Some(format!("longer than {}", characters(max)))
}

fn characters(count: usize) -> String {
    format!("{count} character{}", if count == 1 { "" } else { "s" })
}

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
