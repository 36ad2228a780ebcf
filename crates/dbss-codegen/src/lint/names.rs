//! The names of components and properties: whether they can be Rust names, and are unique as such.

use std::collections::HashMap;

use heck::{ToSnakeCase, ToUpperCamelCase};
use openapi_document::{Node, quote};

use super::object_specs::ObjectKind;
use super::{Context, Diagnostics};
use crate::rules;

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
            let pascal = entry.key.to_upper_camel_case();
            if is_reserved_in_rust(&pascal) {
                let message = format!(
                    "the schema {shown} becomes the type `{pascal}`, which Rust or the generated code uses"
                );
                out.report(
                    &rules::RESERVED_COMPONENT_NAME,
                    entry.key_span,
                    message,
                    "choose another name",
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
                    "choose another name",
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
            let help = "use a name that starts with a letter, a digit or `_`, and has a letter or digit of ASCII";
            out.report(&rules::PROPERTY_NAME, entry.key_span, message, help);
            continue;
        }
        let snake = field_name(&entry.key);
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

/// The Rust field of a property, without the underscore that is appended to a keyword.
fn field_name(property: &str) -> String {
    let snake = property.replace('\'', "").to_snake_case();
    if snake.starts_with(|c: char| c.is_ascii_digit()) { format!("x{snake}") } else { snake }
}

/// Whether this is a keyword of any edition of Rust.
pub(super) fn is_keyword(name: &str) -> bool {
    matches!(
        name,
        "abstract"
            | "as"
            | "async"
            | "await"
            | "become"
            | "box"
            | "break"
            | "const"
            | "continue"
            | "crate"
            | "do"
            | "dyn"
            | "else"
            | "enum"
            | "extern"
            | "false"
            | "final"
            | "fn"
            | "for"
            | "gen"
            | "if"
            | "impl"
            | "in"
            | "let"
            | "loop"
            | "macro"
            | "match"
            | "mod"
            | "move"
            | "mut"
            | "override"
            | "priv"
            | "pub"
            | "ref"
            | "return"
            | "Self"
            | "self"
            | "static"
            | "struct"
            | "super"
            | "trait"
            | "true"
            | "try"
            | "type"
            | "typeof"
            | "unsafe"
            | "unsized"
            | "use"
            | "virtual"
            | "where"
            | "while"
            | "yield"
            | "_"
    )
}

/// Whether a type of this name would shadow a name that generated code uses.
fn is_reserved_in_rust(name: &str) -> bool {
    is_keyword(name)
        || matches!(
            name,
            "AsMut"
                | "AsRef"
                | "AsyncFn"
                | "AsyncFnMut"
                | "AsyncFnOnce"
                | "Box"
                | "Clone"
                | "Copy"
                | "Debug"
                | "Default"
                | "DoubleEndedIterator"
                | "Drop"
                | "Eq"
                | "Err"
                | "ExactSizeIterator"
                | "Extend"
                | "Fn"
                | "FnMut"
                | "FnOnce"
                | "From"
                | "FromIterator"
                | "Future"
                | "Hash"
                | "Into"
                | "IntoFuture"
                | "IntoIterator"
                | "Iterator"
                | "None"
                | "Ok"
                | "Option"
                | "Ord"
                | "PartialEq"
                | "PartialOrd"
                | "Result"
                | "Send"
                | "Sized"
                | "Some"
                | "String"
                | "Sync"
                | "ToOwned"
                | "ToString"
                | "TryFrom"
                | "TryInto"
                | "Unpin"
                | "Vec"
        )
}
