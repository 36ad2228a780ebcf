//! Contracts with odd names, shapes and limits; small, and many. The checker may reject one.

#![allow(clippy::indexing_slicing, reason = "it takes what it has made itself")]

use serde_json::{Map, Value, json};

use super::names::{self, Names};
use super::{DESCRIPTIONS, Dice};

/// A schema under `components/schemas` that is being made.
struct Named {
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Enum,
    Text,
    List,
    Map,
    Object,
}

struct Maker {
    dice: Dice,
    schemas: Vec<Named>,
    /// Whether names may be alike, so that the contract is likely to be rejected.
    collide: bool,
}

/// A contract with names that are hard on a generator, as JSON.
#[must_use]
pub fn contract(seed: u64) -> String {
    let mut dice = Dice(seed ^ 0x006f_6464);
    let collide = dice.one_in(4);
    let mut used = Names::new(collide);
    let mut schemas = Vec::new();
    for index in 0..2 + dice.below(6) {
        let kinds = [Kind::Enum, Kind::Text, Kind::List, Kind::Map, Kind::Object, Kind::Object];
        let kind =
            if index == 0 { Kind::Object } else { *dice.pick(&kinds).unwrap_or(&Kind::Text) };
        schemas.push(Named { name: used.next(&mut dice, names::schema), kind });
    }
    let mut maker = Maker { dice, schemas, collide };
    let components: Map<String, Value> = (0..maker.schemas.len())
        .map(|index| (maker.schemas[index].name.clone(), maker.component(index)))
        .collect();
    let mut used = Names::new(collide);
    let mut paths = Map::new();
    for index in 0..=maker.dice.below(4) {
        let id = used.next(&mut maker.dice, names::operation);
        let (path, item) = maker.operation(index, &id);
        paths.insert(path, item);
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Odd \u{2066}", "version": "0.1.0"},
        "paths": paths,
        "components": {"schemas": components},
    })
    .to_string()
}

impl Maker {
    fn component(&mut self, index: usize) -> Value {
        let mut schema = match self.schemas.get(index).map(|named| named.kind) {
            Some(Kind::Enum) => self.listed(),
            Some(Kind::Text) => self.text(true),
            Some(Kind::List) => self.list(index, 1),
            Some(Kind::Map) => {
                let values = self.value(index, 1);
                json!({"type": "object", "additionalProperties": values})
            }
            _ => self.object(index),
        };
        self.describe(&mut schema);
        schema
    }

    fn describe(&mut self, schema: &mut Value) {
        if let Some(schema) = schema.as_object_mut().filter(|schema| !schema.contains_key("$ref"))
            && self.dice.one_in(3)
        {
            let text = self.dice.pick(&DESCRIPTIONS).copied().unwrap_or_default();
            schema.insert("description".to_owned(), json!(text));
        }
    }

    fn listed(&mut self) -> Value {
        let mut used = Names::new(self.collide);
        let count = 1 + self.dice.below(6);
        let values: Vec<String> =
            (0..count).map(|_| used.next(&mut self.dice, names::free)).collect();
        json!({"type": "string", "enum": values})
    }

    /// A text with limits, if it is to have some.
    fn text(&mut self, limited: bool) -> Value {
        let mut schema = json!({"type": "string"});
        match self.dice.below(if limited { 4 } else { 8 }) {
            0 => schema["minLength"] = json!(self.dice.below(40)),
            1 => schema["maxLength"] = json!([0, 1, 7, 64, u32::MAX][self.dice.below(5)]),
            2 => {
                schema["minLength"] = json!(3);
                schema["maxLength"] = json!(3 + self.dice.below(100));
            }
            3 => {
                let patterns = ["^[a-z]+$", "^(?!x)\\w*$", "\\d{2,}", "^\u{e9}?[^\"\\\\]*$", "a|b"];
                schema["pattern"] = json!(self.dice.pick(&patterns));
                schema["example"] = json!(["abc", "abc", "a12", "abc", "abc"]);
                let index = patterns.iter().position(|pattern| schema["pattern"] == *pattern);
                schema["example"] = schema["example"][index.unwrap_or_default()].take();
            }
            4 => {
                let formats = ["date-time", "uuid", "byte", "password", "odd \u{202e}", "int32"];
                schema["format"] = json!(self.dice.pick(&formats));
            }
            5 => schema["default"] = json!("a \"\u{2066}\r\\"),
            _ => {}
        }
        schema
    }

    fn number(&mut self) -> Value {
        let mut schema = if self.dice.one_in(3) {
            json!({"type": "number"})
        } else {
            json!({"type": "integer"})
        };
        if schema["type"] == "integer" {
            match self.dice.below(3) {
                0 => schema["format"] = json!("int32"),
                1 => schema["format"] = json!("int64"),
                _ => {}
            }
        } else if self.dice.one_in(2) {
            schema["format"] = json!(if self.dice.one_in(2) { "float" } else { "double" });
        }
        let bounds: [(i64, i64); 5] =
            [(0, 1), (-5, 5), (1, 1), (i64::from(i32::MIN), i64::from(i32::MAX)), (-1, 1 << 30)];
        let (least, most) = bounds[self.dice.below(bounds.len())];
        if self.dice.one_in(2) {
            schema["minimum"] = json!(least);
        }
        if self.dice.one_in(2) {
            schema["maximum"] = json!(most);
            if self.dice.one_in(3) {
                schema["exclusiveMaximum"] = json!(least < most);
            }
        }
        schema
    }

    fn list(&mut self, index: usize, depth: usize) -> Value {
        let items = self.value(index, depth);
        let mut schema = json!({"type": "array", "items": items});
        if self.dice.one_in(3) {
            schema["minItems"] = json!(self.dice.below(3));
        }
        if self.dice.one_in(3) {
            schema["maxItems"] = json!(2 + self.dice.below(100));
        }
        if self.dice.one_in(5) {
            schema["uniqueItems"] = json!(true);
        }
        schema
    }

    /// The schema of a property, an item or a value of a map, within the component of that index.
    fn value(&mut self, index: usize, depth: usize) -> Value {
        let mut schema = match self.dice.below(if depth == 0 { 6 } else { 9 }) {
            0 => json!({"type": "boolean"}),
            1 => self.number(),
            2 => self.text(false),
            3..=5 => return self.reference(index),
            6 => self.list(index, depth - 1),
            7 => json!({"type": "object", "additionalProperties": self.value(index, depth - 1)}),
            _ => json!({"type": "object"}),
        };
        // These have to have a name.
        if schema.get("maxLength").or(schema.get("minLength")).or(schema.get("pattern")).is_some() {
            schema = json!({"type": "string"});
        }
        if self.dice.one_in(5) {
            schema["nullable"] = json!(true);
        }
        self.describe(&mut schema);
        schema
    }

    /// A reference: to what comes later in a list or a map of the same name, which has to end.
    fn reference(&mut self, index: usize) -> Value {
        let within = self.schemas.get(index).map(|named| named.kind);
        let is_object = within == Some(Kind::Object);
        let start = if is_object { 0 } else { index + 1 };
        let count = self.schemas.len().saturating_sub(start);
        if count == 0 {
            return json!({"type": "string"});
        }
        let target = start + self.dice.below(count);
        let reference = self.reference_to(target);
        if !self.dice.one_in(4) {
            return reference;
        }
        let mut schema = json!({ "allOf": [reference] });
        if self.dice.one_in(2) {
            schema["nullable"] = json!(true);
        }
        self.describe(&mut schema);
        schema
    }

    fn reference_to(&self, index: usize) -> Value {
        let name = self.schemas.get(index).map_or("", |named| &named.name);
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    fn object(&mut self, index: usize) -> Value {
        let mut used = Names::new(self.collide);
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for _ in 0..self.dice.below(7) {
            let name = used.next(&mut self.dice, names::free);
            // What refers to itself, or to what comes before, has to be optional to end.
            let schema = self.value(index, 2);
            let ends = !schema.to_string().contains("$ref");
            if self.dice.one_in(if ends { 2 } else { 9 }) && ends {
                required.push(name.clone());
            }
            properties.insert(name, schema);
        }
        let mut schema = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        schema
    }

    fn parameters(&mut self) -> Vec<Value> {
        let mut used = Names::new(self.collide);
        let mut parameters = Vec::new();
        for _ in 0..self.dice.below(5) {
            let in_header = self.dice.one_in(3);
            let spell = if in_header { names::header } else { names::free };
            let name = used.next(&mut self.dice, spell);
            let enums: Vec<usize> = (0..self.schemas.len())
                .filter(|index| matches!(self.schemas[*index].kind, Kind::Enum | Kind::Text))
                .collect();
            let named = self.dice.pick(&enums).copied().filter(|_| self.dice.one_in(2));
            let schema = match named {
                Some(index) => self.reference_to(index),
                None if self.dice.one_in(2) => self.number(),
                None if self.dice.one_in(3) && !in_header => {
                    json!({"type": "array", "items": {"type": "string"}})
                }
                None => json!({"type": if self.dice.one_in(3) { "boolean" } else { "string" }}),
            };
            parameters.push(json!({
                "name": name,
                "in": if in_header { "header" } else { "query" },
                "required": self.dice.one_in(3),
                "schema": schema,
            }));
        }
        parameters
    }

    fn operation(&mut self, index: usize, id: &str) -> (String, Value) {
        let methods = ["get", "post", "put", "patch", "delete", "head"];
        let method = *self.dice.pick(&methods).unwrap_or(&"get");
        let mut parameters = self.parameters();
        let mut path = format!("/v1/odd{index}");
        if self.dice.one_in(2) {
            path.push_str("/{project_id}");
            parameters.push(json!({"name": "project_id", "in": "path", "required": true, "schema": {"type": "string"}}));
        }
        let mut responses = Map::new();
        let mut success = json!({"description": "Done."});
        if method != "head" && !self.dice.one_in(5) {
            success["content"] = self.content();
        }
        let statuses = ["200", "202", "2XX", "default"];
        let status = *self.dice.pick(&statuses).unwrap_or(&"200");
        responses.insert(status.to_owned(), success);
        if status != "default" && self.dice.one_in(2) {
            let mut error = json!({"description": "Refused."});
            if method != "head" && self.dice.one_in(2) {
                error["content"] = json!({"application/json": {"schema": self.reference_to(0)}});
            }
            responses.insert((if self.dice.one_in(2) { "4XX" } else { "404" }).to_owned(), error);
        }
        let mut operation = json!({"operationId": id, "responses": responses});
        if !parameters.is_empty() {
            operation["parameters"] = json!(parameters);
        }
        if self.dice.one_in(3) {
            operation["deprecated"] = json!(true);
        }
        if self.dice.one_in(2) {
            operation["x-dbss-idempotent"] = json!(true);
        }
        if matches!(method, "post" | "put" | "patch") && !self.dice.one_in(5) {
            operation["requestBody"] = json!({"required": true, "content": self.content()});
        }
        (path, json!({ method: operation }))
    }

    fn content(&mut self) -> Value {
        let schema = if self.dice.one_in(3) {
            // As in the first schema, an object: it may refer to each.
            self.value(0, 1)
        } else {
            let index = self.dice.below(self.schemas.len());
            self.reference_to(index)
        };
        json!({"application/json": {"schema": schema}})
    }
}
