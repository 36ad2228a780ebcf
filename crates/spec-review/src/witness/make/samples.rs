//! Values on both sides of every limit that either schema sets.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{LONGEST, Maker, numbers, text_of_length};
use crate::schema::pattern::{Demands, Found, search};
use crate::schema::{ConjId, Count, Rest, Shape, Types};

/// So many values are made for one place at most.
const MOST: usize = 400;
/// Unions inside unions are looked into this deep.
pub(super) const DEEPEST: usize = 2;
/// Of so many alternatives each two are taken together.
const MOST_PAIRED: usize = 12;
/// So many alternatives are told apart from each one.
const MOST_SIBLINGS: usize = 3;

/// Values for a place, made from the schema of the side that is to accept them and with an eye on
/// what the other side says.
pub(in crate::witness) fn samples(
    maker: &mut Maker<'_, '_>,
    id: ConjId,
    other: &Shape,
    depth: usize,
) -> Vec<Value> {
    let shape = maker.schemas.shape(id);
    let mut list = Vec::new();
    list.extend(maker.minimal(id));
    for values in [&shape.values, &other.values].into_iter().flatten() {
        list.extend(values.value.iter().take(MOST).cloned());
    }
    let types = shape.types;
    if types.has(Types::NULL) {
        list.push(Value::Null);
    }
    if types.has(Types::BOOLEAN) {
        list.extend([json!(true), json!(false)]);
    }
    if types.has(Types::NUMBER) {
        list.extend(numbers(&shape));
        list.extend(numbers(other));
    }
    if types.has(Types::STRING) {
        texts(&shape, other, &mut list);
    }
    if types.has(Types::ARRAY) {
        arrays(maker, &shape, other, &mut list);
    }
    if types.has(Types::OBJECT) {
        objects(maker, &shape, other, &mut list);
    }
    if depth < DEEPEST {
        for not in &shape.nots {
            list.extend(samples(maker, not.value, other, depth + 1));
        }
        let alternatives = maker.alternatives(&shape);
        for alternative in &alternatives {
            if list.len() >= MOST {
                break;
            }
            list.extend(samples(maker, *alternative, other, depth + 1));
            // What one alternative of a `oneOf` takes and another does not.
            let siblings = alternatives.iter().filter(|sibling| *sibling != alternative);
            for sibling in siblings.take(if depth == 0 { MOST_SIBLINGS } else { 0 }) {
                let sibling = maker.schemas.shape(*sibling);
                list.extend(samples(maker, *alternative, &sibling, DEEPEST));
            }
        }
        list.extend(common(maker, &alternatives));
    }
    list.extend(maker.examples(&shape));
    list.truncate(MOST);
    list
}

/// Values that two alternatives accept at once.
fn common(maker: &mut Maker<'_, '_>, alternatives: &[ConjId]) -> Vec<Value> {
    let mut list = Vec::new();
    let few = alternatives.iter().take(MOST_PAIRED);
    for (index, one) in few.clone().enumerate() {
        for other in few.clone().skip(index + 1) {
            let atoms = [*one, *other].map(|id| maker.schemas.atoms(id));
            let both = maker.schemas.all(atoms.iter().flat_map(|atoms| atoms.iter().copied()));
            list.extend(maker.minimal(both));
        }
    }
    list
}

fn texts(shape: &Shape, other: &Shape, list: &mut Vec<Value>) {
    let mut texts: Vec<String> = vec![String::new(), "a".to_owned(), "1".to_owned()];
    // What this side's patterns accept and one of the other's does not.
    let demands = Demands {
        patterns: shape.patterns.iter().map(|pattern| pattern.value.clone()).collect(),
        min_length: shape.min_length.as_ref().map_or(0, |min| min.value),
        max_length: shape.max_length.as_ref().map(|max| max.value),
    };
    for pattern in &other.patterns {
        if let Found::Text(text) = search(&demands, Some(&pattern.value)) {
            texts.push(text);
        }
    }
    if !shape.patterns.is_empty() || !other.patterns.is_empty() {
        // For patterns that the automata cannot express.
        texts.extend((' '..='~').map(String::from));
    }
    let ends = [&shape.min_length, &shape.max_length, &other.min_length, &other.max_length];
    let lengths = beside(ends).filter(|length| *length <= LONGEST).collect::<BTreeSet<_>>();
    texts.extend(lengths.into_iter().filter_map(|length| text_of_length(shape, length)));
    if !shape.formats.is_empty() || !other.formats.is_empty() {
        texts.extend(crate::schema::formats::texts().map(str::to_owned));
        texts.extend(crate::schema::formats::ODD.map(str::to_owned));
    }
    list.extend(texts.into_iter().map(Value::String));
}

/// The counts at limits and next to them.
fn beside(ends: [&Option<Count>; 4]) -> impl Iterator<Item = u64> {
    ends.into_iter().flatten().flat_map(|count| {
        [count.value.saturating_sub(1), count.value, count.value.saturating_add(1)]
    })
}

fn arrays(maker: &mut Maker<'_, '_>, shape: &Shape, other: &Shape, list: &mut Vec<Value>) {
    let ends = [&shape.min_items, &shape.max_items, &other.min_items, &other.max_items];
    let lengths: BTreeSet<u64> = beside(ends).chain([0, 1, 2]).collect();
    for length in lengths {
        list.extend(maker.array(shape, length, 0));
    }
}

fn objects(maker: &mut Maker<'_, '_>, shape: &Shape, other: &Shape, list: &mut Vec<Value>) {
    let Some(least) = maker.object(shape, 0) else { return };
    let mut all = least.clone();
    let travelling: Vec<&String> = shape
        .properties
        .keys()
        .filter(|name| !maker.schemas.is_guarded(shape, name, maker.direction))
        .collect();
    for name in travelling {
        if let (false, Some(value)) = (all.contains_key(name), maker.property(shape, name, 0)) {
            let mut one = least.clone();
            one.insert(name.clone(), value.clone());
            list.push(Value::Object(one));
            all.insert(name.clone(), value);
        }
    }
    let mut push = |object: Map<String, Value>| list.push(Value::Object(object));
    for name in shape.properties.keys() {
        let mut without = all.clone();
        if without.shift_remove(name).is_some() {
            push(without);
        }
    }
    // One property more than either side names.
    if let Some(value) = maker.property(shape, "anything", 0) {
        let mut more = least.clone();
        more.insert("anything".to_owned(), value.clone());
        push(more);
        if shape.rest == Rest::Open {
            for other in [json!(0), json!(true), json!(null), json!([]), json!({})] {
                let mut more = least.clone();
                more.insert("anything".to_owned(), other);
                push(more);
            }
        }
        let ends = [
            &shape.max_properties,
            &other.max_properties,
            &shape.min_properties,
            &other.min_properties,
        ];
        for count in ends
            .into_iter()
            .flatten()
            .map(|count| count.value.saturating_add(1))
            .filter(|count| *count <= 64)
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
