//! Unions: `anyOf` and `oneOf`.
//!
//! A schema with unions is written out as a list of alternatives, each a conjunction without a
//! union at its top. Two lists are the same set if every alternative of either lies inside one of
//! the other; what does not is paired with its counterpart, or is an alternative that came or went.

use super::{Both, Certainty, Diff, Edit, Link, Schematics, Step};
use crate::law::{Effect, Level};
use crate::rules;
use crate::schema::{Atom, ConjId, Group, GroupKind, LeafId, Schemas, Shape, Types};

/// More alternatives than this are not multiplied out.
const MOST_ALTERNATIVES: usize = 128;
/// More pairs than this are not tried out to find counterparts.
const MOST_TRIES: usize = 4_096;

/// The alternatives of both sides that have no equal on the other one.
type Open = (Vec<usize>, Vec<usize>);

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

/// Which alternatives lie inside one of the other side, and which have an equal there.
struct Cover {
    inside_head: Vec<bool>,
    inside_base: Vec<bool>,
    equal_old: Vec<bool>,
    equal_new: Vec<bool>,
}

impl Cover {
    fn new(old: usize, new: usize) -> Self {
        Self {
            inside_head: vec![false; old],
            inside_base: vec![false; new],
            equal_old: vec![false; old],
            equal_new: vec![false; new],
        }
    }

    fn note(&mut self, old: usize, new: usize, effect: Effect) {
        if effect == Effect::NEITHER {
            set(&mut self.equal_old, old);
            set(&mut self.equal_new, new);
        }
        if !effect.narrows {
            set(&mut self.inside_head, old);
        }
        if !effect.widens {
            set(&mut self.inside_base, new);
        }
    }

    /// Whether a comparison of the two would add nothing.
    fn says_all(&self, old: usize, new: usize) -> bool {
        self.inside_head.get(old) == Some(&true) && self.inside_base.get(new) == Some(&true)
    }
}

impl Schematics<'_> {
    /// Compares two shapes of which one has a union at least. The answer is whether that says all
    /// there is to say.
    pub(super) fn compare_unions(&mut self, both: &Both<'_>, diff: &mut Diff) -> bool {
        self.compare_kinds(both, diff);
        let split_base = !both.head.groups.is_empty();
        let split_head = !both.base.groups.is_empty();
        let base = alternatives(&mut self.base, both.pair.base, both.base, split_base);
        let head = alternatives(&mut self.head, both.pair.head, both.head, split_head);
        let (Some(base), Some(head)) = (base, head) else {
            self.compare_branches(both, diff);
            return false;
        };
        let itself = |alternative: &Alternative, id: ConjId| alternative.conj == id;
        if base.iter().any(|one| itself(one, both.pair.base))
            && head.iter().any(|one| itself(one, both.pair.head))
        {
            // A union of itself alone: nothing left to take apart.
            return false;
        }
        self.match_alternatives(both, &base, &head, diff);
        self.compare_overlaps(both, (&base, &head), diff);
        true
    }

    /// What two branches of a `oneOf` accept, the `oneOf` refuses. Where branches overlap, lists of
    /// alternatives do not tell all, so a payload is looked for that does.
    fn compare_overlaps(
        &mut self,
        both: &Both<'_>,
        (base, head): (&[Alternative], &[Alternative]),
        diff: &mut Diff,
    ) {
        let overlap = overlapping(&mut self.base, both.base, GroupKind::One)
            || overlapping(&mut self.head, both.head, GroupKind::One);
        if !overlap || self.same_alternatives(both, base, head) {
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
        let at = (group_at(both.base), group_at(both.head));
        let message = "a value that one document takes is refused by the other, because it is a matter of how many alternatives of `oneOf` accept it".to_owned();
        let edit = self.edit(both, &rules::OVERLAP, effect, at, message);
        diff.edits.push(Edit { certainty: Certainty::Probe, ..edit });
    }

    /// Whether the alternatives are the same, one for one.
    fn same_alternatives(
        &mut self,
        both: &Both<'_>,
        base: &[Alternative],
        head: &[Alternative],
    ) -> bool {
        if base.len() != head.len() || base.len() * head.len() > MOST_TRIES {
            return false;
        }
        let mut left: Vec<&Alternative> = head.iter().collect();
        base.iter().all(|one| {
            let equal = left.iter().position(|other| {
                let (link, effect) = self.try_pair(both, one, other);
                effect == Effect::NEITHER && self.effect_of_all(link.pair, true) == effect
            });
            equal.map(|index| left.remove(index)).is_some()
        })
    }

    /// Where there are too many combinations of branches: whether the branches are the same one by
    /// one. What they come to together is not compared if they are not.
    fn compare_branches(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let (base, head) = (&both.base.groups, &both.head.groups);
        let alike = |(old, new): (&Group, &Group)| {
            old.kind == new.kind && old.branches.len() == new.branches.len()
        };
        let mut same = base.len() == head.len() && base.iter().zip(head).all(alike);
        let branches =
            base.iter().zip(head).flat_map(|(old, new)| old.branches.iter().zip(&new.branches));
        for (one, other) in branches.filter(|_| same).collect::<Vec<_>>() {
            let (one, other) = (self.base.one(*one), self.head.one(*other));
            let link = self.link(both, one, other, Step::Same);
            same &= self.effect_of_all(link.pair, true) == Effect::NEITHER;
            diff.links.push(link);
        }
        if !same {
            self.exhaust(both);
        }
    }

    /// Notes that these unions were not compared completely.
    fn exhaust(&mut self, both: &Both<'_>) {
        let places = [self.base_shape_place(both.base), self.head_shape_place(both.head)];
        self.exhausted.get_or_insert(places);
    }

    /// What lies between two alternatives.
    fn try_pair(
        &mut self,
        both: &Both<'_>,
        base: &Alternative,
        head: &Alternative,
    ) -> (Link, Effect) {
        let link = self.link(both, base.conj, head.conj, Step::Same);
        let effect = self.effect(link.pair);
        (link, effect)
    }

    fn match_alternatives(
        &mut self,
        both: &Both<'_>,
        base: &[Alternative],
        head: &[Alternative],
        diff: &mut Diff,
    ) {
        let mut cover = Cover::new(base.len(), head.len());
        // Most alternatives have a counterpart of the same name; what is then still open is tried
        // out against everything.
        let namesakes = self.namesakes(base, head);
        for (old, new) in &namesakes {
            let (Some(one), Some(other)) = (base.get(*old), head.get(*new)) else { continue };
            let (link, effect) = self.try_pair(both, one, other);
            cover.note(*old, *new, effect);
            // What is taken for equal here may turn out to differ further in.
            diff.links.extend((effect == Effect::NEITHER).then_some(link));
        }
        let mut tried = 0;
        // Most lists are in the same order, which leaves little to try.
        let aligned = (0..base.len().min(head.len())).map(|index| (index, index));
        let crossed = (0..base.len()).flat_map(|old| (0..head.len()).map(move |new| (old, new)));
        for (old, new) in aligned.chain(crossed.filter(|(old, new)| old != new)) {
            if let (Some(one), Some(other)) = (base.get(old), head.get(new)) {
                if namesakes.contains(&(old, new)) || cover.says_all(old, new) {
                    continue;
                }
                if tried >= MOST_TRIES {
                    self.exhaust(both);
                    break;
                }
                // An alternative that has its counterpart can still cover another one.
                tried += 1;
                let (link, effect) = self.try_pair(both, one, other);
                let first = cover.equal_old.get(old) != Some(&true);
                diff.links.extend((first && effect == Effect::NEITHER).then_some(link));
                cover.note(old, new, effect);
            }
        }
        let open = (indices(&cover.equal_old), indices(&cover.equal_new));
        let (lost, gained) = (indices(&cover.inside_head), indices(&cover.inside_base));
        self.report_unmatched(both, (base, head), (&lost, &gained), (&namesakes, &open), diff);
    }

    /// Alternatives that are the same by name, by title, or by being the only ones.
    fn namesakes(&self, base: &[Alternative], head: &[Alternative]) -> Vec<(usize, usize)> {
        let name = |schemas: &Schemas<'_>, alternative: &Alternative| -> Option<String> {
            let leaf = schemas.leaf(alternative.branch?);
            leaf.name()
                .map(str::to_owned)
                .or_else(|| leaf.at.as_ref()?.text("title").map(str::to_owned))
        };
        let names: Vec<_> = head.iter().map(|alternative| name(&self.head, alternative)).collect();
        let mut pairs = Vec::new();
        for (index, alternative) in base.iter().enumerate() {
            let wanted = name(&self.base, alternative);
            let found = names.iter().position(|name| name.is_some() && *name == wanted);
            pairs.extend(found.map(|other| (index, other)));
        }
        if let ([_], [_]) = (base, head) {
            pairs = vec![(0, 0)];
        }
        pairs
    }

    fn report_unmatched(
        &mut self,
        both: &Both<'_>,
        (base, head): (&[Alternative], &[Alternative]),
        (lost, gained): (&[usize], &[usize]),
        (namesakes, (open_old, open_new)): (&[(usize, usize)], &Open),
        diff: &mut Diff,
    ) {
        let mut paired_new = Vec::new();
        for old in lost {
            let Some(one) = base.get(*old) else { continue };
            let by_name = namesakes.iter().find(|(index, _)| index == old).map(|(_, new)| *new);
            let partner = by_name.or_else(|| {
                // What became of it is something that is not simply another one's counterpart.
                let free = gained.iter().chain(open_new).filter(|new| !paired_new.contains(*new));
                let related = free
                    .filter(|new| head.get(**new).is_some_and(|other| self.related(one, other)));
                related.copied().next()
            });
            let partner = partner.or_else(|| {
                // Nothing came instead: it may have been squeezed into one that stayed.
                head.iter().position(|other| one.branch.is_none() && self.related(one, other))
            });
            if let Some((new, other)) = partner.and_then(|new| Some((new, head.get(new)?))) {
                paired_new.push(new);
                let (link, _) = self.try_pair(both, one, other);
                let mask = Effect { narrows: true, widens: gained.contains(&new) };
                diff.links.push(Link { mask, ..link });
            } else {
                let edit = self.alternative_edit(both, one, false);
                diff.edits.push(edit);
            }
        }
        for new in gained.iter().filter(|new| !paired_new.contains(new)) {
            let Some(other) = head.get(*new) else { continue };
            let by_name = namesakes.iter().find(|(_, index)| index == new).map(|(old, _)| *old);
            let close = by_name.or_else(|| {
                let related =
                    |old: &&usize| base.get(**old).is_some_and(|one| self.related(one, other));
                open_old.iter().find(related).copied()
            });
            let close = close.or_else(|| {
                let related =
                    |one: &Alternative| other.branch.is_none() && self.related(one, other);
                base.iter().position(related)
            });
            if let Some(one) = close.and_then(|old| base.get(old)) {
                let (link, _) = self.try_pair(both, one, other);
                diff.links.push(Link { mask: Effect::WIDENS, ..link });
            } else {
                let edit = self.alternative_edit(both, other, true);
                diff.edits.push(edit);
            }
        }
    }

    /// Whether one alternative may be what became of the other.
    fn related(&mut self, base: &Alternative, head: &Alternative) -> bool {
        let (old, new) = (self.base.shape(base.conj), self.head.shape(head.conj));
        let common = old.types & new.types;
        if !common.has(Types::OBJECT) {
            return !(common - Types::NULL).is_empty();
        }
        let nameless = old.properties.is_empty() && new.properties.is_empty();
        nameless || old.properties.keys().any(|name| new.properties.contains_key(name))
    }

    fn alternative_edit(
        &mut self,
        both: &Both<'_>,
        alternative: &Alternative,
        added: bool,
    ) -> Edit {
        let schemas = if added { &mut self.head } else { &mut self.base };
        let shape = schemas.shape(alternative.conj);
        let leaf = alternative.branch.map(|branch| schemas.leaf(branch));
        let name = leaf
            .as_ref()
            .and_then(|leaf| leaf.name())
            .map_or_else(|| shape.types.to_string(), |name| format!("`{name}`"));
        let place = leaf.and_then(|leaf| leaf.place());
        let (effect, change) =
            if added { (Effect::WIDENS, "added") } else { (Effect::NARROWS, "removed") };
        let at = (group_at(both.base), group_at(both.head));
        let message = format!("the alternative {name} was {change}");
        let mut edit = self.edit(both, &rules::ALTERNATIVE, effect, at, message);
        if added {
            edit.head = place.filter(|_| both.head.groups.is_empty()).or(edit.head);
        } else {
            edit.base = place.filter(|_| both.base.groups.is_empty()).or(edit.base);
        }
        Edit { certainty: Certainty::Likely, ..edit }
    }

    /// `anyOf` that became `oneOf` or the reverse matters to values that several branches accept.
    fn compare_kinds(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let kind = |groups: &[Group]| groups.first().map(|group| group.kind);
        let (Some(old), Some(new)) = (kind(&both.base.groups), kind(&both.head.groups)) else {
            return;
        };
        if old == new {
            return;
        }
        let (effect, change) = match new {
            GroupKind::One => (
                Effect::NARROWS,
                "values that several alternatives accept are now refused (`anyOf` became `oneOf`)",
            ),
            GroupKind::Any => (
                Effect::WIDENS,
                "values that several alternatives accept are no longer refused (`oneOf` became `anyOf`)",
            ),
        };
        let overlap = match new {
            GroupKind::One => overlapping(&mut self.head, both.head, new),
            GroupKind::Any => overlapping(&mut self.base, both.base, old),
        };
        if !overlap {
            return;
        }
        let at = (group_at(both.base), group_at(both.head));
        let edit = self.edit(both, &rules::UNION_KIND, effect, at, change.to_owned());
        diff.edits.push(Edit { certainty: Certainty::Probe, otherwise: Level::Info, ..edit });
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
