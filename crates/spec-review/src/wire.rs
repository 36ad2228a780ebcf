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
use crate::diff::{Certainty, Hit, Pair, PairId, Schematics};
use crate::fingerprint::{canonical, fingerprint};
use crate::law::{Direction, Effect, Level, level};
use crate::rules::{self, Rule};
use crate::schema::Schemas;
use crate::side::{At, Place, Side};
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
pub(crate) type OperationId = usize;

/// The request or the answer of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) operation: OperationId,
    pub(crate) direction: Direction,
}

/// A value that travels, and the two schemas that describe it.
#[derive(Debug, Clone)]
pub(crate) struct Use {
    pub(crate) message: Message,
    pub(crate) root: PairId,
    pub(crate) carrier: Carrier,
    /// A parameter that callers may leave out, so that its default speaks for them.
    pub(crate) omittable: bool,
}

/// What a value travels in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Carrier {
    Body,
    /// The location and name of a parameter.
    Parameter(String, String),
    /// The name of a header of an answer.
    Header(String),
}

/// What proves a finding that is not about a schema: it was taken until now.
#[derive(Debug, Clone)]
pub(crate) struct Proof {
    pub(crate) payload: Value,
    /// The schemas that judge it.
    pub(crate) schemas: Box<Versions<Value>>,
}

/// Where an edit of a schema was first met.
#[derive(Debug, Clone)]
pub(crate) struct Anchor {
    pub(crate) usage: usize,
    pub(crate) pair: PairId,
    /// How many steps lead to it.
    pub(crate) depth: usize,
}

/// What tells a finding from all others.
#[derive(Debug, Clone)]
pub(crate) struct FindingId {
    pub(crate) target: Target,
    pub(crate) fingerprint: String,
}

/// The place that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct About {
    pub(crate) pointer: Versions<Option<Rc<str>>>,
    /// It was come to through a `not`.
    pub(crate) negated: bool,
    /// It is a schema.
    pub(crate) of_schema: bool,
}

impl About {
    /// Places that are what the finding is about.
    pub(crate) fn places(at: &Versions<Option<Place>>) -> Self {
        let pointer = at.each().map(|place| place.as_ref().map(|place| Rc::clone(&place.pointer)));
        Self { pointer, negated: false, of_schema: false }
    }
}

/// A finding before it has a witness.
#[derive(Debug, Clone)]
pub(crate) struct Raw {
    pub(crate) rule: &'static Rule,
    pub(crate) id: Rc<FindingId>,
    pub(crate) level: Level,
    pub(crate) effect: Effect,
    pub(crate) direction: Option<Direction>,
    /// The other direction is concerned at the same level.
    pub(crate) both_ways: bool,
    pub(crate) certainty: Certainty,
    pub(crate) at: Versions<Option<Place>>,
    pub(crate) change: Change,
    pub(crate) operations: BTreeSet<OperationId>,
    pub(crate) anchor: Option<Anchor>,
    pub(crate) proof: Option<Proof>,
}

impl Raw {
    /// Takes the same finding about somebody else: it is given at the level of whom it hurts most,
    /// and who is not hurt at that level is not listed. The answer is whether it was listed.
    pub(crate) fn join(&mut self, mut other: Self) -> bool {
        match other.level.cmp(&self.level) {
            std::cmp::Ordering::Less => {
                std::mem::swap(self, &mut other);
                self.change.join(other.change);
            }
            std::cmp::Ordering::Equal => {
                self.change.join(other.change);
                if self.direction == other.direction {
                    self.effect = self.effect.or(other.effect);
                } else {
                    self.both_ways = true;
                }
                self.operations.extend(other.operations);
            }
            std::cmp::Ordering::Greater => return false,
        }
        true
    }
}

/// What a part of the comparison says about one operation.
pub(crate) struct Said {
    rule: &'static Rule,
    level: Level,
    effect: Effect,
    at: Versions<Option<Place>>,
    /// What it is about, where that is not what reports point at.
    about: Option<Versions<Option<Rc<str>>>>,
    change: Change,
    proof: Option<Proof>,
}

impl Said {
    /// Something that stands nowhere, until more is said of it.
    fn new(rule: &'static Rule, change: Change) -> Self {
        Self {
            rule,
            level: rule.usual,
            effect: Effect::NEITHER,
            at: Versions::default(),
            about: None,
            change,
            proof: None,
        }
    }

    fn level(self, level: Level) -> Self {
        Self { level, ..self }
    }

    fn effect(self, effect: Effect) -> Self {
        Self { effect, ..self }
    }

    /// The level that the law gives an effect on what travels in a direction.
    fn by(self, effect: Effect, direction: Direction) -> Self {
        Self { level: level(effect, direction), effect, ..self }
    }

    fn at(self, base: impl Into<Option<Place>>, head: impl Into<Option<Place>>) -> Self {
        Self { at: Versions::new(base.into(), head.into()), ..self }
    }

    /// At a keyword that both sides may have.
    fn at_key(self, at: Versions<&At<'_>>, key: &str) -> Self {
        let at = at.map(|at| at.place_of(key));
        self.at(at.base, at.head)
    }

    /// What came or went, by the place where it is referred to: a component that it may stand in
    /// has other users, to whom it neither came nor went.
    fn about(self, base: Option<&Rc<str>>, head: Option<&Rc<str>>) -> Self {
        Self { about: Some(Versions::new(base.cloned(), head.cloned())), ..self }
    }

    fn proof(self, proof: Option<Proof>) -> Self {
        Self { proof, ..self }
    }
}

/// An edit as one kind of user meets it.
#[derive(PartialEq, Eq, Hash)]
struct Met {
    pair: PairId,
    edit: usize,
    effect: Effect,
    flip: bool,
    direction: Direction,
    unstable: bool,
    omittable: bool,
}

/// What an id is made of, before lists are looked up for the names of their items.
type Key = (&'static str, About, String);

/// The comparison of the wire axis.
pub(crate) struct Wire<'d> {
    pub(crate) schematics: Schematics<'d>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) uses: Vec<Use>,
    pub(crate) found: Vec<Raw>,
    ids: HashMap<Key, Rc<FindingId>>,
    /// The findings by their fingerprints.
    known: HashMap<String, usize>,
    schemes: security::Schemes,
}

impl<'d> Wire<'d> {
    /// Compares two documents.
    pub(crate) fn compare(sides: Versions<Side<'d>>) -> Self {
        let schemes = security::Schemes::of(sides.each());
        let mut wire = Self {
            schematics: Schematics::new(sides.map(Schemas::new)),
            operations: Vec::new(),
            uses: Vec::new(),
            found: Vec::new(),
            ids: HashMap::new(),
            known: HashMap::new(),
            schemes,
        };
        wire.compare_paths();
        wire.compare_unused_schemes();
        wire.collect();
        wire.note_gaps();
        wire.note_versions();
        wire
    }

    pub(crate) fn sides(&self) -> Versions<&Side<'d>> {
        self.schematics.schemas.each().map(|schemas| &schemas.side)
    }

    /// What tells a change of a place from all others.
    pub(crate) fn identify(
        &mut self,
        rule: &'static Rule,
        about: About,
        change: &Change,
    ) -> Rc<FindingId> {
        let key = (rule.id, about, canonical(change));
        if let Some(known) = self.ids.get(&key) {
            return Rc::clone(known);
        }
        let about = &key.1;
        let pointer = self.sides().zip(about.pointer.each());
        let pointer = pointer
            .map(|(side, pointer)| Some(side.source.order_independent_pointer(pointer.as_ref()?)));
        let (negated, of_schema) = (about.negated, about.of_schema);
        let target = Target::Document { pointer, negated, of_schema };
        let fingerprint = fingerprint(rule, &target, change);
        let id = Rc::new(FindingId { target, fingerprint });
        self.ids.insert(key, Rc::clone(&id));
        id
    }

    /// Takes a finding about an operation; the same finding about another operation joins it.
    pub(crate) fn say(
        &mut self,
        operation: Option<OperationId>,
        direction: Option<Direction>,
        said: Said,
    ) {
        let unstable = operation
            .and_then(|id| self.operations.get(id))
            .is_some_and(|operation| operation.unstable);
        let mut about = About::places(&said.at);
        about.pointer = said.about.unwrap_or(about.pointer);
        let id = self.identify(said.rule, about, &said.change);
        self.take(Raw {
            rule: said.rule,
            id,
            level: if unstable { said.level.max(Level::Info) } else { said.level },
            effect: said.effect,
            direction,
            both_ways: false,
            certainty: Certainty::Beyond,
            at: said.at,
            change: said.change,
            operations: operation.into_iter().collect(),
            anchor: None,
            proof: said.proof,
        });
    }

    /// Takes a finding about a message.
    fn say_of(&mut self, message: Message, said: Said) {
        self.say(Some(message.operation), Some(message.direction), said);
    }

    /// One change is one finding.
    fn take(&mut self, raw: Raw) -> Option<usize> {
        let known = self.known.get(&raw.id.fingerprint).copied();
        if let Some((index, old)) =
            known.and_then(|index| Some((index, self.found.get_mut(index)?)))
        {
            return old.join(raw).then_some(index);
        }
        let index = self.found.len();
        self.known.insert(raw.id.fingerprint.clone(), index);
        self.found.push(raw);
        Some(index)
    }

    /// Compares two schemas that describe the same value.
    pub(crate) fn compare_schemas(
        &mut self,
        message: Message,
        schemas: Versions<Option<At<'d>>>,
        carrier: Carrier,
        text: bool,
    ) {
        if schemas.is_empty() {
            return;
        }
        let conjunctions = self.schematics.schemas.each_mut().zip(schemas);
        let conjunctions = conjunctions.map(|(schemas, at)| match at {
            Some(at) => {
                let leaf = schemas.read(&at);
                schemas.one(leaf)
            }
            None => schemas.all([]),
        });
        let direction = message.direction;
        let root = self.schematics.compare(Pair { conjunctions, direction, text });
        self.uses.push(Use { message, root, carrier, omittable: false });
    }

    /// Reads off what the comparisons of schemas found, use by use.
    fn collect(&mut self) {
        // An edit of a shared schema is met once by every operation that uses it.
        let mut met: HashMap<Met, (usize, Level)> = HashMap::new();
        for index in 0..self.uses.len() {
            let Some(usage) = self.uses.get(index).cloned() else { break };
            let Message { operation, direction } = usage.message;
            let unstable =
                self.operations.get(operation).is_some_and(|operation| operation.unstable);
            let hits = self.schematics.walk(usage.root);
            for hit in &hits {
                let key = Met {
                    pair: hit.pair,
                    edit: hit.edit,
                    effect: hit.effect,
                    flip: hit.flip,
                    direction,
                    unstable,
                    omittable: usage.omittable && hit.is_root(),
                };
                if let Some((known, level)) = met.get(&key) {
                    // A graver finding about the same cause may have taken its place.
                    let found = self.found.get_mut(*known).filter(|found| found.level == *level);
                    if let Some(found) = found {
                        found.operations.insert(operation);
                        // Who is nearer has the smaller witness.
                        if found.anchor.as_ref().is_some_and(|anchor| anchor.depth > hit.depth) {
                            found.anchor =
                                Some(Anchor { usage: index, pair: hit.pair, depth: hit.depth });
                        }
                    }
                } else if let Some(known) = self.collect_hit(index, &usage, hit, unstable) {
                    let level = self.found.get(known).map_or(Level::Info, |found| found.level);
                    met.insert(key, (known, level));
                }
            }
        }
    }

    /// The finding that a hit became or joined, unless that has a graver level.
    fn collect_hit(
        &mut self,
        index: usize,
        usage: &Use,
        hit: &Hit,
        unstable: bool,
    ) -> Option<usize> {
        let diff = self.schematics.diff(hit.pair);
        let edit = diff.edits.get(hit.edit)?;
        let Message { operation, direction } = usage.message;
        let mut found = match level(hit.effect, direction) {
            Level::Breaking => Level::Breaking,
            _ => edit.otherwise,
        };
        let filled_in = usage.omittable && edit.rule.fills_in && hit.is_root();
        if filled_in && direction == Direction::Request {
            found = Level::Breaking;
        }
        let about = About { negated: hit.flip, of_schema: true, ..About::places(&hit.at) };
        let id = self.identify(edit.rule, about, &edit.change);
        self.take(Raw {
            rule: edit.rule,
            id,
            level: if unstable { Level::Info } else { found },
            effect: hit.effect,
            direction: Some(direction),
            both_ways: false,
            certainty: edit.certainty,
            at: hit.at.clone(),
            change: edit.change.clone(),
            operations: BTreeSet::from([operation]),
            anchor: Some(Anchor { usage: index, pair: hit.pair, depth: hit.depth }),
            proof: None,
        })
    }

    /// Warns where a document is not of the version of OpenAPI whose keywords are known here.
    fn note_versions(&mut self) {
        let roots = self.sides().map(Side::root);
        let other = |at: &At<'d>| {
            let version = at.text("openapi").or(at.text("swagger"))?;
            (!version.starts_with("3.0")).then(|| version.to_owned())
        };
        let Some(version) = other(&roots.head).or_else(|| other(&roots.base)) else { return };
        if !roots.each().map(|root| root.node.to_json()).differ() {
            return;
        }
        let at = roots.map(|root| root.place_of("openapi"));
        let said = Said::new(&rules::NOT_COMPARED, Change::OtherVersion { version });
        self.say(None, None, said.at(at.base, at.head));
    }

    fn note_gaps(&mut self) {
        // What both documents leave open alike did not change.
        let mut gaps: BTreeMap<(String, String), Versions<Option<Place>>> = BTreeMap::new();
        let found = self.sides().map(Side::gaps);
        for gap in found.base {
            let key = (gap.place.pointer.to_string(), gap.reference);
            gaps.entry(key).or_default().base = Some(gap.place);
        }
        for gap in found.head {
            let key = (gap.place.pointer.to_string(), gap.reference);
            gaps.entry(key).or_default().head = Some(gap.place);
        }
        for ((_, reference), at) in gaps {
            if at.base.is_some() && at.head.is_some() {
                continue;
            }
            let said = Said::new(&rules::UNRESOLVED, Change::Unresolved { reference });
            self.say(None, None, said.at(at.base, at.head));
        }
        if let Some(at) = self.schematics.exhausted.take() {
            let said = Said::new(&rules::NOT_COMPARED, Change::TooLarge);
            self.say(None, None, said.at(at.base, at.head));
        }
    }
}
