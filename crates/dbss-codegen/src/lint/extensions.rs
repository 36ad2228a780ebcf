//! The `x-dbss-` keys: whether they are allowed where they are used, and their values.

use std::collections::{HashMap, HashSet};

use openapi_document::{Node, Value, quote};

use super::context::type_of;
use super::object_specs::ObjectKind;
use super::{Context, Diagnostics};
use crate::rules;

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    for object in cx.objects(ObjectKind::Schema) {
        let Some(entry) = object.node.entry("x-dbss-failure-values") else { continue };
        if type_of(object.node).is_some_and(|kind| kind != "string")
            || object.node.get("allOf").is_some()
        {
            let message = "`x-dbss-failure-values` has no meaning here";
            out.report(
                &rules::MISPLACED_EXTENSION,
                entry.key_span,
                message,
                "it belongs to a schema of type string",
            );
        } else if !cx.usage.in_success_responses.contains(&std::ptr::from_ref(object.node)) {
            let message =
                "`x-dbss-failure-values` has no meaning here: no success response has this schema";
            let help = "remove it, or use the schema in a response for success";
            out.report(&rules::MISPLACED_EXTENSION, entry.key_span, message, help);
        } else {
            check_values(object.node, &entry.value, out);
        }
    }
}

fn check_values<'d>(schema: &'d Node, list: &'d Node, out: &mut Diagnostics<'d>) {
    if matches!(&list.value, Value::Sequence(items) if items.is_empty()) {
        let message = "`x-dbss-failure-values` lists nothing";
        out.report(
            &rules::FAILURE_VALUES,
            list.span,
            message,
            "list the values that mean failure, or leave it out",
        );
    }
    let listed = schema.get("enum").filter(|list| matches!(list.value, Value::Sequence(_)));
    let allowed: Option<HashSet<String>> = listed
        .map(|list| list.items().iter().filter_map(Node::as_str).map(str::to_lowercase).collect());
    let mut seen = HashMap::new();
    for item in list.items() {
        let Some(value) = item.as_str() else { continue };
        let folded = value.to_lowercase();
        if allowed.as_ref().is_some_and(|allowed| !allowed.contains(&folded)) {
            let message = format!("{} is not among the values of the enum", quote(value));
            out.report(
                &rules::FAILURE_VALUES,
                item.span,
                message,
                "add it to `enum`, or correct it",
            );
        }
        if let Some(earlier) = seen.insert(folded, item.span) {
            let line = out.line_of(earlier);
            let message =
                format!("{} is listed already, in line {line}: case is ignored", quote(value));
            out.report(&rules::FAILURE_VALUES, item.span, message, "list it once");
        }
    }
}
