//! The wire axis: both documents side by side, from the paths down to the bodies.

mod bodies;
mod media;
mod operations;
mod parameters;
mod responses;
mod security;
mod servers;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::diff::{Certainty, Hit, Pair, PairId, Schematics};
use crate::law::{Direction, Effect, Level, level};
use crate::rules::{self, Rule};
use crate::schema::Schemas;
use crate::side::{At, Place, Side};

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

/// A value that travels, and the two schemas that describe it.
#[derive(Debug, Clone)]
pub(crate) struct Use {
    pub(crate) operation: OperationId,
    pub(crate) direction: Direction,
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

/// What proves a finding that is not about a schema.
#[derive(Debug, Clone)]
pub(crate) struct Proof {
    pub(crate) payload: Value,
    pub(crate) accepted_by_base: bool,
    /// The schemas of both sides that judge it.
    pub(crate) schemas: Box<(Value, Value)>,
}

/// Where an edit of a schema was first met.
#[derive(Debug, Clone)]
pub(crate) struct Anchor {
    pub(crate) usage: usize,
    pub(crate) pair: PairId,
    /// How many steps lead to it.
    pub(crate) depth: usize,
}

/// A finding before it has a witness.
#[derive(Debug, Clone)]
pub(crate) struct Raw {
    pub(crate) rule: &'static Rule,
    pub(crate) level: Level,
    pub(crate) effect: Effect,
    pub(crate) direction: Option<Direction>,
    /// The other direction is concerned at the same level.
    pub(crate) both_ways: bool,
    pub(crate) certainty: Certainty,
    pub(crate) base: Option<Place>,
    pub(crate) head: Option<Place>,
    pub(crate) message: String,
    pub(crate) operations: BTreeSet<OperationId>,
    pub(crate) anchor: Option<Anchor>,
    pub(crate) proof: Option<Proof>,
}

/// What a part of the comparison says about one operation.
pub(crate) struct Said {
    pub(crate) rule: &'static Rule,
    pub(crate) level: Level,
    pub(crate) effect: Effect,
    pub(crate) base: Option<Place>,
    pub(crate) head: Option<Place>,
    pub(crate) message: String,
    pub(crate) proof: Option<Proof>,
}

impl Said {
    /// Something that nobody has to act on, and that stands nowhere, until more is said of it.
    fn new(rule: &'static Rule, message: impl Into<String>) -> Self {
        Self {
            rule,
            level: Level::Info,
            effect: Effect::NEITHER,
            base: None,
            head: None,
            message: message.into(),
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
        Self { base: base.into(), head: head.into(), ..self }
    }

    fn proof(self, proof: Option<Proof>) -> Self {
        Self { proof, ..self }
    }
}

/// An edit as one kind of user meets it.
type Met = (PairId, usize, Effect, Direction, bool, bool);
type Key = (&'static str, Option<Place>, Option<Place>, String);

/// The comparison of the wire axis.
pub(crate) struct Wire<'d> {
    pub(crate) schematics: Schematics<'d>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) uses: Vec<Use>,
    pub(crate) found: Vec<Raw>,
    known: HashMap<Key, usize>,
    schemes: security::Schemes,
}

impl<'d> Wire<'d> {
    /// Compares two documents.
    pub(crate) fn compare(base: Side<'d>, head: Side<'d>) -> Self {
        let schemes = security::Schemes::of(&base, &head);
        let mut wire = Self {
            schematics: Schematics::new(Schemas::new(base), Schemas::new(head)),
            operations: Vec::new(),
            uses: Vec::new(),
            found: Vec::new(),
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

    pub(crate) fn base(&self) -> &Side<'d> {
        &self.schematics.base.side
    }

    pub(crate) fn head(&self) -> &Side<'d> {
        &self.schematics.head.side
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
        let level = if unstable { said.level.max(Level::Info) } else { said.level };
        let raw = Raw {
            rule: said.rule,
            level,
            effect: said.effect,
            direction,
            both_ways: false,
            certainty: Certainty::Beyond,
            base: said.base,
            head: said.head,
            message: said.message,
            operations: operation.into_iter().collect(),
            anchor: None,
            proof: said.proof,
        };
        self.take(raw);
    }

    /// One cause is one finding, at the level of whom it hurts most; who is not hurt at that level
    /// is not listed.
    fn take(&mut self, raw: Raw) -> Option<usize> {
        let key = (raw.rule.id, raw.base.clone(), raw.head.clone(), raw.message.clone());
        let known = self.known.get(&key).copied();
        let Some((index, old)) = known.and_then(|index| Some((index, self.found.get_mut(index)?)))
        else {
            let index = self.found.len();
            self.known.insert(key, index);
            self.found.push(raw);
            return Some(index);
        };
        match raw.level.cmp(&old.level) {
            std::cmp::Ordering::Less => *old = raw,
            std::cmp::Ordering::Equal => {
                if old.direction == raw.direction {
                    old.effect = old.effect.or(raw.effect);
                } else {
                    old.both_ways = true;
                }
                old.operations.extend(raw.operations);
            }
            std::cmp::Ordering::Greater => return None,
        }
        Some(index)
    }

    /// Compares two schemas that describe the same value.
    pub(crate) fn compare_schemas(
        &mut self,
        (operation, direction): (OperationId, Direction),
        (base, head): (Option<At<'d>>, Option<At<'d>>),
        carrier: Carrier,
        text: bool,
    ) {
        if base.is_none() && head.is_none() {
            return;
        }
        let read = |schemas: &mut Schemas<'d>, at: Option<At<'d>>| match at {
            Some(at) => {
                let leaf = schemas.read(&at);
                schemas.one(leaf)
            }
            None => schemas.all([]),
        };
        let base = read(&mut self.schematics.base, base);
        let head = read(&mut self.schematics.head, head);
        let root = self.schematics.compare(Pair { base, head, direction, text });
        self.uses.push(Use { operation, direction, root, carrier, omittable: false });
    }

    /// Reads off what the comparisons of schemas found, use by use.
    fn collect(&mut self) {
        // An edit of a shared schema is met once by every operation that uses it.
        let mut met: HashMap<Met, (usize, Level)> = HashMap::new();
        for index in 0..self.uses.len() {
            let Some(usage) = self.uses.get(index).cloned() else { break };
            let unstable =
                self.operations.get(usage.operation).is_some_and(|operation| operation.unstable);
            let hits = self.schematics.walk(usage.root);
            for hit in &hits {
                let key = (
                    hit.pair,
                    hit.edit,
                    hit.effect,
                    usage.direction,
                    unstable,
                    usage.omittable && hit.is_root(),
                );
                if let Some((known, level)) = met.get(&key) {
                    // A graver finding about the same cause may have taken its place.
                    let found = self.found.get_mut(*known).filter(|found| found.level == *level);
                    if let Some(found) = found {
                        found.operations.insert(usage.operation);
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
        let mut found = match level(hit.effect, usage.direction) {
            Level::Breaking => Level::Breaking,
            _ => edit.otherwise,
        };
        let defaults = usage.omittable && edit.rule.id == rules::DEFAULT.id && hit.is_root();
        if defaults && usage.direction == Direction::Request {
            found = Level::Breaking;
        }
        self.take(Raw {
            rule: edit.rule,
            level: if unstable { Level::Info } else { found },
            effect: hit.effect,
            direction: Some(usage.direction),
            both_ways: false,
            certainty: edit.certainty,
            base: hit.base.clone(),
            head: hit.head.clone(),
            message: if hit.flip {
                format!("under `not`: {}", edit.message)
            } else {
                edit.message.clone()
            },
            operations: BTreeSet::from([usage.operation]),
            anchor: Some(Anchor { usage: index, pair: hit.pair, depth: hit.depth }),
            proof: None,
        })
    }

    /// Warns where a document is not of the version of OpenAPI whose keywords are known here.
    fn note_versions(&mut self) {
        let (base, head) = (self.base().root(), self.head().root());
        let other = |at: &At<'d>| {
            let version = at.text("openapi").or(at.text("swagger"))?;
            (!version.starts_with("3.0")).then(|| version.to_owned())
        };
        let Some(version) = other(&head).or_else(|| other(&base)) else { return };
        if base.node.to_json() == head.node.to_json() {
            return;
        }
        let message =
            format!("the version is `{version}`; what OpenAPI 3.0 does not know was not compared");
        let said = Said::new(&rules::NOT_COMPARED, message)
            .level(Level::Warning)
            .at(base.place_of("openapi"), head.place_of("openapi"));
        self.say(None, None, said);
    }

    fn note_gaps(&mut self) {
        let old = self.base().gaps().into_iter().map(|gap| (gap, false));
        let new = self.head().gaps().into_iter().map(|gap| (gap, true));
        // What both documents leave open alike did not change.
        let mut gaps: BTreeMap<(String, String), [Option<Place>; 2]> = BTreeMap::new();
        for (gap, of_head) in old.chain(new) {
            let key = (gap.place.pointer.to_string(), gap.reference);
            let [base, head] = gaps.entry(key).or_default();
            *if of_head { head } else { base } = Some(gap.place);
        }
        for ((_, reference), [base, head]) in gaps {
            if base.is_some() && head.is_some() {
                continue;
            }
            let message = format!(
                "the reference `{reference}` could not be followed, so nothing behind it was compared"
            );
            let said = Said::new(&rules::UNRESOLVED, message).level(Level::Warning).at(base, head);
            self.say(None, None, said);
        }
        if let Some([base, head]) = self.schematics.exhausted.take() {
            let message = "the schemas are too large or too entangled to be compared completely";
            let said =
                Said::new(&rules::NOT_COMPARED, message).level(Level::Warning).at(base, head);
            self.say(None, None, said);
        }
    }
}
