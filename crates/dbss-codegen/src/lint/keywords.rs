//! Keywords of schemas: whether they apply to the type, and whether their limits can be satisfied.

use openapi_document::{Node, quote};
use serde_json::Number;

use super::context::type_of;
use super::limits::compare;
use super::object_specs::ObjectKind;
use super::pattern;
use super::{Context, Diagnostics};
use crate::rules;

/// Keywords and the types that they apply to.
const KEYWORDS: [(&str, &[&str]); 16] = [
    ("enum", &["string"]),
    ("minLength", &["string"]),
    ("maxLength", &["string"]),
    ("pattern", &["string"]),
    ("format", &["string", "integer", "number"]),
    ("minimum", &["integer", "number"]),
    ("maximum", &["integer", "number"]),
    ("exclusiveMinimum", &["integer", "number"]),
    ("exclusiveMaximum", &["integer", "number"]),
    ("minItems", &["array"]),
    ("maxItems", &["array"]),
    ("uniqueItems", &["array"]),
    ("items", &["array"]),
    ("properties", &["object"]),
    ("required", &["object"]),
    ("additionalProperties", &["object"]),
];

/// The maximum length of a pattern. A longer one is unreadable, and takes long to compile.
const MAX_PATTERN_CHARACTERS: usize = 1_000;

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    for object in cx.objects(ObjectKind::Schema) {
        let node = object.node;
        let Some(kind) = type_of(node) else { continue };
        for (keyword, types) in KEYWORDS {
            // `enum` on another type is reported by `enums`.
            let Some(entry) =
                node.entry(keyword).filter(|_| keyword != "enum" && !types.contains(&kind))
            else {
                continue;
            };
            let message = format!("`{keyword}` does not apply to the type `{kind}`");
            let help = format!("it belongs to the type {}", join_with_or(types));
            out.report(&rules::KEYWORD_FOR_TYPE, entry.key_span, message, help);
        }
        match kind {
            "string" => {
                check_order(node, "minLength", "maxLength", out);
                check_pattern(node, out);
            }
            "array" => {
                check_order(node, "minItems", "maxItems", out);
                if cx.is_missing(node, "items") {
                    let message = "a list needs `items`";
                    out.report(
                        &rules::MISSING_KEY,
                        object.span,
                        message,
                        "add `items: …`, the schema of an item",
                    );
                }
            }
            "integer" | "number" => check_numbers(node, kind, out),
            _ => {}
        }
        check_format(node, kind, out);
    }
}

fn join_with_or(types: &[&str]) -> String {
    types.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" or ")
}

fn number<'d>(node: &'d Node, key: &str) -> Option<(&'d Node, &'d Number)> {
    let found = node.get(key)?;
    Some((found, found.as_number()?))
}

fn check_order<'d>(node: &'d Node, low: &str, high: &str, out: &mut Diagnostics<'d>) {
    if let (Some((_, least)), Some((at, most))) = (number(node, low), number(node, high))
        && compare(least, most).is_gt()
    {
        let message = format!("`{high}` is {most}, less than `{low}`, which is {least}");
        out.report(
            &rules::BOUNDS,
            at.span,
            message,
            "no value can satisfy both; correct one of them",
        );
    }
}

fn check_numbers<'d>(node: &'d Node, kind: &str, out: &mut Diagnostics<'d>) {
    for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if let Some(entry) = node.entry(exclusive).filter(|_| node.get(bound).is_none()) {
            let message = format!("`{exclusive}` needs `{bound}`");
            let help =
                format!("add `{bound}`; in OpenAPI 3.0 `{exclusive}` is only `true` or `false`");
            out.report(&rules::EXCLUSIVE_BOUND, entry.key_span, message, help);
        }
    }
    let mut impossible = false;
    if kind == "integer" {
        let (format, least, most) = match node.get("format").and_then(Node::as_str) {
            Some("int32") => ("int32", i128::from(i32::MIN), i128::from(i32::MAX)),
            _ => ("int64", i128::from(i64::MIN), i128::from(i64::MAX)),
        };
        for key in ["minimum", "maximum"] {
            let Some((at, bound)) = number(node, key) else { continue };
            match bound.as_i128() {
                None => {
                    impossible = true;
                    let message = format!("`{key}` of an integer is {bound}");
                    out.report(&rules::BOUNDS, at.span, message, "write a whole number");
                }
                Some(bound) if !(least..=most).contains(&bound) => {
                    impossible = true;
                    let message =
                        format!("`{key}` is {bound}, which is out of the range of `{format}`");
                    out.report(
                        &rules::BOUNDS,
                        at.span,
                        message,
                        format!("use a value from {least} to {most}"),
                    );
                }
                Some(_) => {}
            }
        }
    }
    let (Some((_, least)), Some((at, most))) = (number(node, "minimum"), number(node, "maximum"))
    else {
        return;
    };
    let excluded = |key| node.get(key).and_then(Node::as_bool).unwrap_or(false);
    let (above, below) = (excluded("exclusiveMinimum"), excluded("exclusiveMaximum"));
    let none_left = match (kind, least.as_i128(), most.as_i128()) {
        ("integer", Some(least), Some(most)) => {
            least + i128::from(above) > most - i128::from(below)
        }
        _ => compare(least, most).is_gt() || (compare(least, most).is_eq() && (above || below)),
    };
    if none_left && !impossible {
        let message = format!("no value lies between `minimum`, {least}, and `maximum`, {most}");
        out.report(&rules::BOUNDS, at.span, message, "correct one of them");
    }
}

fn check_pattern<'d>(node: &'d Node, out: &mut Diagnostics<'d>) {
    let Some((at, text)) = node.get("pattern").and_then(|node| Some((node, node.as_str()?))) else {
        return;
    };
    if text.chars().nth(MAX_PATTERN_CHARACTERS).is_some() {
        let message = format!("the pattern has more than {MAX_PATTERN_CHARACTERS} characters");
        out.report(&rules::PATTERN, at.span, message, "use a simpler one, and describe the rest");
    } else if let Err(error) = pattern::compile(text) {
        let message = format!("the pattern does not compile: {error}");
        let help = "patterns are ECMAScript regular expressions, without slashes round them";
        out.report(&rules::PATTERN, at.span, message, help);
    }
}

/// The format of a string is documentation, since its value is kept as text; that of a number
/// selects the Rust type, so only the supported ones are accepted.
fn check_format<'d>(node: &'d Node, kind: &str, out: &mut Diagnostics<'d>) {
    let Some((at, format)) = node.get("format").and_then(|node| Some((node, node.as_str()?)))
    else {
        return;
    };
    let is_unsupported = match kind {
        "integer" => !matches!(format, "int32" | "int64"),
        "number" => !matches!(format, "float" | "double"),
        _ => false,
    };
    if is_unsupported {
        let message = format!("the format {} of the type `{kind}` is not supported", quote(format));
        let help = match kind {
            "integer" => "use `int32` or `int64`, with `minimum` and `maximum`",
            _ => "use `float` or `double`",
        };
        out.report(&rules::FORMAT, at.span, message, help);
    }
}
