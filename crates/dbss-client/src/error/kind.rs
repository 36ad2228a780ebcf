//! What can go wrong, in a word each.

use std::fmt;

/// What went wrong, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration or the inputs of a call do not fit; nothing was sent.
    InvalidInput,
    /// There is nothing to prove the caller's right with: the credentials are
    /// missing or incomplete, or IAM refused them. The call itself was not sent.
    Credentials,
    /// No connection to the service came about; nothing was sent.
    Connect,
    /// The service could not prove who it is, or does not speak TLS; nothing was sent.
    Tls,
    /// The time limit passed before an answer had come.
    Timeout,
    /// The connection was lost before an answer had come.
    Interrupted,
    /// The service, or the gateway before it, answered with anything but a success.
    Api,
    /// The service answered with success, and the answer says that the operation failed.
    FailedOutcome,
    /// The answer is a success, and not what the contract says one looks like.
    InvalidResponse,
}

impl ErrorKind {
    /// The kind in snake case, as scripts and logs have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::Credentials => "credentials",
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

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
