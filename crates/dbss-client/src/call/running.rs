//! A running call, up to its result.

use std::future::Future;
use std::sync::Arc;

use progenitor_client::ResponseValue;
use tracing::Instrument as _;

use super::span::CallSpan;
use super::state::CallState;
use crate::client::Shared;
use crate::descriptor::{Schema, SchemaKind};
use crate::error::outcome::FailedValue;
use crate::error::{Error, ErrorKind};
use crate::http::RawResponse;
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

    /// The raw call within the span of this call.
    pub(crate) fn traced<F: Future>(&self, call: F) -> impl Future<Output = F::Output> + use<F> {
        call.instrument(self.span.span())
    }

    /// The result of the raw call, combined with the log of its attempts.
    pub(crate) fn finish<T, E>(
        self,
        result: Result<ResponseValue<T>, progenitor_client::Error<E>>,
        failure: Option<fn(&T) -> Option<FailedValue>>,
    ) -> Result<Response<T>, Error> {
        let operation = self.state.operation;
        let log = self.state.record(std::mem::take);
        let attempts = log.attempts;
        let outcome = match (result, log.response) {
            (Ok(value), Some(response)) => {
                self.succeed(value.into_inner(), failure, response, attempts)
            }
            (Ok(value), None) => {
                let (status, headers) = (value.status(), value.headers().clone());
                let body = bytes::Bytes::new();
                let response = RawResponse { status, headers, body, truncated: false };
                Ok(Response::new(value.into_inner(), response, operation.id, attempts))
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
        failure: Option<fn(&T) -> Option<FailedValue>>,
        response: RawResponse,
        attempts: u32,
    ) -> Result<Response<T>, Error> {
        let operation = self.state.operation.id;
        if !self.fits(&response) {
            return Err(Error::invalid_response(operation, response));
        }
        if !self.state.options.accept_failed_outcome
            && let Some(found) = failure.and_then(|failure| failure(&value))
        {
            return Err(Error::failed_outcome(operation, found, response));
        }
        Ok(Response::new(value, response, operation, attempts))
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
}

fn is_object(schema: &Schema) -> bool {
    match schema.kind {
        SchemaKind::Object(_) => !schema.nullable,
        SchemaKind::Reference(named) => !schema.nullable && is_object(named),
        _ => false,
    }
}
