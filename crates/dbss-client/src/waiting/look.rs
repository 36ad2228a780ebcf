//! One look at what a call has started.

use std::ops::Bound;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::client::Client;
use crate::descriptor::{Completion, FieldValues, Operation, Schema, SchemaKind};
use crate::error::{Error, ErrorKind, is_code_of_gateway};
use crate::input::Arguments;

/// What a wait saw with one look.
#[derive(Debug)]
#[non_exhaustive]
pub struct Look<'a> {
    pub(super) number: u32,
    pub(super) elapsed: Duration,
    pub(super) condition: Condition,
    pub(super) state: Vec<(&'static str, String)>,
    pub(super) item: Option<&'a Value>,
    pub(super) error: Option<&'a Error>,
}

impl Look<'_> {
    /// Its number; that of the first look is 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The time since the response of the call.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// What the state means for the wait.
    #[must_use]
    pub fn condition(&self) -> Condition {
        self.condition
    }

    /// The fields of the item that show its state, such as `status` and `task`, with their
    /// values; empty if the item was not seen. A field that the item lacks is left out.
    #[must_use]
    pub fn state(&self) -> &[(&'static str, String)] {
        &self.state
    }

    /// The item as JSON; `None` if it was not seen.
    #[must_use]
    pub fn item(&self) -> Option<&Value> {
        self.item
    }

    /// Why the look failed, if it did.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.error
    }
}

/// What a look means for the wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Condition {
    /// The item is in the wanted state.
    Done,
    /// What was started is under way.
    UnderWay,
    /// The item is in a state from which it will not come to the wanted one.
    Failed,
    /// A state of which the contract says nothing; the wait goes on.
    Other,
    /// The item is not there.
    Missing,
    /// The look failed.
    Unknown,
}

/// Whether a look that failed in this way may succeed later.
pub(super) fn is_transient(error: &Error) -> bool {
    let kind = error.kind();
    error.is_retryable()
        || error.is_throttled()
        || error.status().is_some_and(|status| status >= 500)
        || matches!(
            kind,
            ErrorKind::Connect
                | ErrorKind::Timeout
                | ErrorKind::Interrupted
                | ErrorKind::CredentialsUnavailable
        )
}

/// Whether the service says that what was looked at is not there. The gateway's 404 is about the
/// path.
fn is_missing(error: &Error) -> bool {
    error.kind() == ErrorKind::Api
        && error.status() == Some(404)
        && !error.code().is_some_and(is_code_of_gateway)
}

/// What an entry of a page is reckoned with, in bytes, so that a page stays below the response
/// limit. An instance with all of its fields has about 1,000.
const ENTRY_BYTES: usize = 4 << 10;

/// What a wait looks at.
pub(super) struct Watched {
    pub(super) client: Client,
    pub(super) operation: &'static Operation,
    pub(super) completion: &'static Completion,
    /// The inputs of the call, by name.
    pub(super) given: Map<String, Value>,
}

impl Watched {
    /// The item; `None` if it is not there.
    pub(super) async fn look(&self, left: Duration) -> Result<Option<Value>, Error> {
        let look = self.completion.operation;
        let shared = &self.client.shared;
        let deadline = shared.clock.elapsed().saturating_add(left);
        let mut arguments = Arguments::new().for_one_attempt(deadline);
        for (parameter, input) in self.completion.look_parameters() {
            if let Some(value) = self.given.get(input) {
                arguments.set_parameter(parameter, text(value));
            }
        }
        let (Some(pages), Some(key)) = (look.pages, &self.completion.item) else {
            return match look.invoke(&self.client, arguments).await {
                Ok(body) => Ok(Some(body.into_value())),
                Err(error) if is_missing(&error) => Ok(None),
                Err(error) => Err(error),
            };
        };
        // As few requests as possible.
        let limit = look.parameters.iter().find(|parameter| parameter.name == pages.limit);
        let room = shared.max_response_bytes / ENTRY_BYTES;
        if let Some(size) = limit.and_then(|limit| page_size(limit.schema, room)) {
            arguments.set_parameter(pages.limit, size.to_string());
        }
        let Some(wanted) = self.given.get(key.input).map(text) else { return Ok(None) };
        let Some(mut items) = look.items(&self.client, arguments) else { return Ok(None) };
        while let Some(item) = items.next().await {
            let item = item?;
            if item.get(key.field).is_some_and(|found| text(found) == wanted) {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    /// What the state of the item means.
    pub(super) fn condition(&self, item: &Value) -> Condition {
        let Completion { done, under_way, failed, .. } = self.completion;
        let has = |state: &FieldValues| {
            let value = item.get(state.field).map(text);
            value.is_some_and(|value| state.values.contains(&value.as_str()))
        };
        if failed.iter().any(has) {
            Condition::Failed
        } else if !done.is_empty() && done.iter().all(has) {
            Condition::Done
        } else if !under_way.is_empty() && under_way.iter().all(has) {
            Condition::UnderWay
        } else {
            Condition::Other
        }
    }

    /// The fields of the item that show its state.
    pub(super) fn state(&self, item: &Value) -> Vec<(&'static str, String)> {
        let Completion { done, under_way, failed, .. } = self.completion;
        let mut state: Vec<(&'static str, String)> = Vec::new();
        for FieldValues { field, .. } in [*done, *under_way, *failed].into_iter().flatten() {
            if state.iter().all(|(known, _)| known != field)
                && let Some(value) = item.get(field)
            {
                state.push((field, text(value)));
            }
        }
        state
    }
}

/// The largest size of a page that has room for that many entries and that the schema of the
/// parameter allows; `None` if it names no largest size, so that the service chooses.
fn page_size(mut schema: &'static Schema, room: usize) -> Option<i64> {
    while let SchemaKind::Reference(target) = schema.kind {
        schema = target;
    }
    let SchemaKind::Integer { min, max } = schema.kind else { return None };
    let max = match max {
        Bound::Included(max) => max,
        Bound::Excluded(max) => max.checked_sub(1)?,
        Bound::Unbounded => return None,
    };
    let min = match min {
        Bound::Included(min) => min,
        Bound::Excluded(min) => min.saturating_add(1),
        Bound::Unbounded => 1,
    };
    Some(i64::try_from(room).unwrap_or(max).max(min.max(1)).min(max))
}

/// A value as it is in a path or a query.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
