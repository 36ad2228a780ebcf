//! The span of a call.

use tracing::Span;

use crate::error::Error;
use crate::response::Response;

/// The span of a call: from its first request, which may be one to IAM, to its result.
#[derive(Clone)]
pub(super) struct CallSpan(Span);

impl CallSpan {
    pub(super) fn new(operation: &'static str) -> Self {
        Self(tracing::info_span!(
            "dbss_call",
            operation = operation,
            status = tracing::field::Empty,
            request_id = tracing::field::Empty,
            attempts = tracing::field::Empty,
            error = tracing::field::Empty,
        ))
    }

    pub(super) fn span(&self) -> Span {
        self.0.clone()
    }

    /// Records the result of the call.
    pub(super) fn record<T>(&self, outcome: &Result<Response<T>, Error>) {
        match outcome {
            Ok(_) if self.0.is_disabled() => {}
            Ok(response) => {
                self.0.record("status", response.status());
                self.0.record("request_id", response.request_id());
                self.0.record("attempts", response.attempts());
            }
            Err(error) => self.record_error(error),
        }
    }

    pub(super) fn record_error(&self, error: &Error) {
        if self.0.is_disabled() {
            return;
        }
        self.0.record("status", error.status());
        self.0.record("request_id", error.request_id());
        self.0.record("attempts", error.attempts());
        self.0.record("error", error.kind().as_str());
    }
}
