//! Generates random documents and payloads.

use fastrand::Rng;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use spec_review::{DocumentText, Options};

use crate::slow::tries;

/// The settings of all property tests: the same cases on every run, unless `PROPTEST_RNG_SEED` or
/// `PROPTEST_CASES` asks for others.
pub(crate) fn config(what: &str, all: usize, few: usize) -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = u32::try_from(tries(what, all, few)).unwrap_or(u32::MAX);
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = proptest::test_runner::RngSeed::Fixed(3);
    }
    config
}

pub(crate) fn input(name: &str, value: &Value) -> DocumentText {
    DocumentText::new(name, value.to_string())
}

pub(crate) fn options() -> Options {
    Options::default()
}

/// Schemas of all kinds, including invalid ones.
pub(crate) fn schema() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec!["A", "B", "C"]);
    let count = 0_u64..4;
    let leaf = prop_oneof![
        Just(json!({})),
        name.prop_map(|name| json!({ "$ref": format!("#/components/schemas/{name}") })),
        (count.clone(), count.clone()).prop_map(|(low, more)| json!({ "type": "string", "minLength": low, "maxLength": low + more })),
        prop::sample::select(vec!["^[a-c]+$", "^a", "b$", "^[a-z]{1,3}$", "(", "^(?=a)"]).prop_map(|pattern| json!({ "type": "string", "pattern": pattern })),
        prop::sample::select(vec!["date", "uuid", "byte", "colour"]).prop_map(|format| json!({ "type": "string", "format": format })),
        (0_i64..5, 0_i64..5, any::<bool>()).prop_map(|(low, more, exclusive)| {
            json!({ "type": "integer", "minimum": low, "maximum": low + more, "exclusiveMinimum": exclusive })
        }),
        (1_u64..4).prop_map(|step| json!({ "type": "number", "multipleOf": step, "nullable": true })),
        prop::collection::vec(prop::sample::select(vec![json!("a"), json!("b"), json!(1), json!(null)]), 1..4)
            .prop_map(|values| json!({ "enum": values })),
        Just(json!({ "type": "boolean" })),
        Just(json!({ "type": 3, "maxLength": "x", "enum": {}, "required": [1] })),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 1..3);
        prop_oneof![
            (inner.clone(), 0_u64..3, any::<bool>())
                .prop_map(|(items, least, unique)| json!({ "type": "array", "items": items, "minItems": least, "uniqueItems": unique })),
            (prop::collection::vec(inner.clone(), 0..3), any::<bool>(), any::<bool>(), prop::option::of(inner.clone())).prop_map(
                |(properties, required, closed, rest)| {
                    let named: Map<String, Value> =
                        properties.into_iter().zip(["x", "y", "z"]).map(|(value, name)| (name.to_owned(), value)).collect();
                    let mut object = json!({ "type": "object", "properties": named });
                    if required {
                        object["required"] = json!(["x"]);
                    }
                    if closed {
                        object["additionalProperties"] = json!(false);
                    } else if let Some(rest) = rest {
                        object["additionalProperties"] = rest;
                    }
                    object
                }
            ),
            list.clone().prop_map(|list| json!({ "allOf": list })),
            list.clone().prop_map(|list| json!({ "anyOf": list })),
            list.prop_map(|list| json!({ "oneOf": list })),
            inner.clone().prop_map(|inner| json!({ "not": inner })),
            (inner, any::<bool>()).prop_map(|(inner, read)| {
                json!({ if read { "readOnly" } else { "writeOnly" }: true, "allOf": [inner] })
            }),
        ]
    })
}

/// A document with the first schema in a request and the second in a response.
pub(crate) fn document(schemas: &[Value]) -> Value {
    let part = |index: usize| schemas.get(index).cloned().unwrap_or_default();
    json!({
        "openapi": "3.0.3",
        "info": { "title": "T", "version": "1.0.0" },
        "paths": {
            "/in": { "post": {
                "parameters": [{ "name": "p", "in": "query", "schema": part(3) }],
                "requestBody": { "content": { "application/json": { "schema": part(0) } } },
                "responses": { "204": { "description": "" } }
            } },
            "/out": { "get": { "responses": { "200": { "description": "", "content": { "application/json": { "schema": part(1) } } } } } }
        },
        "components": { "schemas": { "A": part(0), "B": part(1), "C": part(2) } }
    })
}

/// Schemas, the same schemas with one change inside one of them, and a random generator.
pub(crate) fn edited() -> impl Strategy<Value = (Vec<Value>, Vec<Value>, Rng)> {
    let parts = (prop::collection::vec(schema(), 4), schema(), 0_usize..3, any::<u64>());
    parts.prop_map(|(old, other, which, seed)| {
        let mut rng = Rng::with_seed(seed);
        let mut new = old.clone();
        new[which] = edited_somewhere(old[which].clone(), &other, &mut rng);
        (old, new, rng)
    })
}

/// A schema with one change at a random place inside it.
fn edited_somewhere(mut schema: Value, other: &Value, rng: &mut Rng) -> Value {
    let places = count(&schema);
    let mut left = rng.usize(0..places);
    edit_at(&mut schema, &mut left, other, rng);
    schema
}

/// The keywords that contain schemas.
const INNER: [&str; 7] =
    ["items", "additionalProperties", "not", "allOf", "anyOf", "oneOf", "properties"];

fn count(schema: &Value) -> usize {
    1 + children(schema).map(count).sum::<usize>()
}

fn children(schema: &Value) -> impl Iterator<Item = &Value> {
    INNER.iter().filter_map(|key| schema.get(key)).flat_map(|inner| match inner {
        Value::Array(list) => list.iter().collect::<Vec<_>>(),
        Value::Object(map) if map.keys().all(|key| ["x", "y", "z"].contains(&key.as_str())) => {
            map.values().collect()
        }
        Value::Object(_) => vec![inner],
        _ => Vec::new(),
    })
}

fn edit_at(schema: &mut Value, left: &mut usize, other: &Value, rng: &mut Rng) -> bool {
    if *left == 0 {
        edit(schema, other, rng);
        return true;
    }
    *left -= 1;
    for key in INNER {
        let done = match schema.get_mut(key) {
            Some(Value::Array(list)) => {
                list.iter_mut().any(|inner| edit_at(inner, left, other, rng))
            }
            Some(Value::Object(map))
                if map.keys().all(|key| ["x", "y", "z"].contains(&key.as_str())) =>
            {
                map.values_mut().any(|inner| edit_at(inner, left, other, rng))
            }
            Some(inner @ Value::Object(_)) => edit_at(inner, left, other, rng),
            _ => false,
        };
        if done {
            return true;
        }
    }
    false
}

fn edit(schema: &mut Value, other: &Value, rng: &mut Rng) {
    let Some(object) = schema.as_object_mut() else { return };
    let set = |object: &mut Map<String, Value>, key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    match rng.u8(0..14) {
        0 => *schema = other.clone(),
        1 => *schema = json!({ "anyOf": [schema, other] }),
        2 => *schema = json!({ "oneOf": [other, schema] }),
        3 => *schema = json!({ "allOf": [schema, other] }),
        4 => {
            let keys: Vec<String> = object.keys().cloned().collect();
            if let Some(key) = rng.choice(keys) {
                object.shift_remove(&key);
            }
        }
        5 => set(object, "nullable", json!(rng.bool())),
        6 => set(object, "maxLength", json!(rng.u8(0..4))),
        7 => set(object, "minLength", json!(rng.u8(0..4))),
        8 => set(object, "maximum", json!(rng.u8(0..6))),
        9 => set(object, "required", json!(["y"])),
        10 => set(object, "properties", json!({ "x": other })),
        11 => set(
            object,
            "additionalProperties",
            if rng.bool() { json!(false) } else { other.clone() },
        ),
        12 => set(object, "enum", json!(["a", 1, { "x": "a" }])),
        _ => set(object, "maxItems", json!(rng.u8(0..3))),
    }
}

/// Replacements for pieces of text.
const PIECES: [&str; 18] = [
    "$ref",
    "allOf",
    "oneOf",
    "not",
    "enum",
    "type",
    "nullable",
    "properties",
    "required",
    "null",
    "-1",
    "1e400",
    "[]",
    "{}",
    "'#/components/schemas/InstanceId'",
    "\u{85}",
    "- ",
    "string",
];

/// A text with a few random errors.
pub(crate) fn damaged(text: &str, rng: &mut Rng) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..rng.usize(1..4) {
        let (one, other) = (rng.usize(0..lines.len()), rng.usize(0..lines.len()));
        let piece = rng.choice(PIECES).unwrap_or_default();
        match rng.u8(0..7) {
            0 => drop(lines.remove(one)),
            1 => lines.insert(one, lines[other].clone()),
            2 => lines.swap(one, other),
            3 => lines[one].insert_str(0, "  "),
            4 => lines[one] = lines[one].replacen("  ", "", 1),
            5 => {
                let key = lines[one].split(':').next().unwrap_or_default().to_owned();
                lines[one] = format!("{key}: {piece}");
            }
            _ => {
                let indent: String = lines[one].chars().take_while(|c| *c == ' ').collect();
                let value = lines[one].split_once(':').map_or("", |(_, value)| value).to_owned();
                lines[one] = format!("{indent}{piece}:{value}");
            }
        }
    }
    lines.join("\n")
}
