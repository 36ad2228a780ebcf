//! What a success of an operation is, read from its descriptor.

use dbss_client::descriptor::{
    DocumentedResponse, Field, Operation, OutcomeValues, Schema, SchemaKind,
};
use scripted_server::CannedResponse;
use serde_json::Value;

/// The success that the contract describes.
#[must_use]
pub fn documented(operation: &Operation) -> Option<&'static DocumentedResponse> {
    operation.successes.first().copied()
}

/// The status of that success.
#[must_use]
pub fn status(operation: &Operation) -> u16 {
    documented(operation).map_or(200, status_of)
}

/// A status that the documented response stands for.
#[must_use]
pub fn status_of(response: &DocumentedResponse) -> u16 {
    match response.status {
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
    operation.successes.iter().any(|response| {
        response.status == "2XX" || response.status == "default" || status_of(response) == status
    })
}

/// The body that the contract gives as an example; nothing where it describes none.
#[must_use]
pub fn example(operation: &Operation) -> Option<&'static str> {
    Some(documented(operation)?.examples.first()?.json)
}

/// A success as the contract describes it.
#[must_use]
pub fn response(operation: &Operation) -> CannedResponse {
    CannedResponse::new(status(operation), example(operation).unwrap_or_default())
}

/// A success with another body; nothing where its status allows none.
#[must_use]
pub fn with_body(operation: &Operation, body: impl Into<Vec<u8>>) -> Option<CannedResponse> {
    let status = status(operation);
    (status != 204).then(|| CannedResponse::new(status, body))
}

/// Whether a success with that body is what the contract says. Where it describes
/// no body, nothing is read.
#[must_use]
pub fn accepts(operation: &Operation, body: &[u8]) -> bool {
    let Some(schema) = documented(operation).and_then(|response| response.schema) else {
        return true;
    };
    serde_json::from_slice(body).is_ok_and(|value| fits(schema, &value))
}

/// By types and required fields alone: limits bind what is sent, and enums are open
/// in responses.
fn fits(schema: &Schema, value: &Value) -> bool {
    if value.is_null() && schema.nullable {
        return true;
    }
    match (&schema.kind, value) {
        (SchemaKind::Reference(named), value) => fits(named, value),
        (SchemaKind::Boolean, Value::Bool(_))
        | (SchemaKind::Number { .. }, Value::Number(_))
        | (SchemaKind::String { .. } | SchemaKind::Enum { .. }, Value::String(_))
        | (SchemaKind::AnyObject, Value::Object(_)) => true,
        (SchemaKind::Integer { .. }, Value::Number(number)) => number.is_i64() || number.is_u64(),
        (SchemaKind::Array { items, .. }, Value::Array(values)) => {
            values.iter().all(|value| fits(items, value))
        }
        (SchemaKind::Map(values), Value::Object(map)) => {
            map.values().all(|value| fits(values, value))
        }
        (SchemaKind::Object(fields), Value::Object(map)) => {
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
    object(documented(operation)?.schema?)
}

fn object(schema: &Schema) -> Option<&'static [Field]> {
    match schema.kind {
        SchemaKind::Object(fields) => Some(fields),
        SchemaKind::Reference(schema) => object(schema),
        _ => None,
    }
}

/// Whether a success is an object that has a field of that name.
#[must_use]
pub fn declares(operation: &Operation, name: &str) -> bool {
    fields(operation).is_some_and(|fields| fields.iter().any(|field| field.name == name))
}

/// The field of a success that tells whether the operation failed; nothing if the
/// operation has no such field.
#[must_use]
pub fn outcome_field(operation: &Operation) -> Option<&'static Field> {
    fields(operation)?.iter().find(|field| outcome_values(field.schema).is_some())
}

/// The values that say what came of the operation.
#[must_use]
pub fn outcome_values(schema: &Schema) -> Option<OutcomeValues> {
    match schema.kind {
        SchemaKind::Reference(schema) => outcome_values(schema),
        _ => schema.outcome,
    }
}

/// The values that say that the operation failed; none if it has no such field.
#[must_use]
pub fn failure_values(operation: &Operation) -> Option<&'static [&'static str]> {
    Some(outcome_values(outcome_field(operation)?.schema)?.failed)
}

/// Whether the contract lists the values.
#[must_use]
pub fn is_enum(schema: &Schema) -> bool {
    match schema.kind {
        SchemaKind::Enum { .. } => true,
        SchemaKind::Reference(schema) => is_enum(schema),
        _ => false,
    }
}

/// The name of a field of a success that holds a text.
#[must_use]
pub fn text_field(operation: &Operation) -> Option<&'static str> {
    fn is_string(schema: &Schema) -> bool {
        match schema.kind {
            SchemaKind::String { .. } => true,
            SchemaKind::Reference(schema) => is_string(schema),
            _ => is_enum(schema),
        }
    }
    Some(fields(operation)?.iter().find(|field| is_string(field.schema))?.name)
}

/// The contract's example of a success with another value in the field that tells
/// whether the operation failed; nothing if the operation has no such field.
#[must_use]
pub fn with_outcome(operation: &Operation, value: &Value) -> Option<CannedResponse> {
    let field = outcome_field(operation)?;
    let mut body: Value = serde_json::from_str(example(operation)?).ok()?;
    body.as_object_mut()?.insert(field.name.to_owned(), value.clone());
    with_body(operation, body.to_string())
}
