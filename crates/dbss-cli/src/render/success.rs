//! A call that succeeded, for people.

use std::fmt::Write as _;

use dbss_client::text::escaped;

use super::shown_word;
use crate::action::{Action, Verb};
use crate::body::{self, Body};
use crate::colour::{DIM, SUCCESS};
use crate::success::Success;

/// A line for each id with what was done to it, or the body of the response; then
/// status, request id and attempts.
pub(super) fn text(success: &Success) -> String {
    let mut text = String::new();
    match &success.action {
        Some(Action { verb, ids }) => {
            for id in ids {
                let _ =
                    writeln!(text, "{SUCCESS}{}{SUCCESS:#}  {}", past_tense(*verb), shown_word(id));
            }
        }
        None => {
            let _ = writeln!(text, "{SUCCESS}done{SUCCESS:#}  {}", success.operation.id);
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
