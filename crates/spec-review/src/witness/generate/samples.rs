//! Generates values on both sides of every limit that either schema sets.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    MAX_PROPERTIES, MAX_TEXT_LENGTH, ValueGenerator, numbers, text_constraints, text_of_length,
};
use crate::schema::pattern::{Patterns, TextSearch};
use crate::schema::{AdditionalProperties, ConjunctionId, Constraints, Count, TypeSet};

/// At most so many values are generated for one place.
const MAX_SAMPLES: usize = 400;
/// Of at most so many properties of one object.
const MAX_NAMES: usize = 200;
/// Unions inside unions are sampled to this depth.
pub(super) const MAX_DEPTH: usize = 2;
/// Of at most so many alternatives, each two are combined.
const MAX_PAIRED_ALTERNATIVES: usize = 12;
/// Each alternative is compared with at most so many others.
const MAX_SIBLINGS: usize = 3;

/// Values for a place, from the constraints of the document that has to accept them and with regard
/// to those of the other one.
pub(in crate::witness) fn samples(
    generator: &mut ValueGenerator<'_, '_>,
    id: ConjunctionId,
    other: &Constraints,
    depth: usize,
) -> Vec<Value> {
    let constraints = generator.schemas.constraints(id);
    let mut list = Vec::new();
    list.extend(generator.minimal(id));
    for values in [&constraints.values, &other.values].into_iter().flatten() {
        list.extend(values.value.iter().take(MAX_SAMPLES).cloned());
    }
    let types = constraints.types;
    if types.has(TypeSet::NULL) {
        list.push(Value::Null);
    }
    if types.has(TypeSet::BOOLEAN) {
        list.extend([json!(true), json!(false)]);
    }
    if types.has(TypeSet::NUMBER) {
        list.extend(numbers(&constraints));
        list.extend(numbers(other));
    }
    if types.has(TypeSet::STRING) {
        texts(&generator.schemas.patterns, &constraints, other, &mut list);
    }
    if types.has(TypeSet::ARRAY) {
        arrays(generator, &constraints, other, &mut list);
    }
    if types.has(TypeSet::OBJECT) {
        objects(generator, &constraints, other, &mut list);
    }
    if depth < MAX_DEPTH {
        for not in &constraints.nots {
            list.extend(samples(generator, not.value, other, depth + 1));
        }
        let alternatives = generator.alternatives(id, &constraints);
        for alternative in &alternatives {
            if list.len() >= MAX_SAMPLES {
                break;
            }
            list.extend(samples(generator, *alternative, other, depth + 1));
            // Values that one alternative of a `oneOf` accepts and another does not.
            let siblings = alternatives.iter().filter(|sibling| *sibling != alternative);
            for sibling in siblings.take(if depth == 0 { MAX_SIBLINGS } else { 0 }) {
                let sibling = generator.schemas.constraints(*sibling);
                list.extend(samples(generator, *alternative, &sibling, MAX_DEPTH));
            }
        }
        list.extend(shared_by_two(generator, &alternatives));
    }
    list.extend(generator.examples(&constraints));
    list.truncate(MAX_SAMPLES);
    list
}

/// Values that two alternatives accept.
fn shared_by_two(
    generator: &mut ValueGenerator<'_, '_>,
    alternatives: &[ConjunctionId],
) -> Vec<Value> {
    let mut list = Vec::new();
    let few = alternatives.iter().take(MAX_PAIRED_ALTERNATIVES);
    for (index, one) in few.clone().enumerate() {
        for other in few.clone().skip(index + 1) {
            let conjuncts = [*one, *other].map(|id| generator.schemas.conjuncts(id));
            let both = generator
                .schemas
                .all(conjuncts.iter().flat_map(|conjuncts| conjuncts.iter().copied()));
            list.extend(generator.minimal(both));
        }
    }
    list
}

fn texts(known: &Patterns, constraints: &Constraints, other: &Constraints, list: &mut Vec<Value>) {
    let mut texts: Vec<String> = vec![String::new(), "a".to_owned(), "1".to_owned()];
    // Texts that the patterns accept and one of the other document's does not.
    let demands = text_constraints(constraints);
    let mut undecided = false;
    for pattern in &other.patterns {
        match known.find_text(&demands, Some(&pattern.value)) {
            TextSearch::Text(text) => texts.push(text),
            TextSearch::NotFound => {}
            TextSearch::Undecided => undecided = true,
        }
    }
    if !constraints.patterns.is_empty() && other.patterns.is_empty() {
        undecided = known.find_text(&demands, None) == TextSearch::Undecided;
    }
    if undecided {
        // For patterns that the automata cannot express.
        texts.extend((' '..='~').map(String::from));
        texts.extend(known.guesses(&demands));
        texts.extend(known.guesses(&text_constraints(other)));
    }
    let ends =
        [&constraints.min_length, &constraints.max_length, &other.min_length, &other.max_length];
    let lengths =
        counts_near(ends).filter(|length| *length <= MAX_TEXT_LENGTH).collect::<BTreeSet<_>>();
    texts.extend(lengths.iter().filter_map(|length| text_of_length(known, constraints, *length)));
    if !other.patterns.is_empty() {
        // Where a limit changed together with a pattern: texts that only the limit refuses.
        let patterns = constraints.patterns.iter().chain(&other.patterns).cloned().collect();
        let both = Constraints { patterns, ..constraints.clone() };
        texts.extend(lengths.iter().filter_map(|length| text_of_length(known, &both, *length)));
    }
    if !constraints.formats.is_empty() || !other.formats.is_empty() {
        texts.extend(crate::schema::formats::samples().map(str::to_owned));
        texts.extend(crate::schema::formats::WITHOUT_FORMAT.map(str::to_owned));
    }
    list.extend(texts.into_iter().map(Value::String));
}

/// Counts at the limits and next to them.
fn counts_near(ends: [&Option<Count>; 4]) -> impl Iterator<Item = u64> {
    ends.into_iter().flatten().flat_map(|count| {
        [count.value.saturating_sub(1), count.value, count.value.saturating_add(1)]
    })
}

fn arrays(
    generator: &mut ValueGenerator<'_, '_>,
    constraints: &Constraints,
    other: &Constraints,
    list: &mut Vec<Value>,
) {
    let ends = [&constraints.min_items, &constraints.max_items, &other.min_items, &other.max_items];
    let lengths: BTreeSet<u64> = counts_near(ends).chain([0, 1, 2]).collect();
    for length in lengths {
        list.extend(generator.array(constraints, length, 0));
        if constraints.unique.is_none() && other.unique.is_some() {
            // Of distinct items as well, so that only the length is refused.
            let distinct = Constraints { unique: other.unique, ..constraints.clone() };
            list.extend(generator.array(&distinct, length, 0));
        }
    }
}

/// The properties that are sampled: all, or where these are too many those that differ first.
fn named<'c>(
    constraints: &'c Constraints,
    other: &Constraints,
) -> impl Iterator<Item = &'c String> {
    let differs = |name: &&String| {
        !other.properties.contains_key(*name)
            || constraints.required.contains_key(*name) != other.required.contains_key(*name)
    };
    let names = constraints.properties.keys();
    let few = names.len() <= MAX_NAMES;
    let first = names.clone().filter(move |name| few || differs(name));
    let rest = names.filter(move |name| !few && !differs(name));
    first.chain(rest).take(MAX_NAMES).collect::<Vec<_>>().into_iter()
}

fn objects(
    generator: &mut ValueGenerator<'_, '_>,
    constraints: &Constraints,
    other: &Constraints,
    list: &mut Vec<Value>,
) {
    let Some(least) = generator.object(constraints, 0) else { return };
    let mut all = least.clone();
    let travelling: Vec<&String> = named(constraints, other)
        .filter(|name| !generator.schemas.is_excluded(constraints, name, generator.direction))
        .collect();
    for name in travelling {
        if let (false, Some(value)) =
            (all.contains_key(name), generator.property(constraints, name, 0))
        {
            let mut one = least.clone();
            one.insert(name.clone(), value.clone());
            list.push(Value::Object(one));
            all.insert(name.clone(), value);
        }
    }
    let mut push = |object: Map<String, Value>| list.push(Value::Object(object));
    for name in named(constraints, other) {
        let mut without = all.clone();
        if without.shift_remove(name).is_some() {
            push(without);
        }
    }
    // One property more than either document names.
    if let Some(value) = generator.property(constraints, "anything", 0) {
        let mut more = least.clone();
        more.insert("anything".to_owned(), value.clone());
        push(more);
        if constraints.additional == AdditionalProperties::Open {
            for other in [json!(0), json!(true), json!(null), json!([]), json!({})] {
                let mut more = least.clone();
                more.insert("anything".to_owned(), other);
                push(more);
            }
        }
        let ends = [
            &constraints.max_properties,
            &other.max_properties,
            &constraints.min_properties,
            &other.min_properties,
        ];
        for count in ends
            .into_iter()
            .flatten()
            .map(|count| count.value.saturating_add(1))
            .filter(|count| *count <= MAX_PROPERTIES)
        {
            for size in [count.saturating_sub(1), count] {
                let mut grown = least.clone();
                let mut named = all.iter();
                while (grown.len() as u64) < size {
                    match named.next() {
                        Some((name, value)) => drop(grown.insert(name.clone(), value.clone())),
                        None => {
                            drop(grown.insert(format!("anything{}", grown.len()), value.clone()));
                        }
                    }
                }
                push(grown);
            }
        }
    }
    push(all);
    push(least);
}
