//! The wire axis: compares both documents from the paths down to the bodies.

mod bodies;
mod media;
mod operations;
mod pairing;
mod parameters;
mod responses;
mod security;
mod servers;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use std::rc::Rc;

use serde_json::Value;

use crate::budget::Budget;
use crate::change::Change;
use crate::compatibility::{Direction, Level, SetEffect, compatibility_level};
use crate::diff::{Certainty, Occurrence, Pair, PairId, SchemaComparison};
use crate::fingerprint::{canonical, fingerprint};
use crate::resolver::{NodeLocation, NodeRef, Resolver};
use crate::rules::{self, Rule};
use crate::schema::Schemas;
use crate::schema::pattern::Patterns;
use crate::subject::Target;
use crate::versions::Versions;

/// An operation of both documents, or of one of them.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// The `operationId`, or method and path.
    pub(crate) name: String,
    /// `POST /v1/things`.
    pub(crate) request_line: String,
    /// Whether the base document calls it draft or alpha, so that it may change.
    pub(crate) unstable: bool,
}

/// An index into the operations of the comparison.
pub(crate) type OperationIndex = usize;

/// The request or the response of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HttpMessage {
    pub(crate) operation: OperationIndex,
    pub(crate) direction: Direction,
}

/// A value of a message, and the two schemas that describe it.
#[derive(Debug, Clone)]
pub(crate) struct SchemaUse {
    pub(crate) message: HttpMessage,
    pub(crate) root: PairId,
    pub(crate) value_location: ValueLocation,
    /// It is a parameter that callers may leave out, so that a changed default changes their calls.
    pub(crate) omittable: bool,
}

/// Where a value is in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ValueLocation {
    Body,
    /// Its `in`, and its name.
    Parameter(String, String),
    /// A header of a response, by its name.
    Header(String),
}

/// A witness that is known when the change is detected, for changes that are not about a schema: a
/// payload that only the base document accepts.
#[derive(Debug, Clone)]
pub(crate) struct PreparedWitness {
    pub(crate) payload: Value,
    /// The JSON Schemas that judge it.
    pub(crate) schemas: Box<Versions<Value>>,
}

/// Where a witness for a schema change is searched from.
#[derive(Debug, Clone)]
pub(crate) struct SearchStart {
    pub(crate) usage: usize,
    pub(crate) pair: PairId,
    /// The index of the schema change in the pair.
    pub(crate) schema_change: usize,
    /// The number of steps from the body to the change.
    pub(crate) depth: usize,
}

/// What identifies a finding.
#[derive(Debug, Clone)]
pub(crate) struct FindingKey {
    pub(crate) target: Target,
    pub(crate) fingerprint: String,
}

/// The pointers that identify the target of a change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct TargetPointers {
    pub(crate) pointer: Versions<Option<Rc<str>>>,
    /// Inside a `not`.
    pub(crate) negated: bool,
    /// It is a schema.
    pub(crate) is_schema: bool,
}

impl TargetPointers {
    /// The pointers of the locations that reports show.
    pub(crate) fn of(at: &Versions<Option<NodeLocation>>) -> Self {
        let pointer = at
            .each()
            .map(|location| location.as_ref().map(|location| Rc::clone(&location.pointer)));
        Self { pointer, negated: false, is_schema: false }
    }
}

/// A change as first detected: a finding for which no witness was searched yet.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) rule: &'static Rule,
    pub(crate) key: Rc<FindingKey>,
    pub(crate) level: Level,
    pub(crate) effect: SetEffect,
    pub(crate) direction: Option<Direction>,
    /// It affects the other direction at the same level.
    pub(crate) both_directions: bool,
    pub(crate) certainty: Certainty,
    pub(crate) at: Versions<Option<NodeLocation>>,
    pub(crate) change: Change,
    pub(crate) operations: BTreeSet<OperationIndex>,
    pub(crate) search_start: Option<SearchStart>,
    pub(crate) prepared_witness: Option<PreparedWitness>,
}

impl Candidate {
    /// Merges the same change as detected for another operation. The higher level wins, and only
    /// operations with that level are listed. Returns whether those of `other` are listed.
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

/// A change that a part of the comparison detected for one operation.
pub(crate) struct DetectedChange {
    rule: &'static Rule,
    level: Level,
    effect: SetEffect,
    at: Versions<Option<NodeLocation>>,
    /// The pointers that identify the target, where they differ from the locations that reports
    /// show.
    target: Option<Versions<Option<Rc<str>>>>,
    change: Change,
    prepared_witness: Option<PreparedWitness>,
}

impl DetectedChange {
    /// A change with the default level of its rule and no location yet.
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

    /// Sets the effect, and the level that the compatibility rule gives it.
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

    /// Sets the locations to those of a keyword.
    fn at_key(self, at: Versions<&NodeRef<'_>>, key: &str) -> Self {
        let at = at.map(|at| at.location_of(key));
        self.at(at.base, at.head)
    }

    /// Sets the pointers of an added or removed part to the places that refer to it. The part
    /// itself may be a component, which other operations had before and after.
    fn target(self, base: Option<&Rc<str>>, head: Option<&Rc<str>>) -> Self {
        Self { target: Some(Versions::new(base.cloned(), head.cloned())), ..self }
    }

    fn prepared_witness(self, prepared_witness: Option<PreparedWitness>) -> Self {
        Self { prepared_witness, ..self }
    }
}

/// Occurrences that have this in common lead to the same candidate.
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

/// The inputs of a finding key, before list items are replaced by their names.
type KeyParts = (&'static str, TargetPointers, String);

/// The comparison on the wire axis.
pub(crate) struct WireComparison<'d> {
    pub(crate) schema_comparison: SchemaComparison<'d>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) uses: Vec<SchemaUse>,
    pub(crate) candidates: Vec<Candidate>,
    finding_keys: HashMap<KeyParts, Rc<FindingKey>>,
    /// The indices of the candidates by their fingerprints.
    by_fingerprint: HashMap<String, usize>,
    schemes: security::SecuritySchemes,
    /// Paths of the base document whose operations have another path in the head document.
    pub(crate) moved_paths: HashMap<String, String>,
    /// Whether a break is only suspected because the budget was used up.
    pub(crate) proofs_cut_short: bool,
}

impl<'d> WireComparison<'d> {
    /// Compares two documents.
    pub(crate) fn compare(resolvers: Versions<Resolver<'d>>) -> Self {
        let bytes = resolvers.each().map(|resolver| resolver.source.text().len());
        let patterns = Rc::new(Patterns::new(Budget::for_documents(bytes.base + bytes.head)));
        let schemes = security::SecuritySchemes::of(resolvers.each());
        let mut wire = Self {
            schema_comparison: SchemaComparison::new(
                resolvers.map(|resolver| Schemas::new(resolver, Rc::clone(&patterns))),
            ),
            operations: Vec::new(),
            uses: Vec::new(),
            candidates: Vec::new(),
            finding_keys: HashMap::new(),
            by_fingerprint: HashMap::new(),
            schemes,
            moved_paths: HashMap::new(),
            proofs_cut_short: false,
        };
        wire.compare_paths();
        wire.compare_unused_schemes();
        wire.schema_comparison.budget().next_part();
        wire.collect_occurrences();
        wire.report_unresolved();
        wire.report_unsupported_version();
        wire
    }

    pub(crate) fn resolvers(&self) -> Versions<&Resolver<'d>> {
        self.schema_comparison.schemas.each().map(|schemas| &schemas.resolver)
    }

    /// Computes what identifies a change.
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

    /// Adds a change of an operation. The same change of another operation is merged with it.
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

    /// Adds a change of a message.
    fn report_for(&mut self, message: HttpMessage, detected: DetectedChange) {
        self.report(Some(message.operation), Some(message.direction), detected);
    }

    /// Adds a candidate or merges it with an earlier one, because one change is one finding.
    /// Returns its index, unless the earlier one has a higher level.
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

    /// Reads the examples of two media types, parameters or headers.
    fn read_examples(&mut self, at: Versions<&NodeRef<'d>>) {
        let sides = self.schema_comparison.schemas.each_mut().zip(at);
        sides.map(|(schemas, at)| schemas.read_examples(at));
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

    /// Collects the schema changes that each use of a schema reaches.
    fn collect_occurrences(&mut self) {
        // A change of a shared schema occurs once for every operation that uses it. Occurrences
        // that lead to the same candidate only add their operation, which keeps large documents
        // fast.
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
                    // A candidate with a higher level may have replaced it meanwhile.
                    let found =
                        self.candidates.get_mut(*known).filter(|found| found.level == *level);
                    if let Some(found) = found {
                        found.operations.insert(operation);
                        // The shortest path gives the smallest witness.
                        if found
                            .search_start
                            .as_ref()
                            .is_some_and(|search_start| search_start.depth > occurrence.depth)
                        {
                            found.search_start = Some(SearchStart {
                                usage: index,
                                pair: occurrence.pair,
                                schema_change: occurrence.schema_change,
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

    /// Adds the candidate of an occurrence. Returns its index, unless an earlier one has a higher
    /// level.
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
                schema_change: occurrence.schema_change,
                depth: occurrence.depth,
            }),
            prepared_witness: None,
        })
    }

    /// Warns where a document has another version than OpenAPI 3.0.
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

    /// The references that were not followed in either document.
    pub(crate) fn not_followed(&self) -> Vec<String> {
        let Versions { base, head } = self.resolvers().map(Resolver::unresolved);
        let references = base.into_iter().chain(head).map(|unresolved| unresolved.reference);
        references.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn report_unresolved(&mut self) {
        // A reference that is unresolved at the same place in both documents did not change.
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
