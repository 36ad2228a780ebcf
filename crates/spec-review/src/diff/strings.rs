//! String keywords: lengths, patterns and formats.

use std::rc::Rc;

use super::{Certainty, Diff, PairContext, SchemaChange, SchemaComparison};
use crate::change::{Aspect, AspectValue, Change};
use crate::compatibility::SetEffect;
use crate::rules::{self, Rule};
use crate::schema::pattern::{TextConstraints, TextSearch};
use crate::schema::{Constraints, Count, KeywordValue, TypeSet};
use crate::versions::Versions;

/// Formats that affect presentation or storage, not which strings are valid.
const PRESENTATION_FORMATS: [&str; 1] = ["password"];
/// Numeric formats, which have no meaning for a string.
const NUMERIC_FORMATS: [&str; 4] = ["int32", "int64", "float", "double"];

/// Pairs of formats of which the second accepts everything that the first accepts.
const CONTAINED_FORMATS: [(&str, &str); 7] = [
    ("uri", "uri-reference"),
    ("uri", "iri"),
    ("uri", "iri-reference"),
    ("uri-reference", "iri-reference"),
    ("email", "idn-email"),
    ("hostname", "idn-hostname"),
    ("ipv4", "hostname"),
];

/// A text and the keyword that has it.
type TextKeyword<'s> = Option<&'s KeywordValue<String>>;

/// Whether a count is a lower or an upper limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LimitEnd {
    Lower,
    Upper,
}

/// The effect of a changed count. An absent lower limit is 0, an absent upper limit is infinite.
pub(super) fn count_effect(end: LimitEnd, counts: Versions<Option<u64>>) -> SetEffect {
    let absent = if end == LimitEnd::Lower { 0 } else { u64::MAX };
    let Versions { base, head } = counts.map(|count| count.unwrap_or(absent));
    match end {
        LimitEnd::Lower => SetEffect { narrows: head > base, widens: head < base },
        LimitEnd::Upper => SetEffect { narrows: head < base, widens: head > base },
    }
}

impl SchemaComparison<'_> {
    pub(super) fn compare_strings(&mut self, context: &PairContext<'_>, diff: &mut Diff) {
        let certainty = if context.common.has(TypeSet::STRING) {
            Certainty::Certain
        } else {
            Certainty::Likely
        };
        let min = context.constraints.map(|constraints| constraints.min_length.as_ref());
        let max = context.constraints.map(|constraints| constraints.max_length.as_ref());
        diff.schema_changes.extend(self.count_change(
            context,
            &rules::MIN_LENGTH,
            LimitEnd::Lower,
            min,
            certainty,
        ));
        diff.schema_changes.extend(self.count_change(
            context,
            &rules::MAX_LENGTH,
            LimitEnd::Upper,
            max,
            certainty,
        ));
        self.compare_patterns(context, diff, certainty);
        // The format of a number has been compared as its range.
        let number = context.common.has(TypeSet::NUMBER) && !context.common.has(TypeSet::STRING);
        let textual = context.constraints.map(|constraints| {
            constraints
                .formats
                .iter()
                .any(|format| !NUMERIC_FORMATS.contains(&format.value.as_str()))
        });
        if !number || textual.base || textual.head {
            self.compare_formats(context, diff, certainty);
        }
    }

    /// Compares a count such as `minLength`, `maxLength` or `minItems`.
    pub(super) fn count_change(
        &self,
        context: &PairContext<'_>,
        rule: &'static Rule,
        end: LimitEnd,
        limits: Versions<Option<&Count>>,
        certainty: Certainty,
    ) -> Option<SchemaChange> {
        let values = limits.map(|limit| limit.map(|limit| limit.value));
        let effect = count_effect(end, values);
        if effect == SetEffect::NEITHER {
            return None;
        }
        let key = limits.base.or(limits.head).map_or("", |limit| limit.keyword);
        let facts = values.map(|value| value.map(AspectValue::Count));
        let change = Change::replaced(Aspect::CountLimit(key), facts);
        let at = limits.map(|limit| limit.map(KeywordValue::keyword_ref));
        Some(SchemaChange { certainty, ..self.schema_change(context, rule, effect, at, change) })
    }

    /// A change of a keyword whose value is text.
    fn text_change(
        &self,
        context: &PairContext<'_>,
        rule: &'static Rule,
        what: Aspect,
        effect: SetEffect,
        texts: Versions<TextKeyword<'_>>,
    ) -> SchemaChange {
        let facts = texts.map(|text| text.map(|text| AspectValue::from(text.value.as_str())));
        let at = texts.map(|text| text.map(KeywordValue::keyword_ref));
        self.schema_change(context, rule, effect, at, Change::replaced(what, facts))
    }

    fn compare_patterns(
        &mut self,
        context: &PairContext<'_>,
        diff: &mut Diff,
        certainty: Certainty,
    ) {
        let patterns = context.constraints.map(|constraints| constraints.patterns.as_slice());
        let has = |list: &[KeywordValue<String>], wanted: &str| {
            list.iter().any(|pattern| pattern.value == wanted)
        };
        let differing = patterns
            .zip(patterns.swapped())
            .map(|(list, other)| list.iter().find(|pattern| !has(other, &pattern.value)));
        if differing.is_empty() {
            return;
        }
        // An undecided search counts as a difference; the witness search then decides.
        let known = Rc::clone(&self.schemas.base.patterns);
        let outside = patterns.zip(context.constraints.swapped()).map(|(list, other)| {
            let each = list
                .iter()
                .map(|pattern| known.find_text(&text_constraints(other), Some(&pattern.value)));
            each.collect::<Vec<_>>()
        });
        let any =
            outside.each().map(|found| found.iter().any(|found| *found != TextSearch::NotFound));
        let unknown =
            outside.base.iter().chain(&outside.head).any(|found| *found == TextSearch::Undecided);
        let effect = SetEffect { narrows: any.head, widens: any.base };
        if effect == SetEffect::NEITHER {
            // Both patterns match the same texts.
            return;
        }
        let shown = differing.or(patterns.map(<[_]>::first));
        let schema_change =
            self.text_change(context, &rules::PATTERN, Aspect::Pattern, effect, shown);
        let certainty = if unknown { Certainty::Likely } else { certainty };
        diff.schema_changes.push(SchemaChange { certainty, ..schema_change });
    }

    fn compare_formats(
        &mut self,
        context: &PairContext<'_>,
        diff: &mut Diff,
        certainty: Certainty,
    ) {
        let formats = context.constraints.map(|constraints| constraints.formats.as_slice());
        let implied = |list: &[KeywordValue<String>], wanted: &str| {
            list.iter().any(|format| {
                format.value == wanted
                    || CONTAINED_FORMATS.contains(&(format.value.as_str(), wanted))
            })
        };
        let differing = formats
            .zip(formats.swapped())
            .map(|(list, other)| list.iter().find(|format| !implied(other, &format.value)));
        if differing.is_empty() {
            return;
        }
        let restricts = differing.map(|format| {
            format.is_some_and(|format| !PRESENTATION_FORMATS.contains(&format.value.as_str()))
        });
        let recoded = differing.map(|format| format.is_some_and(|format| format.value == "binary"));
        let effect = if recoded.base || recoded.head {
            SetEffect::BOTH
        } else {
            SetEffect { narrows: restricts.head, widens: restricts.base }
        };
        // It depends on the implementation what an undefined format refuses.
        let defined = differing.map(|format| {
            format.is_none_or(|format| crate::schema::formats::is_defined(&format.value))
        });
        let certainty = if defined.base && defined.head { certainty } else { Certainty::Likely };
        let shown = differing.or(formats.map(<[_]>::first));
        let schema_change =
            self.text_change(context, &rules::FORMAT, Aspect::Format, effect, shown);
        diff.schema_changes.push(SchemaChange { certainty, ..schema_change });
    }
}

pub(crate) fn text_constraints(constraints: &Constraints) -> TextConstraints {
    TextConstraints {
        patterns: constraints.patterns.iter().map(|pattern| pattern.value.clone()).collect(),
        min_length: constraints.min_length.as_ref().map_or(0, |min| min.value),
        max_length: constraints.max_length.as_ref().map(|max| max.value),
    }
}
