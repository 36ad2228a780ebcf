//! A second reading of the schemas, independent of the normal form in the library.

use std::collections::BTreeSet;

use fastrand::Rng;
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// References are followed to this depth when a payload is made.
const MAX_DEPTH: usize = 8;

const DATE: &str = "2020-02-29";
const UUID: &str = "123e4567-e89b-12d3-a456-426614174000";
/// The names of all properties.
const NAMES: [&str; 3] = ["x", "y", "z"];
const BYTE: &str = "YQ==";

/// A body of a document.
pub(crate) struct Body<'d> {
    document: &'d Value,
    pointer: &'static str,
    request: bool,
    /// Names for which `required` is ignored, because a property of that name does not travel
    /// somewhere in one of the documents. OpenAPI does not say whether that affects `required` in
    /// other schemas.
    ignored_required: Vec<&'static str>,
}

impl<'d> Body<'d> {
    /// The bodies of the request to `/in`, of base and head.
    pub(crate) fn requests([base, head]: [&'d Value; 2]) -> [Self; 2] {
        let pointer = "/paths/~1in/post/requestBody/content/application~1json/schema";
        Self::both([base, head], pointer, true)
    }

    /// The bodies of the response of `/out`, of base and head.
    pub(crate) fn responses([base, head]: [&'d Value; 2]) -> [Self; 2] {
        let pointer = "/paths/~1out/get/responses/200/content/application~1json/schema";
        Self::both([base, head], pointer, false)
    }

    fn both(documents: [&'d Value; 2], pointer: &'static str, request: bool) -> [Self; 2] {
        let body =
            |document, ignored_required| Self { document, pointer, request, ignored_required };
        let is_excluded = |name: &&str| {
            documents
                .iter()
                .any(|document| body(document, Vec::new()).excludes_inside(document, name))
        };
        let ignored_required: Vec<_> = NAMES.into_iter().filter(is_excluded).collect();
        documents.map(|document| body(document, ignored_required.clone()))
    }

    fn schema(&self) -> &'d Value {
        self.document.pointer(self.pointer).unwrap_or(&Value::Null)
    }

    fn resolve<'s>(&self, schema: &'s Value) -> &'s Value
    where
        'd: 's,
    {
        let mut schema = schema;
        for _ in 0..MAX_DEPTH {
            let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { return schema };
            let target = reference.strip_prefix('#').and_then(|at| self.document.pointer(at));
            let Some(target) = target else { return schema };
            schema = target;
        }
        schema
    }

    /// Whether the document accepts a payload. `None` where the validator cannot tell, and where it
    /// depends on how many alternatives of a `oneOf` accept a value: the library looks for those by
    /// sampling, so a report may miss one.
    pub(crate) fn validators(&self) -> Option<impl Fn(&Value) -> Option<bool>> {
        let (strict, relaxed) = (self.validator("oneOf")?, self.validator("anyOf")?);
        Some(move |payload: &Value| {
            let verdict = strict.is_valid(payload);
            (relaxed.is_valid(payload) == verdict).then_some(verdict)
        })
    }

    /// A validator for the body in draft 4, the dialect closest to OpenAPI 3.0, with another
    /// keyword instead of `oneOf`.
    fn validator(&self, one_of: &str) -> Option<Validator> {
        let components = self.document["components"]["schemas"].as_object()?;
        let roots = components.values().chain([self.schema()]);
        if roots.into_iter().any(|schema| self.circular(schema, &mut Vec::new())) {
            return None;
        }
        let components: Map<String, Value> = components
            .iter()
            .map(|(name, schema)| (name.clone(), self.to_draft4(schema, one_of)))
            .collect();
        let whole = json!({
            "allOf": [self.to_draft4(self.schema(), one_of)],
            "components": { "schemas": components },
        });
        let listed = |known: &'static str| move |text: &str| text == known;
        jsonschema::options()
            .with_draft(Draft::Draft4)
            .should_validate_formats(true)
            // Draft 4 does not define these formats; the samples contain one text of each.
            .with_format("date", listed(DATE))
            .with_format("uuid", listed(UUID))
            .with_format("byte", |text: &str| {
                text.len().is_multiple_of(4)
                    && text.trim_end_matches('=').bytes().all(|b| b.is_ascii_alphanumeric())
            })
            .build(&whole)
            .ok()
    }

    /// Whether a schema contains itself without a step into the value.
    fn circular<'s>(&self, schema: &'s Value, open: &mut Vec<*const Value>) -> bool
    where
        'd: 's,
    {
        let schema = self.resolve(schema);
        if schema.get("$ref").is_some() || open.contains(&std::ptr::from_ref(schema)) {
            return true;
        }
        open.push(schema);
        let parts =
            ["allOf", "anyOf", "oneOf", "not"].into_iter().filter_map(|key| schema.get(key));
        let parts = parts.flat_map(|part| {
            part.as_array().map_or_else(|| vec![part], |list| list.iter().collect())
        });
        let found = parts.into_iter().any(|part| self.circular(part, open));
        open.pop();
        found
    }

    /// Whether a property does not travel in this direction.
    fn is_excluded(&self, schema: &Value, depth: usize) -> bool {
        let schema = self.resolve(schema);
        let key = if self.request { "readOnly" } else { "writeOnly" };
        let parts = schema.get("allOf").and_then(Value::as_array);
        schema.get(key) == Some(&json!(true))
            || depth < MAX_DEPTH
                && (parts.into_iter().flatten().any(|part| self.is_excluded(part, depth + 1))
                    || only_branch(schema).is_some_and(|part| self.is_excluded(part, depth + 1)))
    }

    fn excludes_inside(&self, inside: &Value, name: &str) -> bool {
        let property = inside.get("properties").and_then(|properties| properties.get(name));
        property.is_some_and(|property| self.is_excluded(property, 0))
            || match inside {
                Value::Object(map) => map.values().any(|inner| self.excludes_inside(inner, name)),
                Value::Array(list) => list.iter().any(|inner| self.excludes_inside(inner, name)),
                _ => false,
            }
    }

    /// A schema in the syntax of draft 4.
    fn to_draft4(&self, schema: &Value, one_of: &str) -> Value {
        let Value::Object(object) = schema else { return schema.clone() };
        let mut to_draft4 = Map::new();
        let broken = object.get("type") == Some(&json!(3));
        for (key, value) in object {
            let value = match key.as_str() {
                "nullable" | "readOnly" | "writeOnly" => continue,
                // A value of the wrong kind has no effect.
                "enum" if !value.is_array() => continue,
                "type" | "maxLength" if broken => continue,
                "maxLength" if !value.is_number() => continue,
                "required"
                    if value
                        .as_array()
                        .is_some_and(|list| list.iter().any(|name| !name.is_string())) =>
                {
                    continue;
                }
                "required" => {
                    let travels = |name: &&Value| {
                        !name.as_str().is_some_and(|name| self.ignored_required.contains(&name))
                    };
                    let list: Vec<&Value> =
                        value.as_array().into_iter().flatten().filter(travels).collect();
                    if list.is_empty() {
                        continue;
                    }
                    json!(list)
                }
                "type" if object.get("nullable") == Some(&json!(true)) => json!([value, "null"]),
                "properties" => {
                    let named = value.as_object().into_iter().flatten();
                    named
                        .map(|(name, property)| {
                            let property = if self.is_excluded(property, 0) {
                                json!({})
                            } else {
                                self.to_draft4(property, one_of)
                            };
                            (name.clone(), property)
                        })
                        .collect()
                }
                "items" | "additionalProperties" | "not" => self.to_draft4(value, one_of),
                "oneOf" if object.contains_key("anyOf") => return json!({}),
                "allOf" | "anyOf" | "oneOf" => value
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|part| self.to_draft4(part, one_of))
                    .collect(),
                _ => value.clone(),
            };
            let key = if key == "oneOf" { one_of } else { key };
            to_draft4.insert(key.to_owned(), value);
        }
        Value::Object(to_draft4)
    }

    /// Whether the document names every property of a payload. Writers that follow the document
    /// send no others.
    pub(crate) fn declares_all_properties(&self, payload: &Value) -> bool {
        self.declares_all_within(&[self.schema()], payload)
    }

    fn declares_all_within(&self, schemas: &[&Value], payload: &Value) -> bool {
        let mut all: Vec<&Value> = Vec::new();
        let mut open: Vec<&Value> = schemas.to_vec();
        while let Some(schema) = open.pop() {
            let schema = self.resolve(schema);
            if all.iter().any(|known| std::ptr::eq(*known, schema)) {
                continue;
            }
            all.push(schema);
            let parts = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| schema.get(key));
            open.extend(parts.filter_map(Value::as_array).flatten());
        }
        match payload {
            Value::Object(object) => object.iter().all(|(name, inner)| {
                let inner_schemas: Vec<&Value> = all
                    .iter()
                    .filter_map(|schema| {
                        let named =
                            schema.get("properties").and_then(|properties| properties.get(name));
                        named.or_else(|| {
                            schema.get("additionalProperties").filter(|rest| {
                                rest.as_object().is_some_and(|rest| !rest.is_empty())
                            })
                        })
                    })
                    .collect();
                let is_excluded =
                    inner_schemas.iter().any(|property| self.is_excluded(property, 0));
                !inner_schemas.is_empty()
                    && !is_excluded
                    && self.declares_all_within(&inner_schemas, inner)
            }),
            Value::Array(items) => {
                let inner_schemas: Vec<&Value> =
                    all.iter().filter_map(|schema| schema.get("items")).collect();
                items.iter().all(|inner| self.declares_all_within(&inner_schemas, inner))
            }
            _ => true,
        }
    }

    /// A payload that is likely to be valid.
    pub(crate) fn sample(&self, rng: &mut Rng) -> Value {
        self.sample_of(self.schema(), rng, 0)
    }

    fn sample_of(&self, schema: &Value, rng: &mut Rng, depth: usize) -> Value {
        let schema = self.resolve(schema);
        if depth > MAX_DEPTH {
            return Value::Null;
        }
        if schema.get("nullable") == Some(&json!(true)) && rng.u8(0..4) == 0 {
            return Value::Null;
        }
        if let Some(value) =
            schema.get("enum").and_then(Value::as_array).and_then(|list| rng.choice(list))
        {
            return value.clone();
        }
        let branches: Vec<&Value> = ["allOf", "anyOf", "oneOf"]
            .into_iter()
            .filter_map(|key| schema.get(key)?.as_array())
            .flatten()
            .collect();
        if let Some(branch) = rng.choice(&branches) {
            let mut value = self.sample_of(branch, rng, depth + 1);
            if let Value::Object(object) = &mut value {
                for other in &branches {
                    if let (true, Value::Object(more)) =
                        (rng.bool(), self.sample_of(other, rng, depth + 1))
                    {
                        object.extend(more);
                    }
                }
            }
            return value;
        }
        let count = |key: &str| schema.get(key).and_then(Value::as_u64);
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => text(schema, rng),
            Some("boolean") => json!(rng.bool()),
            Some("integer" | "number") => {
                let low = count("minimum").unwrap_or(0);
                json!(rng.u64(low..=count("maximum").unwrap_or(9).max(low)))
            }
            Some("array") => {
                let least = count("minItems").unwrap_or(0);
                let items = schema.get("items");
                let length = rng.u64(least..=count("maxItems").unwrap_or(least + 2).max(least));
                (0..length)
                    .map(|_| {
                        items.map_or(json!("a"), |items| self.sample_of(items, rng, depth + 1))
                    })
                    .collect()
            }
            Some("object") => self.object(schema, rng, depth),
            _ if schema.get("properties").is_some() => self.object(schema, rng, depth),
            _ => rng
                .choice([
                    json!(null),
                    json!(1),
                    json!("a"),
                    json!(true),
                    json!([]),
                    json!({}),
                    json!("ab"),
                ])
                .unwrap_or_default(),
        }
    }

    fn object(&self, schema: &Value, rng: &mut Rng, depth: usize) -> Value {
        let mut object = Map::new();
        let required: BTreeSet<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for (name, property) in
            schema.get("properties").and_then(Value::as_object).into_iter().flatten()
        {
            if required.contains(name.as_str()) || rng.bool() {
                object.insert(name.clone(), self.sample_of(property, rng, depth + 1));
            }
        }
        if let Some(rest) = schema.get("additionalProperties").filter(|rest| rest.is_object()) {
            let wanted: Vec<&str> =
                required.into_iter().chain(["w"]).filter(|_| rng.bool()).collect();
            for name in wanted {
                if !object.contains_key(name) {
                    object.insert(name.to_owned(), self.sample_of(rest, rng, depth + 1));
                }
            }
        }
        Value::Object(object)
    }
}

/// The only branch of a union of one.
fn only_branch(schema: &Value) -> Option<&Value> {
    ["anyOf", "oneOf"].into_iter().find_map(|key| match schema.get(key)?.as_array()?.as_slice() {
        [only] => Some(only),
        _ => None,
    })
}

fn text(schema: &Value, rng: &mut Rng) -> Value {
    let formatted = match schema.get("format").and_then(Value::as_str) {
        Some("date") => Some(DATE),
        Some("uuid") => Some(UUID),
        Some("byte") => Some(BYTE),
        _ => None,
    };
    if let Some(text) = formatted.filter(|_| rng.u8(0..8) > 0) {
        return json!(text);
    }
    let count = |key: &str| schema.get(key).and_then(Value::as_u64);
    let least = usize::try_from(count("minLength").unwrap_or(0)).unwrap_or(0);
    let most = usize::try_from(count("maxLength").unwrap_or(6)).unwrap_or(6).max(least);
    let letters = "abcxyz".chars().collect::<Vec<_>>();
    json!((0..rng.usize(least..=most)).filter_map(|_| rng.choice(&letters)).collect::<String>())
}
