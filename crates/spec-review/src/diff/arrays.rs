//! Lists.

use super::{Both, Certainty, Diff, Edit, Schematics, Step};
use crate::law::Effect;
use crate::rules;
use crate::schema::{Shape, Types};

impl Schematics<'_> {
    pub(super) fn compare_arrays(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let common = both.common.has(Types::ARRAY);
        let certainty = if common { Certainty::Certain } else { Certainty::Likely };
        let (base, head) = (both.base, both.head);
        let (min, max) = ((&base.min_items, &head.min_items), (&base.max_items, &head.max_items));
        self.compare_count(both, diff, (&rules::MIN_ITEMS, true, certainty), min);
        self.compare_count(both, diff, (&rules::MAX_ITEMS, false, certainty), max);
        // At most one item cannot repeat.
        let unique = |shape: &Shape| {
            shape.unique.is_some() || shape.max_items.as_ref().is_some_and(|max| max.value <= 1)
        };
        let effect = Effect {
            narrows: unique(head) && !unique(base),
            widens: unique(base) && !unique(head),
        };
        if effect != Effect::NEITHER && base.unique.is_some() != head.unique.is_some() {
            let message = if effect.narrows {
                "items may no longer repeat (`uniqueItems` was added)"
            } else {
                "items may now repeat (`uniqueItems` was removed)"
            };
            let at = (
                base.unique.map(|leaf| (leaf, "uniqueItems")),
                head.unique.map(|leaf| (leaf, "uniqueItems")),
            );
            let edit = self.edit(both, &rules::UNIQUE_ITEMS, effect, at, message.to_owned());
            diff.edits.push(Edit { certainty, ..edit });
        }
        let empty = |shape: &Shape| shape.max_items.as_ref().is_some_and(|max| max.value == 0);
        if common && !empty(base) && !empty(head) && (base.items.is_some() || head.items.is_some())
        {
            let old = base.items.as_ref().map_or_else(|| self.base.all([]), |items| items.value);
            let new = head.items.as_ref().map_or_else(|| self.head.all([]), |items| items.value);
            let link = self.link(both, old, new, Step::Item);
            diff.links.push(link);
        }
    }
}
