//! A call that succeeded, for people and for scripts.

use std::fmt::Write as _;
use std::process::ExitCode;

use dbss_client::Response;
use dbss_client::descriptor::Operation;
use serde::Serialize;
use serde_json::Value;

use crate::arguments::Mode;
use crate::colour::{ASIDE, GOOD};
use crate::invocation::Deed;
use crate::screen::{Screen, plain};

/// What came of a call.
#[derive(Serialize)]
pub(crate) struct Success {
    operation: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    attempts: u32,
    body: Value,
    #[serde(skip)]
    deed: Option<Deed>,
}

impl Success {
    pub(crate) fn new(
        operation: &'static Operation,
        response: &Response<Value>,
        deed: Option<Deed>,
    ) -> Self {
        // As it came: the decoded value lacks what the contract does not know.
        let body = serde_json::from_slice(response.body()).ok();
        Self {
            operation: operation.id,
            status: response.status(),
            request_id: response.request_id().map(str::to_owned),
            attempts: response.attempts(),
            body: body.unwrap_or_else(|| response.value().clone()),
            deed,
        }
    }

    pub(crate) fn print(&self, screen: &Screen) -> ExitCode {
        match screen.mode() {
            Mode::Json => screen.print_json(self),
            Mode::Table => screen.print(&self.table()),
        }
    }

    fn table(&self) -> String {
        let mut text = String::new();
        match &self.deed {
            Some(Deed { words, ids }) => {
                for id in ids {
                    let _ = writeln!(text, "{GOOD}{}{GOOD:#}  {}", words.done, plain(id));
                }
            }
            None => {
                let _ = writeln!(text, "{GOOD}done{GOOD:#}  {}", self.operation);
                self.write_body(&mut text);
            }
        }
        let _ = write!(text, "{ASIDE}status {}", self.status);
        if let Some(id) = &self.request_id {
            let _ = write!(text, ", request id {}", plain(id));
        }
        if self.attempts > 1 {
            let _ = write!(text, ", {} attempts", self.attempts);
        }
        let _ = writeln!(text, "{ASIDE:#}");
        text
    }

    /// A line for each field, its name first.
    fn write_body(&self, text: &mut String) {
        let Value::Object(fields) = &self.body else {
            if !self.body.is_null() {
                let _ = writeln!(text, "{}", self.body);
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
}
