//! Request bodies, and the media types of all bodies.

use openapi_document::{Node, quote};

use super::context::JSON;
use super::model::Kind;
use super::{Context, Findings};
use crate::rules;

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Findings<'d>) {
    for operation in &cx.operations {
        let Some(body) = operation.node.entry("requestBody") else { continue };
        if matches!(operation.method, "get" | "head" | "delete") {
            let method = operation.method.to_ascii_uppercase();
            let message = format!("a {method} request has no body");
            let help = "pass the values as parameters, or use POST, PUT or PATCH";
            out.report(&rules::UNEXPECTED_BODY, body.key_span, message, help);
        }
    }
    for site in cx.sites(Kind::RequestBody) {
        let required = site.node.get("required");
        if cx.lacks(site.node, "required") || required.and_then(Node::as_bool) == Some(false) {
            let at = required.map_or(site.at, |required| required.span);
            let message = "the client always sends a body, so it has to be required";
            out.report(&rules::OPTIONAL_BODY, at, message, "add `required: true`");
        }
        let Some(content) = site.node.entry("content") else { continue };
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
    for site in cx.sites(Kind::MediaType) {
        let Some(name) = site.name.filter(|name| *name != JSON) else { continue };
        let message = format!("the media type {} is not supported", quote(name));
        let help = format!("describe the body as `{JSON}`, without parameters");
        out.report(&rules::MEDIA_TYPE, site.at, message, help);
    }
}
