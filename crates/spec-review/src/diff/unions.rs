//! Unions: `anyOf` and `oneOf`.
//!
//! A schema with unions is expanded into a list of alternatives, each a conjunction without a union
//! at its top. Two lists accept the same set if every alternative of either is contained in one of
//! the other. An alternative that is not contained in any is paired with its counterpart, or was
//! added or removed.

mod moved;
mod pairing;

use pairing::{Identity, identities, pair_by_identity};

use super::{Certainty, Diff, InnerPair, PairContext, SchemaChange, SchemaComparison, Step};
use crate::change::{Change, Part};
use crate::compatibility::SetEffect;
use crate::rules;
use crate::schema::{
    Conjunct, ConjunctionId, Constraints, SchemaId, Schemas, TypeSet, Union, UnionKeyword,
};
use crate::versions::Versions;

/// Unions with more combinations of branches than this are not expanded.
const MAX_ALTERNATIVES: usize = 128;
/// At most so many pairs of alternatives are compared to find counterparts.
const MAX_TRIES: usize = 4_096;

/// The indices of an alternative of the base list and one of the head list.
type AlternativePair = Versions<usize>;

/// The alternatives that were not matched, by their indices.
struct UnmatchedAlternatives {
    /// Those without an equal one in the other list.
    without_equal: Versions<Vec<usize>>,
    /// Those that no alternative of the other list contains.
    not_contained: Versions<Vec<usize>>,
    /// Pairs that are the same by what tells alternatives apart.
    paired: Vec<AlternativePair>,
    identities: Versions<Vec<Identity>>,
}

impl UnmatchedAlternatives {
    /// Whether two alternatives may be paired by likeness.
    fn may_pair(&self, pair: AlternativePair) -> bool {
        let taken =
            self.paired.iter().any(|known| known.base == pair.base || known.head == pair.head);
        let identities = self.identities.each().zip(pair).map(|(list, index)| list.get(index));
        !taken && identities.complete().is_none_or(|pair| !pair.base.excludes(pair.head))
    }

    /// Whether one alternative of the pair has no counterpart, that of the head list or else that of
    /// the base list, and no message has the tags of only one of them.
    fn may_be_new(&self, pair: AlternativePair, in_head: bool) -> bool {
        let (without_equal, taken) = if in_head {
            let taken = self.paired.iter().any(|known| known.head == pair.head);
            (self.without_equal.head.contains(&pair.head), taken)
        } else {
            let taken = self.paired.iter().any(|known| known.base == pair.base);
            (self.without_equal.base.contains(&pair.base), taken)
        };
        let identities = self.identities.each().zip(pair).map(|(list, index)| list.get(index));
        let excluded = identities.complete().is_some_and(|pair| pair.base.excludes(pair.head));
        without_equal && !taken && !excluded
    }
}

#[derive(Debug, Clone)]
struct Alternative {
    conjunction: ConjunctionId,
    /// The branch that it comes from; `None` if there was no union.
    branch: Option<SchemaId>,
}

/// The alternatives of a conjunction, unless there are too many.
fn alternatives(
    schemas: &mut Schemas<'_>,
    id: ConjunctionId,
    constraints: &Constraints,
    split: bool,
) -> Option<Vec<Alternative>> {
    if constraints.unions.is_empty() {
        if !split || constraints.types.count() < 2 || constraints.types == TypeSet::ALL {
            return Some(vec![Alternative { conjunction: id, branch: None }]);
        }
        let conjuncts = schemas.conjuncts(id);
        let mut list = Vec::new();
        for types in
            [TypeSet::NULL, TypeSet::BOOLEAN, TypeSet::STRING, TypeSet::ARRAY, TypeSet::OBJECT]
        {
            if constraints.types.has(types) {
                let only = Conjunct { schema: Schemas::of_type(types), own_only: false };
                list.push(Alternative {
                    conjunction: schemas.all(conjuncts.iter().copied().chain([only])),
                    branch: None,
                });
            }
        }
        let numbers = constraints.types & TypeSet::NUMBER;
        if !numbers.is_empty() {
            let only = Conjunct { schema: Schemas::of_type(numbers), own_only: false };
            list.push(Alternative {
                conjunction: schemas.all(conjuncts.iter().copied().chain([only])),
                branch: None,
            });
        }
        return Some(list);
    }
    let rest = schemas.beside_unions(id, constraints);
    let mut lists: Vec<(Vec<Conjunct>, Option<SchemaId>)> = vec![(rest, None)];
    for union in &constraints.unions {
        if lists.len() * union.branches.len() > MAX_ALTERNATIVES {
            return None;
        }
        lists = lists
            .iter()
            .flat_map(|(conjuncts, branch)| {
                union.branches.iter().map(move |schema| {
                    let mut conjuncts = conjuncts.clone();
                    conjuncts.push(Conjunct { schema: *schema, own_only: false });
                    (conjuncts, branch.or(Some(*schema)))
                })
            })
            .collect();
    }
    Some(
        lists
            .into_iter()
            .map(|(conjuncts, branch)| Alternative { conjunction: schemas.all(conjuncts), branch })
            .collect(),
    )
}

/// Which alternatives are contained in one of the other list, and which are equal to one.
struct Containment {
    inside: Versions<Vec<bool>>,
    equal: Versions<Vec<bool>>,
}

impl Containment {
    fn new(lists: Versions<&[Alternative]>) -> Self {
        let none = lists.map(|list| vec![false; list.len()]);
        Self { inside: none.clone(), equal: none }
    }

    fn record(&mut self, pair: AlternativePair, effect: SetEffect) {
        if effect == SetEffect::NEITHER {
            self.equal.each_mut().zip(pair).map(|(flags, index)| set(flags, index));
        }
        if !effect.narrows {
            set(&mut self.inside.base, pair.base);
        }
        if !effect.widens {
            set(&mut self.inside.head, pair.head);
        }
    }

    /// Whether comparing the two would add nothing.
    fn is_settled(&self, pair: AlternativePair) -> bool {
        let inside = self.inside.each().zip(pair).map(|(flags, at)| flags.get(at) == Some(&true));
        inside.base && inside.head
    }
}

/// An alternative of each list.
fn alternatives_at(
    lists: Versions<&[Alternative]>,
    pair: AlternativePair,
) -> Option<Versions<&Alternative>> {
    lists.zip(pair).map(|(list, index)| list.get(index)).complete()
}

impl SchemaComparison<'_> {
    /// Compares two conjunctions of which at least one has a union. Returns whether nothing is left
    /// to compare.
    pub(super) fn compare_unions(&mut self, context: &PairContext<'_>, diff: &mut Diff) -> bool {
        self.compare_union_keywords(context, diff);
        let has_unions = context.constraints.map(|constraints| !constraints.unions.is_empty());
        let sides = self.schemas.each_mut().zip(context.pair.conjunctions).zip(context.constraints);
        let lists = sides.zip(has_unions.swapped()).map(|(((schemas, id), constraints), split)| {
            alternatives(schemas, id, constraints, split)
        });
        let Some(lists) = lists.complete() else {
            self.compare_branches(context, diff);
            return false;
        };
        let lists = lists.each().map(Vec::as_slice);
        let itself = lists
            .zip(context.pair.conjunctions)
            .map(|(list, id)| list.iter().any(|alternative| alternative.conjunction == id));
        if itself.base && itself.head {
            // The expansion gives the same conjunctions again: nothing to take apart.
            return false;
        }
        let unmatched = self.match_alternatives(context, lists, diff);
        self.compare_overlaps(context, lists, diff);
        self.compare_moved_properties(context, lists, &unmatched, diff);
        true
    }

    /// Where branches of a `oneOf` overlap, a value that two of them accept is refused. Lists of
    /// alternatives cannot express that, so it is left to the witness search.
    fn compare_overlaps(
        &mut self,
        context: &PairContext<'_>,
        lists: Versions<&[Alternative]>,
        diff: &mut Diff,
    ) {
        let overlap = self.schemas.each_mut().zip(context.constraints);
        let overlap = overlap
            .map(|(schemas, constraints)| overlapping(schemas, constraints, UnionKeyword::OneOf));
        if !(overlap.base || overlap.head) || self.same_alternatives(context, lists) {
            return;
        }
        let mut explained =
            diff.schema_changes.iter().fold(SetEffect::NEITHER, |explained, schema_change| {
                explained.or(schema_change.effect)
            });
        for inner_pair in &diff.inner_pairs {
            explained = explained.or(self
                .effect(inner_pair.pair)
                .reversed_if(inner_pair.negated)
                .masked(inner_pair.mask));
        }
        let effect = SetEffect { narrows: !explained.narrows, widens: !explained.widens };
        if effect == SetEffect::NEITHER {
            return;
        }
        let at = context.constraints.map(union_keyword);
        let schema_change =
            self.schema_change(context, &rules::OVERLAP, effect, at, Change::AlternativesOverlap);
        diff.schema_changes
            .push(SchemaChange { certainty: Certainty::NeedsWitness, ..schema_change });
    }

    /// Whether the alternatives are equal one to one.
    fn same_alternatives(
        &mut self,
        context: &PairContext<'_>,
        lists: Versions<&[Alternative]>,
    ) -> bool {
        let Versions { base, head } = lists;
        if base.len() != head.len() || base.len() * head.len() > MAX_TRIES {
            return false;
        }
        let mut left: Vec<&Alternative> = head.iter().collect();
        base.iter().all(|one| {
            let equal = left.iter().position(|other| {
                let (inner_pair, effect) = self.try_pair(context, Versions::new(one, other));
                effect == SetEffect::NEITHER && self.effect_of_all(inner_pair.pair, true) == effect
            });
            equal.map(|index| left.remove(index)).is_some()
        })
    }

    /// For too many combinations of branches: compares the branches one to one. If they differ,
    /// their combinations are not compared, and the report says so.
    fn compare_branches(&mut self, context: &PairContext<'_>, diff: &mut Diff) {
        let Versions { base, head } =
            context.constraints.map(|constraints| constraints.unions.as_slice());
        let alike = |(old, new): (&Union, &Union)| {
            old.kind == new.kind && old.branches.len() == new.branches.len()
        };
        let mut same = base.len() == head.len() && base.iter().zip(head).all(alike);
        let branches =
            base.iter().zip(head).flat_map(|(old, new)| old.branches.iter().zip(&new.branches));
        for (one, other) in branches.filter(|_| same).collect::<Vec<_>>() {
            let branches = self.schemas.each_mut().zip(Versions::new(*one, *other));
            let branches = branches.map(|(schemas, branch)| schemas.one(branch));
            let inner_pair = self.inner_pair(context, branches, Step::SameValue);
            same &= self.effect_of_all(inner_pair.pair, true) == SetEffect::NEITHER;
            diff.inner_pairs.push(inner_pair);
        }
        if !same {
            self.mark_incomplete(context);
        }
    }

    /// Records that these unions were not compared completely.
    fn mark_incomplete(&mut self, context: &PairContext<'_>) {
        let locations = self.locations(context.constraints);
        self.incomplete.get_or_insert(locations);
    }

    /// The effect between two alternatives.
    fn try_pair(
        &mut self,
        context: &PairContext<'_>,
        pair: Versions<&Alternative>,
    ) -> (InnerPair, SetEffect) {
        let inner_pair = self.inner_pair(
            context,
            pair.map(|alternative| alternative.conjunction),
            Step::SameValue,
        );
        let effect = self.effect(inner_pair.pair);
        (inner_pair, effect)
    }

    fn match_alternatives(
        &mut self,
        context: &PairContext<'_>,
        lists: Versions<&[Alternative]>,
        diff: &mut Diff,
    ) -> UnmatchedAlternatives {
        let mut cover = Containment::new(lists);
        // Most alternatives have a counterpart by name or tag. Those without are compared with all
        // of the other list.
        let identities = identities(self.schemas.each_mut(), context.constraints, lists);
        let paired = pair_by_identity(identities.each().map(Vec::as_slice));
        for pair in &paired {
            let Some(alternatives) = alternatives_at(lists, *pair) else { continue };
            let (inner_pair, effect) = self.try_pair(context, alternatives);
            cover.record(*pair, effect);
            // Pairs that count as equal here may turn out to differ further inside.
            diff.inner_pairs.extend((effect == SetEffect::NEITHER).then_some(inner_pair));
        }
        let mut tried = 0;
        // Most lists have the same order, so pairs of equal index are tried first.
        let Versions { base, head } = lists.map(<[_]>::len);
        let aligned = (0..base.min(head)).map(Versions::both);
        let crossed = (0..base).flat_map(|old| (0..head).map(move |new| Versions::new(old, new)));
        for pair in aligned.chain(crossed.filter(Versions::differ)) {
            let Some(alternatives) = alternatives_at(lists, pair) else { continue };
            // A message that has the tag of one is never read as the other.
            let tags = identities.each().zip(pair).map(|(list, index)| list.get(index)).complete();
            let excluded = tags.is_some_and(|tags| tags.base.excludes(tags.head));
            if excluded || paired.contains(&pair) || cover.is_settled(pair) {
                continue;
            }
            if tried >= MAX_TRIES {
                self.mark_incomplete(context);
                break;
            }
            // An alternative that is matched can still contain another one.
            tried += 1;
            let (inner_pair, effect) = self.try_pair(context, alternatives);
            // Where one of them has a counterpart, its differences from another are no changes.
            let is_paired =
                paired.iter().any(|known| known.base == pair.base || known.head == pair.head);
            let first = !is_paired && cover.equal.base.get(pair.base) != Some(&true);
            diff.inner_pairs.extend((first && effect == SetEffect::NEITHER).then_some(inner_pair));
            cover.record(pair, effect);
        }
        let without_equal = cover.equal.each().map(|flags| unset_indices(flags));
        let not_contained = cover.inside.each().map(|flags| unset_indices(flags));
        let unmatched = UnmatchedAlternatives { without_equal, not_contained, paired, identities };
        self.report_unmatched(context, lists, &unmatched, diff);
        unmatched
    }

    fn report_unmatched(
        &mut self,
        context: &PairContext<'_>,
        lists: Versions<&[Alternative]>,
        unmatched: &UnmatchedAlternatives,
        diff: &mut Diff,
    ) {
        let lost = &unmatched.not_contained.base;
        let gained = &unmatched.not_contained.head;
        let mut paired: Vec<AlternativePair> = Vec::new();
        for old in lost {
            let Some(one) = lists.base.get(*old) else { continue };
            let partner = self.successor(*old, one, lists.head, unmatched, &paired);
            if let Some((new, other)) = partner.and_then(|new| Some((new, lists.head.get(new)?))) {
                paired.push(Versions::new(*old, new));
                let (inner_pair, _) = self.try_pair(context, Versions::new(one, other));
                let mask = SetEffect { narrows: true, widens: gained.contains(&new) };
                diff.inner_pairs.push(InnerPair { mask, ..inner_pair });
            } else {
                diff.schema_changes.push(self.alternative_change(context, one, false));
            }
        }
        for new in gained {
            let Some(other) = lists.head.get(*new) else { continue };
            if paired.iter().any(|pair| pair.head == *new) {
                continue;
            }
            let close = self.predecessor(*new, other, lists.base, unmatched, &paired);
            if let Some((old, one)) = close.and_then(|old| Some((old, lists.base.get(old)?))) {
                paired.push(Versions::new(old, *new));
                let (inner_pair, _) = self.try_pair(context, Versions::new(one, other));
                diff.inner_pairs.push(InnerPair { mask: SetEffect::WIDENS, ..inner_pair });
            } else {
                diff.schema_changes.push(self.alternative_change(context, other, true));
            }
        }
    }

    /// The alternative of the head list that an alternative of the base list became.
    fn successor(
        &mut self,
        old: usize,
        one: &Alternative,
        list: &[Alternative],
        unmatched: &UnmatchedAlternatives,
        paired: &[AlternativePair],
    ) -> Option<usize> {
        if let Some(pair) = unmatched.paired.iter().find(|pair| pair.base == old) {
            return Some(pair.head);
        }
        // Preferably one that is no other alternative's equal.
        let mut free = unmatched.not_contained.head.iter().chain(&unmatched.without_equal.head);
        let related = free.find(|new| {
            !paired.iter().any(|pair| pair.head == **new)
                && unmatched.may_pair(Versions::new(old, **new))
                && list.get(**new).is_some_and(|other| self.related(Versions::new(one, other)))
        });
        if let Some(new) = related {
            return Some(*new);
        }
        // None replaced it; it may have become part of one that stayed.
        list.iter()
            .position(|other| one.branch.is_none() && self.related(Versions::new(one, other)))
    }

    /// The alternative of the base list that an alternative of the head list was before.
    fn predecessor(
        &mut self,
        new: usize,
        other: &Alternative,
        list: &[Alternative],
        unmatched: &UnmatchedAlternatives,
        paired: &[AlternativePair],
    ) -> Option<usize> {
        if let Some(pair) = unmatched.paired.iter().find(|pair| pair.head == new) {
            return Some(pair.base);
        }
        let mut free = unmatched.without_equal.base.iter();
        let related = free.find(|old| {
            !paired.iter().any(|pair| pair.base == **old)
                && unmatched.may_pair(Versions::new(**old, new))
                && list.get(**old).is_some_and(|one| self.related(Versions::new(one, other)))
        });
        if let Some(old) = related {
            return Some(*old);
        }
        list.iter()
            .position(|one| other.branch.is_none() && self.related(Versions::new(one, other)))
    }

    /// Whether one alternative may have become the other.
    fn related(&mut self, pair: Versions<&Alternative>) -> bool {
        let constraints = self.schemas.each_mut().zip(pair);
        let constraints =
            constraints.map(|(schemas, alternative)| schemas.constraints(alternative.conjunction));
        let common = constraints.base.types & constraints.head.types;
        if !common.has(TypeSet::OBJECT) {
            return !(common - TypeSet::NULL).is_empty();
        }
        let Versions { base, head } = constraints.each().map(|constraints| &constraints.properties);
        let nameless = base.is_empty() && head.is_empty();
        nameless || base.keys().any(|name| head.contains_key(name))
    }

    fn alternative_change(
        &mut self,
        context: &PairContext<'_>,
        alternative: &Alternative,
        added: bool,
    ) -> SchemaChange {
        let schemas = if added { &mut self.schemas.head } else { &mut self.schemas.base };
        let types = schemas.constraints(alternative.conjunction).types;
        let schema = alternative.branch.map(|branch| schemas.object(branch));
        let name = schema.as_ref().and_then(|schema| schema.name()).map(str::to_owned);
        let location = schema.and_then(|schema| schema.location());
        // Alternatives without a name are identified by their locations.
        let nameless = name.is_none();
        let effect = if added { SetEffect::WIDENS } else { SetEffect::NARROWS };
        let at = context.constraints.map(union_keyword);
        let change = Change::presence(Part::Alternative { name, types }, added);
        let mut schema_change =
            self.schema_change(context, &rules::ALTERNATIVE, effect, at, change);
        let has_unions = context.constraints.map(|constraints| !constraints.unions.is_empty());
        if added {
            schema_change.at.head =
                location.filter(|_| nameless || !has_unions.head).or(schema_change.at.head);
        } else {
            schema_change.at.base =
                location.filter(|_| nameless || !has_unions.base).or(schema_change.at.base);
        }
        SchemaChange { certainty: Certainty::Likely, branch: alternative.branch, ..schema_change }
    }

    /// Compares the keywords: it matters only to values that several branches accept.
    fn compare_union_keywords(&mut self, context: &PairContext<'_>, diff: &mut Diff) {
        let kinds = context
            .constraints
            .map(|constraints| constraints.unions.first().map(|union| union.kind));
        let Some(kinds) = kinds.complete().filter(Versions::differ) else { return };
        let (effect, overlap) = match kinds.head {
            UnionKeyword::OneOf => {
                let constraints = context.constraints.head;
                (SetEffect::NARROWS, overlapping(&mut self.schemas.head, constraints, kinds.head))
            }
            UnionKeyword::AnyOf => {
                let constraints = context.constraints.base;
                (SetEffect::WIDENS, overlapping(&mut self.schemas.base, constraints, kinds.base))
            }
        };
        if !overlap {
            return;
        }
        let at = context.constraints.map(union_keyword);
        let schema_change = self.schema_change(
            context,
            &rules::UNION_KIND,
            effect,
            at,
            Change::UnionKeyword(kinds),
        );
        diff.schema_changes
            .push(SchemaChange { certainty: Certainty::NeedsWitness, ..schema_change });
    }
}

/// Whether a union has branches that may accept the same value.
fn overlapping(schemas: &mut Schemas<'_>, constraints: &Constraints, kind: UnionKeyword) -> bool {
    constraints.unions.iter().filter(|union| union.kind == kind).any(|union| {
        let mut seen = TypeSet::NONE;
        union.branches.iter().any(|branch| {
            let conjunction = schemas.one(*branch);
            let types = schemas.constraints(conjunction).types;
            let overlaps = seen.has(types);
            seen = seen | types;
            overlaps
        })
    })
}

fn union_keyword(constraints: &Constraints) -> Option<(SchemaId, &'static str)> {
    let union = constraints.unions.first()?;
    Some((union.schema, if union.kind == UnionKeyword::AnyOf { "anyOf" } else { "oneOf" }))
}

fn set(flags: &mut [bool], index: usize) {
    if let Some(flag) = flags.get_mut(index) {
        *flag = true;
    }
}

fn unset_indices(covered: &[bool]) -> Vec<usize> {
    covered.iter().enumerate().filter(|(_, covered)| !**covered).map(|(index, _)| index).collect()
}
