//! Ranges and multiples of numbers.

use super::{Certainty, Diff, PairContext, SchemaChange, SchemaComparison};
use crate::change::{Aspect, AspectValue, Change};
use crate::compatibility::SetEffect;
use crate::rules;
use crate::schema::{Bound, Constraints, KeywordValue, Num, TypeSet};
use crate::versions::Versions;

/// One end of a range in a form in which two ends can be compared.
fn canonical_end(
    constraints: &Constraints,
    bound: Option<&Bound>,
    lower: bool,
) -> Option<(Num, bool)> {
    let (number, exclusive) = bound?.value;
    if constraints.types.has(TypeSet::FRACTION) {
        return Some((number, exclusive));
    }
    // For integers, above 5 is the same as from 6, and so is from 5.5.
    let inside = if lower { number.ceil() } else { number.floor() };
    let step = if lower { 1 } else { -1 };
    Some((if exclusive && number.is_integer() { inside.plus(step) } else { inside }, false))
}

/// The effect of a changed end of a range.
fn end_effect(ends: Versions<Option<(Num, bool)>>, lower: bool) -> SetEffect {
    match (ends.base, ends.head) {
        (None, None) => SetEffect::NEITHER,
        (None, Some(_)) => SetEffect::NARROWS,
        (Some(_), None) => SetEffect::WIDENS,
        (Some(base), Some(head)) => {
            let inward = if lower { head.0 > base.0 } else { head.0 < base.0 };
            let outward = if lower { head.0 < base.0 } else { head.0 > base.0 };
            SetEffect {
                narrows: inward || head.0 == base.0 && head.1 && !base.1,
                widens: outward || head.0 == base.0 && base.1 && !head.1,
            }
        }
    }
}

impl SchemaComparison<'_> {
    pub(super) fn compare_numbers(&mut self, context: &PairContext<'_>, diff: &mut Diff) {
        let certainty = if context.common.has(TypeSet::NUMBER) {
            Certainty::Certain
        } else {
            Certainty::Likely
        };
        for lower in [true, false] {
            let bounds = context.constraints.map(|constraints| {
                if lower { constraints.lower.as_ref() } else { constraints.upper.as_ref() }
            });
            let ends = context.constraints.zip(bounds);
            let effect = end_effect(
                ends.map(|(constraints, bound)| canonical_end(constraints, bound, lower)),
                lower,
            );
            if effect == SetEffect::NEITHER {
                continue;
            }
            let by_format = bounds.map(|bound| bound.is_none_or(|bound| bound.keyword == "format"));
            // A changed format brings its own range and is reported as a format.
            let (rule, change) = if by_format.base && by_format.head {
                let formats = context.constraints.map(|constraints| {
                    constraints
                        .formats
                        .first()
                        .map(|format| AspectValue::from(format.value.as_str()))
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
                    AspectValue::Bound { number, exclusive }
                };
                (rule, Change::replaced(what, bounds.map(|end| end.map(bound))))
            };
            let at = bounds.map(|bound| bound.map(KeywordValue::keyword_ref));
            let schema_change = self.schema_change(context, rule, effect, at, change);
            push_merged(diff, SchemaChange { certainty, ..schema_change });
        }
        self.compare_multiples(context, diff, certainty);
    }

    fn compare_multiples(
        &mut self,
        context: &PairContext<'_>,
        diff: &mut Diff,
        certainty: Certainty,
    ) {
        let implied = |constraints: &Constraints, wanted: Num| {
            constraints.multiples.iter().any(|multiple| multiple.value.is_multiple(wanted))
                || wanted == Num::Int(1) && !constraints.types.has(TypeSet::FRACTION)
        };
        let differing =
            context.constraints.zip(context.constraints.swapped()).map(|(constraints, other)| {
                constraints.multiples.iter().find(|multiple| !implied(other, multiple.value))
            });
        let effect =
            SetEffect { narrows: differing.head.is_some(), widens: differing.base.is_some() };
        if effect == SetEffect::NEITHER {
            return;
        }
        let shown =
            differing.or(context.constraints.map(|constraints| constraints.multiples.first()));
        let numbers = shown.map(|shown| shown.map(|shown| AspectValue::Number(shown.value)));
        let change = Change::replaced(Aspect::MultipleOf, numbers);
        let at = shown.map(|shown| shown.map(KeywordValue::keyword_ref));
        let schema_change = self.schema_change(context, &rules::MULTIPLE_OF, effect, at, change);
        diff.schema_changes.push(SchemaChange { certainty, ..schema_change });
    }
}

/// Adds a change, unless a format changed both ends of a range: that is one change.
fn push_merged(diff: &mut Diff, schema_change: SchemaChange) {
    let same = |old: &&mut SchemaChange| {
        old.rule == schema_change.rule
            && old.at == schema_change.at
            && old.change == schema_change.change
    };
    match diff.schema_changes.iter_mut().find(same) {
        Some(old) => old.effect = old.effect.or(schema_change.effect),
        None => diff.schema_changes.push(schema_change),
    }
}
