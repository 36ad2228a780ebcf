//! Operations: whether there are any, whether their ids can be Rust names, and are unique as such.

use std::collections::HashMap;

use openapi_document::{Entry, Node, quote};

use super::{Context, Diagnostics};
use crate::{names, rules};

/// Names of methods of the client that are not operations.
const RESERVED: [&str; 10] = [
    "builder",
    "clone",
    "endpoint",
    "iam_endpoint",
    "new",
    "notes",
    "project_id",
    "proxy",
    "raw",
    "region",
];

/// Keys of a path that are no operations.
const OF_THE_PATH: [&str; 3] = ["description", "parameters", "summary"];

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    check_for_any(cx, out);
    let mut snake_names = HashMap::new();
    let mut pascal_names = HashMap::new();
    for operation in &cx.operations {
        let Some(node) = operation.node.get("operationId") else { continue };
        let Some(id) = node.as_str() else { continue };
        let shown = quote(id);
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !id.starts_with(|c: char| c.is_ascii_alphabetic()) || !id.bytes().all(is_plain) {
            let message = format!("{shown} cannot be an operationId");
            let help = "start with a letter, and use only the letters a to z and A to Z, digits, `_` and `-`";
            out.report(&rules::OPERATION_ID, node.span, message, help);
            continue;
        }
        let snake = names::parameter(id);
        if RESERVED.contains(&snake.as_str()) {
            let message = format!(
                "{shown} becomes the method `{snake}`, which is another method of the client"
            );
            out.report(
                &rules::RESERVED_OPERATION_ID,
                node.span,
                message,
                "choose another operationId; it is not sent",
            );
        } else if let Some(keyword) = snake.strip_suffix('_') {
            let message =
                format!("{shown} becomes the method `{keyword}`, which is a Rust keyword");
            out.report(
                &rules::RESERVED_OPERATION_ID,
                node.span,
                message,
                "choose another operationId; it is not sent",
            );
        }
        let pascal = names::pascal(id);
        let taken = snake_names.get(&snake).or_else(|| pascal_names.get(&pascal)).copied();
        if let Some(earlier) = taken {
            let line = out.line_of(earlier);
            let message = format!(
                "{shown} becomes the method `{snake}`, as does the operationId in line {line}"
            );
            out.report(
                &rules::DUPLICATE_OPERATION_ID,
                node.span,
                message,
                "choose another operationId; it is not sent",
            );
        }
        snake_names.entry(snake).or_insert(node.span);
        pascal_names.entry(pascal).or_insert(node.span);
    }
}

/// A client of no operations could do nothing, and most of its code would be unused.
fn check_for_any<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    let Some(paths) = cx.document.root().get("paths").filter(|paths| paths.is_mapping()) else {
        return;
    };
    let is_extension = |entry: &&Entry| entry.key.starts_with("x-");
    let is_operation =
        |entry: &Entry| !is_extension(&entry) && !OF_THE_PATH.contains(&entry.key.as_str());
    let has_operation = |path: &Node| !path.is_mapping() || path.entries().iter().any(is_operation);
    let mut paths_of = paths.entries().iter().filter(|entry| !is_extension(entry));
    if !paths_of.any(|path| has_operation(&path.value)) {
        let message = "there is no operation, so there is nothing to generate".to_owned();
        out.report(&rules::NO_OPERATION, paths.span, message, "describe at least one");
    }
}
