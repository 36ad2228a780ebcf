//! Whether a value satisfies a conjunction.
//!
//! The witness search uses this check because it is fast and needs no conversion. It is not
//! trusted: the `jsonschema` crate checks every witness again.

use std::collections::HashMap;
use std::rc::Rc;

use jsonschema::Validator;
use serde_json::{Value, json};

use super::constraints::{AdditionalProperties, Constraints, Count, UnionKeyword};
use super::{ConjunctionId, Num, Schemas, TypeSet, json_equal};
use crate::compatibility::Direction;
use crate::validator::validator;

/// What checking one value against one schema costs.
const COST: usize = 4;

/// Results for parts of one value. A result that is being computed counts as satisfied, because a
/// schema that contains itself adds no requirement by that.
type Memo = HashMap<(ConjunctionId, *const Value), bool>;

/// Compiled validators of single keywords.
#[derive(Default)]
pub(crate) struct KeywordValidators(HashMap<(&'static str, String), Option<Rc<Validator>>>);

impl KeywordValidators {
    /// Whether a text satisfies a `pattern` or a `format`. Keywords that the validator does not
    /// know or cannot compile accept any text.
    pub(crate) fn accepts(&mut self, key: &'static str, of: &str, text: &Value) -> bool {
        let validator_of_keyword = self.0.entry((key, of.to_owned())).or_insert_with(|| {
            let schema = json!({ key: of });
            validator(&schema).map(Rc::new)
        });
        validator_of_keyword
            .as_ref()
            .is_none_or(|validator_of_keyword| validator_of_keyword.is_valid(text))
    }
}

/// Whether a conjunction accepts a value that travels in `direction`.
pub(crate) fn accepts(
    schemas: &mut Schemas<'_>,
    id: ConjunctionId,
    value: &Value,
    direction: Direction,
) -> bool {
    accepts_within(schemas, id, value, direction, &mut Memo::new())
}

/// The same for a value that the conjunction's `enum` lists.
pub(crate) fn accepts_listed(
    schemas: &mut Schemas<'_>,
    id: ConjunctionId,
    value: &Value,
    direction: Direction,
) -> bool {
    let constraints = schemas.constraints(id);
    schemas.budget().spend(COST);
    satisfies(schemas, &constraints, value, direction, &mut Memo::new())
}

fn accepts_within(
    schemas: &mut Schemas<'_>,
    id: ConjunctionId,
    value: &Value,
    direction: Direction,
    known: &mut Memo,
) -> bool {
    // Without unions and `not`, no value is checked twice, so results need not be kept.
    let constraints = schemas.constraints(id);
    let listed = constraints.values.as_ref().map_or(0, |values| values.value.len());
    schemas.budget().spend(COST + constraints.required.len() + listed);
    if let Some(listed) = &constraints.values
        && !listed.value.iter().any(|listed| json_equal(listed, value))
    {
        return false;
    }
    if constraints.unions.is_empty() && constraints.nots.is_empty() {
        return satisfies(schemas, &constraints, value, direction, known);
    }
    let key = (id, std::ptr::from_ref(value));
    if let Some(known) = known.get(&key) {
        return *known;
    }
    known.insert(key, true);
    let found = satisfies(schemas, &constraints, value, direction, known);
    known.insert(key, found);
    found
}

/// Whether a value satisfies everything but `enum`.
fn satisfies(
    schemas: &mut Schemas<'_>,
    constraints: &Constraints,
    value: &Value,
    direction: Direction,
    known: &mut Memo,
) -> bool {
    let types = TypeSet::of(value);
    if !constraints.types.has(types) {
        return false;
    }
    let fits = match value {
        Value::Number(number) => number_fits(constraints, Num::of(number)),
        Value::String(text) => text_fits(schemas, constraints, text, value),
        Value::Array(items) => {
            let length = items.len() as u64;
            let distinct = || {
                items
                    .iter()
                    .enumerate()
                    .all(|(i, one)| items.iter().skip(i + 1).all(|o| !json_equal(one, o)))
            };
            count_fits(length, constraints.min_items.as_ref(), constraints.max_items.as_ref())
                && (constraints.unique.is_none() || distinct())
                && constraints.items.as_ref().is_none_or(|conjunction| {
                    items.iter().all(|item| {
                        accepts_within(schemas, conjunction.value, item, direction, known)
                    })
                })
        }
        Value::Object(object) => {
            count_fits(
                object.len() as u64,
                constraints.min_properties.as_ref(),
                constraints.max_properties.as_ref(),
            ) && constraints.required.keys().all(|name| {
                object.contains_key(name) || !schemas.is_required(constraints, name, direction)
            }) && object.iter().all(|(name, value)| {
                match (constraints.properties.get(name), constraints.additional) {
                    // A property that does not travel in this direction is ignored if it is sent
                    // anyway.
                    (Some(_), _) if schemas.is_excluded(constraints, name, direction) => true,
                    (Some(property), _) => {
                        accepts_within(schemas, property.value, value, direction, known)
                    }
                    (None, AdditionalProperties::Open) => true,
                    (None, AdditionalProperties::Closed(_)) => false,
                    (None, AdditionalProperties::Schema(rest, _)) => {
                        accepts_within(schemas, rest, value, direction, known)
                    }
                }
            })
        }
        Value::Null | Value::Bool(_) => true,
    };
    fits && constraints
        .nots
        .iter()
        .all(|not| !accepts_within(schemas, not.value, value, direction, known))
        && constraints.unions.iter().all(|union| {
            let mut satisfied = 0;
            for branch in &union.branches {
                let branch = schemas.one(*branch);
                satisfied += usize::from(accepts_within(schemas, branch, value, direction, known));
            }
            if union.kind == UnionKeyword::OneOf { satisfied == 1 } else { satisfied > 0 }
        })
}

fn count_fits(length: u64, min: Option<&Count>, max: Option<&Count>) -> bool {
    min.is_none_or(|min| length >= min.value) && max.is_none_or(|max| length <= max.value)
}

fn number_fits(constraints: &Constraints, number: Num) -> bool {
    let low = constraints.lower.as_ref().is_none_or(|low| {
        let (bound, exclusive) = low.value;
        number > bound || !exclusive && number == bound
    });
    let high = constraints.upper.as_ref().is_none_or(|high| {
        let (bound, exclusive) = high.value;
        number < bound || !exclusive && number == bound
    });
    low && high && constraints.multiples.iter().all(|multiple| number.is_multiple(multiple.value))
}

fn text_fits(schemas: &Schemas<'_>, constraints: &Constraints, text: &str, value: &Value) -> bool {
    let mut validators = schemas.validators.borrow_mut();
    count_fits(
        text.chars().count() as u64,
        constraints.min_length.as_ref(),
        constraints.max_length.as_ref(),
    ) && constraints
        .patterns
        .iter()
        .all(|pattern| validators.accepts("pattern", &pattern.value, value))
        && constraints
            .formats
            .iter()
            .all(|format| validators.accepts("format", &format.value, value))
}

/// Whether conjunctions name every property of a value. Writers that follow the document send no
/// others, even where the document accepts them.
pub(crate) fn declares_all_properties(
    schemas: &mut Schemas<'_>,
    ids: &[ConjunctionId],
    value: &Value,
) -> bool {
    let mut all: Vec<Rc<Constraints>> = Vec::new();
    let mut seen: Vec<ConjunctionId> = Vec::new();
    let mut open = ids.to_vec();
    while let Some(id) = open.pop() {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let constraints = schemas.constraints(id);
        let branches = constraints.unions.iter().flat_map(|union| &union.branches);
        open.extend(branches.map(|branch| schemas.one(*branch)));
        all.push(constraints);
    }
    match value {
        Value::Object(object) => object.iter().all(|(name, inner)| {
            let of = |constraints: &Rc<Constraints>| match (
                constraints.properties.get(name),
                constraints.additional,
            ) {
                (Some(property), _) => Some(property.value),
                (None, AdditionalProperties::Schema(rest, _)) => Some(rest),
                (None, _) => None,
            };
            let inner_schemas: Vec<ConjunctionId> = all.iter().filter_map(of).collect();
            !inner_schemas.is_empty() && declares_all_properties(schemas, &inner_schemas, inner)
        }),
        Value::Array(items) => {
            let inner_schemas: Vec<ConjunctionId> = all
                .iter()
                .filter_map(|constraints| Some(constraints.items.as_ref()?.value))
                .collect();
            items.iter().all(|inner| declares_all_properties(schemas, &inner_schemas, inner))
        }
        _ => true,
    }
}

impl Schemas<'_> {
    /// Whether `required` applies to a property. In OpenAPI it does not apply to read-only
    /// properties in requests and to write-only ones in responses.
    pub(crate) fn is_required(
        &mut self,
        constraints: &Constraints,
        name: &str,
        direction: Direction,
    ) -> bool {
        constraints.required.contains_key(name) && !self.is_excluded(constraints, name, direction)
    }

    /// Whether a property does not travel in this direction.
    pub(crate) fn is_excluded(
        &mut self,
        constraints: &Constraints,
        name: &str,
        direction: Direction,
    ) -> bool {
        constraints
            .properties
            .get(name)
            .is_some_and(|property| self.is_excluded_in(property.value, direction))
    }

    /// Whether a schema is marked as not travelling in this direction.
    pub(crate) fn is_excluded_in(&mut self, property: ConjunctionId, direction: Direction) -> bool {
        let property = self.constraints(property);
        match direction {
            Direction::Request => property.read_only.is_some(),
            Direction::Response => property.write_only.is_some(),
        }
    }
}
