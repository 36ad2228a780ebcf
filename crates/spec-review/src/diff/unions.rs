//! Unions: `anyOf` and `oneOf`.
//!
//! A schema with unions is written out as a list of alternatives, each a conjunction without a
//! union at its top. Two lists are the same set if every alternative of either lies inside one of
//! the other; what does not is paired with its counterpart, or is an alternative that came or went.

use super::{Both, Certainty, Diff, Edit, Link, Schematics, Step};
use crate::change::{Change, Part};
use crate::law::Effect;
use crate::rules;
use crate::schema::{Atom, ConjId, Group, GroupKind, LeafId, Schemas, Shape, Types};
use crate::versions::Versions;

/// More alternatives than this are not multiplied out.
const MOST_ALTERNATIVES: usize = 128;
/// More pairs than this are not tried out to find counterparts.
const MOST_TRIES: usize = 4_096;

/// Which alternative of the old list, and which of the new one.
type Match = Versions<usize>;

/// What is left over after the alternatives were matched, by their indices.
struct Unmatched {
    /// Those that have no equal in the other list.
    open: Versions<Vec<usize>>,
    /// Those that lie inside none of the other list.
    outside: Versions<Vec<usize>>,
    /// Those that are called the same.
    namesakes: Vec<Match>,
}

#[derive(Debug, Clone)]
struct Alternative {
    conj: ConjId,
    /// The branch that it comes from; nothing if there was no union.
    branch: Option<LeafId>,
}

/// The alternatives of a shape, unless there are too many.
fn alternatives(
    schemas: &mut Schemas<'_>,
    id: ConjId,
    shape: &Shape,
    split: bool,
) -> Option<Vec<Alternative>> {
    if shape.groups.is_empty() {
        if !split || shape.types.count() < 2 || shape.types == Types::ALL {
            return Some(vec![Alternative { conj: id, branch: None }]);
        }
        let atoms = schemas.atoms(id);
        let mut list = Vec::new();
        for types in [Types::NULL, Types::BOOLEAN, Types::STRING, Types::ARRAY, Types::OBJECT] {
            if shape.types.has(types) {
                let only = Atom { leaf: Schemas::of_type(types), own_only: false };
                list.push(Alternative {
                    conj: schemas.all(atoms.iter().copied().chain([only])),
                    branch: None,
                });
            }
        }
        let numbers = shape.types & Types::NUMBER;
        if !numbers.is_empty() {
            let only = Atom { leaf: Schemas::of_type(numbers), own_only: false };
            list.push(Alternative {
                conj: schemas.all(atoms.iter().copied().chain([only])),
                branch: None,
            });
        }
        return Some(list);
    }
    let rest: Vec<Atom> =
        shape.leaves.iter().map(|leaf| Atom { leaf: *leaf, own_only: true }).collect();
    let mut lists: Vec<(Vec<Atom>, Option<LeafId>)> = vec![(rest, None)];
    for group in &shape.groups {
        if lists.len() * group.branches.len() > MOST_ALTERNATIVES {
            return None;
        }
        lists = lists
            .iter()
            .flat_map(|(atoms, branch)| {
                group.branches.iter().map(move |leaf| {
                    let mut atoms = atoms.clone();
                    atoms.push(Atom { leaf: *leaf, own_only: false });
                    (atoms, branch.or(Some(*leaf)))
                })
            })
            .collect();
    }
    Some(
        lists
            .into_iter()
            .map(|(atoms, branch)| Alternative { conj: schemas.all(atoms), branch })
            .collect(),
    )
}

/// Which alternatives lie inside one of the other list, and which have an equal there.
struct Cover {
    inside: Versions<Vec<bool>>,
    equal: Versions<Vec<bool>>,
}

impl Cover {
    fn new(lists: Versions<&[Alternative]>) -> Self {
        let none = lists.map(|list| vec![false; list.len()]);
        Self { inside: none.clone(), equal: none }
    }

    fn note(&mut self, pair: Match, effect: Effect) {
        if effect == Effect::NEITHER {
            self.equal.each_mut().zip(pair).map(|(flags, index)| set(flags, index));
        }
        if !effect.narrows {
            set(&mut self.inside.base, pair.base);
        }
        if !effect.widens {
            set(&mut self.inside.head, pair.head);
        }
    }

    /// Whether a comparison of the two would add nothing.
    fn says_all(&self, pair: Match) -> bool {
        let inside = self.inside.each().zip(pair).map(|(flags, at)| flags.get(at) == Some(&true));
        inside.base && inside.head
    }
}

/// One alternative of each list.
fn alternatives_at(lists: Versions<&[Alternative]>, pair: Match) -> Option<Versions<&Alternative>> {
    lists.zip(pair).map(|(list, index)| list.get(index)).complete()
}

impl Schematics<'_> {
    /// Compares two shapes of which one has a union at least. The answer is whether that says all
    /// there is to say.
    pub(super) fn compare_unions(&mut self, both: &Both<'_>, diff: &mut Diff) -> bool {
        self.compare_kinds(both, diff);
        let grouped = both.shapes.map(|shape| !shape.groups.is_empty());
        let sides = self.schemas.each_mut().zip(both.pair.conjunctions).zip(both.shapes);
        let lists = sides
            .zip(grouped.swapped())
            .map(|(((schemas, id), shape), split)| alternatives(schemas, id, shape, split));
        let Some(lists) = lists.complete() else {
            self.compare_branches(both, diff);
            return false;
        };
        let lists = lists.each().map(Vec::as_slice);
        let itself = lists
            .zip(both.pair.conjunctions)
            .map(|(list, id)| list.iter().any(|alternative| alternative.conj == id));
        if itself.base && itself.head {
            // A union of itself alone: nothing left to take apart.
            return false;
        }
        self.match_alternatives(both, lists, diff);
        self.compare_overlaps(both, lists, diff);
        true
    }

    /// What two branches of a `oneOf` accept, the `oneOf` refuses. Where branches overlap, lists of
    /// alternatives do not tell all, so a payload is looked for that does.
    fn compare_overlaps(
        &mut self,
        both: &Both<'_>,
        lists: Versions<&[Alternative]>,
        diff: &mut Diff,
    ) {
        let overlap = self.schemas.each_mut().zip(both.shapes);
        let overlap = overlap.map(|(schemas, shape)| overlapping(schemas, shape, GroupKind::One));
        if !(overlap.base || overlap.head) || self.same_alternatives(both, lists) {
            return;
        }
        let mut told = diff.edits.iter().fold(Effect::NEITHER, |told, edit| told.or(edit.effect));
        for link in &diff.links {
            told = told.or(self.effect(link.pair).flipped(link.flip).masked(link.mask));
        }
        let effect = Effect { narrows: !told.narrows, widens: !told.widens };
        if effect == Effect::NEITHER {
            return;
        }
        let at = both.shapes.map(group_at);
        let edit = self.edit(both, &rules::OVERLAP, effect, at, Change::AlternativesOverlap);
        diff.edits.push(Edit { certainty: Certainty::Probe, ..edit });
    }

    /// Whether the alternatives are the same, one for one.
    fn same_alternatives(&mut self, both: &Both<'_>, lists: Versions<&[Alternative]>) -> bool {
        let Versions { base, head } = lists;
        if base.len() != head.len() || base.len() * head.len() > MOST_TRIES {
            return false;
        }
        let mut left: Vec<&Alternative> = head.iter().collect();
        base.iter().all(|one| {
            let equal = left.iter().position(|other| {
                let (link, effect) = self.try_pair(both, Versions::new(one, other));
                effect == Effect::NEITHER && self.effect_of_all(link.pair, true) == effect
            });
            equal.map(|index| left.remove(index)).is_some()
        })
    }

    /// Where there are too many combinations of branches: whether the branches are the same one by
    /// one. What they come to together is not compared if they are not.
    fn compare_branches(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let Versions { base, head } = both.shapes.map(|shape| shape.groups.as_slice());
        let alike = |(old, new): (&Group, &Group)| {
            old.kind == new.kind && old.branches.len() == new.branches.len()
        };
        let mut same = base.len() == head.len() && base.iter().zip(head).all(alike);
        let branches =
            base.iter().zip(head).flat_map(|(old, new)| old.branches.iter().zip(&new.branches));
        for (one, other) in branches.filter(|_| same).collect::<Vec<_>>() {
            let branches = self.schemas.each_mut().zip(Versions::new(*one, *other));
            let branches = branches.map(|(schemas, branch)| schemas.one(branch));
            let link = self.link(both, branches, Step::Same);
            same &= self.effect_of_all(link.pair, true) == Effect::NEITHER;
            diff.links.push(link);
        }
        if !same {
            self.exhaust(both);
        }
    }

    /// Notes that these unions were not compared completely.
    fn exhaust(&mut self, both: &Both<'_>) {
        let places = self.places(both.shapes);
        self.exhausted.get_or_insert(places);
    }

    /// What lies between two alternatives.
    fn try_pair(&mut self, both: &Both<'_>, pair: Versions<&Alternative>) -> (Link, Effect) {
        let link = self.link(both, pair.map(|alternative| alternative.conj), Step::Same);
        let effect = self.effect(link.pair);
        (link, effect)
    }

    fn match_alternatives(
        &mut self,
        both: &Both<'_>,
        lists: Versions<&[Alternative]>,
        diff: &mut Diff,
    ) {
        let mut cover = Cover::new(lists);
        // Most alternatives have a counterpart of the same name; what is then still open is tried
        // out against everything.
        let namesakes = self.namesakes(lists);
        for pair in &namesakes {
            let Some(alternatives) = alternatives_at(lists, *pair) else { continue };
            let (link, effect) = self.try_pair(both, alternatives);
            cover.note(*pair, effect);
            // What is taken for equal here may turn out to differ further in.
            diff.links.extend((effect == Effect::NEITHER).then_some(link));
        }
        let mut tried = 0;
        // Most lists are in the same order, which leaves little to try.
        let Versions { base, head } = lists.map(<[_]>::len);
        let aligned = (0..base.min(head)).map(Versions::both);
        let crossed = (0..base).flat_map(|old| (0..head).map(move |new| Versions::new(old, new)));
        for pair in aligned.chain(crossed.filter(Versions::differ)) {
            let Some(alternatives) = alternatives_at(lists, pair) else { continue };
            if namesakes.contains(&pair) || cover.says_all(pair) {
                continue;
            }
            if tried >= MOST_TRIES {
                self.exhaust(both);
                break;
            }
            // An alternative that has its counterpart can still cover another one.
            tried += 1;
            let (link, effect) = self.try_pair(both, alternatives);
            let first = cover.equal.base.get(pair.base) != Some(&true);
            diff.links.extend((first && effect == Effect::NEITHER).then_some(link));
            cover.note(pair, effect);
        }
        let open = cover.equal.each().map(|flags| indices(flags));
        let outside = cover.inside.each().map(|flags| indices(flags));
        self.report_unmatched(both, lists, &Unmatched { open, outside, namesakes }, diff);
    }

    /// Alternatives that are the same by name, by title, or by being the only ones.
    fn namesakes(&self, lists: Versions<&[Alternative]>) -> Vec<Match> {
        if let ([_], [_]) = (lists.base, lists.head) {
            return vec![Versions::both(0)];
        }
        let names = self.schemas.each().zip(lists).map(|(schemas, list)| {
            let names = list.iter().map(|alternative| {
                let leaf = schemas.leaf(alternative.branch?);
                leaf.name()
                    .map(str::to_owned)
                    .or_else(|| leaf.at.as_ref()?.text("title").map(str::to_owned))
            });
            names.collect::<Vec<Option<String>>>()
        });
        let mut pairs = Vec::new();
        for (base, wanted) in names.base.iter().enumerate().filter(|(_, name)| name.is_some()) {
            let found = names.head.iter().position(|name| name == wanted);
            pairs.extend(found.map(|head| Versions::new(base, head)));
        }
        pairs
    }

    fn report_unmatched(
        &mut self,
        both: &Both<'_>,
        lists: Versions<&[Alternative]>,
        unmatched: &Unmatched,
        diff: &mut Diff,
    ) {
        let lost = &unmatched.outside.base;
        let gained = &unmatched.outside.head;
        let mut paired = Vec::new();
        for old in lost {
            let Some(one) = lists.base.get(*old) else { continue };
            let partner = self.successor(*old, one, lists.head, unmatched, &paired);
            if let Some((new, other)) = partner.and_then(|new| Some((new, lists.head.get(new)?))) {
                paired.push(new);
                let (link, _) = self.try_pair(both, Versions::new(one, other));
                let mask = Effect { narrows: true, widens: gained.contains(&new) };
                diff.links.push(Link { mask, ..link });
            } else {
                diff.edits.push(self.alternative_edit(both, one, false));
            }
        }
        for new in gained.iter().filter(|new| !paired.contains(new)) {
            let Some(other) = lists.head.get(*new) else { continue };
            let close = self.predecessor(*new, other, lists.base, unmatched);
            if let Some(one) = close.and_then(|old| lists.base.get(old)) {
                let (link, _) = self.try_pair(both, Versions::new(one, other));
                diff.links.push(Link { mask: Effect::WIDENS, ..link });
            } else {
                diff.edits.push(self.alternative_edit(both, other, true));
            }
        }
    }

    /// What became of an alternative of the old list.
    fn successor(
        &mut self,
        old: usize,
        one: &Alternative,
        list: &[Alternative],
        unmatched: &Unmatched,
        paired: &[usize],
    ) -> Option<usize> {
        let by_name = unmatched.namesakes.iter().find(|pair| pair.base == old);
        if let Some(pair) = by_name {
            return Some(pair.head);
        }
        // What became of it is something that is not simply another one's counterpart.
        let mut free = unmatched.outside.head.iter().chain(&unmatched.open.head);
        let related = free.find(|new| {
            !paired.contains(new)
                && list.get(**new).is_some_and(|other| self.related(Versions::new(one, other)))
        });
        if let Some(new) = related {
            return Some(*new);
        }
        // Nothing came instead: it may have been squeezed into one that stayed.
        list.iter()
            .position(|other| one.branch.is_none() && self.related(Versions::new(one, other)))
    }

    /// What an alternative of the new list was before.
    fn predecessor(
        &mut self,
        new: usize,
        other: &Alternative,
        list: &[Alternative],
        unmatched: &Unmatched,
    ) -> Option<usize> {
        let by_name = unmatched.namesakes.iter().find(|pair| pair.head == new);
        if let Some(pair) = by_name {
            return Some(pair.base);
        }
        let related =
            unmatched.open.base.iter().find(|old| {
                list.get(**old).is_some_and(|one| self.related(Versions::new(one, other)))
            });
        if let Some(old) = related {
            return Some(*old);
        }
        list.iter()
            .position(|one| other.branch.is_none() && self.related(Versions::new(one, other)))
    }

    /// Whether one alternative may be what became of the other.
    fn related(&mut self, pair: Versions<&Alternative>) -> bool {
        let shapes = self.schemas.each_mut().zip(pair);
        let shapes = shapes.map(|(schemas, alternative)| schemas.shape(alternative.conj));
        let common = shapes.base.types & shapes.head.types;
        if !common.has(Types::OBJECT) {
            return !(common - Types::NULL).is_empty();
        }
        let Versions { base, head } = shapes.each().map(|shape| &shape.properties);
        let nameless = base.is_empty() && head.is_empty();
        nameless || base.keys().any(|name| head.contains_key(name))
    }

    fn alternative_edit(
        &mut self,
        both: &Both<'_>,
        alternative: &Alternative,
        added: bool,
    ) -> Edit {
        let schemas = if added { &mut self.schemas.head } else { &mut self.schemas.base };
        let types = schemas.shape(alternative.conj).types;
        let leaf = alternative.branch.map(|branch| schemas.leaf(branch));
        let name = leaf.as_ref().and_then(|leaf| leaf.name()).map(str::to_owned);
        let place = leaf.and_then(|leaf| leaf.place());
        // Those without a name are told apart by where they are written.
        let nameless = name.is_none();
        let effect = if added { Effect::WIDENS } else { Effect::NARROWS };
        let at = both.shapes.map(group_at);
        let change = Change::presence(Part::Alternative { name, types }, added);
        let mut edit = self.edit(both, &rules::ALTERNATIVE, effect, at, change);
        let grouped = both.shapes.map(|shape| !shape.groups.is_empty());
        if added {
            edit.at.head = place.filter(|_| nameless || !grouped.head).or(edit.at.head);
        } else {
            edit.at.base = place.filter(|_| nameless || !grouped.base).or(edit.at.base);
        }
        Edit { certainty: Certainty::Likely, ..edit }
    }

    /// `anyOf` that became `oneOf` or the reverse matters to values that several branches accept.
    fn compare_kinds(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let kinds = both.shapes.map(|shape| shape.groups.first().map(|group| group.kind));
        let Some(kinds) = kinds.complete().filter(Versions::differ) else { return };
        let (effect, overlap) = match kinds.head {
            GroupKind::One => {
                let shape = both.shapes.head;
                (Effect::NARROWS, overlapping(&mut self.schemas.head, shape, kinds.head))
            }
            GroupKind::Any => {
                let shape = both.shapes.base;
                (Effect::WIDENS, overlapping(&mut self.schemas.base, shape, kinds.base))
            }
        };
        if !overlap {
            return;
        }
        let at = both.shapes.map(group_at);
        let edit = self.edit(both, &rules::UNION_KIND, effect, at, Change::UnionKind(kinds));
        diff.edits.push(Edit { certainty: Certainty::Probe, ..edit });
    }
}

/// Whether a union of a kind has branches that may accept the same value.
fn overlapping(schemas: &mut Schemas<'_>, shape: &Shape, kind: GroupKind) -> bool {
    shape.groups.iter().filter(|group| group.kind == kind).any(|group| {
        let mut seen = Types::NONE;
        group.branches.iter().any(|branch| {
            let conj = schemas.one(*branch);
            let types = schemas.shape(conj).types;
            let met = seen.has(types);
            seen = seen | types;
            met
        })
    })
}

fn group_at(shape: &Shape) -> Option<(LeafId, &'static str)> {
    let group = shape.groups.first()?;
    Some((group.leaf, if group.kind == GroupKind::Any { "anyOf" } else { "oneOf" }))
}

fn set(flags: &mut [bool], index: usize) {
    if let Some(flag) = flags.get_mut(index) {
        *flag = true;
    }
}

fn indices(covered: &[bool]) -> Vec<usize> {
    covered.iter().enumerate().filter(|(_, covered)| !**covered).map(|(index, _)| index).collect()
}
