//! An attempt that failed, of a call that went on.

use std::fmt;

use http::StatusCode;

use super::kind::ErrorKind;
use crate::auth::CredentialsError;
use crate::http::{ErrorBody, RawResponse, TransportFailure};

/// An attempt that failed and was followed by another: its number, and its response or
/// why there was none. `Display` says how it failed.
#[derive(Clone, Debug)]
pub struct FailedAttempt {
    number: u32,
    end: End,
}

#[derive(Clone, Debug)]
enum End {
    Response { status: StatusCode, code: Option<String> },
    NoResponse(TransportFailure),
    Credentials(CredentialsError),
}

impl FailedAttempt {
    pub(crate) fn with_response(number: u32, response: &RawResponse) -> Self {
        let code = ErrorBody::read(response).code;
        Self { number, end: End::Response { status: response.status, code } }
    }

    pub(crate) fn without_response(number: u32, failure: TransportFailure) -> Self {
        Self { number, end: End::NoResponse(failure) }
    }

    pub(crate) fn without_credentials(number: u32, error: CredentialsError) -> Self {
        Self { number, end: End::Credentials(error) }
    }

    /// The number of the attempt; the first one is 1. Attempts to get credentials or to look up
    /// the project have a count of their own.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The kind that the error of the call would have if this had been the last attempt.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match &self.end {
            End::Response { .. } => ErrorKind::Api,
            End::NoResponse(failure) => failure.kind().into(),
            End::Credentials(_) => ErrorKind::CredentialsUnavailable,
        }
    }

    /// The HTTP status of the response, or of IAM's.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.end {
            End::Response { status, .. } => Some(status.as_u16()),
            End::NoResponse(_) => None,
            End::Credentials(error) => error.status(),
        }
    }

    /// The error code of the response, or of IAM's.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match &self.end {
            End::Response { code, .. } => code.as_deref(),
            End::NoResponse(_) => None,
            End::Credentials(error) => error.code(),
        }
    }

    /// Why there was no response, if there was none.
    #[must_use]
    pub fn transport_failure(&self) -> Option<&TransportFailure> {
        match &self.end {
            End::Response { .. } => None,
            End::NoResponse(failure) => Some(failure),
            End::Credentials(error) => error.transport_failure(),
        }
    }
}

impl fmt::Display for FailedAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.end {
            End::Response { status, code: None } => write!(f, "{status}"),
            End::Response { status, code: Some(code) } => {
                write!(f, "{status}: {}", super::response::shown(code))
            }
            End::NoResponse(failure) => write!(f, "{failure}"),
            End::Credentials(error) => write!(f, "{error}"),
        }
    }
}
