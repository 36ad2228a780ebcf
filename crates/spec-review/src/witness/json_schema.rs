//! Converts schemas of OpenAPI 3.0 to JSON Schema 2020-12.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::shape::{PlaceId, Shape, WHOLE};
use crate::compatibility::Direction;
use crate::schema::{AdditionalKeyword, SchemaId, SchemaObject, Schemas, TypeSet, range_of};

/// What a definition costs, for it is converted, compiled and kept.
const DEFINITION: usize = 200;

/// The JSON Schema of a conjunction, for payloads of a shape that travel in one direction.
pub(super) fn json_schema(
    schemas: &mut Schemas<'_>,
    roots: &[SchemaId],
    direction: Direction,
    shape: &Shape,
) -> Option<Value> {
    let mut defs = Map::new();
    definitions(schemas, (roots, Some(WHOLE)), 's', direction, shape, &mut defs)?;
    Some(document_of(roots, defs))
}

/// Converts schemas that apply at a place of the payloads, and all that the payloads reach in them.
/// `document` tells the definitions of two documents apart. `None` if that is too much.
pub(super) fn definitions(
    schemas: &mut Schemas<'_>,
    (roots, place): (&[SchemaId], Option<PlaceId>),
    document: char,
    direction: Direction,
    shape: &Shape,
    defs: &mut Map<String, Value>,
) -> Option<()> {
    let reached = shape.reach(schemas, roots, place);
    let mut ids: Vec<SchemaId> = reached.keys().copied().collect();
    ids.sort_unstable();
    let self_references = self_references(schemas, &ids)?;
    for id in ids {
        let object = schemas.object(id);
        let names = reached.get(&id)?;
        if !schemas.budget().spend(DEFINITION + 10 * (names.len() + object.required.len())) {
            return None;
        }
        // What the payloads do not reach does not matter. A schema that contains itself without a
        // step into the value adds no requirement by that, and makes validators recurse without
        // end.
        let mut part = |inner: SchemaId| {
            let idle = self_references.contains(&(id, inner)) || !reached.contains_key(&inner);
            if idle { json!({}) } else { reference(inner, document) }
        };
        let mut converted = keywords(&object, names, &mut part);
        // Readers ignore a property that should not travel in this direction.
        if let Some(properties) = converted.get_mut("properties").and_then(Value::as_object_mut) {
            for (name, schema) in properties {
                if is_excluded(schemas, &object, name, direction) {
                    *schema = json!({});
                }
            }
        }
        let required: Vec<&String> = object
            .required
            .iter()
            .filter(|name| !is_excluded(schemas, &object, name, direction))
            .collect();
        if !required.is_empty() {
            converted.insert("required".to_owned(), json!(required));
        }
        defs.insert(definition_name(id, document), Value::Object(converted));
    }
    Some(())
}

/// The JSON Schema of a value that satisfies all of `roots`.
pub(super) fn document_of(roots: &[SchemaId], mut defs: Map<String, Value>) -> Value {
    for (name, range) in
        ["int32", "int64", "float"].into_iter().filter_map(|f| Some((f, range_of(f)?)))
    {
        let name_of_range = range_name(name);
        let target = json!(format!("#/$defs/{name_of_range}"));
        if !defs.values().any(|schema| refers_to(schema, &target)) {
            continue;
        }
        let (low, high) = range;
        let range = json!({ "minimum": low.to_number(), "maximum": high.to_number() });
        defs.insert(name_of_range, range);
    }
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    let mut all: Vec<Value> = roots.iter().map(|id| reference(*id, 's')).collect();
    match all.as_mut_slice() {
        [] => {}
        [one] => {
            let reference = one.get_mut("$ref").map(Value::take).unwrap_or_default();
            schema.insert("$ref".to_owned(), reference);
        }
        _ => drop(schema.insert("allOf".to_owned(), Value::Array(all))),
    }
    schema.insert("$defs".to_owned(), Value::Object(defs));
    Value::Object(schema)
}

/// Whether a schema refers to a definition, itself or in an `allOf`.
fn refers_to(schema: &Value, target: &Value) -> bool {
    schema.get("$ref") == Some(target)
        || schema
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(_, inner)| inner.as_array())
            .flatten()
            .any(|inner| refers_to(inner, target))
}

/// The name of the definition of a numeric format's range.
fn range_name(format: &str) -> String {
    format!("range-{format}")
}

/// With more paths than this through unions, a validator takes too long.
const MAX_PATHS: usize = 50_000;

/// The references by which a schema contains itself without a step into the value. `None` if the
/// other ones form more than `MAX_PATHS` paths.
fn self_references(
    schemas: &Schemas<'_>,
    roots: &[SchemaId],
) -> Option<HashSet<(SchemaId, SchemaId)>> {
    let mut self_references = HashSet::new();
    let mut paths: HashMap<SchemaId, usize> = HashMap::new();
    for root in roots.iter().copied() {
        // Depth-first search: `open` holds the ancestors, and the second visit of a schema removes
        // it.
        let mut open = HashSet::new();
        let mut stack = vec![(root, None, false)];
        while let Some((id, from, closing)) = stack.pop() {
            if closing {
                open.remove(&id);
                let object = schemas.object(id);
                let inner = schemas_of_same_value(&object)
                    .filter(|part| !self_references.contains(&(id, *part)));
                let sum = inner
                    .filter_map(|part| paths.get(&part))
                    .fold(1_usize, |sum, paths| sum.saturating_add(*paths));
                if sum > MAX_PATHS {
                    return None;
                }
                paths.insert(id, sum);
                continue;
            }
            if let (Some(from), true) = (from, open.contains(&id)) {
                self_references.insert((from, id));
            } else if !paths.contains_key(&id) && open.insert(id) {
                stack.push((id, from, true));
                let object = schemas.object(id);
                stack.extend(schemas_of_same_value(&object).map(|part| (part, Some(id), false)));
            }
        }
    }
    Some(self_references)
}

/// The schemas that apply to the same value.
fn schemas_of_same_value<'l>(object: &'l SchemaObject<'_>) -> impl Iterator<Item = SchemaId> + 'l {
    object.all_of.iter().chain(&object.any_of).chain(&object.one_of).chain(&object.not).copied()
}

pub(super) fn definition_name(id: SchemaId, document: char) -> String {
    format!("{document}{}", id.0)
}

fn reference(id: SchemaId, document: char) -> Value {
    json!({ "$ref": format!("#/$defs/{}", definition_name(id, document)) })
}

/// Whether a property does not travel: `readOnly` in requests, `writeOnly` in responses.
fn is_excluded(
    schemas: &mut Schemas<'_>,
    object: &SchemaObject<'_>,
    name: &str,
    direction: Direction,
) -> bool {
    let Some(property) = object.properties.get(name) else { return false };
    let property = schemas.one(*property);
    schemas.is_excluded_in(property, direction)
}

fn keywords(
    object: &SchemaObject<'_>,
    names_used: &BTreeSet<&str>,
    reference_to: &mut dyn FnMut(SchemaId) -> Value,
) -> Map<String, Value> {
    let mut schema = Map::new();
    let mut set = |key: &str, value: Value| drop(schema.insert(key.to_owned(), value));
    if let Some(types) = object.types {
        let types = if object.nullable { types | TypeSet::NULL } else { types };
        set("type", type_names(types));
        if types.is_empty() {
            set("not", json!({}));
        }
    }
    if let Some(values) = &object.values {
        set("enum", json!(values));
    }
    for (number, exclusive, key, exclusive_key) in [
        (&object.minimum, object.exclusive_minimum, "minimum", "exclusiveMinimum"),
        (&object.maximum, object.exclusive_maximum, "maximum", "exclusiveMaximum"),
    ] {
        if let Some(number) = number {
            set(if exclusive { exclusive_key } else { key }, json!(number));
        }
    }
    for (key, count) in [
        ("minLength", object.min_length),
        ("maxLength", object.max_length),
        ("minItems", object.min_items),
        ("maxItems", object.max_items),
        ("minProperties", object.min_properties),
        ("maxProperties", object.max_properties),
    ] {
        if let Some(count) = count {
            set(key, json!(count));
        }
    }
    if let Some(multiple) = &object.multiple_of {
        set("multipleOf", json!(multiple));
    }
    for (key, text) in [("pattern", &object.pattern), ("format", &object.format)] {
        if let Some(text) = text {
            set(key, json!(text));
        }
    }
    if object.unique_items {
        set("uniqueItems", json!(true));
    }
    if let Some(format) = object.format.as_deref().filter(|format| range_of(format).is_some()) {
        // In a schema of its own, because `minimum` and `maximum` may be present as well.
        set("$ref", json!(format!("#/$defs/{}", range_name(format))));
    }
    for (key, list) in [
        ("allOf", object.all_of.iter().map(|id| reference_to(*id)).collect::<Vec<_>>()),
        ("anyOf", object.any_of.iter().map(|id| reference_to(*id)).collect()),
        ("oneOf", object.one_of.iter().map(|id| reference_to(*id)).collect()),
    ] {
        if !list.is_empty() {
            set(key, Value::Array(list));
        }
    }
    if let Some(not) = object.not {
        set("not", reference_to(not));
    }
    if let Some(items) = object.items {
        set("items", reference_to(items));
    }
    let properties: Map<String, Value> = names_used
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), reference_to(*object.properties.get(*name)?))))
        .collect();
    if !properties.is_empty() {
        set("properties", Value::Object(properties));
    }
    match object.additional {
        Some(AdditionalKeyword::Closed) => set("additionalProperties", json!(false)),
        Some(AdditionalKeyword::Schema(id)) => set("additionalProperties", reference_to(id)),
        Some(AdditionalKeyword::Open) | None => {}
    }
    schema
}

fn type_names(types: TypeSet) -> Value {
    let each = [
        (TypeSet::NULL, "null"),
        (TypeSet::BOOLEAN, "boolean"),
        (TypeSet::STRING, "string"),
        (TypeSet::ARRAY, "array"),
        (TypeSet::OBJECT, "object"),
    ];
    let mut names: Vec<&str> =
        each.iter().filter(|(each, _)| types.has(*each)).map(|(_, name)| *name).collect();
    if types.contains(TypeSet::NUMBER) {
        names.push("number");
    } else if types.has(TypeSet::INTEGER) {
        names.push("integer");
    }
    match names.as_slice() {
        [] => json!(["null", "boolean", "string", "array", "object", "number"]),
        [one] => json!(one),
        _ => json!(names),
    }
}
