//! The error of every call.

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
pub use self::outcome::Outcome;
use self::outcome::Reported;
use self::response::ErrorResponse;

/// Why a call failed, or a client could not be built.
///
/// All operations have this error type. `Display` can be shown to users; the methods
/// return the parts. It never contains a secret of the client.
/// [`docs::errors`](crate::docs::errors) explains each kind.
///
/// ```no_run
/// # async fn example(client: dbss_client::Client) {
/// use dbss_client::ErrorKind;
///
/// let call = client.stop_audit_instance().instance_id("1d07f606-92d2-441c-b05c-dca47e180552");
/// if let Err(error) = call.await {
///     eprintln!("{error}");
///     for problem in error.problems() {
///         eprintln!("input `{}` {}", problem.field(), problem.message());
///     }
///     if error.kind() == ErrorKind::Api {
///         eprintln!("status {:?}, code {:?}, request {:?}", error.status(), error.code(), error.request_id());
///     }
///     if error.may_have_taken_effect() {
///         eprintln!("the instance may be stopping all the same");
///     }
/// }
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<&'static str>,
    attempts: u32,
    problems: Vec<Problem>,
    response: Option<ErrorResponse>,
    failed: Option<Reported>,
    /// The difference between the clocks, and whether this machine's is ahead.
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

    /// The same error after that many attempts, and whether one of them may have taken
    /// effect.
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

    /// The timeout passed before the request of the call was sent.
    pub(crate) fn timed_out(operation: &'static str) -> Self {
        let mut error = Self::new(ErrorKind::Timeout, Some(operation));
        error.0.retryable = true;
        error
    }

    /// The HTTP client cannot be built.
    pub(crate) fn setup(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ErrorKind::InvalidInput, None).with_source(source)
    }

    pub(crate) fn failed_outcome(
        operation: &'static str,
        found: Reported,
        response: RawResponse,
    ) -> Self {
        let mut error =
            Self::new(ErrorKind::FailedOutcome, Some(operation)).with_response(response);
        error.0.failed = Some(found);
        error
    }

    /// A success response that does not match the contract.
    pub(crate) fn invalid_response(operation: &'static str, response: RawResponse) -> Self {
        Self::new(ErrorKind::InvalidResponse, Some(operation)).with_response(response)
    }

    /// The last response of a call that did not succeed.
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
        // If a new identity was needed and there was none, that is the cause.
        error.0.credentials = credentials;
        if error.is_signature_failure() {
            error.0.skew =
                error.0.response.as_ref().and_then(|response| response.skew(clock.now()));
        }
        error
    }

    /// A call without a response.
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
                // The address adds nothing to the name of the operation.
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

    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The `operationId` of the operation that was called; `None` if there was no call.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// How many attempts were made; 0 if nothing was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// All problems of the inputs; empty for other kinds.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.0.problems
    }

    /// The HTTP status of the response, or of IAM's if it rejected a login.
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

    /// The request id, from the header or the body of the response. Huawei's support asks for
    /// it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match &self.0.response {
            Some(response) => response.body.request_id.as_deref(),
            None => self.0.credentials.as_ref()?.request_id(),
        }
    }

    /// The details in the body of the response, each with a code and a message.
    #[must_use]
    pub fn details(&self) -> &[ErrorDetail] {
        self.0
            .response
            .as_ref()
            .map(|response| response.body.details.as_slice())
            .unwrap_or_default()
    }

    /// The encoded authorization message of the response, which IAM's token service (STS)
    /// can decode.
    #[must_use]
    pub fn encoded_authorization_message(&self) -> Option<&str> {
        self.0.response.as_ref()?.body.encoded_authorization_message.as_deref()
    }

    /// The body of the response as received, up to the client's
    /// [limit](crate::ClientBuilder::max_response_bytes); `None` if there was no response.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        Some(&self.0.response.as_ref()?.raw.body)
    }

    /// The body of the response as received, by value; see [`body`](Self::body).
    #[must_use]
    pub fn into_body(self) -> Option<Vec<u8>> {
        Some(self.0.response?.raw.body.into())
    }

    /// Whether the response body was longer than [`body`](Self::body).
    #[must_use]
    pub fn is_body_truncated(&self) -> bool {
        self.0.response.as_ref().is_some_and(|response| response.raw.truncated)
    }

    /// Whether an attempt may have reached the service. That does not mean that it had an
    /// effect; see [`may_have_taken_effect`](Self::may_have_taken_effect).
    #[must_use]
    pub fn may_have_reached_service(&self) -> bool {
        self.0.may_have_reached
    }

    /// Whether the operation may have taken effect although the call failed: an attempt
    /// took effect, or it is unknown whether it did.
    ///
    /// False for attempts that did not reach the service, and for those that were
    /// refused, throttled or redirected: any status from 300 to 499, except 408. True if
    /// it is true for one of the attempts, whatever the later ones were.
    #[must_use]
    pub fn may_have_taken_effect(&self) -> bool {
        self.0.may_have_taken_effect
    }

    /// Whether the same call may succeed later. The client has already retried it as its
    /// policy allows. If [`may_have_taken_effect`] returns true, repeat the call only if the
    /// operation is idempotent.
    ///
    /// [`may_have_taken_effect`]: Self::may_have_taken_effect
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match (&self.0.kind, &self.0.credentials) {
            (ErrorKind::Credentials, Some(error)) => error.is_retryable(),
            _ => self.0.retryable,
        }
    }

    /// Whether the service throttled the call.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.status() == Some(429) || self.code().is_some_and(|code| code.ends_with(".0308"))
    }

    /// Whether authentication or authorization failed: there are no credentials, they
    /// were refused, or a permission is missing.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.0.kind == ErrorKind::Credentials || matches!(self.status(), Some(401 | 403))
    }

    /// What Huawei's documentation advises for the error code, if it lists the code.
    #[must_use]
    pub fn advice(&self) -> Option<&'static str> {
        if self.0.skew.is_some() {
            return Some("set the clock of this machine");
        }
        advice::of(self.code()?, self.message())
    }

    /// The absolute difference between this machine's clock and the service's, if a
    /// signature was refused and the difference is more than the service tolerates.
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
