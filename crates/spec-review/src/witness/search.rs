//! Searches witnesses.

use serde_json::{Map, Value, json};

use super::check::PairValidator;
use super::generate::{ValueGenerator, samples};
use super::json_schema::json_schema;
use super::repair::repaired;
use super::reversal::{ChangedPart, Reversal};
use super::roles::Roles;
use super::shape::Shape;
use super::shrink::shrink;
use super::{AcceptedBy, Witness};
use crate::compatibility::{Direction, SetEffect};
use crate::diff::{Occurrence, Pair, Step};
use crate::rules::WitnessCriterion;
use crate::schema::{ConjunctionId, SchemaId, Schemas, TypeSet, accepts, declares_all_properties};
use crate::validator::validator;
use crate::versions::Versions;
use crate::wire::{
    HttpMessage, PreparedWitness, SchemaUse, SearchStart, ValueLocation, WireComparison,
};

/// At most so many candidates are tried.
const MAX_CANDIDATES: usize = 300;
/// No witness is made for a change further inside: few people and few parsers of JSON read what is
/// nested deeper.
const MAX_DEPTH: usize = 100;
/// Of at most so many changes, one is looked for that explains a break.
const MAX_EDITS: usize = 64;

/// Searches witnesses in a finished comparison.
pub(crate) struct WitnessSearch<'w, 'd> {
    wire: &'w mut WireComparison<'d>,
}

impl<'w, 'd> WitnessSearch<'w, 'd> {
    pub(crate) fn new(wire: &'w mut WireComparison<'d>) -> Self {
        Self { wire }
    }

    /// Checks a witness that was prepared when its change was detected.
    pub(crate) fn check(prepared: &PreparedWitness, request_line: &str) -> Option<Witness> {
        let validators = PairValidator::new(prepared.schemas.each())?;
        validators.distinguishes(&prepared.payload, AcceptedBy::Base).then(|| Witness {
            direction: Direction::Request,
            operation: request_line.to_owned(),
            payload: prepared.payload.clone(),
            accepted_by: AcceptedBy::Base,
            schemas: Some(prepared.schemas.clone()),
            // The schemas differ in this change only.
            reverted: Box::new(prepared.schemas.base.clone()),
        })
    }

    /// Searches a witness of the schema change at `start`.
    pub(crate) fn search(&mut self, start: &SearchStart) -> Option<Witness> {
        let usage = self.wire.uses.get(start.usage)?.clone();
        let comparison = &mut self.wire.schema_comparison;
        if comparison.budget().is_used_up() {
            return None;
        }
        let root = comparison.pair(usage.root)?;
        let changed_pair = comparison.pair(start.pair)?;
        let path = comparison.path_to(usage.root, start.pair);
        let schema_change =
            comparison.diff(start.pair).schema_changes.get(start.schema_change)?.clone();
        if path.len() > MAX_DEPTH {
            self.wire.proofs_cut_short = true;
            return None;
        }
        let part = ChangedPart::of(&schema_change);
        let changed = Roles::of(usage.message.direction, changed_pair.conjunctions);
        let criterion = schema_change.rule.witness_criterion;
        let property = part.property().map(str::to_owned);
        let edit = Edit { part, changed, path };
        let bodies = self.bodies(&usage, root, &edit, criterion, property.as_deref());
        self.prove(&usage, root, &bodies, vec![edit]).map(|(witness, _)| witness)
    }

    /// Searches a payload for a break that no change explains. Returns as well which of the changes
    /// has to be reverted for it to be accepted; none if it takes several.
    pub(crate) fn sample(&mut self, usage: usize) -> Option<(Witness, Option<Occurrence>)> {
        let usage = self.wire.uses.get(usage)?.clone();
        let comparison = &mut self.wire.schema_comparison;
        let root = comparison.pair(usage.root)?;
        let direction = usage.message.direction;
        let whole = Roles::of(direction, root.conjunctions);
        let all = Edit { part: ChangedPart::Schema, changed: whole, path: Vec::new() };
        let bodies = self.bodies(&usage, root, &all, WitnessCriterion::DeclaredProperties, None);
        if bodies.is_empty() {
            return None;
        }
        let comparison = &mut self.wire.schema_comparison;
        let mut occurrences = comparison.occurrences(usage.root);
        let mut edits = Vec::new();
        occurrences.retain(|occurrence| {
            let diff = comparison.diff(occurrence.pair);
            let change = diff.schema_changes.get(occurrence.schema_change);
            let (Some(change), Some(pair)) = (change, comparison.pair(occurrence.pair)) else {
                return false;
            };
            let part = ChangedPart::of(change);
            // What changes no set of values explains nothing.
            let idle = part == ChangedPart::Schema && change.effect == SetEffect::NEITHER;
            if idle || edits.len() >= MAX_EDITS {
                return false;
            }
            let changed = Roles::of(direction, pair.conjunctions);
            let path = comparison.path_to(usage.root, occurrence.pair);
            edits.push(Edit { part, changed, path });
            true
        });
        edits.push(all);
        let (witness, edit) = self.prove(&usage, root, &bodies, edits)?;
        Some((witness, occurrences.into_iter().nth(edit)))
    }

    /// Bodies that one document accepts and the other refuses because of an edit, according to the
    /// fast check.
    fn bodies(
        &mut self,
        usage: &SchemaUse,
        root: Pair,
        edit: &Edit,
        criterion: WitnessCriterion,
        property: Option<&str>,
    ) -> Vec<Value> {
        let direction = usage.message.direction;
        let schemas = self.wire.schema_comparison.schemas.each_mut();
        let Roles { writer, reader } = Roles::of(direction, schemas);
        let mut local = edit.changed;
        if let ChangedPart::Alternative(branch) = edit.part {
            local.writer = writer.one(branch);
        }
        let whole = Roles::of(direction, root.conjunctions);
        let path = edit.path.as_slice();
        let target = WitnessTarget { local, whole, path, criterion };
        let mut bodies = candidate_bodies(writer, reader, direction, &target);
        for body in bodies.clone() {
            let repaired = repaired(reader, direction, whole.reader, &body, path, property);
            bodies.extend(repaired.into_iter().filter(|body| {
                accepts(writer, whole.writer, body, direction)
                    && !accepts(reader, whole.reader, body, direction)
            }));
        }
        bodies
    }

    /// The first of the edits, by its index, that one of the bodies proves, and the smallest body
    /// that does.
    fn prove(
        &mut self,
        usage: &SchemaUse,
        root: Pair,
        bodies: &[Value],
        edits: Vec<Edit>,
    ) -> Option<(Witness, usize)> {
        if bodies.is_empty() {
            return None;
        }
        let direction = usage.message.direction;
        let shape = Shape::of(bodies);
        let schemas = self.schemas(usage, root, &shape)?;
        let validators = PairValidator::new(schemas.each())?;
        let accepted_by = match direction {
            Direction::Request => AcceptedBy::Base,
            Direction::Response => AcceptedBy::Head,
        };
        for (index, edit) in edits.into_iter().enumerate() {
            let Edit { part, changed, path } = edit;
            let reversal = Reversal { part: &part, changed, direction, path: &path, shape: &shape };
            let Some(reverted) = self.reverted(usage, root, &reversal) else { continue };
            let Some(without_change) = validator(&reverted) else { continue };
            let proves = |body: &Value| {
                let payload = wrap_value(&usage.value_location, body);
                validators.distinguishes(&payload, accepted_by) && without_change.is_valid(&payload)
            };
            let Some(found) = bodies.iter().find(|body| proves(body)) else { continue };
            let budget = self.wire.schema_comparison.budget();
            let smallest = shrink(found.clone(), budget, &proves);
            let operation = self.wire.operations.get(usage.message.operation)?;
            let witness = Witness {
                direction,
                operation: operation.request_line.clone(),
                payload: wrap_value(&usage.value_location, &smallest),
                accepted_by,
                schemas: Some(Box::new(schemas)),
                reverted: Box::new(reverted),
            };
            return Some((witness, index));
        }
        None
    }

    /// The schema of the document that refuses a payload, with one change reverted.
    fn reverted(
        &mut self,
        usage: &SchemaUse,
        root: Pair,
        reversal: &Reversal<'_>,
    ) -> Option<Value> {
        let schemas = self.wire.schema_comparison.schemas.each_mut();
        let schemas = Roles::of(reversal.direction, schemas);
        let whole = Roles::of(reversal.direction, root.conjunctions);
        let conjuncts = schemas.reader.conjuncts(whole.reader);
        let roots: Vec<SchemaId> = conjuncts.iter().map(|conjunct| conjunct.schema).collect();
        let schema = reversal.schema(schemas, &roots)?;
        Some(wrap_schema(&usage.value_location, schema))
    }

    fn schemas(&mut self, usage: &SchemaUse, root: Pair, shape: &Shape) -> Option<Versions<Value>> {
        let HttpMessage { direction, .. } = usage.message;
        let schemas = self.wire.schema_comparison.schemas.each_mut().zip(root.conjunctions);
        let converted = schemas.map(|(schemas, id)| {
            let roots: Vec<SchemaId> =
                schemas.conjuncts(id).iter().map(|conjunct| conjunct.schema).collect();
            let schema = json_schema(schemas, &roots, direction, shape)?;
            Some(wrap_schema(&usage.value_location, schema))
        });
        converted.complete()
    }
}

/// One change, and where it is.
struct Edit {
    part: ChangedPart,
    /// The conjunctions at the changed place.
    changed: Roles<ConjunctionId>,
    /// The path from the body to it.
    path: Vec<Step>,
}

/// What a witness is searched for: a changed pair, and the body around it.
struct WitnessTarget<'p> {
    local: Roles<ConjunctionId>,
    whole: Roles<ConjunctionId>,
    /// The path from the body to the changed value.
    path: &'p [Step],
    criterion: WitnessCriterion,
}

/// Bodies with a value at the changed place that the writer accepts and the reader refuses.
fn candidate_bodies(
    writer: &mut Schemas<'_>,
    reader: &mut Schemas<'_>,
    direction: Direction,
    target: &WitnessTarget<'_>,
) -> Vec<Value> {
    let local = target.local;
    let other = reader.constraints(local.reader);
    let candidates = samples(&mut ValueGenerator::new(writer, direction), local.writer, &other, 0);
    let bodies = bodies_around(writer, reader, direction, target, candidates);
    if !bodies.is_empty() {
        return bodies;
    }
    // The reader's own limits may suggest a value that the writer accepts.
    let constraints = writer.constraints(local.writer);
    let mut candidates =
        samples(&mut ValueGenerator::new(reader, direction), local.reader, &constraints, 0);
    let least = ValueGenerator::new(writer, direction).minimal(local.writer);
    candidates.extend(merged_objects(least.as_ref(), &candidates));
    bodies_around(writer, reader, direction, target, candidates)
}

/// The bodies that the writer accepts and the reader refuses, according to the fast check, the most
/// suitable first.
fn bodies_around(
    writer: &mut Schemas<'_>,
    reader: &mut Schemas<'_>,
    direction: Direction,
    target: &WitnessTarget<'_>,
    mut candidates: Vec<Value>,
) -> Vec<Value> {
    let other = reader.constraints(target.local.reader);
    let mut generator = ValueGenerator::new(writer, direction);
    let mut tells =
        |generator: &mut ValueGenerator<'_, '_>, ends: Roles<ConjunctionId>, value: &Value| {
            generator.accepts(ends.writer, value) && !accepts(reader, ends.reader, value, direction)
        };
    // Values that the fast check confirms come first, and among those the smallest.
    let fits = |value: &Value| {
        other.types.has(TypeSet::of(value)) == (target.criterion != WitnessCriterion::OtherType)
    };
    candidates.sort_by_cached_key(|value| {
        (!tells(&mut generator, target.local, value), !fits(value), size(value))
    });
    candidates.dedup();
    let mut bodies = Vec::new();
    for candidate in candidates.iter().take(MAX_CANDIDATES) {
        for body in generator.embed(target.whole.writer, target.path, candidate) {
            let sent = target.criterion != WitnessCriterion::DeclaredProperties
                || declares_all_properties(generator.schemas, &[target.whole.writer], &body);
            if sent && tells(&mut generator, target.whole, &body) {
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

/// The smallest object of one document with the properties that samples of the other document add.
fn merged_objects(least: Option<&Value>, samples: &[Value]) -> Vec<Value> {
    let Some(Value::Object(least)) = least else { return Vec::new() };
    let objects = samples.iter().filter_map(Value::as_object);
    let with = |more: &Map<String, Value>| {
        let more = more.iter().filter(|(name, _)| !least.contains_key(*name));
        let all = least.iter().chain(more);
        Value::Object(all.map(|(name, value)| (name.clone(), value.clone())).collect())
    };
    objects.map(with).collect()
}

/// Orders values by length, then by text.
fn size(value: &Value) -> (usize, String) {
    let text = value.to_string();
    (text.len(), text)
}

/// A value at its place in the message.
fn wrap_value(value_location: &ValueLocation, value: &Value) -> Value {
    match value_location {
        ValueLocation::Body => value.clone(),
        ValueLocation::Parameter(location, name) => json!({ location: { name: value } }),
        ValueLocation::Header(name) => json!({ "header": { name: value } }),
    }
}

/// The schema of a value at its place in the message.
fn wrap_schema(value_location: &ValueLocation, schema: Value) -> Value {
    let (location, name) = match value_location {
        ValueLocation::Body => return schema,
        ValueLocation::Parameter(location, name) => (location.as_str(), name),
        ValueLocation::Header(name) => ("header", name),
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
