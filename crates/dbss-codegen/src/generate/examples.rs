//! Examples for schemas without one: the smallest valid values.

use serde_json::{Map, Value};

use super::model::{Example, Model, Schema, SchemaKind};

/// How deep a made example may nest. Below that, optional parts are left out, and
/// required parts make the schema one without an example.
const DEPTH: usize = 32;

/// The contract's examples, or one that is made from the schema.
///
/// Empty if none can be made: the smallest match of a pattern is not easy to find, so a
/// schema with a pattern needs an example in the contract.
pub(crate) fn or_made<'a>(
    model: &Model,
    given: &'a [Example],
    schema: &Schema,
) -> Vec<(&'a str, Value)> {
    if given.is_empty() {
        return made(model, schema, DEPTH).map(|value| ("made", value)).into_iter().collect();
    }
    given.iter().map(|example| (example.name.as_str(), example.value.clone())).collect()
}

/// An example of a single value, such as a parameter.
pub(crate) fn of(model: &Model, schema: &Schema) -> Option<Value> {
    made(model, schema, DEPTH)
}

fn made(model: &Model, schema: &Schema, depth: usize) -> Option<Value> {
    if let Some(example) = schema.example.as_ref().or(schema.default.as_ref()) {
        return Some(example.clone());
    }
    let depth = depth.checked_sub(1)?;
    Some(match &schema.kind {
        SchemaKind::Reference(name) => return made(model, &model.schemas.get(name)?.schema, depth),
        SchemaKind::Boolean => Value::Bool(true),
        SchemaKind::Integer { bounds, .. } => {
            let low = bounds.min.map(|n| n.saturating_add(i64::from(bounds.exclusive_min)));
            let high = bounds.max.map(|n| n.saturating_sub(i64::from(bounds.exclusive_max)));
            low.or(high.filter(|n| *n < 1)).unwrap_or(1).into()
        }
        SchemaKind::Number { bounds, .. } => match (bounds.min, bounds.max) {
            (Some(low), Some(high)) => f64::midpoint(low, high).into(),
            (Some(low), None) => (low + 1.0).into(),
            (None, Some(high)) => (high - 1.0).into(),
            (None, None) => 1.5.into(),
        },
        SchemaKind::String(text) if text.pattern.is_some() => return None,
        SchemaKind::String(text) => {
            let (min, max) = (text.min.unwrap_or(0), text.max.unwrap_or(usize::MAX));
            let word = "example";
            // The limit keeps contracts with a huge `minLength` from making huge
            // examples.
            let length = word.len().clamp(min, max.max(min)).min(1 << 16);
            word.chars().cycle().take(length).collect::<String>().into()
        }
        SchemaKind::Enum { values, .. } => values.first()?.clone().into(),
        SchemaKind::Array { items, min, .. } => {
            let count = min.unwrap_or(1).min(1 << 10);
            match made(model, items, depth) {
                Some(item) => Value::Array(vec![item; count]),
                None if min.unwrap_or(0) == 0 => Value::Array(Vec::new()),
                None => return None,
            }
        }
        SchemaKind::Map(_) | SchemaKind::AnyObject => Value::Object(Map::new()),
        SchemaKind::Object(fields) => {
            let mut object = Map::new();
            for field in fields {
                match made(model, &field.schema, depth) {
                    Some(value) => {
                        object.insert(field.wire.clone(), value);
                    }
                    None if field.required && field.schema.nullable => {
                        object.insert(field.wire.clone(), Value::Null);
                    }
                    None if field.required => return None,
                    None => {}
                }
            }
            Value::Object(object)
        }
    })
}
