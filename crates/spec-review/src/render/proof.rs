//! What a witness shows: which value in it the other document refuses.

use std::borrow::Cow;

use serde_json::Value;

use super::items::Item;

use super::pointer_label::cut;
use crate::change::{Aspect, AspectValue, Change};
use crate::compatibility::Level;
use crate::report::Finding;
use crate::validator::validator;
use crate::versions::Versions;
use crate::witness::{AcceptedBy, Witness};

/// Longer values are cut.
const MAX_VALUE: usize = 200;
/// Payloads of more lines are shown by the refused value.
pub(super) const MAX_LINES: usize = 15;

/// The payload of a break that is certain although its payload is too long to print, in words.
pub(super) fn described(finding: &Finding) -> Option<String> {
    let Change::Replaced { aspect: Aspect::CountLimit(key), values } = &finding.change else {
        return None;
    };
    if finding.level != Level::Breaking || finding.witness.is_some() {
        return None;
    }
    let count = |value: &Option<AspectValue>| match value {
        Some(AspectValue::Count(count)) => Some(*count),
        _ => None,
    };
    let counts = values.each().map(count);
    let (what, unit) = match *key {
        "minLength" | "maxLength" => ("text", "characters"),
        "minItems" | "maxItems" => ("list", "items"),
        _ => ("object", "properties"),
    };
    let lower = key.starts_with("min");
    // One more or one less than the tighter limit.
    let length = if lower {
        counts.base.max(counts.head)?.saturating_sub(1)
    } else {
        counts.base.into_iter().chain(counts.head).min()?.saturating_add(1)
    };
    let absent = if lower { 0 } else { u64::MAX };
    let Versions { base, head } = counts.map(|count| count.unwrap_or(absent));
    let base_accepts = if lower { base < head } else { base > head };
    let (takes, refuses) = if base_accepts { ("old", "new") } else { ("new", "old") };
    Some(format!(
        "a {what} of {length} {unit}, too long to print, is accepted by the {takes} document and refused by the {refuses} one"
    ))
}

/// The witness of an item. For several required properties of one schema it is one payload that has
/// none of them: what the payloads of all have in common.
pub(super) fn witness<'r>(item: &Item<'r>) -> Option<Cow<'r, Witness>> {
    let first = item.first.witness.as_ref()?;
    let mut others = item.others.iter().map(|finding| finding.witness.as_ref());
    let common = others
        .try_fold(first.payload.clone(), |common, other| Some(in_common(common, &other?.payload)));
    let accepted = |payload: &Value, schema: &Value| Some(validator(schema)?.is_valid(payload));
    let proves = |payload: &Value| -> Option<bool> {
        let schemas = first.schemas.as_ref()?;
        let (takes, refuses) = match first.accepted_by {
            AcceptedBy::Base => (&schemas.base, &schemas.head),
            AcceptedBy::Head => (&schemas.head, &schemas.base),
        };
        Some(accepted(payload, takes)? && !accepted(payload, refuses)?)
    };
    let common = common.filter(|common| !item.others.is_empty() && proves(common) == Some(true));
    Some(match common {
        Some(payload) => Cow::Owned(Witness { payload, ..first.clone() }),
        None => Cow::Borrowed(first),
    })
}

/// What two payloads have in common.
fn in_common(one: Value, other: &Value) -> Value {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let kept = one.into_iter().filter_map(|(name, value)| {
                let value = in_common(value, other.get(&name)?);
                Some((name, value))
            });
            Value::Object(kept.collect())
        }
        (Value::Array(one), Value::Array(other)) => {
            one.into_iter().zip(other).map(|(one, other)| in_common(one, other)).collect()
        }
        (one, _) => one,
    }
}

/// The payload on several lines.
pub(super) fn pretty(payload: &Value) -> String {
    serde_json::to_string_pretty(payload).unwrap_or_default()
}

/// The places in the payload that the other document refuses: JSON Pointer and value.
pub(super) fn refused_values(witness: &Witness) -> Vec<(String, String)> {
    let Some(schemas) = &witness.schemas else { return Vec::new() };
    let refusing = match witness.accepted_by {
        AcceptedBy::Base => &schemas.head,
        AcceptedBy::Head => &schemas.base,
    };
    let Some(validator) = validator(refusing) else { return Vec::new() };
    validator
        .iter_errors(&witness.payload)
        .map(|error| {
            let pointer = error.instance_path().to_string();
            (pointer, cut(&error.instance().to_string(), MAX_VALUE))
        })
        .take(3)
        .collect()
}
