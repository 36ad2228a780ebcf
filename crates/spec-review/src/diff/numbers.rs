//! Ranges and multiples.

use super::{Both, Certainty, Diff, Edit, Schematics};
use crate::law::{Effect, Level};
use crate::rules;
use crate::schema::{Bound, Num, Shape, Types};

/// One end of a range in the form in which two of them compare.
fn canonical(shape: &Shape, bound: Option<&Bound>, lower: bool) -> Option<(Num, bool)> {
    let (number, exclusive) = bound?.value;
    if shape.types.has(Types::FRACTION) {
        return Some((number, exclusive));
    }
    // Among integers, above 5 is from 6 on, and from 5.5 on as well.
    let inside = if lower { number.ceil() } else { number.floor() };
    let step = if lower { 1 } else { -1 };
    Some((if exclusive && number.is_integer() { inside.plus(step) } else { inside }, false))
}

fn show(bound: Option<&Bound>) -> String {
    bound.map_or_else(
        || "none".to_owned(),
        |bound| format!("{}{}", bound.value.0, if bound.value.1 { " (exclusive)" } else { "" }),
    )
}

impl Schematics<'_> {
    pub(super) fn compare_numbers(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let certainty =
            if both.common.has(Types::NUMBER) { Certainty::Certain } else { Certainty::Likely };
        for (lower, base, head) in [
            (true, &both.base.lower, &both.head.lower),
            (false, &both.base.upper, &both.head.upper),
        ] {
            let (old, new) = (
                canonical(both.base, base.as_ref(), lower),
                canonical(both.head, head.as_ref(), lower),
            );
            let effect = match (old, new) {
                (None, None) => Effect::NEITHER,
                (None, Some(_)) => Effect::NARROWS,
                (Some(_), None) => Effect::WIDENS,
                (Some(old), Some(new)) => {
                    let inward = if lower { new.0 > old.0 } else { new.0 < old.0 };
                    let outward = if lower { new.0 < old.0 } else { new.0 > old.0 };
                    Effect {
                        narrows: inward || new.0 == old.0 && new.1 && !old.1,
                        widens: outward || new.0 == old.0 && old.1 && !new.1,
                    }
                }
            };
            if effect == Effect::NEITHER {
                continue;
            }
            let by_format =
                |bound: &Option<Bound>| bound.as_ref().is_none_or(|bound| bound.key == "format");
            // A changed type brings its own range; the type's edit says it already.
            let (rule, message) = if by_format(base) && by_format(head) {
                let formats = |shape: &Shape| {
                    shape
                        .formats
                        .first()
                        .map_or_else(|| "none".to_owned(), |format| format!("`{}`", format.value))
                };
                let message = format!(
                    "the format changed from {} to {}",
                    formats(both.base),
                    formats(both.head)
                );
                (&rules::FORMAT, message)
            } else {
                let (rule, name) =
                    if lower { (&rules::MINIMUM, "minimum") } else { (&rules::MAXIMUM, "maximum") };
                (
                    rule,
                    format!(
                        "the {name} changed from {} to {}",
                        show(base.as_ref()),
                        show(head.as_ref())
                    ),
                )
            };
            let at = |bound: &Option<Bound>| bound.as_ref().map(|bound| (bound.leaf, bound.key));
            let edit = self.edit(both, rule, effect, (at(base), at(head)), message);
            push_merged(diff, Edit { certainty, ..edit });
        }
        self.compare_multiples(both, diff, certainty);
    }

    fn compare_multiples(&mut self, both: &Both<'_>, diff: &mut Diff, certainty: Certainty) {
        let implied = |shape: &Shape, wanted: Num| {
            shape.multiples.iter().any(|multiple| multiple.value.is_multiple(wanted))
                || wanted == Num::Int(1) && !shape.types.has(Types::FRACTION)
        };
        let added = both.head.multiples.iter().find(|new| !implied(both.base, new.value));
        let removed = both.base.multiples.iter().find(|old| !implied(both.head, old.value));
        let effect = Effect { narrows: added.is_some(), widens: removed.is_some() };
        if effect == Effect::NEITHER {
            return;
        }
        let base = removed.or(both.base.multiples.first());
        let head = added.or(both.head.multiples.first());
        let show = |number: Option<Num>| {
            number.map_or_else(|| "none".to_owned(), |number| number.to_string())
        };
        let message = format!(
            "`multipleOf` changed from {} to {}",
            show(base.map(|m| m.value)),
            show(head.map(|m| m.value))
        );
        let at = (base.map(|m| (m.leaf, m.key)), head.map(|m| (m.leaf, m.key)));
        let edit = self.edit(both, &rules::MULTIPLE_OF, effect, at, message);
        diff.edits.push(Edit { certainty, otherwise: Level::Info, ..edit });
    }
}

/// A format sets both ends of a range; that is one edit.
fn push_merged(diff: &mut Diff, edit: Edit) {
    let same = |old: &&mut Edit| {
        old.rule.id == edit.rule.id && old.base == edit.base && old.head == edit.head
    };
    match diff.edits.iter_mut().find(same) {
        Some(old) => old.effect = old.effect.or(edit.effect),
        None => diff.edits.push(edit),
    }
}
