//! A call that succeeded, for people.

use std::fmt::Write as _;

use dbss_client::Outcome;
use dbss_client::text::escaped;

use super::shown_word;
use super::words::words;
use crate::action::Action;
use crate::body::{self, Body};
use crate::colour::{DIM, SUCCESS, WARNING};
use crate::success::Success;

/// Said instead of what was done, if the service did not say that it was done.
const ACCEPTED: &str = "accepted";

/// What is to be said beside the result: that it may not be done.
pub(super) fn warning(success: &Success) -> String {
    if !success.is_only_accepted() {
        return String::new();
    }
    let value = match &success.outcome {
        Some(Outcome::Unlisted(value)) => format!(", but `{}`", escaped(value)),
        _ => String::new(),
    };
    format!(
        "{WARNING}warning:{WARNING:#} accepted; the service did not say that it was done{value}\n"
    )
}

/// A line for each id with what was done to it, or the body of the response; then
/// status, request id and attempts.
pub(super) fn text(success: &Success) -> String {
    let mut text = String::new();
    let is_only_accepted = success.is_only_accepted();
    let style = if is_only_accepted { WARNING } else { SUCCESS };
    match &success.action {
        Some(Action { verb, ids, name }) => {
            let words = words(*verb);
            let label = match &success.wait {
                _ if is_only_accepted => ACCEPTED,
                Some(wait) if wait.was_already => words.already,
                Some(_) => words.done,
                None => words.begun,
            };
            for id in ids {
                let _ =
                    writeln!(text, "{style}{label}{style:#}  {}", shown_id(id, name.as_deref()));
            }
        }
        None => {
            let label = if is_only_accepted { ACCEPTED } else { "done" };
            let _ = writeln!(text, "{style}{label}{style:#}  {}", success.operation.id);
            if let Some(body) = &success.body {
                write_body(body, &mut text);
            }
        }
    }
    let Some(status) = success.status else { return text };
    let _ = write!(text, "{DIM}status {status}");
    if let Some(id) = &success.request_id {
        let _ = write!(text, ", request id {}", escaped(id));
    }
    if success.attempts > 1 {
        let _ = write!(text, ", {} attempts", success.attempts);
    }
    let _ = writeln!(text, "{DIM:#}");
    text
}

/// An id, and the name that it was found by.
pub(super) fn shown_id(id: &str, name: Option<&str>) -> String {
    let name = name.map(|name| format!("  {}", shown_word(name))).unwrap_or_default();
    format!("{}{name}", shown_word(id))
}

/// A line for each field, its name first.
fn write_body(body: &Body, text: &mut String) {
    let Some(fields) = body.fields() else {
        if body.as_text() != "null" {
            let _ = writeln!(text, "{}", escaped(body.as_text()));
        }
        return;
    };
    let shown = |(name, value): &body::Field| {
        (escaped(name).into_owned(), escaped(&body::value_text(value)).into_owned())
    };
    let fields: Vec<_> = fields.iter().map(shown).collect();
    let width = fields.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    for (name, value) in fields {
        let _ = writeln!(text, "{name:width$}  {value}");
    }
}
