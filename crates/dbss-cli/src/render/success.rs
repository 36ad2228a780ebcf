//! A call that succeeded, for people.

use std::fmt::Write as _;

use serde_json::Value;

use super::escape::escape_control;
use crate::action::{Action, Verb};
use crate::colour::{DIM, SUCCESS};
use crate::success::Success;

/// A line for each id with what was done to it, or the body of the response; then
/// status, request id and attempts.
pub(super) fn text(success: &Success) -> String {
    let mut text = String::new();
    match &success.action {
        Some(Action { verb, ids }) => {
            for id in ids {
                let _ = writeln!(
                    text,
                    "{SUCCESS}{}{SUCCESS:#}  {}",
                    past_tense(*verb),
                    escape_control(id)
                );
            }
        }
        None => {
            let _ = writeln!(text, "{SUCCESS}done{SUCCESS:#}  {}", success.operation);
            write_body(&success.body, &mut text);
        }
    }
    let _ = write!(text, "{DIM}status {}", success.status);
    if let Some(id) = &success.request_id {
        let _ = write!(text, ", request id {}", escape_control(id));
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
fn write_body(body: &Value, text: &mut String) {
    let Value::Object(fields) = body else {
        if !body.is_null() {
            let _ = writeln!(text, "{body}");
        }
        return;
    };
    let width = fields.keys().map(|name| name.chars().count()).max().unwrap_or_default();
    for (name, value) in fields {
        let value = match value {
            Value::String(text) => escape_control(text),
            other => other.to_string(),
        };
        let _ = writeln!(text, "{:width$}  {value}", escape_control(name));
    }
}
