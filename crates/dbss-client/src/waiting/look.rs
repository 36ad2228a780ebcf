//! One look at what a call has started.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::client::Client;
use crate::descriptor::{Completion, FieldValues, Operation, Schema, SchemaKind};
use crate::error::{Error, ErrorKind};
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
    /// The item is not in the list.
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
        let mut arguments = Arguments::new().for_one_attempt(left);
        for (parameter, input) in self.completion.look_parameters() {
            if let Some(value) = self.given.get(input) {
                arguments.set_parameter(parameter, text(value));
            }
        }
        let (Some(pages), Some(key)) = (look.pages, &self.completion.item) else {
            return look.invoke(&self.client, arguments).await.map(|body| Some(body.into_value()));
        };
        // As few requests as possible.
        let limit = look.parameters.iter().find(|parameter| parameter.name == pages.limit);
        if let Some(most) = limit.and_then(|limit| most(limit.schema)) {
            arguments.set_parameter(pages.limit, most.to_string());
        }
        let wanted = self.given.get(key.input).map(text);
        let Some(mut items) = look.items(&self.client, arguments) else { return Ok(None) };
        while let Some(item) = items.next().await {
            let item = item?;
            if item.get(key.field).map(text) == wanted {
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

/// The largest value that the schema of a number allows.
fn most(mut schema: &'static Schema) -> Option<i64> {
    while let SchemaKind::Reference(target) = schema.kind {
        schema = target;
    }
    match schema.kind {
        SchemaKind::Integer { max: std::ops::Bound::Included(max), .. } => Some(max),
        SchemaKind::Integer { max: std::ops::Bound::Excluded(max), .. } => max.checked_sub(1),
        _ => None,
    }
}

/// A value as it is in a path or a query.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
