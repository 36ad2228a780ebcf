//! The wire axis: both documents side by side, from the paths down to the bodies.

mod bodies;
mod media;
mod operations;
mod parameters;
mod responses;
mod security;
mod servers;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use std::rc::Rc;

use serde_json::Value;

use crate::change::Change;
use crate::compatibility::{Direction, Level, SetEffect, compatibility_level};
use crate::diff::{Certainty, Occurrence, Pair, PairId, SchemaComparison};
use crate::fingerprint::{canonical, fingerprint};
use crate::resolver::{NodeLocation, NodeRef, Resolver};
use crate::rules::{self, Rule};
use crate::schema::Schemas;
use crate::subject::Target;
use crate::versions::Versions;

/// An operation of both documents, or of one.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// The id, or method and path.
    pub(crate) name: String,
    /// `POST /v1/things`.
    pub(crate) request_line: String,
    /// What the old document called draft or alpha may change.
    pub(crate) unstable: bool,
}

/// The index of an operation.
pub(crate) type OperationIndex = usize;

/// The request or the answer of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HttpMessage {
    pub(crate) operation: OperationIndex,
    pub(crate) direction: Direction,
}

/// A value that travels, and the two schemas that describe it.
#[derive(Debug, Clone)]
pub(crate) struct SchemaUse {
    pub(crate) message: HttpMessage,
    pub(crate) root: PairId,
    pub(crate) value_location: ValueLocation,
    /// A parameter that callers may leave out, so that its default speaks for them.
    pub(crate) omittable: bool,
}

/// What a value travels in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ValueLocation {
    Body,
    /// The location and name of a parameter.
    Parameter(String, String),
    /// The name of a header of an answer.
    Header(String),
}

/// What proves a finding that is not about a schema: it was taken until now.
#[derive(Debug, Clone)]
pub(crate) struct PreparedWitness {
    pub(crate) payload: Value,
    /// The schemas that judge it.
    pub(crate) schemas: Box<Versions<Value>>,
}

/// Where an edit of a schema was first met.
#[derive(Debug, Clone)]
pub(crate) struct SearchStart {
    pub(crate) usage: usize,
    pub(crate) pair: PairId,
    /// How many steps lead to it.
    pub(crate) depth: usize,
}

/// What tells a finding from all others.
#[derive(Debug, Clone)]
pub(crate) struct FindingKey {
    pub(crate) target: Target,
    pub(crate) fingerprint: String,
}

/// The place that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct TargetPointers {
    pub(crate) pointer: Versions<Option<Rc<str>>>,
    /// It was come to through a `not`.
    pub(crate) negated: bool,
    /// It is a schema.
    pub(crate) is_schema: bool,
}

impl TargetPointers {
    /// Places that are what the finding is about.
    pub(crate) fn of(at: &Versions<Option<NodeLocation>>) -> Self {
        let pointer = at
            .each()
            .map(|location| location.as_ref().map(|location| Rc::clone(&location.pointer)));
        Self { pointer, negated: false, is_schema: false }
    }
}

/// A finding before it has a witness.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) rule: &'static Rule,
    pub(crate) key: Rc<FindingKey>,
    pub(crate) level: Level,
    pub(crate) effect: SetEffect,
    pub(crate) direction: Option<Direction>,
    /// The other direction is concerned at the same level.
    pub(crate) both_directions: bool,
    pub(crate) certainty: Certainty,
    pub(crate) at: Versions<Option<NodeLocation>>,
    pub(crate) change: Change,
    pub(crate) operations: BTreeSet<OperationIndex>,
    pub(crate) search_start: Option<SearchStart>,
    pub(crate) prepared_witness: Option<PreparedWitness>,
}

impl Candidate {
    /// Takes the same finding about somebody else: it is given at the level of whom it hurts most,
    /// and who is not hurt at that level is not listed. The answer is whether it was listed.
    pub(crate) fn merge(&mut self, mut other: Self) -> bool {
        match other.level.cmp(&self.level) {
            std::cmp::Ordering::Less => {
                std::mem::swap(self, &mut other);
                self.change.merge(other.change);
            }
            std::cmp::Ordering::Equal => {
                self.change.merge(other.change);
                if self.direction == other.direction {
                    self.effect = self.effect.or(other.effect);
                } else {
                    self.both_directions = true;
                }
                self.operations.extend(other.operations);
            }
            std::cmp::Ordering::Greater => return false,
        }
        true
    }
}

/// What a part of the comparison says about one operation.
pub(crate) struct DetectedChange {
    rule: &'static Rule,
    level: Level,
    effect: SetEffect,
    at: Versions<Option<NodeLocation>>,
    /// What it is about, where that is not what reports point at.
    target: Option<Versions<Option<Rc<str>>>>,
    change: Change,
    prepared_witness: Option<PreparedWitness>,
}

impl DetectedChange {
    /// Something that stands nowhere, until more is said of it.
    fn new(rule: &'static Rule, change: Change) -> Self {
        Self {
            rule,
            level: rule.default_level,
            effect: SetEffect::NEITHER,
            at: Versions::default(),
            target: None,
            change,
            prepared_witness: None,
        }
    }

    fn level(self, level: Level) -> Self {
        Self { level, ..self }
    }

    fn effect(self, effect: SetEffect) -> Self {
        Self { effect, ..self }
    }

    /// The level that the law gives an effect on what travels in a direction.
    fn by_compatibility_rule(self, effect: SetEffect, direction: Direction) -> Self {
        Self { level: compatibility_level(effect, direction), effect, ..self }
    }

    fn at(
        self,
        base: impl Into<Option<NodeLocation>>,
        head: impl Into<Option<NodeLocation>>,
    ) -> Self {
        Self { at: Versions::new(base.into(), head.into()), ..self }
    }

    /// At a keyword that both sides may have.
    fn at_key(self, at: Versions<&NodeRef<'_>>, key: &str) -> Self {
        let at = at.map(|at| at.location_of(key));
        self.at(at.base, at.head)
    }

    /// What came or went, by the place where it is referred to: a component that it may stand in
    /// has other users, to whom it neither came nor went.
    fn target(self, base: Option<&Rc<str>>, head: Option<&Rc<str>>) -> Self {
        Self { target: Some(Versions::new(base.cloned(), head.cloned())), ..self }
    }

    fn prepared_witness(self, prepared_witness: Option<PreparedWitness>) -> Self {
        Self { prepared_witness, ..self }
    }
}

/// An edit as one kind of user meets it.
#[derive(PartialEq, Eq, Hash)]
struct OccurrenceKey {
    pair: PairId,
    schema_change: usize,
    effect: SetEffect,
    negated: bool,
    direction: Direction,
    unstable: bool,
    omittable: bool,
}

/// What an id is made of, before lists are looked up for the names of their items.
type KeyParts = (&'static str, TargetPointers, String);

/// The comparison of the wire axis.
pub(crate) struct WireComparison<'d> {
    pub(crate) schema_comparison: SchemaComparison<'d>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) uses: Vec<SchemaUse>,
    pub(crate) candidates: Vec<Candidate>,
    finding_keys: HashMap<KeyParts, Rc<FindingKey>>,
    /// The findings by their fingerprints.
    by_fingerprint: HashMap<String, usize>,
    schemes: security::Schemes,
}

impl<'d> WireComparison<'d> {
    /// Compares two documents.
    pub(crate) fn compare(resolvers: Versions<Resolver<'d>>) -> Self {
        let schemes = security::Schemes::of(resolvers.each());
        let mut wire = Self {
            schema_comparison: SchemaComparison::new(resolvers.map(Schemas::new)),
            operations: Vec::new(),
            uses: Vec::new(),
            candidates: Vec::new(),
            finding_keys: HashMap::new(),
            by_fingerprint: HashMap::new(),
            schemes,
        };
        wire.compare_paths();
        wire.compare_unused_schemes();
        wire.collect_occurrences();
        wire.report_unresolved();
        wire.report_unsupported_version();
        wire
    }

    pub(crate) fn resolvers(&self) -> Versions<&Resolver<'d>> {
        self.schema_comparison.schemas.each().map(|schemas| &schemas.resolver)
    }

    /// What tells a change of a place from all others.
    pub(crate) fn finding_key(
        &mut self,
        rule: &'static Rule,
        target: TargetPointers,
        change: &Change,
    ) -> Rc<FindingKey> {
        let key = (rule.id, target, canonical(change));
        if let Some(known) = self.finding_keys.get(&key) {
            return Rc::clone(known);
        }
        let target = &key.1;
        let pointer = self.resolvers().zip(target.pointer.each());
        let pointer = pointer.map(|(resolver, pointer)| {
            Some(resolver.source.order_independent_pointer(pointer.as_ref()?))
        });
        let (negated, is_schema) = (target.negated, target.is_schema);
        let target = Target::Document { pointer, negated, is_schema };
        let fingerprint = fingerprint(rule, &target, change);
        let found = Rc::new(FindingKey { target, fingerprint });
        self.finding_keys.insert(key, Rc::clone(&found));
        found
    }

    /// Takes a finding about an operation; the same finding about another operation joins it.
    pub(crate) fn report(
        &mut self,
        operation: Option<OperationIndex>,
        direction: Option<Direction>,
        detected: DetectedChange,
    ) {
        let unstable = operation
            .and_then(|id| self.operations.get(id))
            .is_some_and(|operation| operation.unstable);
        let mut target = TargetPointers::of(&detected.at);
        target.pointer = detected.target.unwrap_or(target.pointer);
        let key = self.finding_key(detected.rule, target, &detected.change);
        self.add_candidate(Candidate {
            rule: detected.rule,
            key,
            level: if unstable { detected.level.max(Level::Info) } else { detected.level },
            effect: detected.effect,
            direction,
            both_directions: false,
            certainty: Certainty::NotWitnessable,
            at: detected.at,
            change: detected.change,
            operations: operation.into_iter().collect(),
            search_start: None,
            prepared_witness: detected.prepared_witness,
        });
    }

    /// Takes a finding about a message.
    fn report_for(&mut self, message: HttpMessage, detected: DetectedChange) {
        self.report(Some(message.operation), Some(message.direction), detected);
    }

    /// One change is one finding.
    fn add_candidate(&mut self, candidate: Candidate) -> Option<usize> {
        let known = self.by_fingerprint.get(&candidate.key.fingerprint).copied();
        if let Some((index, old)) =
            known.and_then(|index| Some((index, self.candidates.get_mut(index)?)))
        {
            return old.merge(candidate).then_some(index);
        }
        let index = self.candidates.len();
        self.by_fingerprint.insert(candidate.key.fingerprint.clone(), index);
        self.candidates.push(candidate);
        Some(index)
    }

    /// Compares two schemas that describe the same value.
    pub(crate) fn compare_schemas(
        &mut self,
        message: HttpMessage,
        schemas: Versions<Option<NodeRef<'d>>>,
        value_location: ValueLocation,
        text: bool,
    ) {
        if schemas.is_empty() {
            return;
        }
        let conjunctions = self.schema_comparison.schemas.each_mut().zip(schemas);
        let conjunctions = conjunctions.map(|(schemas, at)| match at {
            Some(at) => {
                let schema = schemas.read(&at);
                schemas.one(schema)
            }
            None => schemas.all([]),
        });
        let direction = message.direction;
        let root = self.schema_comparison.compare(Pair { conjunctions, direction, text });
        self.uses.push(SchemaUse { message, root, value_location, omittable: false });
    }

    /// Reads off what the comparisons of schemas found, use by use.
    fn collect_occurrences(&mut self) {
        // An edit of a shared schema is met once by every operation that uses it.
        let mut seen: HashMap<OccurrenceKey, (usize, Level)> = HashMap::new();
        for index in 0..self.uses.len() {
            let Some(usage) = self.uses.get(index).cloned() else { break };
            let HttpMessage { operation, direction } = usage.message;
            let unstable =
                self.operations.get(operation).is_some_and(|operation| operation.unstable);
            let occurrences = self.schema_comparison.occurrences(usage.root);
            for occurrence in &occurrences {
                let key = OccurrenceKey {
                    pair: occurrence.pair,
                    schema_change: occurrence.schema_change,
                    effect: occurrence.effect,
                    negated: occurrence.negated,
                    direction,
                    unstable,
                    omittable: usage.omittable && occurrence.is_root(),
                };
                if let Some((known, level)) = seen.get(&key) {
                    // A graver finding about the same cause may have taken its place.
                    let found =
                        self.candidates.get_mut(*known).filter(|found| found.level == *level);
                    if let Some(found) = found {
                        found.operations.insert(operation);
                        // Who is nearer has the smaller witness.
                        if found
                            .search_start
                            .as_ref()
                            .is_some_and(|search_start| search_start.depth > occurrence.depth)
                        {
                            found.search_start = Some(SearchStart {
                                usage: index,
                                pair: occurrence.pair,
                                depth: occurrence.depth,
                            });
                        }
                    }
                } else if let Some(known) =
                    self.collect_occurrence(index, &usage, occurrence, unstable)
                {
                    let level = self.candidates.get(known).map_or(Level::Info, |found| found.level);
                    seen.insert(key, (known, level));
                }
            }
        }
    }

    /// The finding that a hit became or joined, unless that has a graver level.
    fn collect_occurrence(
        &mut self,
        index: usize,
        usage: &SchemaUse,
        occurrence: &Occurrence,
        unstable: bool,
    ) -> Option<usize> {
        let diff = self.schema_comparison.diff(occurrence.pair);
        let schema_change = diff.schema_changes.get(occurrence.schema_change)?;
        let HttpMessage { operation, direction } = usage.message;
        let mut found = match compatibility_level(occurrence.effect, direction) {
            Level::Breaking => Level::Breaking,
            _ => schema_change.compatible_level,
        };
        let filled_in =
            usage.omittable && schema_change.rule.concerns_default && occurrence.is_root();
        if filled_in && direction == Direction::Request {
            found = Level::Breaking;
        }
        let target = TargetPointers {
            negated: occurrence.negated,
            is_schema: true,
            ..TargetPointers::of(&occurrence.at)
        };
        let key = self.finding_key(schema_change.rule, target, &schema_change.change);
        self.add_candidate(Candidate {
            rule: schema_change.rule,
            key,
            level: if unstable { Level::Info } else { found },
            effect: occurrence.effect,
            direction: Some(direction),
            both_directions: false,
            certainty: schema_change.certainty,
            at: occurrence.at.clone(),
            change: schema_change.change.clone(),
            operations: BTreeSet::from([operation]),
            search_start: Some(SearchStart {
                usage: index,
                pair: occurrence.pair,
                depth: occurrence.depth,
            }),
            prepared_witness: None,
        })
    }

    /// Warns where a document is not of the version of OpenAPI whose keywords are known here.
    fn report_unsupported_version(&mut self) {
        let roots = self.resolvers().map(Resolver::root);
        let other = |at: &NodeRef<'d>| {
            let version = at.text("openapi").or(at.text("swagger"))?;
            (!version.starts_with("3.0")).then(|| version.to_owned())
        };
        let Some(version) = other(&roots.head).or_else(|| other(&roots.base)) else { return };
        if !roots.each().map(|root| root.node.to_json()).differ() {
            return;
        }
        let at = roots.map(|root| root.location_of("openapi"));
        let detected =
            DetectedChange::new(&rules::NOT_COMPARED, Change::UnsupportedVersion { version });
        self.report(None, None, detected.at(at.base, at.head));
    }

    fn report_unresolved(&mut self) {
        // What both documents leave open alike did not change.
        let mut by_place: BTreeMap<(String, String), Versions<Option<NodeLocation>>> =
            BTreeMap::new();
        let found = self.resolvers().map(Resolver::unresolved);
        for reference in found.base {
            let key = (reference.location.pointer.to_string(), reference.reference);
            by_place.entry(key).or_default().base = Some(reference.location);
        }
        for reference in found.head {
            let key = (reference.location.pointer.to_string(), reference.reference);
            by_place.entry(key).or_default().head = Some(reference.location);
        }
        for ((_, reference), at) in by_place {
            if at.base.is_some() && at.head.is_some() {
                continue;
            }
            let detected =
                DetectedChange::new(&rules::UNRESOLVED, Change::Unresolved { reference });
            self.report(None, None, detected.at(at.base, at.head));
        }
        if let Some(at) = self.schema_comparison.incomplete.take() {
            let detected = DetectedChange::new(&rules::NOT_COMPARED, Change::TooLarge);
            self.report(None, None, detected.at(at.base, at.head));
        }
    }
}
