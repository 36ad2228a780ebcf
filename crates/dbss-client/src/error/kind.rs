//! The kinds of errors.

use std::fmt;

use crate::http::TransportFailureKind;

/// The kind of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration or the inputs of a call are invalid; nothing was sent.
    InvalidInput,
    /// There are no credentials, they are incomplete, or IAM rejected them. The last
    /// attempt sent nothing; earlier ones may have.
    Credentials,
    /// The credentials or the project could not be obtained, and nobody refused them: IAM could
    /// not be reached, did not respond in time, throttled the request or had an internal
    /// error, or a credentials provider reported a retryable failure. The last attempt sent nothing;
    /// earlier ones may have.
    CredentialsUnavailable,
    /// No connection to the service was established. The last attempt sent nothing; earlier
    /// ones may have.
    Connect,
    /// The server's certificate is not valid, or the server does not use TLS. The last
    /// attempt sent nothing; earlier ones may have.
    Tls,
    /// The timeout passed before the response was complete.
    Timeout,
    /// The connection was lost before the response was complete.
    Interrupted,
    /// The service, or the gateway before it, sent an error response.
    Api,
    /// The service sent a success response whose body says that the operation failed.
    FailedOutcome,
    /// The response is a success, and does not match the contract or is longer than the response
    /// limit.
    InvalidResponse,
}

impl ErrorKind {
    /// The kind in snake case, as in logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::Credentials => "credentials",
            Self::CredentialsUnavailable => "credentials_unavailable",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::Api => "api",
            Self::FailedOutcome => "failed_outcome",
            Self::InvalidResponse => "invalid_response",
        }
    }
}

impl From<TransportFailureKind> for ErrorKind {
    fn from(kind: TransportFailureKind) -> Self {
        match kind {
            TransportFailureKind::Tls => Self::Tls,
            TransportFailureKind::Connect => Self::Connect,
            TransportFailureKind::Timeout => Self::Timeout,
            TransportFailureKind::InvalidRequest => Self::InvalidInput,
            TransportFailureKind::Interrupted => Self::Interrupted,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
