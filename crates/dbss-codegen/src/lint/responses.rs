//! Responses: whether their statuses are valid, and whether each operation has one body type for
//! success and one for errors.

use openapi_document::{Entry, Node, Rule, Span, quote};

use super::context::{JSON, Operation, StatusKey, error_responses, success_responses};
use super::{Context, Diagnostics};
use crate::rules;

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    for operation in &cx.operations {
        let Some(responses) =
            operation.node.entry("responses").filter(|entry| entry.value.is_mapping())
        else {
            continue;
        };
        let mut all_valid = true;
        for entry in operation.responses() {
            if StatusKey::parse(&entry.key).is_none() {
                all_valid = false;
                let message = format!(
                    "{} is not a final status, a range of them or `default`",
                    quote(&entry.key)
                );
                let help = "200 to 299, 400 to 599, `2XX`, `4XX`, `5XX` and `default` can be described; leave others out, the client handles them itself";
                out.report(&rules::STATUS_CODE, entry.key_span, message, help);
            } else if is_unquoted_number(cx, entry.key_span) {
                let message = format!("the status {} is a number to YAML", quote(&entry.key));
                out.report(
                    &rules::UNQUOTED_STATUS,
                    entry.key_span,
                    message,
                    format!("quote it: `\"{}\"`", entry.key),
                );
            }
        }
        for entry in operation.responses() {
            check_body(cx, operation, entry, out);
        }
        if success_responses(operation).next().is_none() && all_valid {
            let message = format!("{} has no response for success", operation.display_name());
            out.report(
                &rules::NO_SUCCESS_RESPONSE,
                responses.key_span,
                message,
                "describe what the service sends on success, such as `\"200\"` with its body",
            );
        }
        check_same_type(
            cx,
            operation,
            success_responses(operation),
            (&rules::SUCCESS_TYPES, "success"),
            out,
        );
        check_same_type(
            cx,
            operation,
            error_responses(operation),
            (&rules::ERROR_TYPES, "errors"),
            out,
        );
    }
}

/// A body where HTTP has none: the client would wait for what cannot come.
fn check_body<'d>(
    cx: &Context<'d>,
    operation: &Operation<'d>,
    entry: &'d Entry,
    out: &mut Diagnostics<'d>,
) {
    let what = match (operation.method, entry.key.as_str()) {
        ("head", _) => "a response to HEAD".to_owned(),
        (_, "204" | "205") => format!("a response with the status {}", entry.key),
        _ => return,
    };
    let content = cx.follow(&entry.value, "responses").and_then(|node| node.get("content"));
    if content.is_some_and(|content| !content.entries().is_empty()) {
        let message = format!("{what} has no body");
        let help = "describe it without `content`; a body that the service sends has another status or method";
        out.report(&rules::RESPONSE_BODY, entry.key_span, message, help);
    }
}

fn is_unquoted_number(cx: &Context<'_>, key: Span) -> bool {
    cx.document.text().as_bytes().get(key.start).is_some_and(u8::is_ascii_digit)
        && cx
            .document
            .text()
            .get(key.start..key.end)
            .is_some_and(|text| text.trim_end().bytes().all(|b| b.is_ascii_digit()))
}

/// Checks that all of these responses have the same body type.
fn check_same_type<'d>(
    cx: &Context<'d>,
    operation: &Operation<'d>,
    responses: impl Iterator<Item = &'d Entry>,
    (rule, what): (&Rule, &str),
    out: &mut Diagnostics<'d>,
) {
    let mut first: Option<(&Entry, BodyType)> = None;
    for entry in responses {
        let Some(body) = body_type(cx, &entry.value) else { continue };
        match &first {
            Some((earlier, expected)) if *expected != body => {
                let line = out.line_of(earlier.key_span);
                let message = format!(
                    "{} has two types for {what}: {body} for {}, {expected} for {} in line {line}",
                    operation.display_name(),
                    quote(&entry.key),
                    quote(&earlier.key),
                );
                let help = match (
                    *rule == rules::SUCCESS_TYPES,
                    StatusKey::parse(&entry.key),
                    StatusKey::parse(&earlier.key),
                ) {
                    (true, Some(StatusKey::Default), _) | (true, _, Some(StatusKey::Default)) => {
                        "`default` counts as success unless there is a `2XX`; write that instead of the exact statuses"
                    }
                    _ => {
                        "describe both by one schema, with optional properties for what differs, or leave the less important one out"
                    }
                };
                out.report(rule, entry.key_span, message, help);
                return;
            }
            Some(_) => {}
            None => first = Some((entry, body)),
        }
    }
}

/// The body of a response, as far as it determines the Rust type.
#[derive(Debug, PartialEq)]
enum BodyType<'d> {
    None,
    Named(&'d str),
    Inline(serde_json::Value),
}

impl std::fmt::Display for BodyType<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("no body"),
            Self::Named(name) => f.write_str(&quote(name)),
            Self::Inline(_) => f.write_str("an inline schema"),
        }
    }
}

/// The body type of a response; `None` if the response is invalid.
fn body_type<'d>(cx: &Context<'d>, response: &'d Node) -> Option<BodyType<'d>> {
    let response = cx.follow(response, "responses")?;
    let Some(content) = response.get("content") else {
        return (!cx.is_misspelt(response, "content")).then_some(BodyType::None);
    };
    match content.entries() {
        [] if content.is_mapping() => Some(BodyType::None),
        [only] if only.key == JSON => {
            let schema = only.value.get("schema")?;
            let schema = cx.schema(schema)?;
            Some(match schema.name {
                Some(name) => BodyType::Named(name),
                None => BodyType::Inline(without_annotations(schema.node)),
            })
        }
        _ => None,
    }
}

/// A schema without the keys that do not affect its Rust type.
fn without_annotations(schema: &Node) -> serde_json::Value {
    let annotations = ["description", "title", "example", "deprecated", "externalDocs"];
    let kept = schema.entries().iter().filter(|entry| !annotations.contains(&entry.key.as_str()));
    serde_json::Value::Object(
        kept.map(|entry| (entry.key.clone(), entry.value.to_json())).collect(),
    )
}
