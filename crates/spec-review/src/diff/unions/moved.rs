//! Properties that move from an object into an alternative of a union beside it, or back.
//!
//! The object is paired with the alternative that is most like it, which may be one without the
//! property. There the property looks removed, although another alternative has it.

use super::{Alternative, UnmatchedAlternatives};
use crate::change::{Change, Part};
use crate::compatibility::SetEffect;
use crate::diff::{Diff, InnerPair, PairContext, SchemaComparison, Step};
use crate::rules;
use crate::schema::{ConjunctionId, Schemas};
use crate::versions::Versions;

/// A property that one alternative has in one document, and another one in the other.
struct MovedProperty {
    name: String,
    /// Whether it is the base document's alternative that has a counterpart without it.
    from_base: bool,
    /// The schemas of the property.
    property: Versions<ConjunctionId>,
    /// The alternative to which it moved, by its index.
    other: usize,
    /// The alternatives that have it.
    alternatives: Versions<ConjunctionId>,
}

impl SchemaComparison<'_> {
    /// Compares properties that moved with what they are now, instead of reporting that they were
    /// removed or added.
    pub(super) fn compare_moved_properties(
        &mut self,
        context: &PairContext<'_>,
        lists: Versions<&[Alternative]>,
        unmatched: &UnmatchedAlternatives,
        diff: &mut Diff,
    ) {
        let mut pairs = std::mem::take(&mut diff.inner_pairs);
        for inner_pair in &mut pairs {
            for moved in self.moved_properties(context, lists, unmatched, inner_pair) {
                let step = Step::Property(moved.name.clone());
                diff.inner_pairs.push(self.inner_pair(context, moved.property, step));
                self.pair_with_object(context, lists, &moved, diff);
                inner_pair.moved.insert(moved.name);
            }
        }
        pairs.append(&mut diff.inner_pairs);
        diff.inner_pairs = pairs;
    }

    fn moved_properties(
        &mut self,
        context: &PairContext<'_>,
        lists: Versions<&[Alternative]>,
        unmatched: &UnmatchedAlternatives,
        inner_pair: &InnerPair,
    ) -> Vec<MovedProperty> {
        let Some(pair) = self.pair(inner_pair.pair) else { return Vec::new() };
        let changes = self.diff(inner_pair.pair);
        let changes = changes.schema_changes.iter().filter_map(|change| match &change.change {
            Change::Removed { part: Part::Property(name), .. } => Some((name, true)),
            Change::Added { part: Part::Property(name), .. } => Some((name, false)),
            _ => None,
        });
        let found = changes.filter_map(|(name, from_base)| {
            self.moved_property(context, lists, unmatched, pair.conjunctions, name, from_base)
        });
        found.collect()
    }

    fn moved_property(
        &mut self,
        context: &PairContext<'_>,
        lists: Versions<&[Alternative]>,
        unmatched: &UnmatchedAlternatives,
        pair: Versions<ConjunctionId>,
        name: &str,
        from_base: bool,
    ) -> Option<MovedProperty> {
        let (own_list, other_list) =
            if from_base { (lists.base, lists.head) } else { (lists.head, lists.base) };
        let (own, counterpart) =
            if from_base { (pair.base, pair.head) } else { (pair.head, pair.base) };
        let own_index = own_list.iter().position(|one| one.conjunction == own)?;
        let mut found: Option<MovedProperty> = None;
        for (index, other) in other_list.iter().enumerate() {
            let indices = ordered(from_base, own_index, index);
            if other.conjunction == counterpart || !unmatched.may_be_new(indices, from_base) {
                continue;
            }
            let alternatives = ordered(from_base, own, other.conjunction);
            let property = self.schemas.each_mut().zip(alternatives);
            let property = property.map(|(schemas, id)| property_of(schemas, id, name));
            let Some(property) = property.complete() else { continue };
            let name = name.to_owned();
            let inner_pair = self.inner_pair(context, property, Step::Property(name.clone()));
            let same = self.effect(inner_pair.pair) == SetEffect::NEITHER;
            if same || found.is_none() {
                found =
                    Some(MovedProperty { name, from_base, property, other: index, alternatives });
            }
            if same {
                break;
            }
        }
        found
    }

    /// What was no union before is each of its alternatives now. So an alternative is not reported
    /// as new where it is the object with the property.
    fn pair_with_object(
        &mut self,
        context: &PairContext<'_>,
        lists: Versions<&[Alternative]>,
        moved: &MovedProperty,
        diff: &mut Diff,
    ) {
        let (own_list, other_list) =
            if moved.from_base { (lists.base, lists.head) } else { (lists.head, lists.base) };
        let ([Alternative { branch: None, .. }], Some(other)) =
            (own_list, other_list.get(moved.other))
        else {
            return;
        };
        let before = diff.schema_changes.len();
        diff.schema_changes.retain(|change| {
            *change.rule != rules::ALTERNATIVE
                || change.branch != other.branch
                || change.change.is_removal() == moved.from_base
        });
        if diff.schema_changes.len() < before {
            let mask = if moved.from_base { SetEffect::WIDENS } else { SetEffect::NARROWS };
            let inner_pair = self.inner_pair(context, moved.alternatives, Step::SameValue);
            diff.inner_pairs.push(InnerPair { mask, ..inner_pair });
        }
    }
}

/// Base and head from one's own and the other.
fn ordered<T>(from_base: bool, own: T, other: T) -> Versions<T> {
    if from_base { Versions::new(own, other) } else { Versions::new(other, own) }
}

fn property_of(schemas: &mut Schemas<'_>, id: ConjunctionId, name: &str) -> Option<ConjunctionId> {
    Some(schemas.constraints(id).properties.get(name)?.value)
}
