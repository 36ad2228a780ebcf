//! A running call, up to its result.

use std::future::Future;
use std::sync::Arc;

use http::StatusCode;
use progenitor_client::ResponseValue;
use serde::de::DeserializeOwned;
use tracing::Instrument as _;

use super::span::CallSpan;
use super::state::CallState;
use crate::client::Shared;
use crate::descriptor::{Field, Schema, SchemaKind};
use crate::error::outcome::{self, Reported};
use crate::error::{Error, Mismatch, Outcome};
use crate::http::RawResponse;
use crate::http::error_body::is_error_in_success;
use crate::http::response::without_bom;
use crate::response::Response;
use crate::retry;

/// A running call.
pub(crate) struct RunningCall {
    shared: Arc<Shared>,
    state: Arc<CallState>,
    span: CallSpan,
}

impl RunningCall {
    pub(super) fn new(shared: Arc<Shared>, state: Arc<CallState>, span: CallSpan) -> Self {
        Self { shared, state, span }
    }

    /// A required input, which the check of the call found to be there.
    #[allow(dead_code, reason = "a contract without required inputs has no use for it")]
    pub(crate) fn given<T>(&self, value: Option<T>) -> Result<T, Error> {
        value.ok_or_else(|| Error::invalid_input(Some(self.state.operation.id), Vec::new()))
    }

    /// Runs the raw call within the span of this call.
    ///
    /// The raw call is boxed first: it has some kilobytes, and would otherwise be a part of
    /// this future and of all that contain it, each of which is moved.
    pub(crate) fn run<T: DeserializeOwned, E>(
        self,
        call: impl Future<Output = Result<ResponseValue<T>, progenitor_client::Error<E>>>,
        reported: Option<fn(&T) -> Option<Reported>>,
    ) -> impl Future<Output = Result<Response<T>, Error>> {
        let call = Box::pin(call).instrument(self.span.span());
        async move {
            let error = call.await.err();
            self.finish(error, reported)
        }
    }

    /// The result of the call, from the log of its attempts. `error` is how the raw call ended.
    fn finish<T: DeserializeOwned, E>(
        self,
        error: Option<progenitor_client::Error<E>>,
        reported: Option<fn(&T) -> Option<Reported>>,
    ) -> Result<Response<T>, Error> {
        let operation = self.state.operation;
        let log = self.state.record(std::mem::take);
        let attempts = log.attempts;
        let outcome = match log.response {
            Some(response) if response.status.is_success() => {
                self.read(response, reported, attempts)
            }
            Some(response) => {
                let retryable = retry::is_retryable_status(response.status, operation.idempotent);
                let clock = &self.shared.clock;
                Err(Error::error_response(
                    operation.id,
                    response,
                    retryable,
                    log.credentials,
                    clock,
                ))
            }
            None => Err(Error::no_response(operation.id, error, log.failure, log.credentials)),
        };
        let outcome = outcome.map_err(|error| {
            let error = error.with_attempts(attempts, log.uncertain);
            let error = error.with_reached(log.may_have_reached);
            if operation.is_read() { error.without_effect() } else { error }
        });
        if let Some(progress) = &self.state.progress {
            let effect = outcome.as_ref().err().is_none_or(Error::may_have_taken_effect);
            progress.end_call(!operation.is_read() && effect);
        }
        self.span.record(&outcome);
        outcome
    }

    /// Reads a response with a success status.
    fn read<T: DeserializeOwned>(
        &self,
        response: RawResponse,
        reported: Option<fn(&T) -> Option<Reported>>,
        attempts: u32,
    ) -> Result<Response<T>, Error> {
        let operation = self.state.operation.id;
        if self.is_error_in_success(&response) {
            return Err(Error::error_in_success(operation, response));
        }
        let value = match self.decode::<T>(&response) {
            Ok(value) => value,
            Err((mismatch, cause)) => {
                let error = Error::invalid_response(operation, response, mismatch);
                return Err(match cause {
                    Some(cause) => error.with_source(cause),
                    None => error,
                });
            }
        };
        let reported = reported.and_then(|reported| reported(&value).or_else(outcome::missing));
        match reported {
            Some(found)
                if found.outcome == Outcome::Failed
                    && !self.state.options.accept_failed_outcome =>
            {
                Err(Error::failed_outcome(operation, found, response))
            }
            reported => {
                let outcome = reported.map(|reported| reported.outcome);
                Ok(Response::new(value, response, operation, attempts, outcome))
            }
        }
    }

    /// The value of a response with a success status, or where it does not match the contract.
    fn decode<T: DeserializeOwned>(
        &self,
        response: &RawResponse,
    ) -> Result<T, (Option<Mismatch>, Option<serde_json::Error>)> {
        if !self.is_documented(response.status) {
            return Err((Some(Mismatch::undocumented_status()), None));
        }
        if response.truncated {
            return Err((Some(Mismatch::beyond_limit()), None));
        }
        // Where the contract has no body, whatever was sent stands for nothing.
        let schema = self.success_schema();
        let body = if schema.is_some() { without_bom(&response.body) } else { b"null" };
        // serde accepts a list for a struct, or reports that its length is wrong.
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        if first == Some(&b'[') && schema.is_some_and(is_object) {
            return Err((Some(Mismatch::not_an_object()), None));
        }
        serde_json::from_slice(body).map_err(|error| (Mismatch::find::<T>(body), Some(error)))
    }

    /// Whether the contract has a success with this status. A `default` is one for the raw
    /// layer too.
    fn is_documented(&self, status: StatusCode) -> bool {
        let mut documented = self.state.operation.responses().map(|response| response.status);
        documented.any(|documented| {
            documented == status.as_str() || documented == "2XX" || documented == "default"
        })
    }

    /// Whether the body of a response with a success status is an error.
    fn is_error_in_success(&self, response: &RawResponse) -> bool {
        is_error_in_success(&response.body, |name| {
            let fields = self.success_schema().and_then(fields_of).unwrap_or_default();
            fields.iter().any(|field| field.name == name)
        })
    }

    /// The schema that the contract has for the body of a success.
    fn success_schema(&self) -> Option<&'static Schema> {
        let operation = self.state.operation;
        operation.successes.first().or(operation.errors.last())?.schema
    }
}

/// The fields of a schema that is an object.
fn fields_of(schema: &Schema) -> Option<&'static [Field]> {
    match schema.kind {
        SchemaKind::Object(fields) => Some(fields),
        SchemaKind::Reference(named) => fields_of(named),
        _ => None,
    }
}

fn is_object(schema: &Schema) -> bool {
    match schema.kind {
        SchemaKind::Object(_) => !schema.nullable,
        SchemaKind::Reference(named) => !schema.nullable && is_object(named),
        _ => false,
    }
}
