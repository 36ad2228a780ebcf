//! A running call, up to its result.

use std::future::Future;
use std::sync::Arc;

use progenitor_client::ResponseValue;
use tracing::Instrument as _;

use super::state::CallState;
use crate::client::Shared;
use crate::descriptor::{Schema, SchemaKind};
use crate::error::outcome::{self, Reported};
use crate::error::{Error, ErrorKind, Outcome};
use crate::http::RawResponse;
use crate::response::Response;
use crate::retry;

/// A running call.
pub(crate) struct RunningCall {
    shared: Arc<Shared>,
    state: Arc<CallState>,
    span: tracing::Span,
}

impl RunningCall {
    pub(super) fn new(shared: Arc<Shared>, state: Arc<CallState>) -> Self {
        let span = tracing::info_span!(
            "dbss_call",
            operation = state.operation.id,
            status = tracing::field::Empty,
            request_id = tracing::field::Empty,
            attempts = tracing::field::Empty,
            error = tracing::field::Empty,
        );
        Self { shared, state, span }
    }

    /// A required input, which the check of the call found to be there.
    #[allow(dead_code, reason = "a contract without required inputs has no use for it")]
    pub(crate) fn given<T>(&self, value: Option<T>) -> Result<T, Error> {
        value.ok_or_else(|| Error::invalid_input(Some(self.state.operation.id), Vec::new()))
    }

    /// Runs the raw call within the span of this call.
    pub(crate) async fn run<T, E>(
        self,
        call: impl Future<Output = Result<ResponseValue<T>, progenitor_client::Error<E>>>,
        reported: Option<fn(&T) -> Option<Reported>>,
    ) -> Result<Response<T>, Error> {
        let result = call.instrument(self.span.clone()).await;
        self.finish(result, reported)
    }

    /// The result of the raw call, combined with the log of its attempts.
    fn finish<T, E>(
        self,
        result: Result<ResponseValue<T>, progenitor_client::Error<E>>,
        reported: Option<fn(&T) -> Option<Reported>>,
    ) -> Result<Response<T>, Error> {
        let operation = self.state.operation;
        let log = self.state.record(std::mem::take);
        let attempts = log.attempts;
        let outcome = match (result, log.response) {
            (Ok(value), Some(response)) => {
                self.succeed(value.into_inner(), reported, response, attempts)
            }
            (Ok(value), None) => {
                let (status, headers) = (value.status(), value.headers().clone());
                let body = bytes::Bytes::new();
                let response = RawResponse { status, headers, body, truncated: false };
                Ok(Response::new(value.into_inner(), response, operation.id, attempts, None))
            }
            (Err(error), Some(response)) => {
                let retryable = retry::is_retryable_status(response.status, operation.idempotent);
                let clock = &self.shared.clock;
                let described = Error::error_response(
                    operation.id,
                    response,
                    retryable,
                    log.credentials,
                    clock,
                );
                Err(match error {
                    progenitor_client::Error::InvalidResponsePayload(_, cause)
                        if described.kind() == ErrorKind::InvalidResponse =>
                    {
                        described.with_source(cause)
                    }
                    _ => described,
                })
            }
            (Err(error), None) => {
                Err(Error::no_response(operation.id, error, log.credentials, log.may_have_reached))
            }
        };
        let outcome =
            outcome.map_err(|error| error.with_attempts(attempts, log.may_have_taken_effect));
        self.record(&outcome);
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
            return Err(Error::invalid_response(operation, response));
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
        let responses = self.state.operation.responses;
        let success = responses.iter().find(|response| response.success).or(responses.last());
        let Some(schema) = success.and_then(|response| response.schema) else { return true };
        let first = response.body.iter().find(|byte| !byte.is_ascii_whitespace());
        !is_object(schema) || first == Some(&b'{')
    }

    fn record<T>(&self, outcome: &Result<Response<T>, Error>) {
        if self.span.is_disabled() {
            return;
        }
        let (status, request_id, attempts, error) = match outcome {
            Ok(response) => {
                (Some(response.status()), response.request_id(), response.attempts(), None)
            }
            Err(error) => {
                let kind = error.kind().as_str();
                (error.status(), error.request_id(), error.attempts(), Some(kind))
            }
        };
        self.span.record("status", status);
        self.span.record("request_id", request_id);
        self.span.record("attempts", attempts);
        self.span.record("error", error);
    }
}

fn is_object(schema: &Schema) -> bool {
    match schema.kind {
        SchemaKind::Object(_) => !schema.nullable,
        SchemaKind::Reference(named) => !schema.nullable && is_object(named),
        _ => false,
    }
}
