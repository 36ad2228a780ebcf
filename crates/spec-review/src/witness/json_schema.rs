//! Converts schemas of OpenAPI 3.0 to JSON Schema 2020-12.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::{Map, Value, json};

use crate::compatibility::Direction;
use crate::schema::{AdditionalKeyword, SchemaId, SchemaObject, Schemas, TypeSet, range_of};

/// The JSON Schema of a conjunction, for values that travel in one direction.
///
/// Only properties in `names` are converted. The payloads have no others, so those do not matter,
/// and the result stays small even where all schemas of a document refer to each other.
pub(super) fn json_schema(
    schemas: &mut Schemas<'_>,
    roots: &[SchemaId],
    direction: Direction,
    names: &HashSet<String>,
) -> Option<Value> {
    let self_references = self_references(schemas, roots)?;
    let mut defs = Map::new();
    let mut seen: HashSet<SchemaId> = roots.iter().copied().collect();
    let mut queue: VecDeque<SchemaId> = roots.iter().copied().collect();
    while let Some(id) = queue.pop_front() {
        let object = schemas.object(id);
        let mut reference_to = |id: SchemaId| {
            if seen.insert(id) {
                queue.push_back(id);
            }
            reference(id)
        };
        // A schema that contains itself without a step into the value adds no requirement by that,
        // and makes validators recurse without end.
        let mut part = |inner: SchemaId| {
            if self_references.contains(&(id, inner)) { json!({}) } else { reference_to(inner) }
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
        defs.insert(definition_name(id), Value::Object(converted));
    }
    let all: Vec<Value> = roots.iter().map(|id| reference(*id)).collect();
    let mut schema = match all.as_slice() {
        [one] => one.clone(),
        _ => json!({ "allOf": all }),
    };
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        if roots.is_empty() {
            schema.remove("allOf");
        }
        schema.insert("$defs".to_owned(), Value::Object(defs));
    }
    Some(schema)
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
    let mut seen: HashSet<SchemaId> = roots.iter().copied().collect();
    let mut queue: Vec<SchemaId> = roots.to_vec();
    while let Some(root) = queue.pop() {
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
                let rest = match object.additional {
                    Some(AdditionalKeyword::Schema(rest)) => Some(rest),
                    _ => None,
                };
                let inside = object.properties.values().copied().chain(object.items).chain(rest);
                queue.extend(inside.filter(|inner| seen.insert(*inner)));
            }
        }
    }
    Some(self_references)
}

/// The schemas that apply to the same value.
fn schemas_of_same_value<'l>(object: &'l SchemaObject<'_>) -> impl Iterator<Item = SchemaId> + 'l {
    object.all_of.iter().chain(&object.any_of).chain(&object.one_of).chain(&object.not).copied()
}

fn definition_name(id: SchemaId) -> String {
    format!("s{}", id.0)
}

fn reference(id: SchemaId) -> Value {
    json!({ "$ref": format!("#/$defs/{}", definition_name(id)) })
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
    names_used: &HashSet<String>,
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
    let mut all: Vec<Value> = object.all_of.iter().map(|id| reference_to(*id)).collect();
    if let Some((low, high)) = object.format.as_deref().and_then(range_of) {
        // In a schema of its own, because `minimum` and `maximum` may be present as well.
        all.push(json!({ "minimum": low.to_number(), "maximum": high.to_number() }));
    }
    for (key, list) in [
        ("allOf", all),
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
    let properties: Map<String, Value> = object
        .properties
        .iter()
        .filter(|(name, _)| names_used.contains(*name))
        .map(|(name, id)| (name.clone(), reference_to(*id)))
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
