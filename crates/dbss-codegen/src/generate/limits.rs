//! The limits of values in words, in one place: they are in the documentation of setters,
//! in the descriptors and in the checks, so that documentation, help and messages are
//! worded alike.

use super::model::{Bounds, Model, Schema, SchemaKind, StringSchema};

/// The limits of a value, one entry each; for a list also those of its items.
pub(crate) fn of(model: &Model, schema: &Schema) -> Vec<String> {
    let mut words = own(model, schema);
    if let SchemaKind::Array { items, .. } = model.resolve(&schema.kind) {
        // Only one level, since a list may contain lists of its own kind.
        words.extend(own(model, items).into_iter().map(|limit| format!("each {limit}")));
    }
    words
}

fn own(model: &Model, schema: &Schema) -> Vec<String> {
    match model.resolve(&schema.kind) {
        SchemaKind::String(text) => {
            let pattern = text.pattern.as_deref().map(pattern);
            let format = text.format.as_ref().map(|format| format!("format `{format}`"));
            length(text).into_iter().chain(pattern).chain(format).collect()
        }
        SchemaKind::Enum { values, .. } => vec![listed(values)],
        SchemaKind::Array { min, max, unique, .. } => {
            let unique = unique.then(|| "no item twice".to_owned());
            count(*min, *max).into_iter().chain(unique).collect()
        }
        SchemaKind::Integer { bounds, .. } => range(bounds).into_iter().collect(),
        SchemaKind::Number { bounds, .. } => range(bounds).into_iter().collect(),
        SchemaKind::Boolean
        | SchemaKind::Map(_)
        | SchemaKind::AnyObject
        | SchemaKind::Object(_)
        | SchemaKind::Reference(_) => Vec::new(),
    }
}

/// The length of a text.
pub(crate) fn length(text: &StringSchema) -> Option<String> {
    between(text.min, text.max, "character")
}

/// The number of items of a list.
pub(crate) fn count(min: Option<usize>, max: Option<usize>) -> Option<String> {
    between(min, max, "item")
}

/// The pattern of a text.
pub(crate) fn pattern(pattern: &str) -> String {
    format!("matching the pattern `{pattern}`")
}

/// The values of an enum.
pub(crate) fn listed(values: &[String]) -> String {
    let values: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
    format!("one of {}", values.join(", "))
}

/// The range of a number.
pub(crate) fn range<T: std::fmt::Display>(bounds: &Bounds<T>) -> Option<String> {
    let (low, high) = (
        if bounds.exclusive_min { "more than" } else { "at least" },
        if bounds.exclusive_max { "less than" } else { "at most" },
    );
    match (&bounds.min, &bounds.max) {
        (None, None) => None,
        (Some(min), None) => Some(format!("{low} {min}")),
        (None, Some(max)) => Some(format!("{high} {max}")),
        (Some(min), Some(max)) => Some(format!("{low} {min} and {high} {max}")),
    }
}

fn between(min: Option<usize>, max: Option<usize>, unit: &str) -> Option<String> {
    let counted = |n: usize| format!("{n} {unit}{}", if n == 1 { "" } else { "s" });
    match (min.filter(|min| *min > 0), max) {
        (None, None) => None,
        (Some(min), None) => Some(format!("at least {}", counted(min))),
        (None, Some(max)) => Some(format!("at most {}", counted(max))),
        (Some(min), Some(max)) if min == max => Some(counted(max)),
        (Some(min), Some(max)) => Some(format!("{min} to {}", counted(max))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_counts_by_their_bounds() {
        for (min, max, words) in [
            (None, None, None),
            (Some(0), None, None),
            (Some(1), None, Some("at least 1 item")),
            (Some(0), Some(2), Some("at most 2 items")),
            (Some(3), Some(3), Some("3 items")),
            (Some(1), Some(8), Some("1 to 8 items")),
        ] {
            assert_eq!(count(min, max).as_deref(), words, "{min:?} {max:?}");
        }
    }

    #[test]
    fn words_inclusive_and_exclusive_ranges() {
        let bounds = |min, max, exclusive_min, exclusive_max| Bounds {
            min,
            max,
            exclusive_min,
            exclusive_max,
        };
        for (bounds, words) in [
            (bounds(None, None, true, true), None),
            (bounds(Some(1), None, false, false), Some("at least 1")),
            (bounds(None, Some(9), false, true), Some("less than 9")),
            (bounds(Some(1), Some(9), true, false), Some("more than 1 and at most 9")),
        ] {
            assert_eq!(range(&bounds).as_deref(), words, "{bounds:?}");
        }
    }
}
