//! A request that is not sent, for people.

use std::fmt::Write as _;

use super::plain::plain;
use crate::colour::ASIDE;
use crate::dry_run::Rehearsed;

/// The request, about as it would travel.
pub(super) fn text(rehearsed: &Rehearsed) -> String {
    let mut text = format!("{} {}\n", rehearsed.method, plain(&rehearsed.url));
    for (name, value) in &rehearsed.headers {
        let _ = writeln!(text, "{name}: {}", plain(value.as_str().unwrap_or_default()));
    }
    if let Some(body) = &rehearsed.body {
        let _ = writeln!(text, "\n{body}");
    }
    text
}

/// What is said beside it.
pub(super) fn note() -> String {
    format!("{ASIDE}dry run: nothing was sent{ASIDE:#}\n")
}
