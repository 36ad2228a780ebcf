//! Generates small values that satisfy a conjunction.

mod samples;

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::shape::UNNAMED;
use crate::compatibility::Direction;
use crate::diff::Step;
use crate::schema::pattern::{Patterns, TextConstraints, TextSearch};
use crate::schema::{
    AdditionalProperties, Conjunct, ConjunctionId, Constraints, Num, SchemaId, Schemas, TypeSet,
    accepts, json_equal,
};

pub(super) use samples::samples;

/// Generated values are nested at most this deep.
const MAX_DEPTH: usize = 16;
/// The number of schemas visited for one witness. It bounds the time for schemas that all refer to
/// each other.
const MAX_SCHEMAS_VISITED: usize = 20_000;
/// What a visit of a schema costs.
const COST: usize = 10;
/// A value of an alternative that is no larger than this, in bytes of JSON, is taken without looking
/// for a smaller one.
const SMALL: usize = 32;
/// At most so many unions are passed on the path to one place.
const MAX_UNIONS: usize = 6;
/// No longer texts are generated.
pub(crate) const MAX_TEXT_LENGTH: u64 = 5_000;
/// No longer arrays are generated.
pub(crate) const MAX_ITEMS: u64 = 256;
/// No larger objects are sampled.
pub(crate) const MAX_PROPERTIES: u64 = 64;

/// Generates values for one document and one direction.
pub(super) struct ValueGenerator<'m, 'd> {
    pub(super) schemas: &'m mut Schemas<'d>,
    pub(super) direction: Direction,
    known: HashMap<ConjunctionId, Option<Value>>,
    /// The number of schemas that may still be visited.
    left: usize,
    /// Whether samples of array items are being generated; prevents recursion without end.
    sampling: bool,
}

impl<'m, 'd> ValueGenerator<'m, 'd> {
    pub(super) fn new(schemas: &'m mut Schemas<'d>, direction: Direction) -> Self {
        Self {
            schemas,
            direction,
            known: HashMap::new(),
            left: MAX_SCHEMAS_VISITED,
            sampling: false,
        }
    }

    pub(super) fn accepts(&mut self, id: ConjunctionId, value: &Value) -> bool {
        accepts(self.schemas, id, value, self.direction)
    }

    /// A value as small as possible.
    pub(super) fn minimal(&mut self, id: ConjunctionId) -> Option<Value> {
        self.minimal_within(id, 0)
    }

    fn minimal_within(&mut self, id: ConjunctionId, depth: usize) -> Option<Value> {
        if let Some(known) = self.known.get(&id) {
            return known.clone();
        }
        if depth > MAX_DEPTH || self.left == 0 {
            return None;
        }
        self.left -= 1;
        if !self.schemas.budget().spend(COST) {
            return None;
        }
        // A schema that requires itself has no finite value.
        self.known.insert(id, None);
        let constraints = self.schemas.constraints(id);
        let found = self.try_all(id, &constraints, depth);
        if found.is_some() {
            self.known.insert(id, found.clone());
        } else {
            self.known.remove(&id);
        }
        found
    }

    fn try_all(
        &mut self,
        id: ConjunctionId,
        constraints: &Constraints,
        depth: usize,
    ) -> Option<Value> {
        if let Some(values) = &constraints.values {
            let found = values.value.iter().find(|value| self.accepts(id, value));
            return found.cloned();
        }
        if let Some(value) = self.of_alternatives(id, constraints, depth) {
            return Some(value);
        }
        for types in [
            TypeSet::OBJECT,
            TypeSet::ARRAY,
            TypeSet::STRING,
            TypeSet::INTEGER,
            TypeSet::FRACTION,
            TypeSet::BOOLEAN,
            TypeSet::NULL,
        ] {
            if !constraints.types.has(types)
                || constraints.types == TypeSet::ALL && types != TypeSet::OBJECT
            {
                continue;
            }
            for value in self.of_type(constraints, types, depth) {
                if self.accepts(id, &value) {
                    return Some(value);
                }
            }
        }
        let examples = self.examples(constraints);
        examples.into_iter().find(|value| self.accepts(id, value))
    }

    /// The value of the first alternative of a union that has a small one, or else the smallest. One
    /// that contains the union itself twice would double its value with each union on the way.
    fn of_alternatives(
        &mut self,
        id: ConjunctionId,
        constraints: &Constraints,
        depth: usize,
    ) -> Option<Value> {
        let mut smallest: Option<(usize, Value)> = None;
        for alternative in self.alternatives(id, constraints) {
            let value = self.minimal_within(alternative, depth + 1);
            let Some(value) = value.filter(|value| self.accepts(id, value)) else { continue };
            let size = value.to_string().len();
            if size <= SMALL {
                return Some(value);
            }
            if smallest.as_ref().is_none_or(|(least, _)| size < *least) {
                smallest = Some((size, value));
            }
        }
        smallest.map(|(_, value)| value)
    }

    /// The conjunctions of the alternatives of a union.
    pub(super) fn alternatives(
        &mut self,
        id: ConjunctionId,
        constraints: &Constraints,
    ) -> Vec<ConjunctionId> {
        let Some(union) = constraints.unions.first() else { return Vec::new() };
        let rest = self.schemas.beside_unions(id, constraints).into_iter();
        let others = constraints.unions.iter().skip(1).filter_map(|union| union.branches.first());
        let rest: Vec<Conjunct> = rest
            .chain(others.map(|schema| Conjunct { schema: *schema, own_only: false }))
            .collect();
        let branches =
            union.branches.iter().map(|schema| Conjunct { schema: *schema, own_only: false });
        branches.map(|branch| self.schemas.all(rest.iter().copied().chain([branch]))).collect()
    }

    /// The alternatives of a union, those first that say something about a step.
    fn alternatives_with(
        &mut self,
        id: ConjunctionId,
        constraints: &Constraints,
        step: &Step,
    ) -> Vec<ConjunctionId> {
        let mut alternatives = self.alternatives(id, constraints);
        alternatives.sort_by_cached_key(|id| {
            let constraints = self.schemas.constraints(*id);
            let knows = match step {
                Step::Property(name) => constraints.properties.contains_key(name),
                Step::Item => constraints.items.is_some(),
                Step::AdditionalProperty => {
                    matches!(constraints.additional, AdditionalProperties::Schema(..))
                }
                Step::SameValue => true,
            };
            !knows && constraints.unions.is_empty()
        });
        alternatives
    }

    /// The examples and defaults of the document.
    pub(super) fn examples(&self, constraints: &Constraints) -> Vec<Value> {
        let members = constraints.members.iter();
        let of = |schema: &SchemaId| {
            self.schemas.examples_of(*schema).chain(self.schemas.object(*schema).default.clone())
        };
        members.flat_map(of).collect()
    }

    fn of_type(&mut self, constraints: &Constraints, types: TypeSet, depth: usize) -> Vec<Value> {
        match types {
            TypeSet::OBJECT => {
                self.object(constraints, depth).into_iter().map(Value::Object).collect()
            }
            TypeSet::ARRAY => {
                let least = constraints.min_items.as_ref().map_or(0, |min| min.value);
                self.array(constraints, least, depth).into_iter().collect()
            }
            TypeSet::STRING => {
                let least = constraints.min_length.as_ref().map_or(0, |min| min.value);
                let formatted = constraints
                    .formats
                    .iter()
                    .filter_map(|format| crate::schema::formats::sample_of(&format.value));
                let mut texts: Vec<String> = formatted.map(str::to_owned).collect();
                let patterns = Rc::clone(&self.schemas.patterns);
                texts.extend(text_of_length(&patterns, constraints, least));
                texts.extend(text_of_length(&patterns, constraints, least.max(1)));
                if texts.is_empty() {
                    texts.extend(patterns.guesses(&text_constraints(constraints)));
                }
                texts.into_iter().map(Value::String).collect()
            }
            TypeSet::BOOLEAN => vec![Value::Bool(false)],
            TypeSet::NULL => vec![Value::Null],
            _ => numbers(constraints),
        }
    }

    /// The smallest object: the required properties, and others up to `minProperties`.
    pub(super) fn object(
        &mut self,
        constraints: &Constraints,
        depth: usize,
    ) -> Option<Map<String, Value>> {
        self.object_without(constraints, None, depth)
    }

    /// The same without the requirement of one property.
    fn object_without(
        &mut self,
        constraints: &Constraints,
        left_out: Option<&str>,
        depth: usize,
    ) -> Option<Map<String, Value>> {
        let mut object = Map::new();
        for name in constraints.required.keys().filter(|name| left_out != Some(name)) {
            if self.schemas.is_required(constraints, name, self.direction) {
                object.insert(name.clone(), self.property(constraints, name, depth)?);
            }
        }
        let least = constraints.min_properties.as_ref().map_or(0, |min| min.value).min(MAX_ITEMS);
        for name in constraints.properties.keys() {
            if object.len() as u64 >= least {
                break;
            }
            if !object.contains_key(name)
                && let Some(value) = self.property(constraints, name, depth)
            {
                object.insert(name.clone(), value);
            }
        }
        for index in 0..least {
            if object.len() as u64 >= least {
                break;
            }
            let name = format!("anything{index}");
            let value = self.property(constraints, &name, depth)?;
            object.insert(name, value);
        }
        Some(object)
    }

    /// A value for a property, named or not.
    pub(super) fn property(
        &mut self,
        constraints: &Constraints,
        name: &str,
        depth: usize,
    ) -> Option<Value> {
        match (constraints.properties.get(name), constraints.additional) {
            (Some(property), _) => self.minimal_within(property.value, depth + 1),
            (None, AdditionalProperties::Open) => Some(Value::from("a")),
            (None, AdditionalProperties::Closed(_)) => None,
            (None, AdditionalProperties::Schema(rest, _)) => self.minimal_within(rest, depth + 1),
        }
    }

    /// An array of a given length.
    pub(super) fn array(
        &mut self,
        constraints: &Constraints,
        length: u64,
        depth: usize,
    ) -> Option<Value> {
        if length > MAX_ITEMS {
            return None;
        }
        let Some(items) = &constraints.items else {
            return Some((0..length).map(Value::from).collect());
        };
        if length == 0 {
            return Some(Value::Array(Vec::new()));
        }
        let one = self.minimal_within(items.value, depth + 1)?;
        if constraints.unique.is_none() || length == 1 {
            return Some(std::iter::repeat_n(one, usize::try_from(length).ok()?).collect());
        }
        let distinct_items = self.distinct_items(items.value, length)?;
        Some(Value::Array(distinct_items))
    }

    /// Distinct values for an array of unique items.
    fn distinct_items(&mut self, id: ConjunctionId, length: u64) -> Option<Vec<Value>> {
        let constraints = self.schemas.constraints(id);
        let mut candidates: Vec<Value> =
            constraints.values.as_ref().map(|values| values.value.clone()).unwrap_or_default();
        candidates.extend([Value::Null, Value::Bool(false), Value::Bool(true)]);
        // Samples of an array may contain arrays of unique items again.
        if !std::mem::replace(&mut self.sampling, true) {
            candidates.extend(samples(self, id, &constraints, samples::MAX_DEPTH));
            self.sampling = false;
        }
        let least = constraints.min_length.as_ref().map_or(0, |min| min.value).min(MAX_TEXT_LENGTH);
        for index in 0..length {
            let text = index.to_string();
            let padding =
                "a".repeat(usize::try_from(least.saturating_sub(text.len() as u64)).ok()?);
            candidates.push(Value::String(format!("{padding}{text}")));
            candidates.push(Value::from(index));
            if let Some((low, _)) = constraints.lower.as_ref().map(|low| low.value) {
                let step = i32::try_from(index).ok()?;
                candidates.extend(low.plus(step + 1).to_number().map(Value::Number));
            }
        }
        let mut found: Vec<Value> = Vec::new();
        for candidate in candidates {
            if found.len() as u64 == length {
                break;
            }
            if !found.iter().any(|known| json_equal(known, &candidate))
                && self.accepts(id, &candidate)
            {
                found.push(candidate);
            }
        }
        (found.len() as u64 == length).then_some(found)
    }

    /// The smallest bodies that have `value` at the end of `path`.
    pub(super) fn embed(&mut self, id: ConjunctionId, path: &[Step], value: &Value) -> Vec<Value> {
        self.embed_within(id, path, value, 0)
    }

    fn embed_within(
        &mut self,
        id: ConjunctionId,
        path: &[Step],
        value: &Value,
        unions: usize,
    ) -> Vec<Value> {
        let Some((step, rest)) = path.split_first() else { return vec![value.clone()] };
        if self.left == 0 {
            return Vec::new();
        }
        self.left -= 1;
        if !self.schemas.budget().spend(COST) {
            return Vec::new();
        }
        let constraints = self.schemas.constraints(id);
        let inside: Option<ConjunctionId> = match step {
            Step::SameValue => return self.embed_within(id, rest, value, unions),
            Step::Item => constraints.items.as_ref().map(|items| items.value),
            Step::Property(name) => {
                match (constraints.properties.get(name), constraints.additional) {
                    (Some(property), _) => Some(property.value),
                    (None, AdditionalProperties::Schema(rest, _)) => Some(rest),
                    (None, _) => None,
                }
            }
            Step::AdditionalProperty => match constraints.additional {
                AdditionalProperties::Schema(rest, _) => Some(rest),
                _ => None,
            },
        };
        let mut found = Vec::new();
        if unions < MAX_UNIONS && (inside.is_none() || !constraints.unions.is_empty()) {
            for alternative in self.alternatives_with(id, &constraints, step) {
                let inside = self.embed_within(alternative, path, value, unions + 1);
                found.extend(inside.into_iter().map(|value| self.of_one_alternative(id, value)));
                if found.len() >= 8 {
                    return found;
                }
            }
        }
        let inner = match inside {
            Some(inside) => self.embed_within(inside, rest, value, 0),
            None => vec![value.clone()],
        };
        for inner in inner {
            found.extend(self.wrap_inner(&constraints, step, inner));
        }
        found
    }

    /// An object that two alternatives of a `oneOf` accept is refused. It is often accepted with one
    /// more property, which only one of them allows.
    fn of_one_alternative(&mut self, id: ConjunctionId, value: Value) -> Value {
        let Value::Object(object) = &value else { return value };
        if object.contains_key(UNNAMED) || self.accepts(id, &value) {
            return value;
        }
        let with_more = [true.into(), 0.into(), Value::Null].into_iter().map(|more: Value| {
            let mut object = object.clone();
            object.insert(UNNAMED.to_owned(), more);
            Value::Object(object)
        });
        let found =
            with_more.collect::<Vec<_>>().into_iter().find(|with_more| self.accepts(id, with_more));
        found.unwrap_or(value)
    }

    fn wrap_inner(
        &mut self,
        constraints: &Constraints,
        step: &Step,
        inner: Value,
    ) -> Option<Value> {
        match step {
            Step::Item => {
                let least = constraints.min_items.as_ref().map_or(1, |min| min.value.max(1));
                let mut array = match self.array(constraints, least, 0) {
                    Some(array) => array,
                    None => Value::Array(Vec::new()),
                };
                let items = array.as_array_mut()?;
                match items.first_mut() {
                    Some(first) => *first = inner,
                    None => items.push(inner),
                }
                Some(array)
            }
            Step::Property(name) => {
                let mut object = self.object_around(constraints, name);
                object.insert(name.clone(), inner);
                Some(Value::Object(object))
            }
            Step::AdditionalProperty => {
                let mut object = self.object(constraints, 0)?;
                object.insert(UNNAMED.to_owned(), inner);
                Some(Value::Object(object))
            }
            Step::SameValue => Some(inner),
        }
    }

    /// The smallest object without the requirement of one property, which the caller adds.
    fn object_around(&mut self, constraints: &Constraints, name: &str) -> Map<String, Value> {
        self.object_without(constraints, Some(name), 0).unwrap_or_default()
    }
}

/// What the constraints require of a text.
pub(super) fn text_constraints(constraints: &Constraints) -> TextConstraints {
    TextConstraints {
        patterns: constraints.patterns.iter().map(|pattern| pattern.value.clone()).collect(),
        min_length: constraints.min_length.as_ref().map_or(0, |min| min.value),
        max_length: constraints.max_length.as_ref().map(|max| max.value),
    }
}

/// A text of a given length that matches the patterns, if one is found.
pub(super) fn text_of_length(
    known: &Patterns,
    constraints: &Constraints,
    length: u64,
) -> Option<String> {
    if length > MAX_TEXT_LENGTH {
        return None;
    }
    if constraints.patterns.is_empty() {
        return Some("a".repeat(usize::try_from(length).ok()?));
    }
    let patterns = constraints.patterns.iter().map(|pattern| pattern.value.clone()).collect();
    match known.find_text(
        &TextConstraints { patterns, min_length: length, max_length: Some(length.max(64)) },
        None,
    ) {
        TextSearch::Text(text) => Some(text),
        _ => None,
    }
}

/// Numbers at and next to the ends of a range, and multiples inside it.
pub(super) fn numbers(constraints: &Constraints) -> Vec<Value> {
    let mut numbers = vec![Num::Int(0), Num::Int(1)];
    for bound in [&constraints.lower, &constraints.upper].into_iter().flatten() {
        let (number, _) = bound.value;
        let near = [number, number.plus(1), number.plus(-1), number.floor(), number.ceil()];
        numbers.extend(near);
        numbers.push(Num::Float(number.as_f64() + 0.5));
        numbers.push(Num::Float(number.as_f64() - 0.5));
        for multiple in &constraints.multiples {
            let step = multiple.value.as_f64();
            let times = (number.as_f64() / step).ceil();
            numbers
                .extend([times * step, (times + 1.0) * step, (times - 1.0) * step].map(Num::float));
        }
    }
    numbers.extend(constraints.multiples.iter().map(|multiple| multiple.value));
    if constraints.types.has(TypeSet::FRACTION) {
        numbers.push(Num::Float(0.5));
    }
    numbers.into_iter().filter_map(Num::to_number).map(Value::Number).collect()
}
