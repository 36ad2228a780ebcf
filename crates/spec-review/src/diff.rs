//! Compares two schemas, one from each document, and lists the changes between them.
//!
//! Each pair of conjunctions is compared once and refers to the pairs inside it, so that the cost
//! of shared and recursive schemas is that of their text, not of the paths to them. The result is a
//! graph of pairs. Walking it from the pair of an operation's bodies gives the changes that affect
//! the operation.

mod arrays;
mod numbers;
mod objects;
mod occurrences;
mod strings;
mod unions;
mod values;

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::rc::Rc;

use crate::budget::Budget;
use crate::change::{Aspect, AspectValue, Change, Part};
use crate::compatibility::{Direction, Level, SetEffect};
use crate::resolver::NodeLocation;
use crate::rules::{self, Rule};
use crate::schema::{ConjunctionId, Constraints, SchemaId, Schemas, TypeSet, UNKNOWN};
use crate::versions::Versions;

pub(crate) use occurrences::Occurrence;
use occurrences::Paths;

/// Inner pairs are compared recursively down to this depth; deeper ones are queued.
const MAX_DEPTH: usize = 48;
/// How many inner pairs are followed to find the effect between two schemas, nearest first.
const MAX_INNER_PAIRS: usize = 4_000;
/// The same, once the budget is used up.
const MAX_INNER_PAIRS_WITHOUT_BUDGET: usize = 40;
/// What following one of them costs.
const FOLLOWING: usize = 4;
/// What comparing a pair costs, and each change or inner pair that is found and kept.
const PAIR: usize = 50;
const FOUND: usize = 10;

/// How certain a schema change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// It follows from the keywords.
    Certain,
    /// Probably a break; suspected if no witness is found.
    Likely,
    /// Only reported with a witness.
    NeedsWitness,
    /// No JSON payload can be a witness of it.
    NotWitnessable,
}

/// One change between two schemas.
#[derive(Debug, Clone)]
pub(crate) struct SchemaChange {
    pub(crate) rule: &'static Rule,
    pub(crate) effect: SetEffect,
    pub(crate) certainty: Certainty,
    /// The level where it is not breaking.
    pub(crate) compatible_level: Level,
    pub(crate) at: Versions<Option<NodeLocation>>,
    pub(crate) change: Change,
    /// The alternative that was added or removed.
    pub(crate) branch: Option<SchemaId>,
}

/// A step from a value to a value inside it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Step {
    Property(String),
    Item,
    /// A property that no document names.
    AdditionalProperty,
    /// The same value, seen through a union or a `not`.
    SameValue,
}

/// A pair inside a pair.
#[derive(Debug, Clone)]
pub(crate) struct InnerPair {
    pub(crate) step: Step,
    pub(crate) pair: PairId,
    /// Whether the pair is inside a `not` of the outer pair.
    pub(crate) negated: bool,
    /// The effects on the inner value that also affect the outer value.
    pub(crate) mask: SetEffect,
    /// Properties that another alternative has: that this one lost or gained them is no change.
    pub(crate) moved: BTreeSet<String>,
}

/// The changes between two conjunctions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Diff {
    /// The locations of the conjunctions.
    pub(crate) at: Versions<Option<NodeLocation>>,
    pub(crate) schema_changes: Vec<SchemaChange>,
    pub(crate) inner_pairs: Vec<InnerPair>,
}

/// A schema object and one of its keywords.
type KeywordRef<'k> = (SchemaId, &'k str);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PairId(usize);

/// Two conjunctions to compare, and how their values travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Pair {
    pub(crate) conjunctions: Versions<ConjunctionId>,
    pub(crate) direction: Direction,
    /// Whether values travel as text, where a string accepts the text of any other scalar.
    pub(crate) text: bool,
}

/// The comparison of all schemas of two documents.
pub(crate) struct SchemaComparison<'d> {
    pub(crate) schemas: Versions<Schemas<'d>>,
    ids: HashMap<Pair, PairId>,
    pairs: Vec<Pair>,
    diffs: Vec<Option<Rc<Diff>>>,
    deferred: VecDeque<PairId>,
    /// The first place that was not compared because of a limit.
    pub(crate) incomplete: Option<Versions<Option<NodeLocation>>>,
    with_changes: Option<HashSet<PairId>>,
    /// The shortest paths from one pair to all others.
    paths: Option<Paths>,
}

/// A pair that is being compared, with the constraints of both sides.
pub(crate) struct PairContext<'s> {
    pub(crate) pair: Pair,
    pub(crate) constraints: Versions<&'s Constraints>,
    /// The types that both accept.
    pub(crate) common: TypeSet,
    pub(crate) depth: usize,
}

impl<'d> SchemaComparison<'d> {
    pub(crate) fn new(schemas: Versions<Schemas<'d>>) -> Self {
        Self {
            schemas,
            ids: HashMap::new(),
            pairs: Vec::new(),
            diffs: Vec::new(),
            deferred: VecDeque::new(),
            incomplete: None,
            with_changes: None,
            paths: None,
        }
    }

    /// Compares a pair and all pairs inside it.
    pub(crate) fn compare(&mut self, pair: Pair) -> PairId {
        let id = self.compare_within(pair, 0);
        while let Some(next) = self.deferred.pop_front() {
            self.compare_now(next, 0);
        }
        id
    }

    /// What the comparison may still use.
    pub(crate) fn budget(&self) -> &Budget {
        self.schemas.base.budget()
    }

    pub(crate) fn diff(&self, id: PairId) -> Rc<Diff> {
        self.diffs.get(id.0).and_then(Option::clone).unwrap_or_default()
    }

    pub(crate) fn pair(&self, id: PairId) -> Option<Pair> {
        self.pairs.get(id.0).copied()
    }

    fn compare_within(&mut self, pair: Pair, depth: usize) -> PairId {
        if let Some(id) = self.ids.get(&pair) {
            return *id;
        }
        let id = PairId(self.pairs.len());
        self.ids.insert(pair, id);
        self.pairs.push(pair);
        self.diffs.push(None);
        self.with_changes = None;
        if !self.budget().spend(PAIR) {
            self.incomplete.get_or_insert_default();
        } else if depth > MAX_DEPTH {
            self.deferred.push_back(id);
        } else {
            self.compare_now(id, depth);
        }
        id
    }

    fn compare_now(&mut self, id: PairId, depth: usize) {
        let Some(pair) = self.pairs.get(id.0).copied() else { return };
        let constraints = self.schemas.each_mut().zip(pair.conjunctions);
        let constraints = constraints.map(|(schemas, id)| schemas.constraints(id));
        let constraints = constraints.each().map(|constraints| &**constraints);
        // A schema behind an unresolved reference is unknown, so nothing is reported about it.
        let unknown = constraints.map(|constraints| constraints.members.contains(&UNKNOWN));
        let unknown = unknown.base || unknown.head;
        let common = constraints.base.types & constraints.head.types;
        let context = PairContext { pair, constraints, common, depth };
        let members = constraints.map(|constraints| constraints.members.len());
        self.budget().spend((members.base + members.head) / 4);
        let diff = if unknown { Diff::default() } else { self.compare_constraints(&context) };
        self.budget().spend(FOUND * (diff.schema_changes.len() + diff.inner_pairs.len()));
        if let Some(slot) = self.diffs.get_mut(id.0) {
            *slot = Some(Rc::new(diff));
        }
    }

    fn compare_constraints(&mut self, context: &PairContext<'_>) -> Diff {
        let mut diff = Diff { at: self.locations(context.constraints), ..Diff::default() };
        // An alternative of a union repeats the keywords beside the union; annotations are compared
        // there.
        let repeats = self.schemas.each().zip(context.pair.conjunctions);
        let repeats = repeats
            .map(|(schemas, id)| schemas.conjuncts(id).iter().any(|conjunct| conjunct.own_only));
        if !repeats.base && !repeats.head {
            self.compare_annotations(context, &mut diff);
        }
        self.compare_stability(context, &mut diff);
        let has_unions = context.constraints.map(|constraints| !constraints.unions.is_empty());
        if (has_unions.base || has_unions.head) && self.compare_unions(context, &mut diff) {
            return diff;
        }
        self.compare_types(context, &mut diff);
        let listed = self.compare_values(context, &mut diff);
        // A keyword may stand beside a type to which it does not apply. It has no effect on any
        // value then, but its change is still compared, because its author meant something by it.
        // Not where a schema was split into its types: there, its other alternatives have the
        // keyword.
        let split = self.schemas.each().zip(context.pair.conjunctions).map(|(schemas, id)| {
            schemas.conjuncts(id).iter().any(|conjunct| Schemas::is_type(conjunct.schema))
        });
        let split = split.base || split.head;
        let matters = |types: TypeSet| {
            let has = context.constraints.map(|constraints| constraints.types.has(types));
            let idle = !split && !has.base && !has.head;
            idle || !listed && context.common.has(types)
        };
        if matters(TypeSet::NUMBER) {
            self.compare_numbers(context, &mut diff);
        }
        if matters(TypeSet::STRING) {
            self.compare_strings(context, &mut diff);
        }
        if matters(TypeSet::ARRAY) {
            self.compare_arrays(context, &mut diff);
        }
        if matters(TypeSet::OBJECT) {
            self.compare_objects(context, &mut diff);
        }
        if !listed {
            self.compare_nots(context, &mut diff);
        }
        diff
    }

    /// The effect of the changes of a pair and of all pairs inside it. Pairs that are still being
    /// compared, and pairs beyond the limit, count as equal.
    pub(crate) fn effect(&mut self, id: PairId) -> SetEffect {
        self.effect_of_all(id, false)
    }

    /// The same, optionally with the changes that are only reported with a witness.
    pub(crate) fn effect_of_all(&mut self, id: PairId, probes: bool) -> SetEffect {
        let mut total = SetEffect::NEITHER;
        let start = (id, false, SetEffect::BOTH);
        let mut seen = HashSet::from([start]);
        let mut queue = VecDeque::from([start]);
        let most = if self.budget().is_used_up() {
            MAX_INNER_PAIRS_WITHOUT_BUDGET
        } else {
            MAX_INNER_PAIRS
        };
        let mut inner_pairs = 0;
        while let Some((id, negated, mask)) = queue.pop_front() {
            let Some(Some(diff)) = self.diffs.get(id.0) else { continue };
            for schema_change in &diff.schema_changes {
                if probes || schema_change.certainty != Certainty::NeedsWitness {
                    total = total.or(schema_change.effect.reversed_if(negated).masked(mask));
                }
            }
            if total == SetEffect::BOTH || inner_pairs > most {
                break;
            }
            inner_pairs += diff.inner_pairs.len();
            for inner_pair in &diff.inner_pairs {
                let inner = (
                    inner_pair.pair,
                    negated ^ inner_pair.negated,
                    inner_pair.mask.reversed_if(negated).masked(mask),
                );
                if seen.insert(inner) {
                    queue.push_back(inner);
                }
            }
        }
        self.budget().spend(FOLLOWING * inner_pairs);
        total
    }

    /// Compares a pair inside this one.
    pub(crate) fn inner_pair(
        &mut self,
        context: &PairContext<'_>,
        conjunctions: Versions<ConjunctionId>,
        step: Step,
    ) -> InnerPair {
        let pair = Pair { conjunctions, ..context.pair };
        let pair = self.compare_within(pair, context.depth + 1);
        InnerPair { step, pair, negated: false, mask: SetEffect::BOTH, moved: BTreeSet::new() }
    }

    /// The locations of two conjunctions.
    pub(crate) fn locations(
        &self,
        constraints: Versions<&Constraints>,
    ) -> Versions<Option<NodeLocation>> {
        self.schemas
            .each()
            .zip(constraints)
            .map(|(schemas, constraints)| location_of(schemas, constraints))
    }

    /// The location of a keyword in the document that does not have it: the schema object at the
    /// same pointer, if it is one of the members. So a change has the same locations wherever its
    /// schema is a member, and hence one fingerprint.
    fn counterparts(
        &self,
        constraints: Versions<&Constraints>,
        keyword: Versions<Option<KeywordRef<'_>>>,
    ) -> Versions<Option<NodeLocation>> {
        let written = self.schemas.each().zip(keyword).map(|(schemas, keyword)| {
            let (schema, _) = keyword?;
            schemas.object(schema).location()
        });
        let sides = self.schemas.each().zip(constraints).zip(written.swapped());
        sides.map(|((schemas, constraints), written)| {
            let written = written?;
            let mut locations =
                constraints.members.iter().filter_map(|schema| schemas.object(*schema).location());
            locations.find(|location| location.pointer == written.pointer)
        })
    }

    /// A change of a keyword that one or both documents have.
    pub(crate) fn schema_change(
        &self,
        context: &PairContext<'_>,
        rule: &'static Rule,
        effect: SetEffect,
        keyword: Versions<Option<KeywordRef<'_>>>,
        change: Change,
    ) -> SchemaChange {
        let at = self.schemas.each().zip(keyword).map(|(schemas, keyword)| {
            let (schema, key) = keyword?;
            schemas.object(schema).location_of(key)
        });
        let at = at.or(self.counterparts(context.constraints, keyword));
        SchemaChange {
            rule,
            effect,
            certainty: Certainty::Certain,
            compatible_level: Level::Info,
            at: at.or(self.locations(context.constraints)),
            change,
            branch: None,
        }
    }

    fn compare_types(&mut self, context: &PairContext<'_>, diff: &mut Diff) {
        let types = context.constraints.map(|constraints| constraints.types);
        let (mut lost, mut gained) = (types.base - types.head, types.head - types.base);
        if context.pair.text {
            let any = context.constraints.map(takes_any_text);
            lost = if any.head { lost - TypeSet::SCALAR } else { lost };
            gained = if any.base { gained - TypeSet::SCALAR } else { gained };
        }
        let listed = context.constraints.map(|constraints| constraints.values.is_some());
        let listed = listed.base || listed.head;
        let effect = |lost: TypeSet, gained: TypeSet| SetEffect {
            narrows: !lost.is_empty(),
            widens: !gained.is_empty(),
        };
        let null = effect(lost & TypeSet::NULL, gained & TypeSet::NULL);
        let keyword = context
            .constraints
            .map(|constraints| constraints.type_source.map(|schema| (schema, "type")));
        // If one side accepts any type, `null` needs no finding of its own.
        let open = types.base == TypeSet::ALL || types.head == TypeSet::ALL;
        let (other, null) = if open && types.differ() {
            (effect(lost, gained), SetEffect::NEITHER)
        } else {
            (effect(lost - TypeSet::NULL, gained - TypeSet::NULL), null)
        };
        // Where values are listed, the change of the list reports the types as well.
        // A list of which nothing is left refuses everything, which the change of the list says.
        let emptied = context.constraints.map(|constraints| {
            constraints.values.as_ref().is_some_and(|values| values.value.is_empty())
        });
        if emptied.base || emptied.head || Self::loses_all_but_null(context) {
            return;
        }
        if other != SetEffect::NEITHER
            && !(listed && context.common.has(TypeSet::ALL - TypeSet::NULL))
        {
            let values = types.map(|types| {
                let shown = if types == TypeSet::NULL { types } else { types - TypeSet::NULL };
                Some(AspectValue::Types(shown))
            });
            let change = Change::replaced(Aspect::Types, values);
            diff.schema_changes.push(self.schema_change(
                context,
                &rules::TYPE,
                other,
                keyword,
                change,
            ));
        }
        if null != SetEffect::NEITHER && !(other == SetEffect::BOTH && context.common.is_empty()) {
            let nullable = context
                .constraints
                .map(|constraints| constraints.nullable_source.map(|schema| (schema, "nullable")));
            let change = Change::Nullable { allowed: null.widens };
            diff.schema_changes.push(self.schema_change(
                context,
                &rules::NULLABLE,
                null,
                nullable.or(keyword),
                change,
            ));
        } else {
            self.compare_ineffective_nullable(context, diff);
        }
    }

    /// Whether both list values, and only `null` is left of one list: the lists say which.
    pub(crate) fn loses_all_but_null(context: &PairContext<'_>) -> bool {
        let listed = context.constraints.map(|constraints| constraints.values.is_some());
        let only_null = context.constraints.map(|constraints| constraints.types == TypeSet::NULL);
        listed.base && listed.head && only_null.differ() && context.common == TypeSet::NULL
    }

    /// Compares `nullable` where OpenAPI gives it no effect but many tools do.
    fn compare_ineffective_nullable(&mut self, context: &PairContext<'_>, diff: &mut Diff) {
        let idle = context.constraints.map(|constraints| constraints.ineffective_nullable);
        let nullable = context.constraints.map(|constraints| constraints.types.has(TypeSet::NULL));
        if idle.base.is_some() == idle.head.is_some() || nullable.base || nullable.head {
            return;
        }
        let widens = idle.head.is_some();
        let effect = SetEffect { narrows: !widens, widens };
        let at = idle.map(|schema| schema.map(|schema| (schema, "nullable")));
        let change = Change::presence(Part::IneffectiveNullable, widens);
        let schema_change = self.schema_change(context, &rules::NULLABLE, effect, at, change);
        diff.schema_changes.push(SchemaChange { certainty: Certainty::Likely, ..schema_change });
    }
}

/// The location of the member with keywords of its own, rather than of one that only refers to it.
fn location_of(schemas: &Schemas<'_>, constraints: &Constraints) -> Option<NodeLocation> {
    let members = || constraints.members.iter().map(|schema| schemas.object(*schema));
    let own = members().find(|schema| schema.at.is_some() && !schema.is_wrapper());
    own.and_then(|schema| schema.location())
        .or_else(|| members().find_map(|schema| schema.location()))
}

/// Whether any text satisfies the constraints.
fn takes_any_text(constraints: &Constraints) -> bool {
    constraints.types.has(TypeSet::STRING)
        && constraints.values.is_none()
        && constraints.patterns.is_empty()
        && constraints.formats.is_empty()
        && constraints.max_length.is_none()
        && constraints.min_length.as_ref().is_none_or(|min| min.value <= 1)
        && constraints.nots.is_empty()
}
