//! Contracts made by a program: within the subset that the checker accepts, and
//! otherwise as odd as they come. Also large ones, to measure with.

mod names;
pub mod odd;

use serde_json::{Map, Value, json};

/// A small generator of pseudo-random numbers (SplitMix64): the same seed makes
/// the same contract everywhere.
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or_default()
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}

/// Property names that are hard on a generator: keywords, other cases, digits,
/// and the names of the facade's own methods.
const NAMES: [&str; 20] = [
    "id",
    "name",
    "type",
    "self",
    "match",
    "camelCase",
    "kebab-case",
    "Upper",
    "2fa",
    "async",
    "body",
    "timeout",
    "call",
    "send",
    "problems",
    "client",
    "value",
    "error",
    "x_y_z",
    "Ok",
];

const DESCRIPTIONS: [&str; 6] = [
    "Plain.",
    "With [brackets], <html> and `code`.",
    "See https://example.com/a?b=c.",
    "    indented\n\nand `odd",
    "```\nfenced {}\n```",
    "Größe in Zeichen – \"quoted\" \\ back.",
];

/// A contract with that many operations, as JSON, which is YAML too.
#[must_use]
pub fn contract(seed: u64, operations: usize) -> String {
    let mut dice = Dice(seed);
    let count = 6 + dice.below(6) + operations / 4;
    // Enums and texts first, objects after them: only optional fields refer on.
    let mut schemas = Map::new();
    let mut names: Vec<String> = Vec::new();
    for index in 0..count {
        let name = format!("Schema{index}");
        schemas.insert(name.clone(), named(&mut dice, index, &names, count));
        names.push(name);
    }
    schemas.insert(
        "Problem".to_owned(),
        json!({
            "type": "object",
            "description": "An error.",
            "properties": {"error_code": {"type": "string"}, "error_msg": {"type": "string"}},
        }),
    );
    let mut paths = Map::new();
    for index in 0..operations {
        let (path, item) = operation(&mut dice, index, &names);
        paths.insert(path, item);
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Random", "version": "0.1.0", "description": "Made by a program."},
        "servers": [{"url": "https://example.com"}],
        "paths": paths,
        "components": {"schemas": schemas},
    })
    .to_string()
}

fn description(dice: &mut Dice) -> Value {
    json!(dice.pick(&DESCRIPTIONS).copied().unwrap_or_default())
}

/// A schema under `components/schemas`.
fn named(dice: &mut Dice, index: usize, before: &[String], count: usize) -> Value {
    match index % 6 {
        0 => {
            json!({"type": "string", "enum": ["ON", "off", "in-between", "2nd", "a b"], "description": description(dice)})
        }
        1 => {
            json!({"type": "string", "minLength": dice.below(3), "maxLength": 3 + dice.below(60), "description": description(dice)})
        }
        2 => json!({"type": "string", "pattern": "^[a-z]{1,8}$", "example": "abc"}),
        3 => {
            let items = value(dice, before, 1);
            json!({"type": "array", "items": items, "minItems": dice.below(2), "maxItems": 4, "uniqueItems": dice.one_in(2)})
        }
        _ => object(dice, before, count),
    }
}

fn object(dice: &mut Dice, before: &[String], count: usize) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for offset in 0..=dice.below(6) {
        // Neighbours in the list never collide.
        let start = dice.below(NAMES.len());
        let name = NAMES.get((start + offset) % NAMES.len()).copied().unwrap_or("id");
        if dice.one_in(3) {
            required.push(name);
        }
        properties.insert(name.to_owned(), value(dice, before, 3));
    }
    required.retain(|name| properties.contains_key(*name));
    required.sort_unstable();
    required.dedup();
    if dice.one_in(2) {
        // Forward and to itself, so never required.
        let target = dice.below(count);
        properties.insert(
            "next".to_owned(),
            json!({"$ref": format!("#/components/schemas/Schema{target}")}),
        );
    }
    let mut schema =
        json!({"type": "object", "properties": properties, "description": description(dice)});
    if let Some(schema) = schema.as_object_mut().filter(|_| !required.is_empty()) {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

/// A schema where a value stands.
fn value(dice: &mut Dice, before: &[String], depth: usize) -> Value {
    let mut schema = match dice.below(if depth == 0 { 7 } else { 10 }) {
        0 => json!({"type": "boolean"}),
        1 => json!({"type": "integer", "minimum": 1, "maximum": 100}),
        2 => json!({"type": "integer", "format": "int32", "minimum": 0, "exclusiveMinimum": true}),
        3 => json!({"type": "number", "maximum": 0.5}),
        4 => json!({"type": "string"}),
        5 | 6 => {
            return match dice.pick(before) {
                Some(name) => json!({"$ref": format!("#/components/schemas/{name}")}),
                None => json!({"type": "string"}),
            };
        }
        7 => json!({"type": "array", "items": value(dice, before, depth - 1), "minItems": 1}),
        8 => json!({"type": "object", "additionalProperties": value(dice, before, depth - 1)}),
        _ => json!({"type": "object"}),
    };
    if let Some(schema) = schema.as_object_mut() {
        if dice.one_in(4) {
            schema.insert("nullable".to_owned(), json!(true));
        }
        if dice.one_in(2) {
            schema.insert("description".to_owned(), description(dice));
        }
    }
    schema
}

fn operation(dice: &mut Dice, index: usize, names: &[String]) -> (String, Value) {
    let reference = |dice: &mut Dice| match dice.pick(names) {
        Some(name) => json!({"$ref": format!("#/components/schemas/{name}")}),
        None => json!({"type": "string"}),
    };
    let mut parameters = vec![json!({
        "name": "project_id", "in": "path", "required": true, "description": "Which.",
        "schema": {"type": "string"}, "example": "0123456789abcdef",
    })];
    if dice.one_in(2) {
        parameters.push(json!({"name": "limit", "in": "query", "description": "How many.", "schema": {"type": "integer", "maximum": 10, "default": 3}}));
        parameters.push(json!({"name": "tag", "in": "query", "schema": {"type": "array", "items": {"type": "string"}, "maxItems": 2}}));
    }
    if dice.one_in(3) {
        parameters.push(json!({"name": "X-Language", "in": "header", "required": dice.one_in(2), "schema": {"$ref": "#/components/schemas/Schema0"}}));
    }
    let methods = ["get", "post", "put", "patch", "delete", "head"];
    let method = dice.pick(&methods).copied().unwrap_or("get");
    let content = |schema: Value| json!({"application/json": {"schema": schema}});
    let mut success = json!({"description": "Done."});
    if method != "head" && !dice.one_in(4) {
        let schema = if dice.one_in(3) { value(dice, names, 2) } else { reference(dice) };
        if let Some(success) = success.as_object_mut() {
            success.insert("content".to_owned(), content(schema));
        }
    }
    let mut error = json!({"description": "Refused."});
    if let Some(error) = error.as_object_mut().filter(|_| method != "head") {
        let problem = json!({"$ref": "#/components/schemas/Problem"});
        error.insert("content".to_owned(), content(problem));
    }
    let mut responses = json!({ "400": error });
    if let Some(responses) = responses.as_object_mut() {
        let (status, range) = (["200", "201", "2XX"], dice.below(3));
        responses.insert(status.get(range).copied().unwrap_or("200").to_owned(), success);
    }
    let mut operation = json!({
        "operationId": format!("Operation{index}"),
        "summary": "Does [something] <odd>",
        "description": description(dice),
        "deprecated": dice.one_in(5),
        "x-dbss-idempotent": dice.one_in(2),
        "parameters": parameters,
        "responses": responses,
    });
    if matches!(method, "post" | "put" | "patch")
        && let Some(operation) = operation.as_object_mut()
    {
        let schema = if dice.one_in(4) { value(dice, names, 2) } else { reference(dice) };
        operation.insert(
            "requestBody".to_owned(),
            json!({"required": true, "content": content(schema)}),
        );
    }
    (format!("/v1/{{project_id}}/things{index}"), json!({ method: operation }))
}
