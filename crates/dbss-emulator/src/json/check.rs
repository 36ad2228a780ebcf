//! Checks a value against its schema.

use std::fmt::Display;

use dbss_client::descriptor::{Bound, Field, Schema, Shape};
use serde_json::{Map, Value};

use super::BodySchema;

/// Checks a body. The error says where it does not match, and quotes no value of it.
pub(super) fn check(body: &Value, schema: BodySchema) -> Result<(), String> {
    let place = Place { parent: None, step: Step::Body };
    match schema {
        BodySchema::Contract(schema) => by_contract(body, schema, &place),
        _ => by_places(body, schema, &place),
    }
}

/// Where a value stands, such as `ids[0]`. It becomes text only in an error.
struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: Step<'a>,
}

enum Step<'a> {
    Body,
    Field(&'a str),
    Item(usize),
}

impl<'a> Place<'a> {
    fn field(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Field(name) }
    }

    fn item(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Item(index) }
    }

    /// The error that this place is, or has, something that it must not.
    fn error<T>(&self, what: impl Display) -> Result<T, String> {
        let path = self.path();
        Err(if path.is_empty() { format!("the body {what}") } else { format!("`{path}` {what}") })
    }

    fn path(&self) -> String {
        let parent = self.parent.map(Place::path).unwrap_or_default();
        match self.step {
            Step::Body => parent,
            Step::Field(name) if parent.is_empty() => name.to_owned(),
            Step::Field(name) => format!("{parent}.{name}"),
            Step::Item(index) => format!("{parent}[{index}]"),
        }
    }
}

/// Objects where objects must be, and so on. What is missing is found when the value is
/// deserialized; null counts as missing.
fn by_places(value: &Value, schema: BodySchema, place: &Place<'_>) -> Result<(), String> {
    match (schema, value) {
        (BodySchema::Contract(schema), _) => by_contract(value, schema, place),
        (_, Value::Null) => Ok(()),
        (BodySchema::Object(known), Value::Object(fields)) => known
            .iter()
            .filter_map(|(name, schema)| Some((name, schema, fields.get(*name)?)))
            .try_for_each(|(name, schema, value)| by_places(value, *schema, &place.field(name))),
        (BodySchema::Object(_), _) => place.error("is not an object"),
        (BodySchema::List(schema), Value::Array(items)) => {
            let mut items = items.iter().enumerate();
            items.try_for_each(|(index, item)| by_places(item, *schema, &place.item(index)))
        }
        (BodySchema::List(_), _) => place.error("is not a list"),
        (BodySchema::Scalar | BodySchema::Secret, Value::Array(_) | Value::Object(_)) => {
            place.error("is not a single value")
        }
        (BodySchema::Scalar | BodySchema::Secret, _) => Ok(()),
    }
}

/// Types and limits of the contract, except for patterns, which the generated types check.
fn by_contract(value: &Value, schema: &Schema, place: &Place<'_>) -> Result<(), String> {
    if value.is_null() && schema.nullable {
        return Ok(());
    }
    match (&schema.shape, value) {
        (Shape::Named(schema), _) => by_contract(value, schema, place),
        (Shape::Boolean, Value::Bool(_)) | (Shape::Free, Value::Object(_)) => Ok(()),
        (Shape::Boolean, _) => place.error("is not true or false"),
        (Shape::Integer { min, max }, Value::Number(number)) => match number.as_i64() {
            Some(number) => in_range(number, *min, *max, place),
            None => place.error("is not a whole number"),
        },
        (Shape::Integer { .. }, _) => place.error("is not a whole number"),
        (Shape::Number { min, max }, Value::Number(number)) => match number.as_f64() {
            Some(number) => in_range(number, *min, *max, place),
            None => place.error("is not a number"),
        },
        (Shape::Number { .. }, _) => place.error("is not a number"),
        (Shape::String { min_length, max_length, .. }, Value::String(text)) => {
            let length = text.chars().count();
            count(length, *min_length, *max_length, ["shorter", "longer"], "characters", place)
        }
        (Shape::Enum { values, .. }, Value::String(text)) => {
            if values.contains(&text.as_str()) {
                return Ok(());
            }
            place.error(format_args!("is not one of {}", values.join(", ")))
        }
        (Shape::String { .. } | Shape::Enum { .. }, _) => place.error("is not a string"),
        (Shape::Array { items, min_items, max_items, unique }, Value::Array(list)) => {
            list_by_contract(list, items, (*min_items, *max_items), *unique, place)
        }
        (Shape::Array { .. }, _) => place.error("is not a list"),
        (Shape::Map(schema), Value::Object(fields)) => fields
            .iter()
            .try_for_each(|(name, value)| by_contract(value, schema, &place.field(name))),
        (Shape::Object(known), Value::Object(fields)) => object_by_contract(fields, known, place),
        (Shape::Map(_) | Shape::Free | Shape::Object(_), _) => place.error("is not an object"),
        // A kind of value that the descriptors gained: the generated types check it.
        (_, _) => Ok(()),
    }
}

fn object_by_contract(
    fields: &Map<String, Value>,
    known: &[Field],
    place: &Place<'_>,
) -> Result<(), String> {
    for field in known {
        match fields.get(field.name) {
            Some(value) => by_contract(value, field.schema, &place.field(field.name))?,
            None if field.required => return place.field(field.name).error("is missing"),
            None => {}
        }
    }
    Ok(())
}

fn list_by_contract(
    list: &[Value],
    items: &Schema,
    (min, max): (Option<usize>, Option<usize>),
    unique: bool,
    place: &Place<'_>,
) -> Result<(), String> {
    count(list.len(), min, max, ["fewer", "more"], "items", place)?;
    for (index, item) in list.iter().enumerate() {
        by_contract(item, items, &place.item(index))?;
    }
    if unique {
        let mut seen = std::collections::HashSet::new();
        if !list.iter().all(|item| seen.insert(item.to_string())) {
            return place.error("has an item twice");
        }
    }
    Ok(())
}

fn count(
    count: usize,
    min: Option<usize>,
    max: Option<usize>,
    [less, more]: [&str; 2],
    unit: &str,
    place: &Place<'_>,
) -> Result<(), String> {
    let verb = if unit == "items" { "has" } else { "is" };
    if let Some(min) = min.filter(|min| count < *min) {
        return place.error(format_args!("{verb} {less} than {min} {unit}"));
    }
    if let Some(max) = max.filter(|max| count > *max) {
        return place.error(format_args!("{verb} {more} than {max} {unit}"));
    }
    Ok(())
}

fn in_range<T: PartialOrd + Copy>(
    value: T,
    min: Option<Bound<T>>,
    max: Option<Bound<T>>,
    place: &Place<'_>,
) -> Result<(), String> {
    let low = min.is_some_and(|min| match min {
        Bound::At(min) => value < min,
        Bound::Beyond(min) => value <= min,
    });
    let high = max.is_some_and(|max| match max {
        Bound::At(max) => value > max,
        Bound::Beyond(max) => value >= max,
    });
    if low || high { place.error("is out of range") } else { Ok(()) }
}
