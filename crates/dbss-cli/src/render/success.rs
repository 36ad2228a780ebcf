//! A call that succeeded, for people.

use std::fmt::Write as _;

use dbss_client::Outcome;
use dbss_client::text::escaped;

use super::words::words;
use super::{Rendered, body, shown_word};
use crate::action::Action;
use crate::colour::{DIM, SUCCESS, WARNING};
use crate::success::Success;

/// Said instead of what was done, if the service did not say that it was done.
const ACCEPTED: &str = "accepted";

/// What is to be said beside the result: that it may not be done.
fn warning(success: &Success) -> String {
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
/// status, request id and attempts. Lists fit the width of a terminal.
pub(super) fn text(success: &Success, width: Option<usize>) -> Rendered {
    let mut stderr = warning(success);
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
                let shown = body::shown(body, width);
                text.push_str(&shown.stdout);
                stderr.push_str(&shown.stderr);
            }
        }
    }
    let Some(status) = success.status else { return Rendered { stdout: text, stderr } };
    let _ = write!(text, "{DIM}status {status}");
    if let Some(id) = &success.request_id {
        let _ = write!(text, ", request id {}", escaped(id));
    }
    if success.attempts > 1 {
        let _ = write!(text, ", {} attempts", success.attempts);
    }
    let _ = writeln!(text, "{DIM:#}");
    Rendered { stdout: text, stderr }
}

/// An id, and the name that it was found by.
pub(super) fn shown_id(id: &str, name: Option<&str>) -> String {
    let name = name.map(|name| format!("  {}", shown_word(name))).unwrap_or_default();
    format!("{}{name}", shown_word(id))
}
