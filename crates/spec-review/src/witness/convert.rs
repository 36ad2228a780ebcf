//! From a schema of OpenAPI 3.0 to JSON Schema 2020-12.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::{Map, Value, json};

use crate::law::Direction;
use crate::schema::{Additional, Leaf, LeafId, Schemas, Types, range_of};

/// A schema and all that it refers to, for values that travel in one direction.
///
/// Properties whose names are not among `names` are left out: the values that are judged have none
/// of them, so what is said about them does not matter, and documents whose schemas all refer to
/// each other stay small.
pub(super) fn json_schema(
    schemas: &mut Schemas<'_>,
    roots: &[LeafId],
    direction: Direction,
    names: &HashSet<String>,
) -> Option<Value> {
    let circles = circles(schemas, roots)?;
    let mut defs = Map::new();
    let mut seen: HashSet<LeafId> = roots.iter().copied().collect();
    let mut queue: VecDeque<LeafId> = roots.iter().copied().collect();
    while let Some(id) = queue.pop_front() {
        let leaf = schemas.leaf(id);
        let mut meet = |id: LeafId| {
            if seen.insert(id) {
                queue.push_back(id);
            }
            reference(id)
        };
        // A schema that is a part of itself says nothing by that, and validators do not survive it.
        let mut part =
            |inner: LeafId| if circles.contains(&(id, inner)) { json!({}) } else { meet(inner) };
        let mut converted = of_leaf(&leaf, names, &mut part);
        // What does not travel is ignored by its reader where it is sent all the same.
        if let Some(properties) = converted.get_mut("properties").and_then(Value::as_object_mut) {
            for (name, schema) in properties {
                if is_guarded(schemas, &leaf, name, direction) {
                    *schema = json!({});
                }
            }
        }
        let required: Vec<&String> = leaf
            .required
            .iter()
            .filter(|name| !is_guarded(schemas, &leaf, name, direction))
            .collect();
        if !required.is_empty() {
            converted.insert("required".to_owned(), json!(required));
        }
        defs.insert(name(id), Value::Object(converted));
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

/// More ways than this through unions and the like, and a validator would not come to an end.
const MOST_WAYS: usize = 50_000;

/// The references by which a schema comes back to itself without a step into the value. Nothing if
/// there are too many ways through those that do not.
fn circles(schemas: &Schemas<'_>, roots: &[LeafId]) -> Option<HashSet<(LeafId, LeafId)>> {
    let mut circles = HashSet::new();
    let mut ways: HashMap<LeafId, usize> = HashMap::new();
    let mut met: HashSet<LeafId> = roots.iter().copied().collect();
    let mut queue: Vec<LeafId> = roots.to_vec();
    while let Some(root) = queue.pop() {
        // What is open is an ancestor of what is looked at; the second visit closes it.
        let mut open = HashSet::new();
        let mut stack = vec![(root, None, false)];
        while let Some((id, from, closing)) = stack.pop() {
            if closing {
                open.remove(&id);
                let leaf = schemas.leaf(id);
                let inner = parts(&leaf).filter(|part| !circles.contains(&(id, *part)));
                let sum = inner
                    .filter_map(|part| ways.get(&part))
                    .fold(1_usize, |sum, ways| sum.saturating_add(*ways));
                if sum > MOST_WAYS {
                    return None;
                }
                ways.insert(id, sum);
                continue;
            }
            if let (Some(from), true) = (from, open.contains(&id)) {
                circles.insert((from, id));
            } else if !ways.contains_key(&id) && open.insert(id) {
                stack.push((id, from, true));
                let leaf = schemas.leaf(id);
                stack.extend(parts(&leaf).map(|part| (part, Some(id), false)));
                let rest = match leaf.additional {
                    Some(Additional::Schema(rest)) => Some(rest),
                    _ => None,
                };
                let inside = leaf.properties.values().copied().chain(leaf.items).chain(rest);
                queue.extend(inside.filter(|inner| met.insert(*inner)));
            }
        }
    }
    Some(circles)
}

/// The schemas that judge the same value.
fn parts<'l>(leaf: &'l Leaf<'_>) -> impl Iterator<Item = LeafId> + 'l {
    leaf.all_of.iter().chain(&leaf.any_of).chain(&leaf.one_of).chain(&leaf.not).copied()
}

fn name(id: LeafId) -> String {
    format!("s{}", id.0)
}

fn reference(id: LeafId) -> Value {
    json!({ "$ref": format!("#/$defs/{}", name(id)) })
}

/// Whether a required property does not travel: `readOnly` in requests, `writeOnly` in answers.
fn is_guarded(
    schemas: &mut Schemas<'_>,
    leaf: &Leaf<'_>,
    name: &str,
    direction: Direction,
) -> bool {
    let Some(property) = leaf.properties.get(name) else { return false };
    let property = schemas.one(*property);
    schemas.stays(property, direction)
}

fn of_leaf(
    leaf: &Leaf<'_>,
    names_used: &HashSet<String>,
    meet: &mut dyn FnMut(LeafId) -> Value,
) -> Map<String, Value> {
    let mut schema = Map::new();
    let mut set = |key: &str, value: Value| drop(schema.insert(key.to_owned(), value));
    if let Some(types) = leaf.types {
        let types = if leaf.nullable { types | Types::NULL } else { types };
        set("type", names(types));
        if types.is_empty() {
            set("not", json!({}));
        }
    }
    if let Some(values) = &leaf.values {
        set("enum", json!(values));
    }
    for (number, exclusive, key, exclusive_key) in [
        (&leaf.minimum, leaf.exclusive_minimum, "minimum", "exclusiveMinimum"),
        (&leaf.maximum, leaf.exclusive_maximum, "maximum", "exclusiveMaximum"),
    ] {
        if let Some(number) = number {
            set(if exclusive { exclusive_key } else { key }, json!(number));
        }
    }
    for (key, count) in [
        ("minLength", leaf.min_length),
        ("maxLength", leaf.max_length),
        ("minItems", leaf.min_items),
        ("maxItems", leaf.max_items),
        ("minProperties", leaf.min_properties),
        ("maxProperties", leaf.max_properties),
    ] {
        if let Some(count) = count {
            set(key, json!(count));
        }
    }
    if let Some(multiple) = &leaf.multiple_of {
        set("multipleOf", json!(multiple));
    }
    for (key, text) in [("pattern", &leaf.pattern), ("format", &leaf.format)] {
        if let Some(text) = text {
            set(key, json!(text));
        }
    }
    if leaf.unique_items {
        set("uniqueItems", json!(true));
    }
    let mut all: Vec<Value> = leaf.all_of.iter().map(|id| meet(*id)).collect();
    if let Some((low, high)) = leaf.format.as_deref().and_then(range_of) {
        // Beside the keywords `minimum` and `maximum`, which may be there as well.
        all.push(json!({ "minimum": low.to_number(), "maximum": high.to_number() }));
    }
    for (key, list) in [
        ("allOf", all),
        ("anyOf", leaf.any_of.iter().map(|id| meet(*id)).collect()),
        ("oneOf", leaf.one_of.iter().map(|id| meet(*id)).collect()),
    ] {
        if !list.is_empty() {
            set(key, Value::Array(list));
        }
    }
    if let Some(not) = leaf.not {
        set("not", meet(not));
    }
    if let Some(items) = leaf.items {
        set("items", meet(items));
    }
    let properties: Map<String, Value> = leaf
        .properties
        .iter()
        .filter(|(name, _)| names_used.contains(*name))
        .map(|(name, id)| (name.clone(), meet(*id)))
        .collect();
    if !properties.is_empty() {
        set("properties", Value::Object(properties));
    }
    match leaf.additional {
        Some(Additional::Closed) => set("additionalProperties", json!(false)),
        Some(Additional::Schema(id)) => set("additionalProperties", meet(id)),
        Some(Additional::Open) | None => {}
    }
    schema
}

fn names(types: Types) -> Value {
    let each = [
        (Types::NULL, "null"),
        (Types::BOOLEAN, "boolean"),
        (Types::STRING, "string"),
        (Types::ARRAY, "array"),
        (Types::OBJECT, "object"),
    ];
    let mut names: Vec<&str> =
        each.iter().filter(|(each, _)| types.has(*each)).map(|(_, name)| *name).collect();
    if types.contains(Types::NUMBER) {
        names.push("number");
    } else if types.has(Types::INTEGER) {
        names.push("integer");
    }
    match names.as_slice() {
        [] => json!(["null", "boolean", "string", "array", "object", "number"]),
        [one] => json!(one),
        _ => json!(names),
    }
}
