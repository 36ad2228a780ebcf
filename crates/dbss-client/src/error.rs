//! The one error of every call.

mod answer;

use std::error::Error as StdError;
use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::raw;
use crate::runtime::{FailedValue, Received};

use self::answer::Answer;
pub use self::answer::ErrorDetail;

/// What went wrong, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration or the inputs of a call do not fit; nothing was sent.
    InvalidInput,
    /// No connection to the service came about; nothing was sent.
    Connect,
    /// The time limit passed; the request may have reached the service.
    Timeout,
    /// The connection was lost on the way; the request may have reached the service.
    Interrupted,
    /// The service, or the gateway before it, answered with an error.
    Api,
    /// The service answered with success, and the answer says that the operation failed.
    FailedOutcome,
    /// The answer is not what the contract says.
    InvalidResponse,
}

/// Where an input that does not fit belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The path of the request.
    Path,
    /// The query of the request.
    Query,
    /// A header of the request.
    Header,
    /// The body of the request.
    Body,
    /// The configuration of the client.
    Configuration,
}

/// One input that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    field: String,
    source: Source,
    message: String,
    help: String,
}

impl Problem {
    pub(crate) fn new(
        field: impl Into<String>,
        source: Source,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { field: field.into(), source, message: message.into(), help: help.into() }
    }

    /// The input by the name that the contract gives it, as in `ids[0]`.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Where the input belongs.
    #[must_use]
    pub fn source(&self) -> Source {
        self.source
    }

    /// What is wrong with it.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.field, self.message)?;
        if self.help.is_empty() { Ok(()) } else { write!(f, " ({})", self.help) }
    }
}

/// Why a call did not end in a success, or a client could not be made.
///
/// One type for every operation. `Display` is fit to be shown to a user; the
/// methods give the parts. It never holds a secret of the client.
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    operation: Option<&'static str>,
    problems: Vec<Problem>,
    answer: Option<Answer>,
    failed: Option<FailedValue>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    fn new(kind: ErrorKind, operation: Option<&'static str>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation,
            problems: Vec::new(),
            answer: None,
            failed: None,
            source: None,
        }))
    }

    fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    fn answered(mut self, received: Received) -> Self {
        self.0.answer = Some(Answer::read(received));
        self
    }

    pub(crate) fn invalid_input(operation: Option<&'static str>, problems: Vec<Problem>) -> Self {
        let mut error = Self::new(ErrorKind::InvalidInput, operation);
        error.0.problems = problems;
        error
    }

    pub(crate) fn transport_setup(source: impl StdError + Send + Sync + 'static) -> Self {
        Self::new(ErrorKind::Connect, None).caused_by(source)
    }

    pub(crate) fn failed_outcome(
        operation: &'static str,
        found: FailedValue,
        received: Received,
    ) -> Self {
        let mut error = Self::new(ErrorKind::FailedOutcome, Some(operation)).answered(received);
        error.0.failed = Some(found);
        error
    }

    pub(crate) fn undecodable(
        operation: &'static str,
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        source: serde_json::Error,
    ) -> Self {
        Self::new(ErrorKind::InvalidResponse, Some(operation))
            .answered(Received { status, headers, body })
            .caused_by(source)
    }

    /// The error of a raw call, with what was received, if anything was.
    pub(crate) fn of_call<E>(
        operation: &'static str,
        error: raw::Error<E>,
        received: Option<Received>,
    ) -> Self {
        let operation = Some(operation);
        let Some(received) = received else {
            return match error {
                raw::Error::CommunicationError(source)
                | raw::Error::ResponseBodyError(source)
                | raw::Error::InvalidUpgrade(source) => {
                    let kind = if source.is_connect() {
                        ErrorKind::Connect
                    } else if source.is_timeout() {
                        ErrorKind::Timeout
                    } else if source.is_builder() {
                        ErrorKind::InvalidInput
                    } else {
                        ErrorKind::Interrupted
                    };
                    // The address holds ids only, but says nothing that the
                    // operation's name does not.
                    Self::new(kind, operation).caused_by(source.without_url())
                }
                raw::Error::InvalidRequest(message) | raw::Error::Custom(message) => {
                    Self::new(ErrorKind::InvalidInput, operation).caused_by(message)
                }
                raw::Error::ErrorResponse(_)
                | raw::Error::InvalidResponsePayload(..)
                | raw::Error::UnexpectedResponse(_) => {
                    Self::new(ErrorKind::InvalidResponse, operation)
                }
            };
        };
        let kind =
            if received.status.is_success() { ErrorKind::InvalidResponse } else { ErrorKind::Api };
        let described = Self::new(kind, operation).answered(received);
        match error {
            raw::Error::InvalidResponsePayload(_, source) if kind == ErrorKind::InvalidResponse => {
                described.caused_by(source)
            }
            _ => described,
        }
    }

    /// What went wrong, in a word.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that was called, as the contract spells it; `None` if no
    /// call was made yet.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Everything that is wrong with the input; empty for other kinds.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.0.problems
    }

    /// The HTTP status of the answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        Some(self.0.answer.as_ref()?.status.as_u16())
    }

    /// The error code of the service or the gateway, such as `DBSS.10020131`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.answer.as_ref()?.code.as_deref()
    }

    /// The error message of the service or the gateway.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.answer.as_ref()?.message.as_deref()
    }

    /// The id of the request, from the header or the body of the answer.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.answer.as_ref()?.request_id.as_deref()
    }

    /// The details of the answer, each with a code and a message.
    #[must_use]
    pub fn details(&self) -> &[ErrorDetail] {
        self.0.answer.as_ref().map(|answer| answer.details.as_slice()).unwrap_or_default()
    }

    /// The encoded authorization message of the answer, which IAM can decode.
    #[must_use]
    pub fn encoded_authorization_message(&self) -> Option<&str> {
        self.0.answer.as_ref()?.encoded_authorization_message.as_deref()
    }

    /// The body of the answer as it came.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        Some(&self.0.answer.as_ref()?.body)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, operation, problems, answer, failed, source } = self.0.as_ref();
        if let Some(operation) = operation {
            write!(f, "{operation}: ")?;
        }
        match kind {
            ErrorKind::InvalidInput if problems.is_empty() => {
                f.write_str("the request cannot be made")?;
            }
            ErrorKind::InvalidInput => {
                f.write_str("invalid input: ")?;
                for (index, problem) in problems.iter().enumerate() {
                    write!(f, "{}{problem}", if index == 0 { "" } else { "; " })?;
                }
            }
            ErrorKind::Connect => f.write_str("cannot connect to the service")?,
            ErrorKind::Timeout => f.write_str("the call took longer than its time limit")?,
            ErrorKind::Interrupted => {
                f.write_str("the connection was lost before the answer had come")?;
            }
            ErrorKind::Api => f.write_str("the service answered")?,
            ErrorKind::FailedOutcome => match failed {
                Some(FailedValue { path, value }) => write!(
                    f,
                    "the service answered with success, and `{}` in it is `{}`, which means failure",
                    path.join("."),
                    value.escape_debug()
                )?,
                None => f.write_str("the service reports failure")?,
            },
            ErrorKind::InvalidResponse => {
                f.write_str("the answer is not what the contract says")?;
            }
        }
        if let Some(answer) = answer {
            answer.describe(*kind == ErrorKind::Api, f)?;
        }
        match source {
            Some(source) if kind == &ErrorKind::InvalidInput => write!(f, ": {source}"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, operation, problems, answer, failed, source } = self.0.as_ref();
        f.debug_struct("Error")
            .field("kind", kind)
            .field("operation", operation)
            .field("problems", problems)
            .field("answer", answer)
            .field("failed", failed)
            .field("source", source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| source.as_ref() as &(dyn StdError + 'static))
    }
}
