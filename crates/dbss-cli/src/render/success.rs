//! A call that succeeded, for people.

use std::fmt::Write as _;

use dbss_client::Outcome;
use dbss_client::text::escaped;

use super::shown_word;
use crate::action::{Action, Verb};
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
        Some(Action { verb, ids }) => {
            let label = if is_only_accepted { ACCEPTED } else { past_tense(*verb) };
            for id in ids {
                let _ = writeln!(text, "{style}{label}{style:#}  {}", shown_word(id));
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
    let _ = write!(text, "{DIM}status {}", success.status);
    if let Some(id) = &success.request_id {
        let _ = write!(text, ", request id {}", escaped(id));
    }
    if success.attempts > 1 {
        let _ = write!(text, ", {} attempts", success.attempts);
    }
    let _ = writeln!(text, "{DIM:#}");
    text
}

fn past_tense(verb: Verb) -> &'static str {
    match verb {
        Verb::Stop => "stopping",
        Verb::Enable => "enabled",
        Verb::Disable => "disabled",
    }
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
