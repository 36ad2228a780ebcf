//! Values that fit a schema, each unlike the others, so that one in the place of another is seen.

use serde_json::{Map, Value, json};

use super::document::{Document, Parameter, Schema};

/// How much of what is optional a value has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Full,
    /// None of it.
    Smallest,
    /// All of it, as null. Only what is received can have it.
    Nulls,
}

/// The most values that a sample is made of: a thousand thousands of items say no more than two.
const LIMIT: u32 = 10_000;

/// Where a value goes, which limits the characters of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Json,
    Path,
    Header,
}

/// Makes values for one call.
#[derive(Debug)]
pub struct Sampler<'d> {
    document: &'d Document,
    extent: Extent,
    place: Place,
    /// How many values were made.
    made: u32,
    /// The schemas that are being made, in which optional properties do not enter again.
    open: Vec<&'d str>,
}

impl<'d> Sampler<'d> {
    /// Makes values of that extent.
    #[must_use]
    pub fn new(document: &'d Document, extent: Extent) -> Self {
        Self { document, extent, place: Place::Json, made: 0, open: Vec::new() }
    }

    /// A value of a parameter.
    pub fn parameter(&mut self, parameter: &Parameter<'d>) -> Option<Value> {
        if let (Some(example), true) = (parameter.example, self.has_pattern(parameter.schema)) {
            return Some(example.clone());
        }
        self.place = match parameter.location {
            "path" => Place::Path,
            "header" => Place::Header,
            _ => Place::Json,
        };
        let value = self.value(parameter.schema, parameter.name);
        self.place = Place::Json;
        value
    }

    fn has_pattern(&self, schema: &'d Value) -> bool {
        self.document.schema(schema).get("pattern").is_some()
    }

    /// A value of a schema; nothing if it cannot be made without entering a schema again.
    pub fn value(&mut self, schema: &'d Value, label: &str) -> Option<Value> {
        let schema = self.document.schema(schema);
        let Some(name) = schema.name else { return self.of(schema, label) };
        if self.open.contains(&name) {
            return schema.nullable.then_some(Value::Null);
        }
        self.open.push(name);
        let value = self.of(schema, label);
        self.open.pop();
        value
    }

    fn of(&mut self, schema: Schema<'d>, label: &str) -> Option<Value> {
        self.made += 1;
        if self.made > LIMIT {
            return None;
        }
        let number = self.made;
        match schema.kind() {
            "boolean" => Some(json!(number.is_multiple_of(2))),
            "integer" => Some(json!(integer(schema, number))),
            "number" => Some(json!(float(schema, number))),
            "string" if schema.is_enum() => Some(listed(schema, number)),
            "string" => Some(json!(self.text(schema, label, number))),
            "array" => self.array(schema, label),
            _ if schema.has_properties() => self.object(schema),
            _ => Some(self.map(schema, label)),
        }
    }

    fn text(&self, schema: Schema<'d>, label: &str, number: u32) -> String {
        if let (Some(example), true) = (schema.get("example"), schema.get("pattern").is_some()) {
            return example.as_str().unwrap_or_default().to_owned();
        }
        if let Some(word) = successes(schema).next() {
            return word.to_owned();
        }
        let odd = match self.place {
            Place::Header => "~ !;=,",
            Place::Path => " ?&=%#+ä",
            Place::Json => " \"\\/?&=%#+ä\n\u{1f980}",
        };
        let length = |keyword: &str| {
            let limit = schema.get(keyword).and_then(Value::as_u64);
            limit.and_then(|limit| usize::try_from(limit).ok())
        };
        let text = format!("{number}{odd}{}", if self.place == Place::Header { "" } else { label });
        let mut characters: Vec<char> = text.chars().collect();
        while characters.len() < length("minLength").unwrap_or_default() {
            characters.push('x');
        }
        characters.truncate(length("maxLength").unwrap_or(usize::MAX));
        let text: String = characters.into_iter().collect();
        // Spaces at the end of a header are no part of its value.
        match text.strip_suffix([' ', '\n']) {
            Some(start) if self.place == Place::Header => format!("{start}x"),
            _ => text,
        }
    }

    fn array(&mut self, schema: Schema<'d>, label: &str) -> Option<Value> {
        let count = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
        let wanted = if self.extent == Extent::Smallest { 0 } else { 2 };
        let wanted = wanted.max(count("minItems").unwrap_or_default());
        let wanted = wanted.min(count("maxItems").unwrap_or(u64::MAX));
        let items = schema.get("items")?;
        let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let mut values: Vec<Value> = Vec::new();
        for _ in 0..wanted {
            let value = self.value(items, label);
            let Some(value) = value else {
                return (count("minItems").unwrap_or_default() == 0).then(|| json!([]));
            };
            if !unique || !values.contains(&value) {
                values.push(value);
            }
        }
        Some(json!(values))
    }

    fn map(&mut self, schema: Schema<'d>, label: &str) -> Value {
        if self.extent == Extent::Smallest {
            return json!({});
        }
        match schema.get("additionalProperties").filter(|values| values.is_object()) {
            None => json!({"any \"": {"nested": [self.made, "x", true]}}),
            Some(values) => match self.value(values, label) {
                Some(value) => json!({ format!("{label} key"): value }),
                None => json!({}),
            },
        }
    }

    fn object(&mut self, schema: Schema<'d>) -> Option<Value> {
        let mut object = Map::new();
        for (name, property) in schema.properties() {
            let required = schema.requires(name);
            let value = match self.extent {
                _ if required => Some(self.value(property, name)?),
                // What is null or empty is sent as if it were absent.
                Extent::Full => self.value(property, name).filter(|value| !is_empty(value)),
                Extent::Smallest => None,
                Extent::Nulls => Some(Value::Null),
            };
            object.extend(value.map(|value| (name.to_owned(), value)));
        }
        Some(Value::Object(object))
    }
}

/// A listed value; of a schema that says which values mean failure, one that does not.
fn listed(schema: Schema<'_>, number: u32) -> Value {
    if let Some(word) = successes(schema).next() {
        return json!(word);
    }
    let failures: Vec<&str> = failures(schema).collect();
    let values = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    let fine = |value: &&Value| {
        let text = value.as_str().unwrap_or_default();
        !failures.iter().any(|failure| failure.eq_ignore_ascii_case(text))
    };
    let values: Vec<&Value> = values.filter(fine).collect();
    let index = usize::try_from(number).unwrap_or_default() % values.len().max(1);
    values.get(index).map_or(Value::Null, |value| (*value).clone())
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        value => value.is_null(),
    }
}

fn integer(schema: Schema<'_>, number: u32) -> i64 {
    let bound = |keyword: &str, exclusive: &str, step: i64| {
        let bound = schema.get(keyword).and_then(Value::as_i64)?;
        let is_exclusive = schema.get(exclusive) == Some(&Value::Bool(true));
        Some(if is_exclusive { bound.saturating_add(step) } else { bound })
    };
    let least = bound("minimum", "exclusiveMinimum", 1);
    let most = bound("maximum", "exclusiveMaximum", -1);
    let wanted = least.unwrap_or(0).saturating_add(i64::from(number));
    match most {
        Some(most) if wanted > most => most,
        _ => wanted,
    }
}

fn float(schema: Schema<'_>, number: u32) -> f64 {
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => f64::midpoint(least, most),
        (Some(least), None) => least + f64::from(number) + 0.5,
        (None, Some(most)) => most - f64::from(number) - 0.5,
        (None, None) => f64::from(number) + 0.5,
    }
}

fn listed_under<'d>(schema: Schema<'d>, pointer: &str) -> impl Iterator<Item = &'d str> {
    let values = schema.keywords.pointer(pointer).and_then(Value::as_array);
    values.into_iter().flatten().filter_map(Value::as_str)
}

/// The values that mean failure.
fn failures(schema: Schema<'_>) -> impl Iterator<Item = &str> {
    let listed = listed_under(schema, "/x-dbss-failure-values");
    listed.chain(listed_under(schema, "/x-dbss-outcome/failed"))
}

/// The values that mean success, where they are listed.
fn successes(schema: Schema<'_>) -> impl Iterator<Item = &str> {
    listed_under(schema, "/x-dbss-outcome/succeeded")
}
