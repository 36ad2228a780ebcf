//! A call that succeeded, for people.

use std::fmt::Write as _;

use serde_json::Value;

use super::plain::plain;
use crate::colour::{ASIDE, GOOD};
use crate::effect::{Action, Effect};
use crate::success::Success;

/// What was done to what, or the body of the answer; then what few look at.
pub(super) fn text(success: &Success) -> String {
    let mut text = String::new();
    match &success.effect {
        Some(Effect { action, ids }) => {
            for id in ids {
                let _ = writeln!(text, "{GOOD}{}{GOOD:#}  {}", done(*action), plain(id));
            }
        }
        None => {
            let _ = writeln!(text, "{GOOD}done{GOOD:#}  {}", success.operation);
            write_body(&success.body, &mut text);
        }
    }
    let _ = write!(text, "{ASIDE}status {}", success.status);
    if let Some(id) = &success.request_id {
        let _ = write!(text, ", request id {}", plain(id));
    }
    if success.attempts > 1 {
        let _ = write!(text, ", {} attempts", success.attempts);
    }
    let _ = writeln!(text, "{ASIDE:#}");
    text
}

fn done(action: Action) -> &'static str {
    match action {
        Action::Stop => "stopping",
        Action::Enable => "enabled",
        Action::Disable => "disabled",
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
            Value::String(text) => plain(text),
            other => other.to_string(),
        };
        let _ = writeln!(text, "{:width$}  {value}", plain(name));
    }
}
