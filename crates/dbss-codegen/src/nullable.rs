//! Named schemas that can be null: `nullable` moves to where they are referred to.
//!
//! typify makes an `Option` of the type of a named schema that is nullable, so that the name would be
//! that of a wrapper whose limits and fields are a step further in, and a required field of a
//! nullable enum could not be read as null. Where it is used, `nullable` is understood everywhere.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Keys of values that are data, in which nothing is a schema.
const DATA: [&str; 4] = ["default", "enum", "example", "examples"];

/// Keys of mappings from names, such as `default`, to what may contain schemas.
const NAMES: [&str; 6] =
    ["headers", "parameters", "properties", "requestBodies", "responses", "schemas"];

/// The document with `nullable` moved from the named schemas to the references to them.
pub(crate) fn at_references(mut document: Value) -> Value {
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    let mut nullable = BTreeSet::new();
    for (name, schema) in schemas.into_iter().flatten() {
        let Some(schema) = schema.as_object_mut() else { continue };
        if schema.get("nullable") == Some(&Value::Bool(true)) {
            schema.remove("nullable");
            schema.retain(|key, value| !(DATA.contains(&key.as_str()) && value.is_null()));
            nullable.insert(format!("#/components/schemas/{name}"));
        }
    }
    if !nullable.is_empty() {
        mark(&mut document, &nullable, false);
    }
    document
}

/// Marks the references in a value; `has_names` if its keys are names.
fn mark(value: &mut Value, nullable: &BTreeSet<String>, has_names: bool) {
    let refers = |entries: &Map<String, Value>| {
        let target = entries.get("$ref").and_then(Value::as_str);
        target.is_some_and(|target| nullable.contains(target))
    };
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| mark(item, nullable, false)),
        Value::Object(entries) if !has_names && refers(entries) => {
            *value = json!({ "allOf": [value.take()], "nullable": true });
        }
        Value::Object(entries) => {
            let wrapped = entries.get("allOf").and_then(Value::as_array).into_iter().flatten();
            if !has_names && wrapped.filter_map(Value::as_object).any(refers) {
                entries.insert("nullable".to_owned(), Value::Bool(true));
                return;
            }
            for (key, inner) in entries.iter_mut() {
                if has_names || !DATA.contains(&key.as_str()) {
                    mark(inner, nullable, !has_names && NAMES.contains(&key.as_str()));
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_nullable_to_the_references_and_leaves_data_alone() {
        let reference = json!({ "$ref": "#/components/schemas/A" });
        let nullable = json!({ "allOf": [reference], "nullable": true });
        let document = |a: Value, used: &Value, wrapped: Value| {
            json!({ "components": { "schemas": {
                "A": a,
                "B": {
                    "properties": { "example": used, "list": { "items": used }, "all": wrapped },
                    "example": { "list": [reference] },
                },
            } } })
        };
        let before = document(
            json!({ "type": "string", "nullable": true, "default": null }),
            &reference,
            json!({ "allOf": [reference], "description": "d" }),
        );
        let after = document(
            json!({ "type": "string" }),
            &nullable,
            json!({ "allOf": [reference], "description": "d", "nullable": true }),
        );
        assert_eq!(at_references(before), after);
    }
}
