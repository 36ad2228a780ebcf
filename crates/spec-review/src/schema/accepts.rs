//! Whether a value satisfies a conjunction.
//!
//! This is the quick check that searches use; what is shown as proof is checked again, by the
//! `jsonschema` crate.

use std::collections::HashMap;
use std::rc::Rc;

use jsonschema::Validator;
use serde_json::{Value, json};

use super::shape::{Count, GroupKind, Rest, Shape};
use super::{ConjId, Num, Schemas, Types, same};
use crate::law::Direction;
use crate::validator::validator;

/// What was found out about parts of one value. What is being found out counts as satisfied: a
/// schema that is a part of itself says nothing by that.
type Known = HashMap<(ConjId, *const Value), bool>;

/// Validators of single keywords, made once.
#[derive(Default)]
pub(crate) struct Checks(HashMap<(&'static str, String), Option<Rc<Validator>>>);

impl Checks {
    /// Whether a text satisfies a `pattern` or a `format`. What the validator does not know, or
    /// cannot compile, is satisfied by anything.
    pub(crate) fn holds(&mut self, key: &'static str, of: &str, text: &Value) -> bool {
        let check = self.0.entry((key, of.to_owned())).or_insert_with(|| {
            let schema = json!({ key: of });
            validator(&schema).map(Rc::new)
        });
        check.as_ref().is_none_or(|check| check.is_valid(text))
    }
}

/// Whether a value that travels in `direction` satisfies a conjunction.
pub(crate) fn accepts(
    schemas: &mut Schemas<'_>,
    id: ConjId,
    value: &Value,
    direction: Direction,
) -> bool {
    within(schemas, id, value, direction, &mut Known::new())
}

fn within(
    schemas: &mut Schemas<'_>,
    id: ConjId,
    value: &Value,
    direction: Direction,
    known: &mut Known,
) -> bool {
    // Without unions, no value is looked at twice.
    let shape = schemas.shape(id);
    if shape.groups.is_empty() && shape.nots.is_empty() {
        return fits(schemas, &shape, value, direction, known);
    }
    let key = (id, std::ptr::from_ref(value));
    if let Some(known) = known.get(&key) {
        return *known;
    }
    known.insert(key, true);
    let found = fits(schemas, &shape, value, direction, known);
    known.insert(key, found);
    found
}

fn fits(
    schemas: &mut Schemas<'_>,
    shape: &Shape,
    value: &Value,
    direction: Direction,
    known: &mut Known,
) -> bool {
    let types = Types::of(value);
    if !shape.types.has(types) {
        return false;
    }
    if shape
        .values
        .as_ref()
        .is_some_and(|values| !values.value.iter().any(|listed| same(listed, value)))
    {
        return false;
    }
    let fits = match value {
        Value::Number(number) => number_fits(shape, Num::of(number)),
        Value::String(text) => text_fits(schemas, shape, text, value),
        Value::Array(items) => {
            let length = items.len() as u64;
            let distinct = || {
                items
                    .iter()
                    .enumerate()
                    .all(|(i, one)| items.iter().skip(i + 1).all(|o| !same(one, o)))
            };
            count_fits(length, shape.min_items.as_ref(), shape.max_items.as_ref())
                && (shape.unique.is_none() || distinct())
                && shape.items.as_ref().is_none_or(|conj| {
                    items.iter().all(|item| within(schemas, conj.value, item, direction, known))
                })
        }
        Value::Object(object) => {
            count_fits(
                object.len() as u64,
                shape.min_properties.as_ref(),
                shape.max_properties.as_ref(),
            ) && shape.required.keys().all(|name| {
                object.contains_key(name) || !schemas.is_demanded(shape, name, direction)
            }) && object.iter().all(|(name, value)| {
                match (shape.properties.get(name), shape.rest) {
                    // What should not be sent this way is ignored where it is.
                    (Some(_), _) if schemas.is_guarded(shape, name, direction) => true,
                    (Some(property), _) => within(schemas, property.value, value, direction, known),
                    (None, Rest::Open) => true,
                    (None, Rest::Closed(_)) => false,
                    (None, Rest::Schema(rest, _)) => within(schemas, rest, value, direction, known),
                }
            })
        }
        Value::Null | Value::Bool(_) => true,
    };
    fits && shape.nots.iter().all(|not| !within(schemas, not.value, value, direction, known))
        && shape.groups.iter().all(|group| {
            let mut satisfied = 0;
            for branch in &group.branches {
                let branch = schemas.one(*branch);
                satisfied += usize::from(within(schemas, branch, value, direction, known));
            }
            if group.kind == GroupKind::One { satisfied == 1 } else { satisfied > 0 }
        })
}

fn count_fits(length: u64, min: Option<&Count>, max: Option<&Count>) -> bool {
    min.is_none_or(|min| length >= min.value) && max.is_none_or(|max| length <= max.value)
}

fn number_fits(shape: &Shape, number: Num) -> bool {
    let low = shape.lower.as_ref().is_none_or(|low| {
        let (bound, exclusive) = low.value;
        number > bound || !exclusive && number == bound
    });
    let high = shape.upper.as_ref().is_none_or(|high| {
        let (bound, exclusive) = high.value;
        number < bound || !exclusive && number == bound
    });
    low && high && shape.multiples.iter().all(|multiple| number.is_multiple(multiple.value))
}

fn text_fits(schemas: &Schemas<'_>, shape: &Shape, text: &str, value: &Value) -> bool {
    let mut checks = schemas.checks.borrow_mut();
    count_fits(text.chars().count() as u64, shape.min_length.as_ref(), shape.max_length.as_ref())
        && shape.patterns.iter().all(|pattern| checks.holds("pattern", &pattern.value, value))
        && shape.formats.iter().all(|format| checks.holds("format", &format.value, value))
}

/// Whether a conjunction speaks of every property of a value. Who keeps to a document sends no
/// others, even where the document lets them pass.
pub(crate) fn names(schemas: &mut Schemas<'_>, ids: &[ConjId], value: &Value) -> bool {
    let mut shapes: Vec<Rc<Shape>> = Vec::new();
    let mut seen: Vec<ConjId> = Vec::new();
    let mut open = ids.to_vec();
    while let Some(id) = open.pop() {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let shape = schemas.shape(id);
        let branches = shape.groups.iter().flat_map(|group| &group.branches);
        open.extend(branches.map(|branch| schemas.one(*branch)));
        shapes.push(shape);
    }
    match value {
        Value::Object(object) => object.iter().all(|(name, inner)| {
            let of = |shape: &Rc<Shape>| match (shape.properties.get(name), shape.rest) {
                (Some(property), _) => Some(property.value),
                (None, Rest::Schema(rest, _)) => Some(rest),
                (None, _) => None,
            };
            let said: Vec<ConjId> = shapes.iter().filter_map(of).collect();
            !said.is_empty() && names(schemas, &said, inner)
        }),
        Value::Array(items) => {
            let said: Vec<ConjId> =
                shapes.iter().filter_map(|shape| Some(shape.items.as_ref()?.value)).collect();
            items.iter().all(|inner| names(schemas, &said, inner))
        }
        _ => true,
    }
}

impl Schemas<'_> {
    /// Whether `required` takes effect on a property: OpenAPI lifts it from what is read-only in
    /// requests, and from what is write-only in answers.
    pub(crate) fn is_demanded(&mut self, shape: &Shape, name: &str, direction: Direction) -> bool {
        shape.required.contains_key(name) && !self.is_guarded(shape, name, direction)
    }

    /// Whether a property does not travel in this direction.
    pub(crate) fn is_guarded(&mut self, shape: &Shape, name: &str, direction: Direction) -> bool {
        shape.properties.get(name).is_some_and(|property| self.stays(property.value, direction))
    }

    /// Whether what a conjunction describes does not travel in this direction.
    pub(crate) fn stays(&mut self, property: ConjId, direction: Direction) -> bool {
        let property = self.shape(property);
        match direction {
            Direction::Request => property.read_only.is_some(),
            Direction::Response => property.write_only.is_some(),
        }
    }
}
