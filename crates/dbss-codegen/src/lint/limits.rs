//! Checks values against the limits of a schema, and words the violations.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::fmt;

use openapi_document::{Node, Value, quote};
use serde_json::Number;

use super::pattern::Pattern;

/// A limit that a value violates. `Display` is a predicate of the value: "is 3, and `maximum` is
/// 2".
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Violation<'d> {
    /// A string has too few or too many characters.
    Length { characters: u64, keyword: &'static str, limit: u64 },
    /// A string does not match the pattern.
    Pattern(&'d str),
    /// A number is too small or too large.
    Bound { number: Number, keyword: &'static str, limit: &'d Number },
    /// An integer is out of the range of its format.
    Format { number: Number, format: &'static str },
    /// A list has too few or too many items.
    Items { items: u64, keyword: &'static str, limit: u64 },
    /// An item occurs twice in a list.
    Repeated,
}

impl fmt::Display for Violation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { characters, keyword, limit } => {
                write!(f, "has {}, and `{keyword}` is {limit}", Counted(*characters, "character"))
            }
            Self::Pattern(pattern) => write!(f, "does not match the pattern {}", quote(pattern)),
            Self::Bound { number, keyword, limit } => {
                write!(f, "is {number}, and `{keyword}` is {limit}")
            }
            Self::Format { number, format } => {
                write!(f, "is {number}, which is out of the range of `{format}`")
            }
            Self::Items { items, keyword, limit } => {
                write!(f, "has {}, and `{keyword}` is {limit}", Counted(*items, "item"))
            }
            Self::Repeated => f.write_str("has this item twice, and `uniqueItems` is set"),
        }
    }
}

/// A number of things.
struct Counted(u64, &'static str);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(count, thing) = self;
        write!(f, "{count} {thing}{}", if *count == 1 { "" } else { "s" })
    }
}

/// Checks strings against the limits of schemas. Compiles every pattern only once.
#[derive(Default)]
pub(super) struct StringLimits {
    patterns: HashMap<*const Node, Option<Pattern>>,
}

impl StringLimits {
    /// The limit that a string violates, if any.
    pub(super) fn violation<'d>(&mut self, schema: &'d Node, text: &str) -> Option<Violation<'d>> {
        let characters = text.chars().count() as u64;
        if let Some((keyword, limit)) =
            violated_counts(schema, ["minLength", "maxLength"], characters).next()
        {
            return Some(Violation::Length { characters, keyword, limit });
        }
        let pattern = schema.get("pattern").and_then(Node::as_str)?;
        let compiled = self.patterns.entry(schema).or_insert_with(|| Pattern::new(pattern));
        (!compiled.as_ref()?.matches(text)).then_some(Violation::Pattern(pattern))
    }
}

/// The limits that a number of items violates.
pub(super) fn item_violations(schema: &Node, items: u64) -> impl Iterator<Item = Violation<'_>> {
    violated_counts(schema, ["minItems", "maxItems"], items)
        .map(move |(keyword, limit)| Violation::Items { items, keyword, limit })
}

/// The first item that repeats another, if the schema requires unique items.
pub(super) fn repeated_item<'d>(schema: &Node, items: &'d [Node]) -> Option<&'d Node> {
    if schema.get("uniqueItems").and_then(Node::as_bool) != Some(true) {
        return None;
    }
    let mut seen = HashSet::new();
    items.iter().find(|item| !seen.insert(canonical(item)))
}

/// The minimum and maximum that a count violates: the keywords and their values.
fn violated_counts(
    schema: &Node,
    [least, most]: [&'static str; 2],
    count: u64,
) -> impl Iterator<Item = (&'static str, u64)> {
    let limit = |keyword: &str| schema.get(keyword).and_then(Node::as_number)?.as_u64();
    let below = limit(least).filter(|limit| count < *limit).map(|limit| (least, limit));
    let above = limit(most).filter(|limit| count > *limit).map(|limit| (most, limit));
    below.into_iter().chain(above)
}

/// The limit that a number violates, if any. `kind` is the type of its schema.
pub(super) fn number_violation<'d>(
    schema: &'d Node,
    number: &Number,
    kind: &str,
) -> Option<Violation<'d>> {
    let excluded = |key: &str| schema.get(key).and_then(Node::as_bool) == Some(true);
    for (keyword, exclusive, beyond) in [
        ("minimum", "exclusiveMinimum", Ordering::Less),
        ("maximum", "exclusiveMaximum", Ordering::Greater),
    ] {
        let Some(limit) = schema.get(keyword).and_then(Node::as_number) else { continue };
        let order = compare(number, limit);
        if order == beyond || (order.is_eq() && excluded(exclusive)) {
            return Some(Violation::Bound { number: number.clone(), keyword, limit });
        }
    }
    let integer = number.as_i128().filter(|_| kind == "integer")?;
    let (format, fits) = match schema.get("format").and_then(Node::as_str) {
        Some("int32") => ("int32", i32::try_from(integer).is_ok()),
        _ => ("int64", i64::try_from(integer).is_ok()),
    };
    (!fits).then(|| Violation::Format { number: number.clone(), format })
}

/// Compares integers exactly, and other numbers as floating point.
pub(super) fn compare(one: &Number, other: &Number) -> Ordering {
    if let (Some(one), Some(other)) = (one.as_i128(), other.as_i128()) {
        return one.cmp(&other);
    }
    let float = |number: &Number| number.as_f64().unwrap_or_default();
    float(one).total_cmp(&float(other))
}

/// The value as JSON with sorted keys, which is equal for equal values.
fn canonical(node: &Node) -> String {
    match &node.value {
        Value::Sequence(items) => {
            format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        Value::Mapping(entries) => {
            let key = |key: &str| serde_json::Value::from(key).to_string();
            let mut fields: Vec<_> = entries
                .iter()
                .map(|entry| format!("{}:{}", key(&entry.key), canonical(&entry.value)))
                .collect();
            fields.sort_unstable();
            format!("{{{}}}", fields.join(","))
        }
        _ => node.to_json().to_string(),
    }
}
