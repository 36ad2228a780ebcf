//! What is seen during a wait, for people.

use std::fmt::Write as _;

use dbss_client::text::{escaped, without_logins};
use dbss_client::{Condition, Look};

use super::words::words;
use crate::action::Verb;
use crate::wait::Seen;

/// The service accepted the call.
pub(super) fn accepted(verb: Option<Verb>) -> String {
    let begun = verb.map(|verb| format!(", {}", words(verb).begun)).unwrap_or_default();
    format!("accepted{begun}")
}

/// What a look saw.
pub(super) fn look(look: &Look<'_>) -> String {
    let elapsed = look.elapsed().as_secs();
    let seen = match (look.condition(), look.error()) {
        (_, Some(error)) => {
            let error = error.to_string();
            format!("cannot look: {}", escaped(&without_logins(&error)))
        }
        (Condition::Missing, None) => "the instance is not in the list".to_owned(),
        _ => state(look.state()),
    };
    format!("after {elapsed} s: {seen}")
}

/// What was last seen; empty if nothing was.
pub(super) fn last_seen(seen: &Seen) -> String {
    if seen.state.is_empty() {
        return String::new();
    }
    format!("; last seen after {} s: {}", seen.elapsed.as_secs(), state(&seen.state))
}

fn state(fields: &[(&'static str, String)]) -> String {
    let mut text = String::new();
    for (field, value) in fields {
        let before = if text.is_empty() { "" } else { ", " };
        // Writing to a string does not fail.
        let _ = write!(text, "{before}{field} `{}`", escaped(value));
    }
    text
}
