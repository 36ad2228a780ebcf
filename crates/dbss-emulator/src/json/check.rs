//! Checks a value against its schema.

use std::fmt::Display;
use std::ops::{Bound, RangeBounds as _};

use dbss_client::descriptor::{Field, Schema, SchemaKind};
use serde_json::{Map, Value};

use super::BodySchema;

/// Checks a body, or what else `name` calls it. The error says where it does not match, and quotes
/// no value of it.
pub(crate) fn check(value: &Value, name: &str, schema: BodySchema) -> Result<(), String> {
    by_shape(value, schema, &ValuePath { parent: None, step: Step::Whole(name) })
}

/// Checks the value of a parameter.
pub(super) fn check_named(name: &str, value: &Value, schema: &Schema) -> Result<(), String> {
    by_contract(value, schema, &ValuePath { parent: None, step: Step::Field(name) })
}

/// The path to a value, such as `ids[0]`. It becomes text only in an error.
struct ValuePath<'a> {
    parent: Option<&'a ValuePath<'a>>,
    step: Step<'a>,
}

enum Step<'a> {
    /// The value itself, by the name that an error gives it.
    Whole(&'a str),
    Field(&'a str),
    Item(usize),
}

impl<'a> ValuePath<'a> {
    fn field(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Field(name) }
    }

    fn item(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Item(index) }
    }

    /// The error that the value at this path is, or has, something that it must not.
    fn error<T>(&self, what: impl Display) -> Result<T, String> {
        Err(match self.step {
            Step::Whole(name) => format!("{name} {what}"),
            _ => format!("`{}` {what}", self.path()),
        })
    }

    fn path(&self) -> String {
        let parent = self.parent.map(ValuePath::path).unwrap_or_default();
        match self.step {
            Step::Whole(_) => parent,
            Step::Field(name) if parent.is_empty() => name.to_owned(),
            Step::Field(name) => format!("{parent}.{name}"),
            Step::Item(index) => format!("{parent}[{index}]"),
        }
    }
}

/// Objects where objects must be, and so on. What is missing is found when the value is
/// deserialized; null counts as missing.
fn by_shape(value: &Value, schema: BodySchema, path: &ValuePath<'_>) -> Result<(), String> {
    match (schema, value) {
        (BodySchema::Contract(schema), _) => by_contract(value, schema, path),
        (_, Value::Null) => Ok(()),
        (BodySchema::Object(known), Value::Object(fields)) => known
            .iter()
            .filter_map(|(name, schema)| Some((name, schema, fields.get(*name)?)))
            .try_for_each(|(name, schema, value)| by_shape(value, *schema, &path.field(name))),
        (BodySchema::Object(_), _) => path.error("is not an object"),
        (BodySchema::List(schema), Value::Array(items)) => {
            let mut items = items.iter().enumerate();
            items.try_for_each(|(index, item)| by_shape(item, *schema, &path.item(index)))
        }
        (BodySchema::List(_), _) => path.error("is not a list"),
        (BodySchema::Scalar | BodySchema::Secret, Value::Array(_) | Value::Object(_)) => {
            path.error("is not a single value")
        }
        (BodySchema::Scalar | BodySchema::Secret, _) => Ok(()),
    }
}

/// Types and limits of the contract, except for patterns: no schema of the contract has one.
fn by_contract(value: &Value, schema: &Schema, path: &ValuePath<'_>) -> Result<(), String> {
    if value.is_null() && schema.nullable {
        return Ok(());
    }
    match (&schema.kind, value) {
        (SchemaKind::Reference(schema), _) => by_contract(value, schema, path),
        (SchemaKind::Boolean, Value::Bool(_)) | (SchemaKind::AnyObject, Value::Object(_)) => Ok(()),
        (SchemaKind::Boolean, _) => path.error("is not true or false"),
        (SchemaKind::Integer { min, max }, Value::Number(number)) => match number.as_i64() {
            Some(number) => in_range(number, *min, *max, path),
            None => path.error("is not a whole number"),
        },
        (SchemaKind::Integer { .. }, _) => path.error("is not a whole number"),
        (SchemaKind::Number { min, max }, Value::Number(number)) => match number.as_f64() {
            Some(number) => in_range(number, *min, *max, path),
            None => path.error("is not a number"),
        },
        (SchemaKind::Number { .. }, _) => path.error("is not a number"),
        (SchemaKind::String { min_length, max_length, .. }, Value::String(text)) => {
            let length = text.chars().count();
            count(length, *min_length, *max_length, ["is shorter", "is longer"], "character", path)
        }
        (SchemaKind::String { .. }, _) => path.error("is not a string"),
        (SchemaKind::Enum { values, .. }, value) => {
            if value.as_str().is_some_and(|text| values.contains(&text)) {
                return Ok(());
            }
            path.error(format_args!("is not one of {}", values.join(", ")))
        }
        (SchemaKind::Array { items, min_items, max_items, unique }, Value::Array(list)) => {
            list_by_contract(list, items, (*min_items, *max_items), *unique, path)
        }
        (SchemaKind::Array { .. }, _) => path.error("is not a list"),
        (SchemaKind::Map(schema), Value::Object(fields)) => fields
            .iter()
            .try_for_each(|(name, value)| by_contract(value, schema, &path.field(name))),
        (SchemaKind::Object(known), Value::Object(fields)) => {
            object_by_contract(fields, known, path)
        }
        (SchemaKind::Map(_) | SchemaKind::AnyObject | SchemaKind::Object(_), _) => {
            path.error("is not an object")
        }
        // A kind of value that the descriptors gained: the generated types check it.
        (_, _) => Ok(()),
    }
}

fn object_by_contract(
    fields: &Map<String, Value>,
    known: &[Field],
    path: &ValuePath<'_>,
) -> Result<(), String> {
    for field in known {
        match fields.get(field.name) {
            Some(value) => by_contract(value, field.schema, &path.field(field.name))?,
            None if field.required => return path.field(field.name).error("is missing"),
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
    path: &ValuePath<'_>,
) -> Result<(), String> {
    count(list.len(), min, max, ["has fewer", "has more"], "item", path)?;
    for (index, item) in list.iter().enumerate() {
        by_contract(item, items, &path.item(index))?;
    }
    if unique {
        let mut seen = std::collections::HashSet::new();
        if !list.iter().all(|item| seen.insert(item.to_string())) {
            return path.error("has an item twice");
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
    path: &ValuePath<'_>,
) -> Result<(), String> {
    let units = |limit| if limit == 1 { "" } else { "s" };
    if let Some(min) = min.filter(|min| count < *min) {
        return path.error(format_args!("{less} than {min} {unit}{}", units(min)));
    }
    if let Some(max) = max.filter(|max| count > *max) {
        return path.error(format_args!("{more} than {max} {unit}{}", units(max)));
    }
    Ok(())
}

fn in_range<T: PartialOrd + Copy>(
    value: T,
    min: Bound<T>,
    max: Bound<T>,
    path: &ValuePath<'_>,
) -> Result<(), String> {
    if (min, max).contains(&value) { Ok(()) } else { path.error("is out of range") }
}
