//! What a success of an operation is, read from its descriptor.

use dbss_client::descriptor::{Answer, Field, Operation, Schema, Shape};
use scripted_server::Reply;
use serde_json::Value;

/// The success that the contract describes.
#[must_use]
pub fn answer(operation: &Operation) -> Option<&'static Answer> {
    operation.answers.iter().find(|answer| answer.success)
}

/// The status of that success.
#[must_use]
pub fn status(operation: &Operation) -> u16 {
    answer(operation).map_or(200, status_of)
}

/// A status that the answer stands for.
#[must_use]
pub fn status_of(answer: &Answer) -> u16 {
    match answer.status {
        "2XX" => 200,
        "4XX" => 418,
        "5XX" => 520,
        "default" => 599,
        code => code.parse().unwrap_or(599),
    }
}

/// Whether the contract describes that status as a success.
#[must_use]
pub fn documents(operation: &Operation, status: u16) -> bool {
    let successes = operation.answers.iter().filter(|answer| answer.success);
    successes.into_iter().any(|answer| {
        answer.status == "2XX" || answer.status == "default" || status_of(answer) == status
    })
}

/// The body that the contract gives as an example; nothing where it describes none.
#[must_use]
pub fn example(operation: &Operation) -> Option<&'static str> {
    Some(answer(operation)?.examples.first()?.json)
}

/// A success as the contract describes it.
#[must_use]
pub fn reply(operation: &Operation) -> Reply {
    Reply::new(status(operation), example(operation).unwrap_or_default())
}

/// A success with another body; nothing where its status allows none.
#[must_use]
pub fn with_body(operation: &Operation, body: impl Into<Vec<u8>>) -> Option<Reply> {
    let status = status(operation);
    (status != 204).then(|| Reply::new(status, body))
}

/// Whether a success with that body is what the contract says. Where it describes
/// no body, nothing is read.
#[must_use]
pub fn accepts(operation: &Operation, body: &[u8]) -> bool {
    let Some(schema) = answer(operation).and_then(|answer| answer.schema) else { return true };
    serde_json::from_slice(body).is_ok_and(|value| fits(schema, &value))
}

/// By types and required fields alone: limits bind what is sent, and enums are open
/// in answers.
fn fits(schema: &Schema, value: &Value) -> bool {
    if value.is_null() && schema.nullable {
        return true;
    }
    match (&schema.shape, value) {
        (Shape::Named(named), value) => fits(named, value),
        (Shape::Boolean, Value::Bool(_))
        | (Shape::Number { .. }, Value::Number(_))
        | (Shape::String { .. } | Shape::Enum { .. }, Value::String(_))
        | (Shape::Free, Value::Object(_)) => true,
        (Shape::Integer { .. }, Value::Number(number)) => number.is_i64() || number.is_u64(),
        (Shape::Array { items, .. }, Value::Array(values)) => {
            values.iter().all(|value| fits(items, value))
        }
        (Shape::Map(values), Value::Object(map)) => map.values().all(|value| fits(values, value)),
        (Shape::Object(fields), Value::Object(map)) => {
            fields.iter().all(|field| match map.get(field.name) {
                Some(Value::Null) if !field.required => true,
                Some(value) => fits(field.schema, value),
                None => !field.required,
            })
        }
        _ => false,
    }
}

/// The fields of a success that is an object.
fn fields(operation: &Operation) -> Option<&'static [Field]> {
    object(answer(operation)?.schema?)
}

fn object(schema: &Schema) -> Option<&'static [Field]> {
    match schema.shape {
        Shape::Object(fields) => Some(fields),
        Shape::Named(schema) => object(schema),
        _ => None,
    }
}

/// The field of a success that tells whether the operation failed; nothing if the
/// operation has no such field.
#[must_use]
pub fn outcome_field(operation: &Operation) -> Option<&'static Field> {
    fields(operation)?.iter().find(|field| !failure_values(field.schema).is_empty())
}

/// The values that say that the operation failed.
#[must_use]
pub fn failure_values(schema: &Schema) -> &'static [&'static str] {
    match schema.shape {
        Shape::String { failure_values, .. } | Shape::Enum { failure_values, .. } => failure_values,
        Shape::Named(schema) => failure_values(schema),
        _ => &[],
    }
}

/// Whether the contract lists the values.
#[must_use]
pub fn is_enum(schema: &Schema) -> bool {
    match schema.shape {
        Shape::Enum { .. } => true,
        Shape::Named(schema) => is_enum(schema),
        _ => false,
    }
}

/// The name of a field of a success that holds a text.
#[must_use]
pub fn text_field(operation: &Operation) -> Option<&'static str> {
    fn is_string(schema: &Schema) -> bool {
        match schema.shape {
            Shape::String { .. } => true,
            Shape::Named(schema) => is_string(schema),
            _ => is_enum(schema),
        }
    }
    Some(fields(operation)?.iter().find(|field| is_string(field.schema))?.name)
}

/// The contract's example of a success with another value in the field that tells
/// whether the operation failed; nothing if the operation has no such field.
#[must_use]
pub fn with_outcome(operation: &Operation, value: &Value) -> Option<Reply> {
    let field = outcome_field(operation)?;
    let mut body: Value = serde_json::from_str(example(operation)?).ok()?;
    body.as_object_mut()?.insert(field.name.to_owned(), value.clone());
    with_body(operation, body.to_string())
}
