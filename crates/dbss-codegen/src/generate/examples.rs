//! Example values where the contract has none: the smallest that show a schema.
//!
//! Such a value has what is required, and every optional field of a schema once: where the schema
//! occurs again, only what is required. It never goes into a schema that is already being made.
//! Without that, a schema that refers to itself in four places would be followed in all of them, on
//! every level. What is left to grow, lists of lists of required things, is bounded by the size.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::model::{Bounds, Example, Field, Model, Schema, SchemaKind, StringSchema};

/// How large a made-up value may be, in characters of its JSON: more than anybody reads.
const MAX_SIZE: usize = 1 << 16;

/// How deep a made-up value may nest.
const MAX_DEPTH: usize = 32;

/// The contract's examples, or one that is made from the schema.
///
/// Empty where none can be made: a pattern has no smallest match that is easy
/// to find, so a schema with one wants an example of its own.
pub(crate) fn or_made<'a>(
    model: &Model,
    given: &'a [Example],
    schema: &Schema,
) -> Vec<(&'a str, Value)> {
    if given.is_empty() {
        return of(model, schema).map(|value| ("made", value)).into_iter().collect();
    }
    given.iter().map(|example| (example.name.as_str(), example.value.clone())).collect()
}

/// An example of a single value, such as a parameter.
pub(crate) fn of(model: &Model, schema: &Schema) -> Option<Value> {
    if let Some(own) = own(schema) {
        return Some(own.clone());
    }
    // Optional fields may take the room that something required needs.
    let made = |optional| Maker::new(model, optional).value(schema, 0);
    made(true).or_else(|| made(false))
}

/// The example that a schema has itself.
fn own(schema: &Schema) -> Option<&Value> {
    schema.example.as_ref().or(schema.default.as_ref())
}

/// Makes one value.
struct Maker<'m> {
    model: &'m Model,
    /// Whether optional fields are shown at all.
    optional: bool,
    /// The named schemas that are being made.
    open: Vec<&'m str>,
    /// The named schemas whose optional fields have been shown.
    shown: BTreeSet<&'m str>,
    /// How much larger the value may become.
    left: usize,
}

impl<'m> Maker<'m> {
    fn new(model: &'m Model, optional: bool) -> Self {
        Self { model, optional, open: Vec::new(), shown: BTreeSet::new(), left: MAX_SIZE }
    }

    /// Takes room for something of this size.
    fn take(&mut self, size: usize) -> Option<()> {
        self.left = self.left.checked_sub(size)?;
        Some(())
    }

    fn value(&mut self, schema: &'m Schema, depth: usize) -> Option<Value> {
        if let Some(own) = own(schema) {
            self.take(own.to_string().len())?;
            return Some(own.clone());
        }
        if depth == MAX_DEPTH {
            return None;
        }
        match &schema.kind {
            SchemaKind::Reference(name) => self.named(name, depth + 1),
            SchemaKind::Array { items, min, .. } => self.array(items, min.unwrap_or(0), depth + 1),
            SchemaKind::Object(fields) => self.object(fields, self.optional, depth + 1),
            scalar => {
                let value = scalar_value(scalar)?;
                self.take(value.to_string().len())?;
                Some(value)
            }
        }
    }

    /// A value where there has to be one.
    fn required(&mut self, schema: &'m Schema, depth: usize) -> Option<Value> {
        self.value(schema, depth).or_else(|| schema.nullable.then_some(Value::Null))
    }

    fn named(&mut self, name: &str, depth: usize) -> Option<Value> {
        let named = self.model.schemas.get(name)?;
        let name = named.wire.as_str();
        if self.open.contains(&name) {
            return named.schema.nullable.then_some(Value::Null);
        }
        self.open.push(name);
        let made = match &named.schema.kind {
            SchemaKind::Object(fields) if own(&named.schema).is_none() => {
                let optional = self.optional && self.shown.insert(name);
                self.object(fields, optional, depth)
            }
            _ => self.value(&named.schema, depth),
        };
        self.open.pop();
        made
    }

    fn array(&mut self, items: &'m Schema, min: usize, depth: usize) -> Option<Value> {
        self.take(2)?;
        let before = self.left;
        let item = if min == 0 { self.value(items, depth) } else { self.required(items, depth) };
        let Some(item) = item else {
            return (min == 0).then(|| Value::Array(Vec::new()));
        };
        let copies = min.saturating_sub(1);
        self.take((before - self.left + 1).saturating_mul(copies))?;
        Some(Value::Array(vec![item; copies + 1]))
    }

    /// Fields that are required come first.
    fn object(&mut self, fields: &'m [Field], optional: bool, depth: usize) -> Option<Value> {
        self.take(2)?;
        let mut object = Map::new();
        for field in fields.iter().filter(|field| field.required || optional) {
            let room = self.take(field.wire.len() + 4);
            let value = match (room, field.required) {
                (Some(()), true) => Some(self.required(&field.schema, depth)?),
                (Some(()), false) => self.value(&field.schema, depth),
                (None, true) => return None,
                (None, false) => break,
            };
            object.extend(value.map(|value| (field.wire.clone(), value)));
        }
        Some(Value::Object(object))
    }
}

/// The smallest value of a schema without others in it.
fn scalar_value(kind: &SchemaKind) -> Option<Value> {
    Some(match kind {
        SchemaKind::Boolean => true.into(),
        SchemaKind::Integer { bounds, .. } => integer(bounds).into(),
        SchemaKind::Number { bounds, .. } => number(bounds).into(),
        SchemaKind::String(text) => string(text)?.into(),
        SchemaKind::Enum { values, .. } => values.first()?.as_str().into(),
        SchemaKind::Map(_) | SchemaKind::AnyObject => Value::Object(Map::new()),
        SchemaKind::Array { .. } | SchemaKind::Object(_) | SchemaKind::Reference(_) => return None,
    })
}

fn integer(bounds: &Bounds<i64>) -> i64 {
    let low = bounds.min.map(|n| n.saturating_add(i64::from(bounds.exclusive_min)));
    let high = bounds.max.map(|n| n.saturating_sub(i64::from(bounds.exclusive_max)));
    low.or(high.filter(|n| *n < 1)).unwrap_or(1)
}

fn number(bounds: &Bounds<f64>) -> f64 {
    match (bounds.min, bounds.max) {
        (Some(low), Some(high)) => f64::midpoint(low, high),
        (Some(low), None) => low + 1.0,
        (None, Some(high)) => high - 1.0,
        (None, None) => 1.5,
    }
}

fn string(text: &StringSchema) -> Option<String> {
    let (min, max) = (text.min.unwrap_or(0), text.max.unwrap_or(usize::MAX));
    let word = "example";
    let length = word.len().clamp(min, max.max(min));
    let fits = text.pattern.is_none() && length <= MAX_SIZE;
    fits.then(|| word.chars().cycle().take(length).collect())
}
