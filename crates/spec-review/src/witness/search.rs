//! The search for a witness.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::convert::json_schema;
use super::judge::Judge;
use super::make::{Maker, samples};
use super::shrink::shrink;
use super::{AcceptedBy, Witness};
use crate::diff::{Pair, Step};
use crate::law::Direction;
use crate::rules::{Rule, Shows};
use crate::schema::{ConjId, LeafId, Schemas, Types, accepts, names};
use crate::versions::Versions;
use crate::wire::{Anchor, Carrier, Message, Proof, Use, Wire};

/// So many candidates are judged before the search ends.
const MOST_JUDGED: usize = 300;

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
        let judge = Judge::new(proof.schemas.each())?;
        judge.tells_apart(&proof.payload, AcceptedBy::Base).then(|| Witness {
            kind: Direction::Request.into(),
            operation: request_line.to_owned(),
            payload: proof.payload.clone(),
            accepted_by: AcceptedBy::Base,
            schemas: Some(proof.schemas.clone()),
        })
    }

    /// Looks for a payload that shows the edit at `anchor`.
    pub(crate) fn search(&mut self, rule: &Rule, anchor: &Anchor) -> Option<Witness> {
        let usage = self.wire.uses.get(anchor.usage)?.clone();
        let root = self.wire.schematics.pair(usage.root)?;
        let place = self.wire.schematics.pair(anchor.pair)?;
        let path = self.wire.schematics.way(usage.root, anchor.pair);
        self.try_at(&usage, root, place, &path, rule.shows)
    }

    /// Looks for a payload that a use as a whole has no finding for.
    pub(crate) fn sample(&mut self, usage: usize) -> Option<Witness> {
        let usage = self.wire.uses.get(usage)?.clone();
        let root = self.wire.schematics.pair(usage.root)?;
        self.try_at(&usage, root, root, &[], Shows::Whole)
    }

    fn try_at(
        &mut self,
        usage: &Use,
        root: Pair,
        place: Pair,
        path: &[Step],
        shows: Shows,
    ) -> Option<Witness> {
        let direction = usage.message.direction;
        let schemas = self.wire.schematics.schemas.each_mut();
        let Ends { writer, reader } = Ends::of(direction, schemas);
        let local = Ends::of(direction, place.conjunctions);
        let whole = Ends::of(direction, root.conjunctions);
        let other = reader.shape(local.reader);
        let candidates = samples(&mut Maker::new(writer, direction), local.writer, &other, 0);
        let places = Places { local, whole, path, shows };
        let mut bodies = around(writer, reader, direction, &places, candidates);
        if bodies.is_empty() {
            // What the reader's own limits suggest may be something that the writer takes.
            let shape = writer.shape(local.writer);
            let mut candidates =
                samples(&mut Maker::new(reader, direction), local.reader, &shape, 0);
            let least = Maker::new(writer, direction).minimal(local.writer);
            candidates.extend(joined(least.as_ref(), &candidates));
            bodies = around(writer, reader, direction, &places, candidates);
        }
        if bodies.is_empty() {
            return None;
        }
        let mut names = HashSet::new();
        for body in &bodies {
            collect_names(body, &mut names);
        }
        let schemas = self.schemas(usage, root, &names)?;
        let judge = Judge::new(schemas.each())?;
        let accepted_by = match direction {
            Direction::Request => AcceptedBy::Base,
            Direction::Response => AcceptedBy::Head,
        };
        let proves = |body: &Value| judge.tells_apart(&carry(&usage.carrier, body), accepted_by);
        let found = bodies.into_iter().find(proves)?;
        let smallest = shrink(found, &proves);
        let operation = self.wire.operations.get(usage.message.operation)?;
        Some(Witness {
            kind: direction.into(),
            operation: operation.request_line.clone(),
            payload: carry(&usage.carrier, &smallest),
            accepted_by,
            schemas: Some(Box::new(schemas)),
        })
    }

    fn schemas(
        &mut self,
        usage: &Use,
        root: Pair,
        names: &HashSet<String>,
    ) -> Option<Versions<Value>> {
        let Message { direction, .. } = usage.message;
        let schemas = self.wire.schematics.schemas.each_mut().zip(root.conjunctions);
        let converted = schemas.map(|(schemas, id)| {
            let roots: Vec<LeafId> = schemas.atoms(id).iter().map(|atom| atom.leaf).collect();
            let schema = json_schema(schemas, &roots, direction, names)?;
            Some(envelope(&usage.carrier, schema))
        });
        converted.complete()
    }
}

/// What the writer of a value has, and what its reader has.
#[derive(Debug, Clone, Copy)]
struct Ends<T> {
    writer: T,
    reader: T,
}

impl<T> Ends<T> {
    /// A caller goes by the old document and the service by the new one.
    fn of(direction: Direction, versions: Versions<T>) -> Self {
        let Versions { base, head } = versions;
        match direction {
            Direction::Request => Self { writer: base, reader: head },
            Direction::Response => Self { writer: head, reader: base },
        }
    }
}

/// Two places in both documents: where a difference was found, and the body around it.
struct Places<'p> {
    local: Ends<ConjId>,
    whole: Ends<ConjId>,
    /// The way from the body to the difference.
    path: &'p [Step],
    shows: Shows,
}

/// The bodies around candidates that the writer takes and the reader does not, as far as a quick
/// check can tell, the most telling ones first.
fn around(
    writer: &mut Schemas<'_>,
    reader: &mut Schemas<'_>,
    direction: Direction,
    places: &Places<'_>,
    mut candidates: Vec<Value>,
) -> Vec<Value> {
    let other = reader.shape(places.local.reader);
    let mut maker = Maker::new(writer, direction);
    let mut tells = |maker: &mut Maker<'_, '_>, ends: Ends<ConjId>, value: &Value| {
        maker.accepts(ends.writer, value) && !accepts(reader, ends.reader, value, direction)
    };
    // What the quick check likes goes first, the smallest of it in front.
    let fits = |value: &Value| other.types.has(Types::of(value)) == (places.shows != Shows::Type);
    candidates.sort_by_cached_key(|value| {
        (!tells(&mut maker, places.local, value), !fits(value), size(value))
    });
    let mut bodies = Vec::new();
    for candidate in candidates.iter().take(MOST_JUDGED) {
        for body in maker.embed(places.whole.writer, places.path, candidate) {
            let sent =
                places.shows != Shows::Whole || names(maker.schemas, &[places.whole.writer], &body);
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
