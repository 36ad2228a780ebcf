//! Request bodies, and the media types of all bodies.

use openapi_document::{Node, quote};

use super::context::JSON;
use super::object_specs::ObjectKind;
use super::{Context, Diagnostics};
use crate::rules;

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    for operation in &cx.operations {
        let Some(body) = operation.node.entry("requestBody") else { continue };
        if matches!(operation.method, "get" | "head" | "delete") {
            let method = operation.method.to_ascii_uppercase();
            let message = format!("a {method} request with a body is not supported");
            let help = "if the service requires the body, the operation cannot be generated: leave it out; otherwise leave the body out";
            out.report(&rules::UNEXPECTED_BODY, body.key_span, message, help);
        }
    }
    for object in cx.objects(ObjectKind::RequestBody) {
        let required = object.node.get("required");
        if cx.is_missing(object.node, "required") || required.and_then(Node::as_bool) == Some(false)
        {
            let at = required.map_or(object.span, |required| required.span);
            let message =
                "an optional body is not supported: the client sends one with every request";
            let help = "if the service takes the operation with a body every time, write `required: true`; otherwise describe it without one";
            out.report(&rules::OPTIONAL_BODY, at, message, help);
        }
        let Some(content) = object.node.entry("content") else { continue };
        if content.value.is_mapping() && content.value.entries().is_empty() {
            let message = "a request body needs a media type";
            out.report(
                &rules::MEDIA_TYPE,
                content.key_span,
                message,
                format!("describe it under `{JSON}`"),
            );
        }
    }
    for object in cx.objects(ObjectKind::MediaType) {
        let Some(name) = object.name.filter(|name| *name != JSON) else { continue };
        let message = format!("the media type {} is not supported", quote(name));
        let help = format!(
            "if the service also takes or sends `{JSON}`, describe that alone; otherwise the operation cannot be generated: leave it out"
        );
        out.report(&rules::MEDIA_TYPE, object.span, message, help);
    }
}
