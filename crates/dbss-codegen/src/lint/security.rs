//! Security requirements and schemes: whether the schemes exist and have the keys of their type.

use openapi_document::{Node, quote};

use super::object_specs::ObjectKind;
use super::structure::Object;
use super::suggest::did_you_mean;
use super::{Context, Diagnostics};
use crate::rules;

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    for object in cx.objects(ObjectKind::SecurityScheme) {
        check_scheme(cx, object, out);
    }
    let of_operations = cx.operations.iter().filter_map(|operation| operation.node.get("security"));
    for list in cx.document.root().get("security").into_iter().chain(of_operations) {
        for requirement in list.items() {
            check_requirement(cx, requirement, out);
        }
    }
}

fn check_requirement<'d>(cx: &Context<'d>, requirement: &'d Node, out: &mut Diagnostics<'d>) {
    for entry in requirement.entries() {
        let Some(scheme) = cx.component("securitySchemes", &entry.key) else {
            let message = format!("there is no security scheme {}", quote(&entry.key));
            let known = cx.section("securitySchemes").iter().map(|entry| entry.key.as_str());
            let help = did_you_mean(out.nearest(&entry.key, known))
                .unwrap_or_else(|| "declare it in `components/securitySchemes`".to_owned());
            out.report(&rules::UNDECLARED_SCHEME, entry.key_span, message, help);
            continue;
        };
        let kind = scheme.value.get("type").and_then(Node::as_str);
        if let (Some("apiKey" | "http"), Some(scope)) = (kind, entry.value.items().first()) {
            let message = format!("{} has no scopes", quote(&entry.key));
            out.report(&rules::SECURITY_SCOPES, scope.span, message, "write an empty list: `[]`");
        }
    }
}

/// The keys that each type of scheme requires, and that the other types do not have.
const KEYS: [(&str, &[&str]); 4] = [
    ("apiKey", &["name", "in"]),
    ("http", &["scheme"]),
    ("oauth2", &["flows"]),
    ("openIdConnect", &["openIdConnectUrl"]),
];

fn check_scheme<'d>(cx: &Context<'d>, object: &Object<'d>, out: &mut Diagnostics<'d>) {
    let Some(kind) = object.node.get("type").and_then(Node::as_str) else { return };
    if !KEYS.iter().any(|(known, _)| *known == kind) {
        return;
    }
    for (owner, keys) in KEYS {
        for key in keys {
            if owner == kind && cx.is_missing(object.node, key) {
                let message = format!("a security scheme of type `{kind}` needs `{key}`");
                out.report(
                    &rules::SECURITY_SCHEME,
                    object.span,
                    message,
                    format!("add `{key}: …`"),
                );
            } else if let Some(entry) = object.node.entry(key).filter(|_| owner != kind) {
                let message =
                    format!("`{key}` does not apply to a security scheme of type `{kind}`");
                out.report(
                    &rules::SECURITY_SCHEME,
                    entry.key_span,
                    message,
                    format!("it belongs to the type `{owner}`"),
                );
            }
        }
    }
}
