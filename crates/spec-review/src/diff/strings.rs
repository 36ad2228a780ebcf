//! Lengths, patterns and formats.

use super::{Both, Certainty, Diff, Edit, Schematics};
use crate::change::{Aspect, Change, Fact};
use crate::law::Effect;
use crate::rules::{self, Rule};
use crate::schema::pattern::{Demands, Found, search};
use crate::schema::{Count, Shape, Sourced, Types};
use crate::versions::Versions;

/// Formats that say how to show or store a string, not which strings there are.
const ANNOTATIONS: [&str; 1] = ["password"];
/// Numeric formats; beside a string they are as good as unknown.
const NUMERIC: [&str; 4] = ["int32", "int64", "float", "double"];

/// Formats of which the first accepts only what the second does as well.
const CONTAINED: [(&str, &str); 7] = [
    ("uri", "uri-reference"),
    ("uri", "iri"),
    ("uri", "iri-reference"),
    ("uri-reference", "iri-reference"),
    ("email", "idn-email"),
    ("hostname", "idn-hostname"),
    ("ipv4", "hostname"),
];

/// A text and the keyword that demands it.
type Text<'s> = Option<&'s Sourced<String>>;

/// Which end of a range a count is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Least,
    Greatest,
}

/// What two counts do, where an absent lower one is 0 and an absent upper one is no limit.
pub(super) fn counts(end: End, counts: Versions<Option<u64>>) -> Effect {
    let absent = if end == End::Least { 0 } else { u64::MAX };
    let Versions { base, head } = counts.map(|count| count.unwrap_or(absent));
    match end {
        End::Least => Effect { narrows: head > base, widens: head < base },
        End::Greatest => Effect { narrows: head < base, widens: head > base },
    }
}

impl Schematics<'_> {
    pub(super) fn compare_strings(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let certainty =
            if both.common.has(Types::STRING) { Certainty::Certain } else { Certainty::Likely };
        let min = both.shapes.map(|shape| shape.min_length.as_ref());
        let max = both.shapes.map(|shape| shape.max_length.as_ref());
        diff.edits.extend(self.count_edit(both, &rules::MIN_LENGTH, End::Least, min, certainty));
        diff.edits.extend(self.count_edit(both, &rules::MAX_LENGTH, End::Greatest, max, certainty));
        self.compare_patterns(both, diff, certainty);
        // A format of a number has been compared as the range that it is.
        let number = both.common.has(Types::NUMBER) && !both.common.has(Types::STRING);
        let textual = both.shapes.map(|shape| {
            shape.formats.iter().any(|format| !NUMERIC.contains(&format.value.as_str()))
        });
        if !number || textual.base || textual.head {
            self.compare_formats(both, diff, certainty);
        }
    }

    /// Compares one of the pairs `minLength`/`maxLength`, `minItems`/`maxItems` and so on.
    pub(super) fn count_edit(
        &self,
        both: &Both<'_>,
        rule: &'static Rule,
        end: End,
        limits: Versions<Option<&Count>>,
        certainty: Certainty,
    ) -> Option<Edit> {
        let values = limits.map(|limit| limit.map(|limit| limit.value));
        let effect = counts(end, values);
        if effect == Effect::NEITHER {
            return None;
        }
        let key = limits.base.or(limits.head).map_or("", |limit| limit.key);
        let facts = values.map(|value| value.map(Fact::Count));
        let change = Change::replaced(Aspect::Count(key), facts);
        let at = limits.map(|limit| limit.map(Sourced::keyword));
        Some(Edit { certainty, ..self.edit(both, rule, effect, at, change) })
    }

    /// An edit of a keyword whose value is a text.
    fn text_edit(
        &self,
        both: &Both<'_>,
        rule: &'static Rule,
        what: Aspect,
        effect: Effect,
        texts: Versions<Text<'_>>,
    ) -> Edit {
        let facts = texts.map(|text| text.map(|text| Fact::from(text.value.as_str())));
        let at = texts.map(|text| text.map(Sourced::keyword));
        self.edit(both, rule, effect, at, Change::replaced(what, facts))
    }

    fn compare_patterns(&mut self, both: &Both<'_>, diff: &mut Diff, certainty: Certainty) {
        let patterns = both.shapes.map(|shape| shape.patterns.as_slice());
        let has = |list: &[Sourced<String>], wanted: &str| {
            list.iter().any(|pattern| pattern.value == wanted)
        };
        let telling = patterns
            .zip(patterns.swapped())
            .map(|(list, other)| list.iter().find(|pattern| !has(other, &pattern.value)));
        if telling.is_empty() {
            return;
        }
        // An unknown answer counts as a loss, and the witness search has the last word.
        let outside = patterns.zip(both.shapes.swapped()).map(|(list, other)| {
            let each = list.iter().map(|pattern| search(&demands(other), Some(&pattern.value)));
            each.collect::<Vec<_>>()
        });
        let any = outside.each().map(|found| found.iter().any(|found| *found != Found::Nothing));
        let unknown =
            outside.base.iter().chain(&outside.head).any(|found| *found == Found::Unknown);
        let effect = Effect { narrows: any.head, widens: any.base };
        if effect == Effect::NEITHER {
            // The same texts, described differently.
            return;
        }
        let said = telling.or(patterns.map(<[_]>::first));
        let edit = self.text_edit(both, &rules::PATTERN, Aspect::Pattern, effect, said);
        let certainty = if unknown { Certainty::Likely } else { certainty };
        diff.edits.push(Edit { certainty, ..edit });
    }

    fn compare_formats(&mut self, both: &Both<'_>, diff: &mut Diff, certainty: Certainty) {
        let formats = both.shapes.map(|shape| shape.formats.as_slice());
        let implied = |list: &[Sourced<String>], wanted: &str| {
            list.iter().any(|format| {
                format.value == wanted || CONTAINED.contains(&(format.value.as_str(), wanted))
            })
        };
        let telling = formats
            .zip(formats.swapped())
            .map(|(list, other)| list.iter().find(|format| !implied(other, &format.value)));
        if telling.is_empty() {
            return;
        }
        let says = telling.map(|format| {
            format.is_some_and(|format| !ANNOTATIONS.contains(&format.value.as_str()))
        });
        let recoded = telling.map(|format| format.is_some_and(|format| format.value == "binary"));
        let effect = if recoded.base || recoded.head {
            Effect::BOTH
        } else {
            Effect { narrows: says.head, widens: says.base }
        };
        // What a format that nobody defined refuses is up to whoever checks it.
        let defined = telling.map(|format| {
            format.is_none_or(|format| crate::schema::formats::is_defined(&format.value))
        });
        let certainty = if defined.base && defined.head { certainty } else { Certainty::Likely };
        let said = telling.or(formats.map(<[_]>::first));
        let edit = self.text_edit(both, &rules::FORMAT, Aspect::Format, effect, said);
        diff.edits.push(Edit { certainty, ..edit });
    }
}

fn demands(shape: &Shape) -> Demands {
    Demands {
        patterns: shape.patterns.iter().map(|pattern| pattern.value.clone()).collect(),
        min_length: shape.min_length.as_ref().map_or(0, |min| min.value),
        max_length: shape.max_length.as_ref().map(|max| max.value),
    }
}
