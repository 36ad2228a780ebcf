//! Lengths, patterns and formats.

use super::{Both, Certainty, Diff, Edit, Schematics};
use crate::law::Effect;
use crate::rules::{self, Rule};
use crate::schema::pattern::{Demands, Found, search};
use crate::schema::{Count, Shape, Sourced, Types};

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

/// What two counts do, where an absent lower one is 0 and an absent upper one is no limit.
pub(super) fn counts(lower: bool, base: Option<u64>, head: Option<u64>) -> Effect {
    let absent = if lower { 0 } else { u64::MAX };
    let (base, head) = (base.unwrap_or(absent), head.unwrap_or(absent));
    Effect {
        narrows: if lower { head > base } else { head < base },
        widens: if lower { head < base } else { head > base },
    }
}

impl Schematics<'_> {
    pub(super) fn compare_strings(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let certainty =
            if both.common.has(Types::STRING) { Certainty::Certain } else { Certainty::Likely };
        let (base, head) = (both.base, both.head);
        let (min, max) =
            ((&base.min_length, &head.min_length), (&base.max_length, &head.max_length));
        self.compare_count(both, diff, (&rules::MIN_LENGTH, true, certainty), min);
        self.compare_count(both, diff, (&rules::MAX_LENGTH, false, certainty), max);
        self.compare_patterns(both, diff, certainty);
        // A format of a number has been compared as the range that it is.
        let number = both.common.has(Types::NUMBER) && !both.common.has(Types::STRING);
        if !number
            || both
                .base
                .formats
                .iter()
                .chain(&both.head.formats)
                .any(|f| !NUMERIC.contains(&f.value.as_str()))
        {
            self.compare_formats(both, diff, certainty);
        }
    }

    /// Compares one of the pairs `minLength`/`maxLength`, `minItems`/`maxItems` and so on.
    pub(super) fn compare_count(
        &mut self,
        both: &Both<'_>,
        diff: &mut Diff,
        (rule, lower, certainty): (&'static Rule, bool, Certainty),
        (base, head): (&Option<Count>, &Option<Count>),
    ) {
        let value = |count: &Option<Count>| count.as_ref().map(|count| count.value);
        let effect = counts(lower, value(base), value(head));
        if effect == Effect::NEITHER {
            return;
        }
        let show = |count: &Option<Count>| {
            value(count).map_or_else(|| "none".to_owned(), |count| count.to_string())
        };
        let key = base.as_ref().or(head.as_ref()).map_or("", |count| count.key);
        let message = format!("`{key}` changed from {} to {}", show(base), show(head));
        let at = |count: &Option<Count>| count.as_ref().map(|count| (count.leaf, count.key));
        let edit = self.edit(both, rule, effect, (at(base), at(head)), message);
        diff.edits.push(Edit { certainty, ..edit });
    }

    fn compare_patterns(&mut self, both: &Both<'_>, diff: &mut Diff, certainty: Certainty) {
        let (base, head) = (&both.base.patterns, &both.head.patterns);
        let has = |list: &[Sourced<String>], wanted: &str| {
            list.iter().any(|pattern| pattern.value == wanted)
        };
        let added = head.iter().find(|new| !has(base, &new.value));
        let removed = base.iter().find(|old| !has(head, &old.value));
        if added.is_none() && removed.is_none() {
            return;
        }
        // An unknown answer counts as a loss, and the witness search has the last word.
        let lost = head
            .iter()
            .map(|new| search(&demands(both.base), Some(&new.value)))
            .collect::<Vec<_>>();
        let gained = base
            .iter()
            .map(|old| search(&demands(both.head), Some(&old.value)))
            .collect::<Vec<_>>();
        let any = |found: &[Found]| found.iter().any(|found| *found != Found::Nothing);
        let unknown = lost.iter().chain(&gained).any(|found| *found == Found::Unknown);
        let effect = Effect { narrows: any(&lost), widens: any(&gained) };
        if effect == Effect::NEITHER {
            // The same texts, described differently.
            return;
        }
        let show = |pattern: Option<&Sourced<String>>| {
            pattern.map_or_else(|| "none".to_owned(), |pattern| format!("`{}`", pattern.value))
        };
        let (base, head) = (removed.or(base.first()), added.or(head.first()));
        let message = format!("the pattern changed from {} to {}", show(base), show(head));
        let at =
            |pattern: Option<&Sourced<String>>| pattern.map(|pattern| (pattern.leaf, pattern.key));
        let edit = self.edit(both, &rules::PATTERN, effect, (at(base), at(head)), message);
        let certainty = if unknown { Certainty::Likely } else { certainty };
        diff.edits.push(Edit { certainty, ..edit });
    }

    fn compare_formats(&mut self, both: &Both<'_>, diff: &mut Diff, certainty: Certainty) {
        let (base, head) = (&both.base.formats, &both.head.formats);
        let implied = |list: &[Sourced<String>], wanted: &str| {
            list.iter().any(|format| {
                format.value == wanted || CONTAINED.contains(&(format.value.as_str(), wanted))
            })
        };
        let added = head.iter().find(|new| !implied(base, &new.value));
        let removed = base.iter().find(|old| !implied(head, &old.value));
        if added.is_none() && removed.is_none() {
            return;
        }
        let says = |format: Option<&Sourced<String>>| {
            format.is_some_and(|format| !ANNOTATIONS.contains(&format.value.as_str()))
        };
        let recoded = |format: Option<&Sourced<String>>| {
            format.is_some_and(|format| format.value == "binary")
        };
        let effect = if recoded(added) || recoded(removed) {
            Effect::BOTH
        } else {
            Effect { narrows: says(added), widens: says(removed) }
        };
        let show = |format: Option<&Sourced<String>>| {
            format.map_or_else(|| "none".to_owned(), |format| format!("`{}`", format.value))
        };
        let (base, head) = (removed.or(base.first()), added.or(head.first()));
        let message = format!("the format changed from {} to {}", show(base), show(head));
        let at = |format: Option<&Sourced<String>>| format.map(|format| (format.leaf, format.key));
        // What a format that nobody defined refuses is up to whoever checks it.
        let defined = |format: Option<&Sourced<String>>| {
            format.is_none_or(|format| crate::witness::is_defined(&format.value))
        };
        let certainty =
            if defined(added) && defined(removed) { certainty } else { Certainty::Likely };
        let edit = self.edit(both, &rules::FORMAT, effect, (at(base), at(head)), message);
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
