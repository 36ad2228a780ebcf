//! The one error of every call.

mod advice;
mod display;
mod kind;
pub(crate) mod outcome;
mod response;

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use progenitor_client::Error as RawError;

use crate::auth::CredentialsError;
use crate::http::{ErrorDetail, RawResponse, TransportFailure};
use crate::input::Problem;
use crate::retry;
use crate::time::Clock;

pub use self::kind::ErrorKind;
use self::outcome::FailedValue;
use self::response::ErrorResponse;

/// Why a call did not end in a success, or a client could not be made.
///
/// One type for every operation. `Display` is fit to be shown to a user; the
/// methods give the parts. It never holds a secret of the client.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<&'static str>,
    attempts: u32,
    problems: Vec<Problem>,
    response: Option<ErrorResponse>,
    failed: Option<FailedValue>,
    /// How far the clocks are apart, and whether this machine's is ahead.
    skew: Option<(Duration, bool)>,
    may_have_reached: bool,
    may_have_taken_effect: bool,
    retryable: bool,
    credentials: Option<CredentialsError>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    fn new(kind: ErrorKind, operation: Option<&'static str>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation,
            attempts: 0,
            problems: Vec::new(),
            response: None,
            failed: None,
            skew: None,
            may_have_reached: false,
            may_have_taken_effect: false,
            retryable: false,
            credentials: None,
            source: None,
        }))
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same error of a call that made that many attempts, one of which may have
    /// been carried out.
    pub(crate) fn with_attempts(mut self, attempts: u32, may_have_taken_effect: bool) -> Self {
        self.0.attempts = attempts;
        self.0.may_have_taken_effect |= may_have_taken_effect;
        self
    }

    fn with_response(mut self, response: RawResponse) -> Self {
        self.0.may_have_reached = true;
        self.0.may_have_taken_effect = retry::may_have_taken_effect(Ok(response.status));
        self.0.response = Some(ErrorResponse::read(response));
        self
    }

    pub(crate) fn invalid_input(operation: Option<&'static str>, problems: Vec<Problem>) -> Self {
        let mut error = Self::new(ErrorKind::InvalidInput, operation);
        error.0.problems = problems;
        error
    }

    pub(crate) fn credentials(operation: &'static str, error: CredentialsError) -> Self {
        let mut credentials = Self::from(error);
        credentials.0.operation = Some(operation);
        credentials
    }

    /// The time limit passed before the call itself could be sent.
    pub(crate) fn timed_out(operation: &'static str) -> Self {
        let mut error = Self::new(ErrorKind::Timeout, Some(operation));
        error.0.retryable = true;
        error
    }

    /// The HTTP client cannot be set up.
    pub(crate) fn setup(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ErrorKind::InvalidInput, None).with_source(source)
    }

    pub(crate) fn failed_outcome(
        operation: &'static str,
        found: FailedValue,
        response: RawResponse,
    ) -> Self {
        let mut error =
            Self::new(ErrorKind::FailedOutcome, Some(operation)).with_response(response);
        error.0.failed = Some(found);
        error
    }

    /// A success that is not what the contract says.
    pub(crate) fn invalid_response(operation: &'static str, response: RawResponse) -> Self {
        Self::new(ErrorKind::InvalidResponse, Some(operation)).with_response(response)
    }

    /// The last answer of a call that did not end in a success.
    pub(crate) fn error_response(
        operation: &'static str,
        response: RawResponse,
        retryable: bool,
        credentials: Option<CredentialsError>,
        clock: &Arc<dyn Clock>,
    ) -> Self {
        if response.status.is_success() {
            return Self::invalid_response(operation, response);
        }
        let mut error = Self::new(ErrorKind::Api, Some(operation)).with_response(response);
        error.0.retryable = retryable;
        // Where a new identity was wanted and could not be had, that is the cause.
        error.0.credentials = credentials;
        if error.is_signature_failure() {
            error.0.skew =
                error.0.response.as_ref().and_then(|response| response.skew(clock.now()));
        }
        error
    }

    /// A call that ended without an answer.
    pub(crate) fn no_response<E>(
        operation: &'static str,
        error: RawError<E>,
        credentials: Option<CredentialsError>,
        may_have_reached: bool,
    ) -> Self {
        if let Some(credentials) = credentials {
            let mut error = Self::credentials(operation, credentials);
            error.0.may_have_reached = may_have_reached;
            return error;
        }
        let operation = Some(operation);
        match error {
            RawError::CommunicationError(source)
            | RawError::ResponseBodyError(source)
            | RawError::InvalidUpgrade(source) => {
                let kind = match TransportFailure::of(&source) {
                    TransportFailure::Tls => ErrorKind::Tls,
                    TransportFailure::Connect => ErrorKind::Connect,
                    TransportFailure::Timeout => ErrorKind::Timeout,
                    TransportFailure::InvalidRequest => ErrorKind::InvalidInput,
                    TransportFailure::Interrupted => ErrorKind::Interrupted,
                };
                let mut error = Self::new(kind, operation);
                error.0.retryable = kind != ErrorKind::Tls && kind != ErrorKind::InvalidInput;
                error.0.may_have_reached = may_have_reached;
                // The operation's name says what the address would.
                error.with_source(source.without_url())
            }
            RawError::InvalidRequest(message) | RawError::Custom(message) => {
                Self::new(ErrorKind::InvalidInput, operation).with_source(message)
            }
            RawError::ErrorResponse(_)
            | RawError::InvalidResponsePayload(..)
            | RawError::UnexpectedResponse(_) => Self::new(ErrorKind::InvalidResponse, operation),
        }
    }

    fn is_signature_failure(&self) -> bool {
        self.status() == Some(401) && self.code().is_some_and(|code| code.ends_with(".0301"))
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

    /// How many attempts were made; 0 if nothing was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Everything that is wrong with the input; empty for other kinds.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.0.problems
    }

    /// The HTTP status of the answer; of IAM's, where it refused a login.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.0.response {
            Some(response) => Some(response.raw.status.as_u16()),
            None => self.0.credentials.as_ref()?.status(),
        }
    }

    /// The error code of the service, the gateway or IAM, such as `DBSS.10020131`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match &self.0.response {
            Some(response) => response.body.code.as_deref(),
            None => self.0.credentials.as_ref()?.code(),
        }
    }

    /// The error message of the service, the gateway or IAM.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match &self.0.response {
            Some(response) => response.body.message.as_deref(),
            None => self.0.credentials.as_ref()?.message(),
        }
    }

    /// The id of the request, from the header or the body of the answer.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match &self.0.response {
            Some(response) => response.body.request_id.as_deref(),
            None => self.0.credentials.as_ref()?.request_id(),
        }
    }

    /// The details of the answer, each with a code and a message.
    #[must_use]
    pub fn details(&self) -> &[ErrorDetail] {
        self.0
            .response
            .as_ref()
            .map(|response| response.body.details.as_slice())
            .unwrap_or_default()
    }

    /// The encoded authorization message of the answer, which STS can decode.
    #[must_use]
    pub fn encoded_authorization_message(&self) -> Option<&str> {
        self.0.response.as_ref()?.body.encoded_authorization_message.as_deref()
    }

    /// The body of the answer as it came, up to the limit of the client.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        Some(&self.0.response.as_ref()?.raw.body)
    }

    /// Whether the answer was longer than [`body`](Self::body) is.
    #[must_use]
    pub fn is_body_truncated(&self) -> bool {
        self.0.response.as_ref().is_some_and(|response| response.raw.truncated)
    }

    /// Whether the request may have reached the service, so that the operation
    /// may have had effect although the call failed.
    #[must_use]
    pub fn may_have_reached_service(&self) -> bool {
        self.0.may_have_reached
    }

    /// Whether the operation may have taken effect although the call failed: an
    /// attempt was carried out, or nobody can tell that it was not.
    ///
    /// It is not so of attempts that did not reach the service, or that it refused,
    /// throttled or sent elsewhere: any status from 300 to 499, except 408. Doubt
    /// that one attempt left is not lost by a later one.
    #[must_use]
    pub fn may_have_taken_effect(&self) -> bool {
        self.0.may_have_taken_effect
    }

    /// Whether the same call may succeed later; the client has already tried as
    /// often as its policy says. After [`may_have_reached_service`], only an
    /// idempotent operation should be repeated.
    ///
    /// [`may_have_reached_service`]: Self::may_have_reached_service
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match (&self.0.kind, &self.0.credentials) {
            (ErrorKind::Credentials, Some(error)) => error.is_retryable(),
            _ => self.0.retryable,
        }
    }

    /// Whether the service asks to be called less often.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.status() == Some(429) || self.code().is_some_and(|code| code.ends_with(".0308"))
    }

    /// Whether the caller's right is in question: no credentials, credentials
    /// that are refused, or a permission that is missing.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.0.kind == ErrorKind::Credentials || matches!(self.status(), Some(401 | 403))
    }

    /// What the documents advise for the code of the answer, if they know it.
    #[must_use]
    pub fn advice(&self) -> Option<&'static str> {
        if self.0.skew.is_some() {
            return Some("set the clock of this machine");
        }
        advice::of(self.code()?, self.message())
    }

    /// How far this machine's clock is from the service's, where a signature was
    /// refused and it is more than the service puts up with.
    #[must_use]
    pub fn clock_skew(&self) -> Option<Duration> {
        Some(self.0.skew?.0)
    }
}

impl From<CredentialsError> for Error {
    fn from(error: CredentialsError) -> Self {
        let mut outer = Self::new(ErrorKind::Credentials, None);
        outer.0.credentials = Some(error);
        outer
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match (&self.0.source, &self.0.credentials) {
            (Some(source), _) => Some(source.as_ref()),
            (None, Some(credentials)) => Some(credentials),
            (None, None) => None,
        }
    }
}
