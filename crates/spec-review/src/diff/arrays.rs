//! Array keywords.

use super::strings::LimitEnd;
use super::{Certainty, Diff, PairContext, SchemaChange, SchemaComparison, Step};
use crate::change::{Change, Part};
use crate::compatibility::SetEffect;
use crate::rules;
use crate::schema::{Constraints, TypeSet};

impl SchemaComparison<'_> {
    pub(super) fn compare_arrays(&mut self, context: &PairContext<'_>, diff: &mut Diff) {
        let common = context.common.has(TypeSet::ARRAY);
        let certainty = if common { Certainty::Certain } else { Certainty::Likely };
        let min = context.constraints.map(|constraints| constraints.min_items.as_ref());
        let max = context.constraints.map(|constraints| constraints.max_items.as_ref());
        diff.schema_changes.extend(self.count_change(
            context,
            &rules::MIN_ITEMS,
            LimitEnd::Lower,
            min,
            certainty,
        ));
        diff.schema_changes.extend(self.count_change(
            context,
            &rules::MAX_ITEMS,
            LimitEnd::Upper,
            max,
            certainty,
        ));
        // A list of at most one item has no duplicates.
        let unique = context.constraints.map(|constraints| {
            constraints.unique.is_some()
                || constraints.max_items.as_ref().is_some_and(|max| max.value <= 1)
        });
        let effect =
            SetEffect { narrows: unique.head && !unique.base, widens: unique.base && !unique.head };
        let written = context.constraints.map(|constraints| constraints.unique.is_some());
        if effect != SetEffect::NEITHER && written.differ() {
            let change = Change::presence(Part::UniqueItems, effect.narrows);
            let at = context
                .constraints
                .map(|constraints| constraints.unique.map(|schema| (schema, "uniqueItems")));
            let schema_change =
                self.schema_change(context, &rules::UNIQUE_ITEMS, effect, at, change);
            diff.schema_changes.push(SchemaChange { certainty, ..schema_change });
        }
        let empty = |constraints: &Constraints| {
            constraints.max_items.as_ref().is_some_and(|max| max.value == 0)
        };
        let empty = context.constraints.map(empty);
        let items = context.constraints.map(|constraints| constraints.items.as_ref());
        if common && !empty.base && !empty.head && !items.is_empty() {
            let items =
                self.schemas.each_mut().zip(items).map(|(schemas, items)| {
                    items.map_or_else(|| schemas.all([]), |items| items.value)
                });
            let inner_pair = self.inner_pair(context, items, Step::Item);
            diff.inner_pairs.push(inner_pair);
        }
    }
}
