//! The `x-dbss-` keys: whether they are allowed where they are used, and their values.

use std::collections::{HashMap, HashSet};

use openapi_document::{Entry, Node, Span, Value, quote};

use super::context::type_of;
use super::limits::StringLimits;
use super::object_specs::ObjectKind;
use super::{Context, Diagnostics};
use crate::rules;

/// The lists of `x-dbss-outcome`, and what their values mean.
const OUTCOMES: [(&str, &str); 2] = [("succeeded", "success"), ("failed", "failure")];

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    let mut limits = StringLimits::default();
    for object in cx.objects(ObjectKind::Schema) {
        let Some(entry) = object.node.entry("x-dbss-outcome") else { continue };
        if type_of(object.node).is_some_and(|kind| kind != "string")
            || object.node.get("allOf").is_some()
        {
            let message = "`x-dbss-outcome` has no meaning here";
            out.report(
                &rules::MISPLACED_EXTENSION,
                entry.key_span,
                message,
                "it belongs to a schema of type string",
            );
        } else if !cx.usage.in_success_responses.contains(&std::ptr::from_ref(object.node)) {
            let message =
                "`x-dbss-outcome` has no meaning here: no success response has this schema";
            let help = "remove it, or use the schema in a response for success";
            out.report(&rules::MISPLACED_EXTENSION, entry.key_span, message, help);
        } else {
            check_outcome(object.node, entry, &mut limits, out);
        }
    }
}

fn check_outcome<'d>(
    schema: &'d Node,
    outcome: &'d Entry,
    limits: &mut StringLimits,
    out: &mut Diagnostics<'d>,
) {
    if matches!(&outcome.value.value, Value::Mapping(entries) if entries.is_empty()) {
        let help = "list the values that mean success in `succeeded`, and those that mean failure in `failed`";
        out.report(
            &rules::OUTCOME_VALUES,
            outcome.key_span,
            "`x-dbss-outcome` lists nothing",
            help,
        );
    }
    let allowed = enum_values(schema);
    let mut seen = HashMap::new();
    for (key, meaning) in OUTCOMES {
        let Some(list) = outcome.value.get(key) else { continue };
        if matches!(&list.value, Value::Sequence(items) if items.is_empty()) {
            let help = format!("list the values that mean {meaning}, or leave it out");
            out.report(&rules::OUTCOME_VALUES, list.span, format!("`{key}` lists nothing"), help);
        }
        for item in list.items() {
            let Some(value) = item.as_str() else { continue };
            check_value(value, item.span, schema, allowed.as_ref(), limits, out);
            let Some((earlier, other)) =
                seen.insert(value.to_ascii_lowercase(), (item.span, meaning))
            else {
                continue;
            };
            let (line, shown) = (out.line_of(earlier), quote(value));
            let (message, help) = if other == meaning {
                (
                    format!("{shown} is listed already, in line {line}: case is ignored"),
                    "list it once",
                )
            } else {
                let message = format!(
                    "{shown} means both success and failure: it is listed in line {line} too, and case is ignored"
                );
                (message, "decide which of them it means; a value that means neither is not listed")
            };
            out.report(&rules::OUTCOME_VALUES, item.span, message, help);
        }
    }
}

/// The values of a schema's enum, in small letters; `None` if it has no enum.
fn enum_values(schema: &Node) -> Option<HashSet<String>> {
    let list = schema.get("enum").filter(|list| matches!(list.value, Value::Sequence(_)))?;
    Some(list.items().iter().filter_map(Node::as_str).map(str::to_ascii_lowercase).collect())
}

/// Checks that the string can have the value.
fn check_value(
    value: &str,
    span: Span,
    schema: &Node,
    allowed: Option<&HashSet<String>>,
    limits: &mut StringLimits,
    out: &mut Diagnostics<'_>,
) {
    let shown = quote(value);
    if let Some(values) = allowed {
        if !values.contains(&value.to_ascii_lowercase()) {
            let message = format!("{shown} is not among the values of the enum");
            out.report(&rules::OUTCOME_VALUES, span, message, "add it to `enum`, or correct it");
        }
    } else if let Some(violation) = limits.violation(schema, value) {
        let message = format!("the value {shown} {violation}");
        out.report(&rules::OUTCOME_VALUES, span, message, "correct the value or the limit");
    }
}
