//! Ranges and multiples.

use super::{Both, Certainty, Diff, Edit, Schematics};
use crate::change::{Aspect, Change, Fact};
use crate::law::Effect;
use crate::rules;
use crate::schema::{Bound, Num, Shape, Sourced, Types};
use crate::versions::Versions;

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

/// What a change of the canonical forms of one end does.
fn moved(ends: Versions<Option<(Num, bool)>>, lower: bool) -> Effect {
    match (ends.base, ends.head) {
        (None, None) => Effect::NEITHER,
        (None, Some(_)) => Effect::NARROWS,
        (Some(_), None) => Effect::WIDENS,
        (Some(base), Some(head)) => {
            let inward = if lower { head.0 > base.0 } else { head.0 < base.0 };
            let outward = if lower { head.0 < base.0 } else { head.0 > base.0 };
            Effect {
                narrows: inward || head.0 == base.0 && head.1 && !base.1,
                widens: outward || head.0 == base.0 && base.1 && !head.1,
            }
        }
    }
}

impl Schematics<'_> {
    pub(super) fn compare_numbers(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let certainty =
            if both.common.has(Types::NUMBER) { Certainty::Certain } else { Certainty::Likely };
        for lower in [true, false] {
            let bounds = both
                .shapes
                .map(|shape| if lower { shape.lower.as_ref() } else { shape.upper.as_ref() });
            let ends = both.shapes.zip(bounds);
            let effect = moved(ends.map(|(shape, bound)| canonical(shape, bound, lower)), lower);
            if effect == Effect::NEITHER {
                continue;
            }
            let by_format = bounds.map(|bound| bound.is_none_or(|bound| bound.key == "format"));
            // A changed type brings its own range; the type's edit says it already.
            let (rule, change) = if by_format.base && by_format.head {
                let formats = both.shapes.map(|shape| {
                    shape.formats.first().map(|format| Fact::from(format.value.as_str()))
                });
                (&rules::FORMAT, Change::replaced(Aspect::Format, formats))
            } else {
                let (rule, what) = if lower {
                    (&rules::MINIMUM, Aspect::Minimum)
                } else {
                    (&rules::MAXIMUM, Aspect::Maximum)
                };
                let bound = |bound: &Bound| {
                    let (number, exclusive) = bound.value;
                    Fact::Bound { number, exclusive }
                };
                (rule, Change::replaced(what, bounds.map(|end| end.map(bound))))
            };
            let at = bounds.map(|bound| bound.map(Sourced::keyword));
            let edit = self.edit(both, rule, effect, at, change);
            push_merged(diff, Edit { certainty, ..edit });
        }
        self.compare_multiples(both, diff, certainty);
    }

    fn compare_multiples(&mut self, both: &Both<'_>, diff: &mut Diff, certainty: Certainty) {
        let implied = |shape: &Shape, wanted: Num| {
            shape.multiples.iter().any(|multiple| multiple.value.is_multiple(wanted))
                || wanted == Num::Int(1) && !shape.types.has(Types::FRACTION)
        };
        let telling = both.shapes.zip(both.shapes.swapped()).map(|(shape, other)| {
            shape.multiples.iter().find(|multiple| !implied(other, multiple.value))
        });
        let effect = Effect { narrows: telling.head.is_some(), widens: telling.base.is_some() };
        if effect == Effect::NEITHER {
            return;
        }
        let said = telling.or(both.shapes.map(|shape| shape.multiples.first()));
        let numbers = said.map(|said| said.map(|said| Fact::Number(said.value)));
        let change = Change::replaced(Aspect::MultipleOf, numbers);
        let at = said.map(|said| said.map(Sourced::keyword));
        let edit = self.edit(both, &rules::MULTIPLE_OF, effect, at, change);
        diff.edits.push(Edit { certainty, ..edit });
    }
}

/// A format sets both ends of a range; that is one edit.
fn push_merged(diff: &mut Diff, edit: Edit) {
    let same =
        |old: &&mut Edit| old.rule == edit.rule && old.at == edit.at && old.change == edit.change;
    match diff.edits.iter_mut().find(same) {
        Some(old) => old.effect = old.effect.or(edit.effect),
        None => diff.edits.push(edit),
    }
}
