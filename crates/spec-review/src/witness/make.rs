//! Small values that satisfy a conjunction.

mod samples;

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::diff::Step;
use crate::law::Direction;
use crate::schema::pattern::{Demands, Found, search};
use crate::schema::{Atom, ConjId, Num, Rest, Schemas, Shape, Types, accepts, same};

pub(super) use samples::samples;

/// Values nest this deep at most.
const DEEPEST: usize = 16;
/// Schemas that refer to each other in every way would be looked into without an end.
const MOST_LOOKS: usize = 20_000;
/// So many unions are looked through on the way to a place.
const MOST_UNIONS: usize = 6;
/// Texts and lists that are longer are not made.
pub(super) const LONGEST: u64 = 5_000;
const MOST_ITEMS: u64 = 256;

/// Makes values for one document and one direction.
pub(super) struct Maker<'m, 'd> {
    pub(super) schemas: &'m mut Schemas<'d>,
    pub(super) direction: Direction,
    known: HashMap<ConjId, Option<Value>>,
    /// How many more schemas are looked into.
    left: usize,
    /// Whether samples are being made of what a list holds.
    sampling: bool,
}

impl<'m, 'd> Maker<'m, 'd> {
    pub(super) fn new(schemas: &'m mut Schemas<'d>, direction: Direction) -> Self {
        Self { schemas, direction, known: HashMap::new(), left: MOST_LOOKS, sampling: false }
    }

    pub(super) fn accepts(&mut self, id: ConjId, value: &Value) -> bool {
        accepts(self.schemas, id, value, self.direction)
    }

    /// The smallest value that comes to mind.
    pub(super) fn minimal(&mut self, id: ConjId) -> Option<Value> {
        self.minimal_within(id, 0)
    }

    fn minimal_within(&mut self, id: ConjId, depth: usize) -> Option<Value> {
        if let Some(known) = self.known.get(&id) {
            return known.clone();
        }
        if depth > DEEPEST || self.left == 0 {
            return None;
        }
        self.left -= 1;
        // A schema inside itself has no finite value this way.
        self.known.insert(id, None);
        let shape = self.schemas.shape(id);
        let found = self.try_all(id, &shape, depth);
        if found.is_some() {
            self.known.insert(id, found.clone());
        } else {
            self.known.remove(&id);
        }
        found
    }

    fn try_all(&mut self, id: ConjId, shape: &Shape, depth: usize) -> Option<Value> {
        if let Some(values) = &shape.values {
            let found = values.value.iter().find(|value| self.accepts(id, value));
            return found.cloned();
        }
        for alternative in self.alternatives(shape) {
            if let Some(value) =
                self.minimal_within(alternative, depth + 1).filter(|value| self.accepts(id, value))
            {
                return Some(value);
            }
        }
        for types in [
            Types::OBJECT,
            Types::ARRAY,
            Types::STRING,
            Types::INTEGER,
            Types::FRACTION,
            Types::BOOLEAN,
            Types::NULL,
        ] {
            if !shape.types.has(types) || shape.types == Types::ALL && types != Types::OBJECT {
                continue;
            }
            for value in self.of_type(shape, types, depth) {
                if self.accepts(id, &value) {
                    return Some(value);
                }
            }
        }
        let examples = self.examples(shape);
        examples.into_iter().find(|value| self.accepts(id, value))
    }

    /// The conjunctions that the unions of a shape come to.
    pub(super) fn alternatives(&mut self, shape: &Shape) -> Vec<ConjId> {
        let Some(group) = shape.groups.first() else { return Vec::new() };
        let rest = shape.leaves.iter().map(|leaf| Atom { leaf: *leaf, own_only: true });
        let others = shape.groups.iter().skip(1).filter_map(|group| group.branches.first());
        let rest: Vec<Atom> =
            rest.chain(others.map(|leaf| Atom { leaf: *leaf, own_only: false })).collect();
        let branches = group.branches.iter().map(|leaf| Atom { leaf: *leaf, own_only: false });
        branches.map(|branch| self.schemas.all(rest.iter().copied().chain([branch]))).collect()
    }

    /// What the document itself gives as examples.
    pub(super) fn examples(&self, shape: &Shape) -> Vec<Value> {
        let leaves = shape.leaves.iter().map(|leaf| self.schemas.leaf(*leaf));
        leaves.flat_map(|leaf| [leaf.example.clone(), leaf.default.clone()]).flatten().collect()
    }

    fn of_type(&mut self, shape: &Shape, types: Types, depth: usize) -> Vec<Value> {
        match types {
            Types::OBJECT => self.object(shape, depth).into_iter().map(Value::Object).collect(),
            Types::ARRAY => {
                let least = shape.min_items.as_ref().map_or(0, |min| min.value);
                self.array(shape, least, depth).into_iter().collect()
            }
            Types::STRING => {
                let least = shape.min_length.as_ref().map_or(0, |min| min.value);
                let formatted = shape
                    .formats
                    .iter()
                    .filter_map(|format| crate::schema::formats::text_of(&format.value));
                let mut texts: Vec<String> = formatted.map(str::to_owned).collect();
                texts.extend(text_of_length(shape, least));
                texts.extend(text_of_length(shape, least.max(1)));
                texts.into_iter().map(Value::String).collect()
            }
            Types::BOOLEAN => vec![Value::Bool(false)],
            Types::NULL => vec![Value::Null],
            _ => numbers(shape),
        }
    }

    /// The smallest object: what is required, and as much more as has to be there.
    pub(super) fn object(&mut self, shape: &Shape, depth: usize) -> Option<Map<String, Value>> {
        let mut object = Map::new();
        for name in shape.required.keys() {
            if self.schemas.is_demanded(shape, name, self.direction) {
                object.insert(name.clone(), self.property(shape, name, depth)?);
            }
        }
        let least = shape.min_properties.as_ref().map_or(0, |min| min.value).min(MOST_ITEMS);
        for name in shape.properties.keys() {
            if object.len() as u64 >= least {
                break;
            }
            if !object.contains_key(name)
                && let Some(value) = self.property(shape, name, depth)
            {
                object.insert(name.clone(), value);
            }
        }
        for index in 0..least {
            if object.len() as u64 >= least {
                break;
            }
            let name = format!("anything{index}");
            let value = self.property(shape, &name, depth)?;
            object.insert(name, value);
        }
        Some(object)
    }

    /// A value for a property, named or not.
    pub(super) fn property(&mut self, shape: &Shape, name: &str, depth: usize) -> Option<Value> {
        match (shape.properties.get(name), shape.rest) {
            (Some(property), _) => self.minimal_within(property.value, depth + 1),
            (None, Rest::Open) => Some(Value::from("a")),
            (None, Rest::Closed(_)) => None,
            (None, Rest::Schema(rest, _)) => self.minimal_within(rest, depth + 1),
        }
    }

    /// A list of a length.
    pub(super) fn array(&mut self, shape: &Shape, length: u64, depth: usize) -> Option<Value> {
        if length > MOST_ITEMS {
            return None;
        }
        let Some(items) = &shape.items else {
            return Some((0..length).map(Value::from).collect());
        };
        if length == 0 {
            return Some(Value::Array(Vec::new()));
        }
        let one = self.minimal_within(items.value, depth + 1)?;
        if shape.unique.is_none() || length == 1 {
            return Some(std::iter::repeat_n(one, usize::try_from(length).ok()?).collect());
        }
        let different = self.different(items.value, length)?;
        Some(Value::Array(different))
    }

    /// Values that are no two alike.
    fn different(&mut self, id: ConjId, length: u64) -> Option<Vec<Value>> {
        let shape = self.schemas.shape(id);
        let mut candidates: Vec<Value> =
            shape.values.as_ref().map(|values| values.value.clone()).unwrap_or_default();
        candidates.extend([Value::Null, Value::Bool(false), Value::Bool(true)]);
        // Samples of a list hold lists of different items in their turn.
        if !std::mem::replace(&mut self.sampling, true) {
            candidates.extend(samples(self, id, &shape, samples::DEEPEST));
            self.sampling = false;
        }
        let least = shape.min_length.as_ref().map_or(0, |min| min.value).min(LONGEST);
        for index in 0..length {
            let text = index.to_string();
            let padding =
                "a".repeat(usize::try_from(least.saturating_sub(text.len() as u64)).ok()?);
            candidates.push(Value::String(format!("{padding}{text}")));
            candidates.push(Value::from(index));
            if let Some((low, _)) = shape.lower.as_ref().map(|low| low.value) {
                let step = i32::try_from(index).ok()?;
                candidates.extend(low.plus(step + 1).to_number().map(Value::Number));
            }
        }
        let mut found: Vec<Value> = Vec::new();
        for candidate in candidates {
            if found.len() as u64 == length {
                break;
            }
            if !found.iter().any(|known| same(known, &candidate)) && self.accepts(id, &candidate) {
                found.push(candidate);
            }
        }
        (found.len() as u64 == length).then_some(found)
    }

    /// The smallest bodies in which `value` stands at the end of `path`.
    pub(super) fn embed(&mut self, id: ConjId, path: &[Step], value: &Value) -> Vec<Value> {
        self.embed_within(id, path, value, 0)
    }

    fn embed_within(
        &mut self,
        id: ConjId,
        path: &[Step],
        value: &Value,
        unions: usize,
    ) -> Vec<Value> {
        let Some((step, rest)) = path.split_first() else { return vec![value.clone()] };
        if self.left == 0 {
            return Vec::new();
        }
        self.left -= 1;
        let shape = self.schemas.shape(id);
        let inside: Option<ConjId> = match step {
            Step::Same => return self.embed_within(id, rest, value, unions),
            Step::Item => shape.items.as_ref().map(|items| items.value),
            Step::Property(name) => match (shape.properties.get(name), shape.rest) {
                (Some(property), _) => Some(property.value),
                (None, Rest::Schema(rest, _)) => Some(rest),
                (None, _) => None,
            },
            Step::Other => match shape.rest {
                Rest::Schema(rest, _) => Some(rest),
                _ => None,
            },
        };
        let mut found = Vec::new();
        if unions < MOST_UNIONS && (inside.is_none() || !shape.groups.is_empty()) {
            for alternative in self.alternatives(&shape) {
                found.extend(self.embed_within(alternative, path, value, unions + 1));
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
            found.extend(self.around(&shape, step, inner));
        }
        found
    }

    fn around(&mut self, shape: &Shape, step: &Step, inner: Value) -> Option<Value> {
        match step {
            Step::Item => {
                let least = shape.min_items.as_ref().map_or(1, |min| min.value.max(1));
                let mut array = match self.array(shape, least, 0) {
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
                let mut object = self.object_around(shape, name);
                object.insert(name.clone(), inner);
                Some(Value::Object(object))
            }
            Step::Other => {
                let mut object = self.object(shape, 0)?;
                object.insert("anything".to_owned(), inner);
                Some(Value::Object(object))
            }
            Step::Same => Some(inner),
        }
    }

    /// The smallest object, where one property is taken care of.
    fn object_around(&mut self, shape: &Shape, name: &str) -> Map<String, Value> {
        let mut others = shape.clone();
        others.required.remove(name);
        self.object(&others, 0).unwrap_or_default()
    }
}

/// A text of a length that satisfies patterns and length of a shape, if one is found.
pub(super) fn text_of_length(shape: &Shape, length: u64) -> Option<String> {
    if length > LONGEST {
        return None;
    }
    if shape.patterns.is_empty() {
        return Some("a".repeat(usize::try_from(length).ok()?));
    }
    let patterns = shape.patterns.iter().map(|pattern| pattern.value.clone()).collect();
    match search(&Demands { patterns, min_length: length, max_length: Some(length.max(64)) }, None)
    {
        Found::Text(text) => Some(text),
        _ => None,
    }
}

/// Numbers at the ends of a range, and multiples inside it.
pub(super) fn numbers(shape: &Shape) -> Vec<Value> {
    let mut numbers = vec![Num::Int(0), Num::Int(1)];
    for bound in [&shape.lower, &shape.upper].into_iter().flatten() {
        let (number, _) = bound.value;
        let near = [number, number.plus(1), number.plus(-1), number.floor(), number.ceil()];
        numbers.extend(near);
        numbers.push(Num::Float(number.as_f64() + 0.5));
        numbers.push(Num::Float(number.as_f64() - 0.5));
        for multiple in &shape.multiples {
            let step = multiple.value.as_f64();
            let times = (number.as_f64() / step).ceil();
            numbers
                .extend([times * step, (times + 1.0) * step, (times - 1.0) * step].map(Num::float));
        }
    }
    numbers.extend(shape.multiples.iter().map(|multiple| multiple.value));
    if shape.types.has(Types::FRACTION) {
        numbers.push(Num::Float(0.5));
    }
    numbers.into_iter().filter_map(Num::to_number).map(Value::Number).collect()
}
