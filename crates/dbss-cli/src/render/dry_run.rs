//! A request that is not sent, for people.

use super::body;
use crate::colour::DIM;
use crate::dry_run::PreparedRequest;

/// The request: a line for each of its parts and headers.
pub(super) fn text(request: &PreparedRequest) -> String {
    let headers = request.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()));
    let body = request.body.as_ref().map(|body| ("body", body.as_text()));
    let parts = [("method", request.method.as_str()), ("url", &request.url)];
    let mut text = String::new();
    body::write_fields(parts.into_iter().chain(headers).chain(body), &mut text);
    text
}

/// The note on standard error.
pub(super) fn note() -> String {
    format!("{DIM}dry run: nothing was sent{DIM:#}\n")
}
