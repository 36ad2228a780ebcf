//! The error of every call.

mod advice;
mod clock_skew;
mod display;
mod failed_attempt;
mod kind;
pub(crate) mod mismatch;
pub(crate) mod outcome;
mod response;

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use progenitor_client::Error as RawError;

use crate::auth::CredentialsError;
use crate::http::{ErrorDetail, RawResponse, TransportFailure};
use crate::input::Problem;
use crate::retry;
use crate::time::Clock;

pub(crate) use self::advice::is_code_of_gateway;
pub use self::clock_skew::ClockSkew;
pub(crate) use self::display::ApproximateDuration;
pub use self::failed_attempt::FailedAttempt;
pub use self::kind::ErrorKind;
pub use self::mismatch::Mismatch;
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
/// let call = client.stop_audit_instance_new().instance_id("1d07f606-92d2-441c-b05c-dca47e180552");
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
    mismatch: Option<Mismatch>,
    skew: Option<ClockSkew>,
    retry_after: Option<Duration>,
    /// Why the last attempt had no response.
    transport: Option<Box<TransportFailure>>,
    may_have_reached: bool,
    /// Whether the last attempt may have taken effect.
    may_have_taken_effect: bool,
    /// The first of the earlier attempts that may have.
    uncertain: Option<Box<FailedAttempt>>,
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
            mismatch: None,
            skew: None,
            retry_after: None,
            transport: None,
            may_have_reached: false,
            may_have_taken_effect: false,
            uncertain: None,
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

    /// The same error of a call of which an attempt may have reached the service.
    pub(crate) fn with_reached(mut self, may_have_reached: bool) -> Self {
        self.0.may_have_reached |= may_have_reached;
        self
    }

    /// The same error after that many attempts, of which an earlier one may have taken
    /// effect.
    pub(crate) fn with_attempts(
        mut self,
        attempts: u32,
        uncertain: Option<Box<FailedAttempt>>,
    ) -> Self {
        self.0.attempts = attempts;
        self.0.uncertain = uncertain;
        self
    }

    /// The same error of a call that only reads.
    pub(crate) fn without_effect(mut self) -> Self {
        self.0.may_have_taken_effect = false;
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
        // The service says that it did not do it.
        error.0.may_have_taken_effect = false;
        error
    }

    /// A success response that does not match the contract, and where.
    pub(crate) fn invalid_response(
        operation: &'static str,
        response: RawResponse,
        mismatch: Option<Mismatch>,
    ) -> Self {
        let mut error =
            Self::new(ErrorKind::InvalidResponse, Some(operation)).with_response(response);
        error.0.mismatch = mismatch;
        error
    }

    /// An item of a response that does not match the contract.
    pub(crate) fn undecodable(operation: &'static str, error: serde_json::Error) -> Self {
        Self::new(ErrorKind::InvalidResponse, Some(operation)).with_reached(true).with_source(error)
    }

    /// A response with a success status whose body is an error.
    pub(crate) fn error_in_success(operation: &'static str, response: RawResponse) -> Self {
        let mut error = Self::new(ErrorKind::Api, Some(operation)).with_response(response);
        // As for a reported failure.
        error.0.may_have_taken_effect = false;
        error
    }

    /// The last response of a call that did not succeed.
    pub(crate) fn error_response(
        operation: &'static str,
        response: RawResponse,
        retryable: bool,
        credentials: Option<CredentialsError>,
        clock: &Arc<dyn Clock>,
    ) -> Self {
        let mut error = Self::new(ErrorKind::Api, Some(operation)).with_response(response);
        error.0.retryable = retryable;
        // If a new identity was needed and there was none, that is the cause.
        error.0.credentials = credentials;
        error.0.skew =
            error.skew_between(|| Some((clock.now(), error.0.response.as_ref()?.service_time()?)));
        let response = error.0.response.as_ref();
        error.0.retry_after = response.and_then(|response| response.retry_after(clock.now()));
        error
    }

    /// A call without a response, whose raw call and last attempt failed in that way.
    pub(crate) fn no_response<E>(
        operation: &'static str,
        error: Option<RawError<E>>,
        failure: Option<Box<TransportFailure>>,
        credentials: Option<CredentialsError>,
    ) -> Self {
        if let Some(credentials) = credentials {
            return Self::credentials(operation, credentials);
        }
        let operation = Some(operation);
        match error {
            Some(
                RawError::CommunicationError(source)
                | RawError::ResponseBodyError(source)
                | RawError::InvalidUpgrade(source),
            ) => {
                let kind = failure.as_ref().map_or(ErrorKind::Interrupted, |it| it.kind().into());
                let mut error = Self::new(kind, operation);
                error.0.retryable = kind != ErrorKind::Tls && kind != ErrorKind::InvalidInput;
                error.0.may_have_taken_effect = failure
                    .as_ref()
                    .is_none_or(|failure| retry::may_have_taken_effect(Err(failure.kind())));
                error.0.transport = failure;
                // The failure has the address.
                error.with_source(source.without_url())
            }
            Some(RawError::InvalidRequest(message) | RawError::Custom(message)) => {
                Self::new(ErrorKind::InvalidInput, operation).with_source(message)
            }
            // The raw layer sees no response of a facade's call.
            None
            | Some(
                RawError::ErrorResponse(_)
                | RawError::InvalidResponsePayload(..)
                | RawError::UnexpectedResponse(_),
            ) => Self::new(ErrorKind::InvalidResponse, operation),
        }
    }

    /// The skew between the time here and at the peer that responded, if it refused a signature.
    fn skew_between(
        &self,
        times: impl FnOnce() -> Option<(SystemTime, SystemTime)>,
    ) -> Option<ClockSkew> {
        let is_signature = self.code().is_some_and(|code| code.ends_with(".0301"));
        let (here, there) = (is_signature && self.status() == Some(401)).then(times)??;
        ClockSkew::between(here, there)
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

    /// A header of the error response by name, if it is present and visible ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        match &self.0.response {
            Some(response) => response.raw.headers.get(name)?.to_str().ok(),
            None => self.0.credentials.as_ref()?.header(name),
        }
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

    /// Where a success response does not match the contract; only for errors of kind
    /// [`InvalidResponse`](ErrorKind::InvalidResponse) whose response has a documented status.
    #[must_use]
    pub fn mismatch(&self) -> Option<&Mismatch> {
        self.0.mismatch.as_ref()
    }

    /// The title of the page, if the response is an HTML page with a title, such as a proxy's.
    /// It is text of whoever sent the page.
    #[must_use]
    pub fn page_title(&self) -> Option<&str> {
        match &self.0.response {
            Some(response) => response.body.other.as_ref()?.title.as_deref(),
            None => self.0.credentials.as_ref()?.page_title(),
        }
    }

    /// The beginning of the body as text, up to 200 characters, if the body is not JSON. `None` if
    /// it is JSON, empty, or in a `Content-Encoding`, which the client does not ask for.
    #[must_use]
    pub fn body_excerpt(&self) -> Option<&str> {
        self.0.response.as_ref()?.body.other.as_ref()?.excerpt.as_deref()
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
    /// False for operations that only read, for attempts that did not reach the service, for
    /// those that were refused, throttled or redirected (any status from 300 to 499, except
    /// 408), and for those of which the service says that they failed
    /// ([`ErrorKind::FailedOutcome`]). True if it is true for one of the
    /// attempts, whatever the later ones were: see
    /// [`uncertain_attempt`](Self::uncertain_attempt).
    #[must_use]
    pub fn may_have_taken_effect(&self) -> bool {
        self.0.may_have_taken_effect || self.0.uncertain.is_some()
    }

    /// The first attempt that may have taken effect and was followed by another one. If the
    /// last attempt was refused, the refusal may be the response to a repetition of what was
    /// already done, as when something is stopped a second time.
    #[must_use]
    pub fn uncertain_attempt(&self) -> Option<&FailedAttempt> {
        self.0.uncertain.as_deref()
    }

    /// Why there was no response, if there was none: who was asked (the service, IAM or a
    /// proxy), host, port and reason.
    #[must_use]
    pub fn transport_failure(&self) -> Option<&TransportFailure> {
        let credentials = self.0.credentials.as_ref();
        self.0.transport.as_deref().or_else(|| credentials?.transport_failure())
    }

    /// How long the service asks to wait before another attempt: the `Retry-After` of the
    /// last response, or of IAM's. It may be longer than the client would wait; the longest
    /// time is `u64::MAX` seconds.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.0.response {
            Some(_) => self.0.retry_after,
            None => self.0.credentials.as_ref()?.retry_after(),
        }
    }

    /// Whether the same call may succeed later. The client has already retried it as its
    /// policy allows. If [`may_have_taken_effect`] returns true, repeat the call only if the
    /// operation is idempotent.
    ///
    /// [`may_have_taken_effect`]: Self::may_have_taken_effect
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match (&self.0.kind, &self.0.credentials) {
            (ErrorKind::Credentials | ErrorKind::CredentialsUnavailable, Some(error)) => {
                error.is_retryable()
            }
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

    /// How far this machine's clock and the service's, or IAM's, are apart, if a signature was
    /// refused and the difference is more than is tolerated.
    #[must_use]
    pub fn clock_skew(&self) -> Option<ClockSkew> {
        self.0.skew
    }
}

impl From<CredentialsError> for Error {
    fn from(error: CredentialsError) -> Self {
        let kind = if error.is_unavailable() {
            ErrorKind::CredentialsUnavailable
        } else {
            ErrorKind::Credentials
        };
        let mut outer = Self::new(kind, None);
        outer.0.credentials = Some(error);
        outer.0.skew = outer.skew_between(|| outer.0.credentials.as_ref()?.times());
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
