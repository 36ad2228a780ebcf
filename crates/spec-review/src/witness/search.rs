//! The search for a witness.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::convert::json_schema;
use super::judge::Judge;
use super::make::Maker;
use super::samples::samples;
use super::shrink::shrink;
use super::{AcceptedBy, Witness, WitnessSchemas};
use crate::diff::{Pair, Step};
use crate::law::Direction;
use crate::rules::{self, Rule};
use crate::schema::{ConjId, LeafId, Schemas, Types, accepts, names};
use crate::wire::{Anchor, Carrier, Proof, Use, Wire};

/// So many candidates are judged before the search ends.
const MOST_JUDGED: usize = 300;

/// What a witness should differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// Its type is one that the other side does not take.
    Type,
    /// Its type is taken by both sides.
    Value,
    /// It is the only sign of the difference, so it has to be a value that somebody sends: all its
    /// properties are ones that the writer's document speaks of.
    Whole,
}

/// Looks for witnesses in a finished comparison.
pub(crate) struct Searcher<'w, 'd> {
    wire: &'w mut Wire<'d>,
}

impl<'w, 'd> Searcher<'w, 'd> {
    pub(crate) fn new(wire: &'w mut Wire<'d>) -> Self {
        Self { wire }
    }

    /// Judges a payload that came with its finding.
    pub(crate) fn judge(proof: &Proof, request_line: &str) -> Option<Witness> {
        let (base, head) = (&proof.schemas.0, &proof.schemas.1);
        let judge = Judge::new(base, head)?;
        judge.tells_apart(&proof.payload, proof.accepted_by_base).then(|| Witness {
            kind: Direction::Request.into(),
            operation: request_line.to_owned(),
            payload: proof.payload.clone(),
            accepted_by: if proof.accepted_by_base { AcceptedBy::Base } else { AcceptedBy::Head },
            schemas: Some(Box::new(WitnessSchemas { base: base.clone(), head: head.clone() })),
        })
    }

    /// Looks for a payload that shows the edit at `anchor`.
    pub(crate) fn search(&mut self, rule: &Rule, anchor: &Anchor) -> Option<Witness> {
        let usage = self.wire.uses.get(anchor.usage)?.clone();
        let root = self.wire.schematics.pair(usage.root)?;
        let place = self.wire.schematics.pair(anchor.pair)?;
        let about = if [rules::TYPE.id, rules::NULLABLE.id].contains(&rule.id) {
            About::Type
        } else if [rules::OVERLAP.id, rules::UNION_KIND.id].contains(&rule.id) {
            About::Whole
        } else {
            About::Value
        };
        let path = self.wire.schematics.way(usage.root, anchor.pair);
        self.try_at(&usage, root, place, (&path, about))
    }

    /// Looks for a payload that a use as a whole has no finding for.
    pub(crate) fn sample(&mut self, usage: usize) -> Option<Witness> {
        let usage = self.wire.uses.get(usage)?.clone();
        let root = self.wire.schematics.pair(usage.root)?;
        self.try_at(&usage, root, root, (&[], About::Whole))
    }

    fn try_at(
        &mut self,
        usage: &Use,
        root: Pair,
        place: Pair,
        (path, about): (&[Step], About),
    ) -> Option<Witness> {
        let by_base = usage.direction == Direction::Request;
        let direction = usage.direction;
        let schematics = &mut self.wire.schematics;
        let (writer, reader) = if by_base {
            (&mut schematics.base, &mut schematics.head)
        } else {
            (&mut schematics.head, &mut schematics.base)
        };
        let of = |pair: Pair, base: bool| if base { pair.base } else { pair.head };
        let (local, local_other) = (of(place, by_base), of(place, !by_base));
        let (whole, whole_other) = (of(root, by_base), of(root, !by_base));
        let other = reader.shape(local_other);
        let candidates = samples(&mut Maker::new(writer, direction), local, &other, 0);
        let places = Places { local: (local, local_other), whole: (whole, whole_other) };
        let mut bodies = around(writer, reader, direction, (&places, path, about), candidates);
        if bodies.is_empty() {
            // What the reader's own limits suggest may be something that the writer takes.
            let shape = writer.shape(local);
            let mut candidates =
                samples(&mut Maker::new(reader, direction), local_other, &shape, 0);
            let least = Maker::new(writer, direction).minimal(local);
            candidates.extend(joined(least.as_ref(), &candidates));
            bodies = around(writer, reader, direction, (&places, path, about), candidates);
        }
        if bodies.is_empty() {
            return None;
        }
        let mut names = HashSet::new();
        for body in &bodies {
            collect_names(body, &mut names);
        }
        let (base_schema, head_schema) = self.schemas(usage, root, &names)?;
        let judge = Judge::new(&base_schema, &head_schema)?;
        let carried = |body: &Value| carry(&usage.carrier, body);
        let found = bodies.into_iter().find(|body| judge.tells_apart(&carried(body), by_base))?;
        let smallest = shrink(found, &|body| judge.tells_apart(&carried(body), by_base));
        let operation = self.wire.operations.get(usage.operation)?;
        Some(Witness {
            kind: direction.into(),
            operation: operation.request_line.clone(),
            payload: carried(&smallest),
            accepted_by: if by_base { AcceptedBy::Base } else { AcceptedBy::Head },
            schemas: Some(Box::new(WitnessSchemas { base: base_schema, head: head_schema })),
        })
    }

    fn schemas(
        &mut self,
        usage: &Use,
        root: Pair,
        names: &HashSet<String>,
    ) -> Option<(Value, Value)> {
        let convert = |schemas: &mut Schemas<'_>, id: ConjId| {
            let roots: Vec<LeafId> = schemas.atoms(id).iter().map(|atom| atom.leaf).collect();
            let schema = json_schema(schemas, &roots, usage.direction, names)?;
            Some(envelope(&usage.carrier, schema))
        };
        let schematics = &mut self.wire.schematics;
        Some((convert(&mut schematics.base, root.base)?, convert(&mut schematics.head, root.head)?))
    }
}

/// Two places in both documents: where a difference was found, and the body around it; each as the
/// writer and as the reader of the value has it.
struct Places {
    local: (ConjId, ConjId),
    whole: (ConjId, ConjId),
}

/// The bodies around candidates that the writer takes and the reader does not, as far as a quick
/// check can tell, the most telling ones first.
fn around(
    writer: &mut Schemas<'_>,
    reader: &mut Schemas<'_>,
    direction: Direction,
    (places, path, about): (&Places, &[Step], About),
    mut candidates: Vec<Value>,
) -> Vec<Value> {
    let other = reader.shape(places.local.1);
    let mut maker = Maker::new(writer, direction);
    let mut tells =
        |maker: &mut Maker<'_, '_>, (takes, refuses): (ConjId, ConjId), value: &Value| {
            maker.accepts(takes, value) && !accepts(reader, refuses, value, direction)
        };
    // What the quick check likes goes first, the smallest of it in front.
    let fits = |value: &Value| other.types.has(Types::of(value)) == (about != About::Type);
    candidates.sort_by_cached_key(|value| {
        (!tells(&mut maker, places.local, value), !fits(value), size(value))
    });
    let mut bodies = Vec::new();
    for candidate in candidates.iter().take(MOST_JUDGED) {
        for body in maker.embed(places.whole.0, path, candidate) {
            let sent = about != About::Whole || names(maker.schemas, &[places.whole.0], &body);
            if sent && tells(&mut maker, places.whole, &body) {
                bodies.push((!fits(candidate), body));
            }
        }
        if bodies.len() > 8 {
            break;
        }
    }
    bodies.sort_by_cached_key(|(unfit, body)| (*unfit, size(body)));
    bodies.into_iter().map(|(_, body)| body).collect()
}

/// The smallest object of one side with what the other side's samples have beside it.
fn joined(least: Option<&Value>, samples: &[Value]) -> Vec<Value> {
    let Some(Value::Object(least)) = least else { return Vec::new() };
    let objects = samples.iter().filter_map(Value::as_object);
    let with = |more: &Map<String, Value>| {
        let more = more.iter().filter(|(name, _)| !least.contains_key(*name));
        let all = least.iter().chain(more);
        Value::Object(all.map(|(name, value)| (name.clone(), value.clone())).collect())
    };
    objects.map(with).collect()
}

/// What is shorter is smaller, and what is equally long goes by its text.
fn size(value: &Value) -> (usize, String) {
    let text = value.to_string();
    (text.len(), text)
}

/// The names of all properties in a value.
fn collect_names(value: &Value, names: &mut HashSet<String>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(name, inner)| {
            names.insert(name.clone());
            collect_names(inner, names);
        }),
        Value::Array(items) => items.iter().for_each(|inner| collect_names(inner, names)),
        _ => {}
    }
}

/// A value in what it travels in.
fn carry(carrier: &Carrier, value: &Value) -> Value {
    match carrier {
        Carrier::Body => value.clone(),
        Carrier::Parameter(location, name) => json!({ location: { name: value } }),
        Carrier::Header(name) => json!({ "header": { name: value } }),
    }
}

/// The schema of a value in what it travels in.
fn envelope(carrier: &Carrier, schema: Value) -> Value {
    let (location, name) = match carrier {
        Carrier::Body => return schema,
        Carrier::Parameter(location, name) => (location.as_str(), name),
        Carrier::Header(name) => ("header", name),
    };
    let Value::Object(mut schema) = schema else { return schema };
    let defs = schema.shift_remove("$defs").unwrap_or_else(|| json!({}));
    let dialect = schema.shift_remove("$schema").unwrap_or_default();
    json!({
        "$schema": dialect,
        "type": "object",
        "properties": { location: { "type": "object", "properties": { name: schema } } },
        "$defs": defs,
    })
}
