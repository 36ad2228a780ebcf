//! Masks a body for the record: what is shown is what stands where the schema has a harmless
//! value. Everything else is masked, however it is spelt.

use dbss_client::descriptor::{Schema, SchemaKind};
use serde_json::{Map, Value};

use super::BodySchema;

/// Recorded in place of a secret.
pub(crate) const MASK: &str = "***";

/// The body as compact JSON, masked.
pub(crate) fn masked(body: &Value, schema: BodySchema) -> String {
    let mut masked = body.clone();
    by_shape(&mut masked, schema);
    masked.to_string()
}

fn by_shape(value: &mut Value, schema: BodySchema) {
    match (schema, &mut *value) {
        (BodySchema::Contract(schema), _) => by_contract(value, schema),
        (_, Value::Null)
        | (BodySchema::Scalar, Value::Bool(_) | Value::Number(_) | Value::String(_)) => {}
        (BodySchema::Object(known), Value::Object(fields)) => {
            let find = |name: &str| known.iter().find(|(known, _)| *known == name);
            object(fields, |name, value| find(name).map(|(_, schema)| by_shape(value, *schema)));
        }
        (BodySchema::List(schema), Value::Array(items)) => {
            for item in items {
                by_shape(item, *schema);
            }
        }
        _ => *value = MASK.into(),
    }
}

fn by_contract(value: &mut Value, schema: &Schema) {
    match (&schema.kind, &mut *value) {
        (SchemaKind::Reference(schema), _) => by_contract(value, schema),
        (_, Value::Null)
        | (SchemaKind::Boolean, Value::Bool(_))
        | (SchemaKind::Integer { .. } | SchemaKind::Number { .. }, Value::Number(_))
        | (SchemaKind::String { .. } | SchemaKind::Enum { .. }, Value::String(_)) => {}
        (SchemaKind::Array { items: schema, .. }, Value::Array(items)) => {
            for item in items {
                by_contract(item, schema);
            }
        }
        (SchemaKind::Object(known), Value::Object(fields)) => {
            let find = |name: &str| known.iter().find(|field| field.name == name);
            object(fields, |name, value| find(name).map(|field| by_contract(value, field.schema)));
        }
        _ => *value = MASK.into(),
    }
}

/// Masks the fields of an object: the known ones by `mask_known`, which returns none for the
/// others. A name that is not known may be a secret as well.
fn object(
    fields: &mut Map<String, Value>,
    mut mask_known: impl FnMut(&str, &mut Value) -> Option<()>,
) {
    let mut any_unknown = false;
    fields.retain(|name, value| {
        let is_known = mask_known(name, value).is_some();
        any_unknown |= !is_known;
        is_known
    });
    if any_unknown {
        fields.insert(MASK.to_owned(), MASK.into());
    }
}
