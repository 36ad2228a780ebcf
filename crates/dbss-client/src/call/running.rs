//! A call under way, up to its outcome.

use std::future::Future;
use std::sync::Arc;

use progenitor_client::ResponseValue;
use tracing::Instrument as _;

use super::state::CallState;
use crate::client::Shared;
use crate::descriptor::{Schema, Shape};
use crate::error::outcome::FailedValue;
use crate::error::{Error, ErrorKind};
use crate::http::Received;
use crate::response::Response;
use crate::retry;

/// A call under way.
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
            outcome = tracing::field::Empty,
        );
        Self { shared, state, span }
    }

    /// The raw call as part of this one's span.
    pub(crate) fn traced<F: Future>(&self, call: F) -> impl Future<Output = F::Output> + use<F> {
        call.instrument(self.span.clone())
    }

    /// The outcome of the raw call, joined with what its attempts saw.
    pub(crate) fn finish<T, E>(
        self,
        result: Result<ResponseValue<T>, progenitor_client::Error<E>>,
        failure: Option<fn(&T) -> Option<FailedValue>>,
    ) -> Result<Response<T>, Error> {
        let operation = self.state.operation;
        let seen = self.state.note(std::mem::take);
        let attempts = seen.attempts;
        let outcome = match (result, seen.received) {
            (Ok(value), Some(received)) => {
                self.succeed(value.into_inner(), failure, received, attempts)
            }
            (Ok(value), None) => {
                let (status, headers) = (value.status(), value.headers().clone());
                let body = bytes::Bytes::new();
                let received = Received { status, headers, body, truncated: false };
                Ok(Response::new(value.into_inner(), received, operation.id, attempts))
            }
            (Err(error), Some(received)) => {
                let retryable = retry::is_transient(received.status, operation.idempotent);
                let clock = &self.shared.clock;
                let described =
                    Error::answered(operation.id, received, retryable, seen.credentials, clock);
                Err(match error {
                    progenitor_client::Error::InvalidResponsePayload(_, cause)
                        if described.kind() == ErrorKind::InvalidResponse =>
                    {
                        described.caused_by(cause)
                    }
                    _ => described,
                })
            }
            (Err(error), None) => {
                Err(Error::unanswered(operation.id, error, seen.credentials, seen.may_have_reached))
            }
        };
        let outcome = outcome.map_err(|error| error.after(attempts, seen.may_have_taken_effect));
        self.record(&outcome);
        outcome
    }

    fn succeed<T>(
        &self,
        value: T,
        failure: Option<fn(&T) -> Option<FailedValue>>,
        received: Received,
        attempts: u32,
    ) -> Result<Response<T>, Error> {
        let operation = self.state.operation.id;
        if !self.fits(&received) {
            return Err(Error::misshapen(operation, received));
        }
        if !self.state.options.accept_failed_outcome
            && let Some(found) = failure.and_then(|failure| failure(&value))
        {
            return Err(Error::failed_outcome(operation, found, received));
        }
        Ok(Response::new(value, received, operation, attempts))
    }

    /// Whether the body is an object where the contract says so. serde takes a
    /// list for a struct, and an empty one for a struct of optional fields.
    fn fits(&self, received: &Received) -> bool {
        let answers = self.state.operation.answers;
        let success = answers.iter().find(|answer| answer.success).or(answers.last());
        let Some(schema) = success.and_then(|answer| answer.schema) else { return true };
        let first = received.body.iter().find(|byte| !byte.is_ascii_whitespace());
        !is_object(schema) || first == Some(&b'{')
    }

    fn record<T>(&self, outcome: &Result<Response<T>, Error>) {
        if self.span.is_disabled() {
            return;
        }
        let (status, request_id, attempts, word) = match outcome {
            Ok(response) => {
                (Some(response.status()), response.request_id(), response.attempts(), "success")
            }
            Err(error) => {
                (error.status(), error.request_id(), error.attempts(), error.kind().as_str())
            }
        };
        self.span.record("status", status);
        self.span.record("request_id", request_id);
        self.span.record("attempts", attempts);
        self.span.record("outcome", word);
    }
}

fn is_object(schema: &Schema) -> bool {
    match schema.shape {
        Shape::Object(_) => !schema.nullable,
        Shape::Named(named) => !schema.nullable && is_object(named),
        _ => false,
    }
}
