//! A request that is not sent, for people.

use std::fmt::Write as _;

use dbss_client::text::escaped;

use crate::colour::DIM;
use crate::dry_run::PreparedRequest;

/// The request, in a form like HTTP/1.1.
pub(super) fn text(request: &PreparedRequest) -> String {
    let mut text = format!("{} {}\n", request.method, escaped(&request.url));
    for (name, value) in &request.headers {
        let _ = writeln!(text, "{name}: {}", escaped(value.as_str().unwrap_or_default()));
    }
    if let Some(body) = &request.body {
        let _ = writeln!(text, "\n{}", escaped(body.as_text()));
    }
    text
}

/// The note on standard error.
pub(super) fn note() -> String {
    format!("{DIM}dry run: nothing was sent{DIM:#}\n")
}
