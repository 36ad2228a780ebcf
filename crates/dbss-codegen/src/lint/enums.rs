//! Enums: their values, and the Rust variants these become.

use std::collections::HashMap;

use openapi_document::{Entry, Node, Value, quote};

use super::context::type_of;
use super::limits::StringLimits;
use super::names::LETTERS;
use super::object_specs::ObjectKind;
use super::{Context, Diagnostics};
use crate::{names, rules};

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    let mut limits = StringLimits::default();
    for object in cx.objects(ObjectKind::Schema) {
        let Some(list) = object.node.entry("enum") else { continue };
        if let Some(kind) = type_of(object.node).filter(|kind| *kind != "string") {
            let message = format!("an enum of the type `{kind}` is not supported");
            let help = "describe the values, or use `minimum` and `maximum`";
            out.report(&rules::ENUM_TYPE, list.key_span, message, help);
            continue;
        }
        check_values(object.node, list, &mut limits, out);
    }
}

fn check_values<'d>(
    schema: &'d Node,
    list: &'d Entry,
    limits: &mut StringLimits,
    out: &mut Diagnostics<'d>,
) {
    if matches!(&list.value.value, Value::Sequence(items) if items.is_empty()) {
        let message = "an enum without values";
        out.report(
            &rules::ENUM_TYPE,
            list.key_span,
            message,
            "list the values, or leave `enum` out",
        );
    }
    let mut seen = HashMap::new();
    let mut variants: HashMap<String, (&str, &Node)> = HashMap::new();
    for item in list.value.items() {
        let Some(value) = item.as_str() else {
            let message =
                format!("a value of this enum is {}, not a string", item.kind_with_article());
            let help = match item.value {
                Value::Null => "remove it; `nullable: true` alone allows null",
                _ => "put it in quotes if the service sends it as text",
            };
            out.report(&rules::ENUM_TYPE, item.span, message, help);
            continue;
        };
        let shown = quote(value);
        if let Some(earlier) = seen.insert(value, item.span) {
            let line = out.line_of(earlier);
            let message = format!("the enum lists {shown} already, in line {line}");
            out.report(&rules::DUPLICATE_ENUM_VALUE, item.span, message, "list it once");
            continue;
        }
        if let Some(violation) = limits.violation(schema, value) {
            let message = format!("the enum lists {shown}, which {violation}");
            out.report(&rules::ENUM_VALUE, item.span, message, "correct the value or the limit");
        }
        let variant = names::pascal(value);
        if !value.contains(|c: char| c.is_ascii_alphanumeric()) {
            let message = format!("the value {shown} cannot become a Rust name");
            let help = "an enum's values need a letter or digit of ASCII; without `enum` this is a plain string";
            out.report(&rules::ENUM_NAME, item.span, message, help);
        } else if !names::is_plain(&variant) {
            let message = format!("the value {shown} cannot become a Rust name");
            out.report(&rules::ENUM_NAME, item.span, message, LETTERS);
        } else if variant == "Unlisted" {
            let message =
                format!("the value {shown} becomes the variant `{variant}`, which is reserved");
            out.report(
                &rules::ENUM_NAME,
                item.span,
                message,
                "without `enum` this is a plain string",
            );
        } else if let Some((other, earlier)) = variants.get(&variant) {
            let line = out.line_of(earlier.span);
            let message = format!(
                "the value {shown} becomes the variant `{variant}`, as does {} in line {line}",
                quote(other)
            );
            out.report(
                &rules::ENUM_NAME,
                item.span,
                message,
                "without `enum` this is a plain string",
            );
        }
        variants.entry(variant).or_insert((value, item));
    }
}
