//! Parameters: names, serialisation, schemas, and headers that are set elsewhere.

use std::collections::HashMap;

use openapi_document::{Node, Span, quote};

use super::names::LETTERS;
use super::object_specs::ObjectKind;
use super::structure::Object;
use super::{Context, Diagnostics};
use crate::{names, rules};

/// Names of methods of the generated builders that are not parameters, and of the function that
/// their code calls while it has a variable for each parameter.
const RESERVED: [&str; 9] = [
    "body",
    "body_map",
    "encode_path",
    "header_map",
    "into_future",
    "new",
    "request",
    "send",
    "stream",
];

/// Headers whose values of a caller would be lost or spoil the request: those that say how it is
/// transferred, those of the client's credentials, and the one in which progenitor sends the version
/// of the contract.
const OF_THE_CLIENT: [&str; 8] = [
    "api-version",
    "content-length",
    "host",
    "transfer-encoding",
    "x-auth-token",
    "x-project-id",
    "x-sdk-date",
    "x-security-token",
];

/// The help for a parameter that cannot be generated.
const NO_PARAMETER: &str = "this parameter cannot be generated: leave it out if the service does not require it, and otherwise the operation";

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    for object in cx.objects(ObjectKind::Parameter) {
        check_name(object.node, out);
        check_style(cx, object, out);
        check_schema(cx, object.node, out);
    }
    let headers = security_headers(cx);
    for object in cx.objects(ObjectKind::Parameter) {
        check_header(object.node, &headers, out);
    }
    for operation in &cx.operations {
        let mut seen: HashMap<String, Span> = HashMap::new();
        for parameter in &operation.parameters.resolved {
            let Some((name, _)) = parameter.name else { continue };
            if let Some(earlier) = seen.insert(names::parameter(name), parameter.span) {
                let line = out.line_of(earlier);
                let message = format!(
                    "{} has the parameter {} in line {line} already, or one with the same name in Rust",
                    operation.display_name(),
                    quote(name),
                );
                out.report(
                    &rules::DUPLICATE_PARAMETER,
                    parameter.span,
                    message,
                    "only one of the two can be generated; keep the one that callers need",
                );
            }
        }
    }
}

fn check_name<'d>(node: &'d Node, out: &mut Diagnostics<'d>) {
    let Some((text, name)) = node.get("name").and_then(|node| Some((node, node.as_str()?))) else {
        return;
    };
    let snake = names::parameter(name);
    if !name.contains(|c: char| c.is_ascii_alphanumeric()) {
        let message = format!("the parameter {} cannot become a Rust name", quote(name));
        out.report(&rules::PARAMETER_NAME, text.span, message, NO_PARAMETER);
    } else if !names::is_plain(&snake) {
        let message = format!("the parameter {} cannot become a Rust name", quote(name));
        out.report(&rules::PARAMETER_NAME, text.span, message, LETTERS);
    } else if RESERVED.contains(&snake.as_str()) {
        let message = format!(
            "the parameter {} becomes `{snake}`, which the builders use for something else",
            quote(name)
        );
        out.report(&rules::RESERVED_PARAMETER, text.span, message, NO_PARAMETER);
    }
}

fn check_style<'d>(cx: &Context<'d>, object: &Object<'d>, out: &mut Diagnostics<'d>) {
    let node = object.node;
    let (style, explode) = match node.get("in").and_then(Node::as_str) {
        Some("path") => {
            let required = node.get("required");
            if cx.is_missing(node, "required") || required.and_then(Node::as_bool) == Some(false) {
                let at = required.map_or(object.span, |required| required.span);
                let message = "a path parameter is always required";
                out.report(&rules::OPTIONAL_PATH_PARAMETER, at, message, "add `required: true`");
            }
            ("simple", false)
        }
        Some("header") => ("simple", false),
        Some("query") => ("form", true),
        Some("cookie") => {
            let at = node.get("in").map_or(object.span, |location| location.span);
            let message = "parameters in cookies are not supported: the client keeps no cookies";
            out.report(&rules::UNSUPPORTED, at, message, NO_PARAMETER);
            return;
        }
        _ => return,
    };
    let mut report = |key: &str, default: &str| {
        if let Some(entry) = node.entry(key) {
            let message = format!("`{key}` can only be {default} here");
            out.report(
                &rules::PARAMETER_STYLE,
                entry.value.span,
                message,
                format!(
                    "if the service takes it so, leave `{key}` out; otherwise the parameter cannot be generated"
                ),
            );
        }
    };
    let boolean = |key: &str| node.get(key).and_then(Node::as_bool);
    if node.get("style").and_then(Node::as_str).is_some_and(|found| found != style) {
        report("style", &format!("`{style}`"));
    }
    if boolean("explode").is_some_and(|found| found != explode) {
        report("explode", &format!("`{explode}`"));
    }
    for key in ["allowReserved", "allowEmptyValue"] {
        if boolean(key) == Some(true) {
            report(key, "`false`");
        }
    }
}

fn check_schema<'d>(cx: &Context<'d>, node: &'d Node, out: &mut Diagnostics<'d>) {
    let Some(schema_entry) = node.entry("schema") else { return };
    let Some(schema) = cx.schema(&schema_entry.value) else { return };
    let location = node.get("in").and_then(Node::as_str);
    let mut report = |what: &str, help: &str| {
        out.report(&rules::PARAMETER_SCHEMA, schema_entry.key_span, what, help);
    };
    if schema.nullable {
        report(
            "a parameter cannot be null",
            "remove `nullable`; a parameter that may be missing is one without `required`",
        );
        return;
    }
    match schema.type_name() {
        Some("object") => {
            report(
                "a parameter cannot be an object",
                "if the service takes each property as a parameter of its own, describe them so; otherwise the parameter cannot be generated",
            );
        }
        Some("array") if location == Some("query") => {
            let Some(items) = schema.node.get("items").and_then(|items| cx.schema(items)) else {
                return;
            };
            if items.nullable || matches!(items.type_name(), Some("array" | "object")) {
                report(
                    "the items of a list in the query have to be scalars that are not nullable",
                    NO_PARAMETER,
                );
            }
        }
        Some("array") if matches!(location, Some("path" | "header")) => {
            report(
                "only the query can hold a list",
                "describe it as a string, and say how the items are joined",
            );
        }
        _ => {}
    }
}

fn check_header<'d>(
    node: &'d Node,
    of_security: &HashMap<String, &str>,
    out: &mut Diagnostics<'d>,
) {
    if node.get("in").and_then(Node::as_str) != Some("header") {
        return;
    }
    let Some((text, name)) = node.get("name").and_then(|node| Some((node, node.as_str()?))) else {
        return;
    };
    let lower = name.to_ascii_lowercase();
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        let message = format!("{} cannot be the name of a header", quote(name));
        out.report(
            &rules::HEADER_NAME,
            text.span,
            message,
            "a header's name has letters, digits and signs such as `-`; correct it",
        );
    } else if matches!(lower.as_str(), "accept" | "content-type" | "authorization") {
        let message = format!("OpenAPI ignores a header parameter {}", quote(name));
        out.report(
            &rules::RESERVED_HEADER,
            text.span,
            message,
            "leave it out; media types and security schemes set it",
        );
    } else if let Some(scheme) = of_security.get(&lower) {
        let message =
            format!("the security scheme {} sets the header {}", quote(scheme), quote(name));
        out.report(&rules::RESERVED_HEADER, text.span, message, "leave the parameter out");
    } else if OF_THE_CLIENT.contains(&lower.as_str()) {
        let message = format!("the client sets or removes the header {} itself", quote(name));
        let help = "leave the parameter out; an operation that needs a value of its own there cannot be generated";
        out.report(&rules::RESERVED_HEADER, text.span, message, help);
    }
}

/// The headers that security schemes set, in lower case, each with the name of its scheme.
fn security_headers<'d>(cx: &Context<'d>) -> HashMap<String, &'d str> {
    let schemes = cx.section("securitySchemes").iter();
    let header = |node: &'d Node| {
        let header = node.get("in").and_then(Node::as_str) == Some("header");
        node.get("name").and_then(Node::as_str).filter(|_| header).map(str::to_ascii_lowercase)
    };
    schemes.filter_map(|entry| Some((header(&entry.value)?, entry.key.as_str()))).collect()
}
