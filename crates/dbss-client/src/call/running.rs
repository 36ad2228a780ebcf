//! A running call, up to its result.

use std::future::Future;
use std::sync::Arc;

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
            let result = call.await;
            self.finish(result, reported)
        }
    }

    /// The result of the raw call, combined with the log of its attempts.
    fn finish<T: DeserializeOwned, E>(
        self,
        result: Result<ResponseValue<T>, progenitor_client::Error<E>>,
        reported: Option<fn(&T) -> Option<Reported>>,
    ) -> Result<Response<T>, Error> {
        let operation = self.state.operation;
        let log = self.state.record(std::mem::take);
        let attempts = log.attempts;
        let outcome = match (result, log.response) {
            (_, Some(response)) if self.is_error_in_success(&response) => {
                Err(Error::error_in_success(operation.id, response))
            }
            (Ok(value), Some(response)) => {
                self.succeed(value.into_inner(), reported, response, attempts)
            }
            (Ok(value), None) => {
                let (status, headers) = (value.status(), value.headers().clone());
                let body = bytes::Bytes::new();
                let response = RawResponse { status, headers, body, truncated: false };
                Ok(Response::new(value.into_inner(), response, operation.id, attempts, None))
            }
            (Err(error), Some(response)) if response.status.is_success() => {
                Err(invalid_response::<T, E>(operation.id, response, error))
            }
            (Err(_), Some(response)) => {
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
            (Err(error), None) => {
                Err(Error::no_response(operation.id, error, log.failure, log.credentials))
            }
        };
        let outcome = outcome.map_err(|error| {
            error.with_attempts(attempts, log.uncertain).with_reached(log.may_have_reached)
        });
        if let Some(progress) = &self.state.progress {
            progress.end_call(outcome.as_ref().err().is_none_or(Error::may_have_taken_effect));
        }
        self.span.record(&outcome);
        outcome
    }

    fn succeed<T>(
        &self,
        value: T,
        reported: Option<fn(&T) -> Option<Reported>>,
        response: RawResponse,
        attempts: u32,
    ) -> Result<Response<T>, Error> {
        let operation = self.state.operation.id;
        if !self.fits(&response) {
            let mismatch = Some(Mismatch::not_an_object());
            return Err(Error::invalid_response(operation, response, mismatch));
        }
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

    /// Whether the body is an object if the contract says so. serde accepts a list for a
    /// struct, and an empty list for a struct of optional fields.
    fn fits(&self, response: &RawResponse) -> bool {
        let Some(schema) = self.success_schema() else { return true };
        let body = without_bom(&response.body);
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        !is_object(schema) || first == Some(&b'{')
    }

    /// Whether the response has a success status, and its body is an error.
    fn is_error_in_success(&self, response: &RawResponse) -> bool {
        response.status.is_success()
            && is_error_in_success(&response.body, |name| {
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

/// The error of a success that could not be decoded.
fn invalid_response<T: DeserializeOwned, E>(
    operation: &'static str,
    response: RawResponse,
    error: progenitor_client::Error<E>,
) -> Error {
    match error {
        progenitor_client::Error::InvalidResponsePayload(body, cause) => {
            let mismatch = Mismatch::find::<T>(&body);
            Error::invalid_response(operation, response, mismatch).with_source(cause)
        }
        progenitor_client::Error::UnexpectedResponse(_) => {
            let mismatch = Some(Mismatch::undocumented_status());
            Error::invalid_response(operation, response, mismatch)
        }
        _ => Error::invalid_response(operation, response, None),
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
