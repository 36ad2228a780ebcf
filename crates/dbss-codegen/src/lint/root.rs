//! The version of OpenAPI, and that of the contract.

use openapi_document::{Node, quote};

use super::{Context, Diagnostics};
use crate::rules;

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    let root = cx.document.root();
    if let Some((node, version)) = text(root.get("openapi")) {
        let patch = version.strip_prefix("3.0.").unwrap_or_default();
        if patch.is_empty() || !patch.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = format!("OpenAPI {} is not supported", quote(version));
            out.report(
                &rules::OPENAPI_VERSION,
                node.span,
                message,
                "write the contract for OpenAPI 3.0: `openapi: 3.0.3`",
            );
        }
    }
    if let Some((node, version)) = text(root.get("info").and_then(|info| info.get("version")))
        && let Err(error) = semver::Version::parse(version)
    {
        let message = format!("{} is not a semantic version: {error}", quote(version));
        out.report(
            &rules::VERSION_NOT_SEMVER,
            node.span,
            message,
            "write it as `major.minor.patch`: `1.0.0`",
        );
    }
}

fn text(node: Option<&Node>) -> Option<(&Node, &str)> {
    node.and_then(|node| Some((node, node.as_str()?)))
}
