//! Lists.

use super::strings::End;
use super::{Both, Certainty, Diff, Edit, Schematics, Step};
use crate::change::{Change, Part};
use crate::law::Effect;
use crate::rules;
use crate::schema::{Shape, Types};

impl Schematics<'_> {
    pub(super) fn compare_arrays(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let common = both.common.has(Types::ARRAY);
        let certainty = if common { Certainty::Certain } else { Certainty::Likely };
        let min = both.shapes.map(|shape| shape.min_items.as_ref());
        let max = both.shapes.map(|shape| shape.max_items.as_ref());
        diff.edits.extend(self.count_edit(both, &rules::MIN_ITEMS, End::Least, min, certainty));
        diff.edits.extend(self.count_edit(both, &rules::MAX_ITEMS, End::Greatest, max, certainty));
        // At most one item cannot repeat.
        let unique = both.shapes.map(|shape| {
            shape.unique.is_some() || shape.max_items.as_ref().is_some_and(|max| max.value <= 1)
        });
        let effect =
            Effect { narrows: unique.head && !unique.base, widens: unique.base && !unique.head };
        let said = both.shapes.map(|shape| shape.unique.is_some());
        if effect != Effect::NEITHER && said.differ() {
            let change = Change::presence(Part::UniqueItems, effect.narrows);
            let at = both.shapes.map(|shape| shape.unique.map(|leaf| (leaf, "uniqueItems")));
            let edit = self.edit(both, &rules::UNIQUE_ITEMS, effect, at, change);
            diff.edits.push(Edit { certainty, ..edit });
        }
        let empty = |shape: &Shape| shape.max_items.as_ref().is_some_and(|max| max.value == 0);
        let empty = both.shapes.map(empty);
        let items = both.shapes.map(|shape| shape.items.as_ref());
        if common && !empty.base && !empty.head && !items.is_empty() {
            let items =
                self.schemas.each_mut().zip(items).map(|(schemas, items)| {
                    items.map_or_else(|| schemas.all([]), |items| items.value)
                });
            let link = self.link(both, items, Step::Item);
            diff.links.push(link);
        }
    }
}
