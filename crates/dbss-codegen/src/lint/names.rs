//! The names of components and properties: whether they can be Rust names, and are unique as such.

use std::collections::HashMap;

use openapi_document::{Node, quote};

use super::object_specs::ObjectKind;
use super::{Context, Diagnostics};
use crate::{names, rules};

/// The help for a name with letters that [`names::is_plain`] does not take.
pub(super) const LETTERS: &str = "Rust names are made of ASCII letters and the letters `À` to `ÿ`; what needs others cannot be generated, so leave it out";

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    let sections = cx.document.root().get("components").map_or(&[][..], Node::entries);
    for section in sections.iter().filter(|section| !section.key.starts_with("x-")) {
        let schemas = section.key == "schemas";
        let mut taken = HashMap::new();
        for entry in section.value.entries() {
            let shown = quote(&entry.key);
            let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            let starts = !schemas || entry.key.starts_with(|c: char| c.is_ascii_alphabetic());
            if entry.key.is_empty() || !entry.key.bytes().all(legal) || !starts {
                let message = format!("{shown} cannot be the name of a component");
                let help = "start with a letter, and use only the letters a to z and A to Z, digits, `.`, `_` and `-`";
                out.report(&rules::COMPONENT_NAME, entry.key_span, message, help);
                continue;
            }
            if !schemas {
                continue;
            }
            let pascal = names::pascal(&entry.key).trim_end_matches('_').to_owned();
            if names::is_reserved(&pascal) {
                let message = format!(
                    "the schema {shown} becomes the type `{pascal}`, which Rust or the generated code uses"
                );
                out.report(
                    &rules::RESERVED_COMPONENT_NAME,
                    entry.key_span,
                    message,
                    "choose another name; it is not sent",
                );
            }
            if let Some(earlier) = taken.insert(pascal.clone(), entry.key_span) {
                let line = out.line_of(earlier);
                let message = format!(
                    "the schema {shown} becomes the type `{pascal}`, as does the one in line {line}"
                );
                out.report(
                    &rules::DUPLICATE_COMPONENT_NAME,
                    entry.key_span,
                    message,
                    "choose another name; it is not sent",
                );
            }
        }
    }
    for object in cx.objects(ObjectKind::Schema) {
        check_properties(object.node, out);
    }
}

fn check_properties<'d>(schema: &'d Node, out: &mut Diagnostics<'d>) {
    let mut taken = HashMap::new();
    for entry in schema.get("properties").map_or(&[][..], Node::entries) {
        let shown = quote(&entry.key);
        let first = |c: char| c.is_alphanumeric() || c == '_';
        if !entry.key.starts_with(first) || !entry.key.contains(|c: char| c.is_ascii_alphanumeric())
        {
            let message = format!("the property {shown} cannot become a Rust name");
            let help = "a property whose name does not start with a letter, a digit or `_`, or has no ASCII letter or digit, cannot be generated: leave it out";
            out.report(&rules::PROPERTY_NAME, entry.key_span, message, help);
            continue;
        }
        let snake = names::snake(&entry.key);
        if !names::is_plain(&snake) {
            let message = format!("the property {shown} cannot become a Rust name");
            out.report(&rules::PROPERTY_NAME, entry.key_span, message, LETTERS);
            continue;
        }
        if let Some(earlier) = taken.insert(snake.clone(), entry.key_span) {
            let line = out.line_of(earlier);
            let message = format!(
                "the property {shown} becomes the field `{snake}`, as does the one in line {line}"
            );
            out.report(
                &rules::DUPLICATE_PROPERTY,
                entry.key_span,
                message,
                "only one of the two can be generated",
            );
        }
    }
}
