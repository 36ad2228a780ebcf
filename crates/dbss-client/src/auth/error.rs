//! The error of credentials.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};

use crate::http::headers::service_time;
use crate::http::{TransportFailure, TransportFailureKind};
use crate::text::escaped;

/// Why there are no credentials: none are configured, they are invalid, or IAM did not
/// return a token or a project.
///
/// `Display` says what to do and never contains a secret. Clones share one error, since
/// one login serves many calls.
#[derive(Clone)]
pub struct CredentialsError(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    what: String,
    help: &'static str,
    response: Option<IamErrorResponse>,
    kind: FailureKind,
    transport: Option<TransportFailure>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// How it failed, which decides whether another attempt may succeed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FailureKind {
    /// They are missing or invalid, or IAM refused them.
    Permanent,
    Transient,
    Connect,
    Tls,
    Timeout,
}

/// An error response of IAM or of the gateway before it.
#[derive(Clone, Debug)]
pub(crate) struct IamErrorResponse {
    pub(crate) status: StatusCode,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    /// Of a body that is not JSON, such as a page of a proxy.
    pub(crate) page_title: Option<String>,
    pub(crate) encoding: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) headers: HeaderMap,
    /// How long IAM asks to wait.
    pub(crate) retry_after: Option<Duration>,
    /// The time of day here when it was received.
    pub(crate) received_at: SystemTime,
}

impl IamErrorResponse {
    /// Whether a response of that status refuses nothing: the same request may succeed
    /// later.
    pub(crate) fn is_transient(status: StatusCode) -> bool {
        matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
    }
}

impl CredentialsError {
    /// An error of a [credentials provider](crate::ProvideCredentials). The message is
    /// shown to users and must not contain a secret.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            what: message.into(),
            help: "",
            response: None,
            kind: FailureKind::Permanent,
            transport: None,
            source: None,
        }))
    }

    /// Adds the cause; see [`source`](StdError::source).
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.with(|inner| inner.source = Some(Arc::from(source.into())))
    }

    /// Sets whether another attempt may succeed; see [`is_retryable`](Self::is_retryable).
    /// Default: false.
    #[must_use]
    pub fn with_retryable(self, retryable: bool) -> Self {
        let kind = if retryable { FailureKind::Transient } else { FailureKind::Permanent };
        self.with(|inner| inner.kind = kind)
    }

    /// The HTTP status of IAM's response, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.response.as_ref().map(|response| response.status.as_u16())
    }

    /// The error code of IAM, such as `401`, or of the gateway, such as `APIGW.0301`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.response.as_ref()?.code.as_deref()
    }

    /// The error message of IAM.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.response.as_ref()?.message.as_deref()
    }

    /// The request id at IAM, which Huawei's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.response.as_ref()?.request_id.as_deref()
    }

    /// The title of the page that was sent in place of IAM's response.
    pub(crate) fn page_title(&self) -> Option<&str> {
        self.0.response.as_ref()?.page_title.as_deref()
    }

    /// A header of IAM's response.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.0.response.as_ref()?.headers.get(name)?.to_str().ok()
    }

    /// Whether another attempt may succeed: IAM could not be reached, did not respond in
    /// time, throttled the request or had an internal error, or a custom provider
    /// [said so](Self::with_retryable). Never if IAM rejected the
    /// credentials, since wrong passwords and wrong signatures lock accounts and keys.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self.0.kind, FailureKind::Transient | FailureKind::Connect | FailureKind::Timeout)
    }

    /// Whether no connection to IAM was established, or none with TLS.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(self.0.kind, FailureKind::Connect | FailureKind::Tls)
    }

    /// Whether IAM did not respond in time.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == FailureKind::Timeout
    }

    /// How the request to IAM failed, if there was no response.
    #[must_use]
    pub fn transport_failure(&self) -> Option<&TransportFailure> {
        self.0.transport.as_ref()
    }

    /// Whether the credentials may be all right: nobody refused them, and they are not
    /// known to be missing.
    pub(crate) fn is_unavailable(&self) -> bool {
        self.0.kind != FailureKind::Permanent
    }

    /// How long IAM asks to wait.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.0.response.as_ref()?.retry_after
    }

    /// The time of day here and at IAM when it responded.
    pub(crate) fn times(&self) -> Option<(SystemTime, SystemTime)> {
        let response = self.0.response.as_ref()?;
        Some((response.received_at, service_time(&response.headers)?))
    }

    /// What to do about it, shown in parentheses.
    pub(crate) fn help(self, help: &'static str) -> Self {
        self.with(|inner| inner.help = help)
    }

    /// IAM sent an error response.
    pub(crate) fn error_response(what: impl Into<String>, response: IamErrorResponse) -> Self {
        let transient = IamErrorResponse::is_transient(response.status);
        Self::new(what).with(|inner| {
            inner.kind = if transient { FailureKind::Transient } else { FailureKind::Permanent };
            inner.response = Some(response);
        })
    }

    /// IAM did not respond.
    pub(crate) fn no_response(
        what: &str,
        failure: TransportFailure,
        source: Option<reqwest::Error>,
    ) -> Self {
        let kind = match failure.kind() {
            TransportFailureKind::Connect => FailureKind::Connect,
            TransportFailureKind::Tls => FailureKind::Tls,
            TransportFailureKind::Timeout => FailureKind::Timeout,
            TransportFailureKind::Interrupted => FailureKind::Transient,
            TransportFailureKind::InvalidRequest => FailureKind::Permanent,
        };
        Self::new(format!("{what}: {failure}")).with(|inner| {
            inner.kind = kind;
            inner.transport = Some(failure);
            // The failure has the address.
            inner.source = source.map(|source| Arc::new(source.without_url()) as _);
        })
    }

    /// The time limit of the call passed, and nobody is known who did not respond.
    pub(crate) fn timed_out() -> Self {
        Self::new("no credentials within the time limit of the call")
            .with(|inner| inner.kind = FailureKind::Timeout)
    }

    fn with(self, change: impl FnOnce(&mut Inner)) -> Self {
        let mut inner = Arc::unwrap_or_clone(self.0);
        change(&mut inner);
        Self(Arc::new(inner))
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.what)?;
        if let Some(response) = &self.0.response {
            let IamErrorResponse { status, code, message, page_title, encoding, .. } = response;
            write!(f, ": {status}")?;
            // IAM's own code repeats the status.
            if let Some(code) = code.as_deref().filter(|code| *code != status.as_str()) {
                write!(f, ": {}", escaped(code))?;
            }
            if let Some(message) = message {
                write!(f, ": {}", escaped(message))?;
            }
            if let Some(title) = page_title {
                write!(f, ", with a page titled `{}`", escaped(title))?;
            }
            if let Some(encoding) = encoding {
                let encoding = escaped(encoding);
                write!(f, ", with a body in the encoding {encoding}, which was not asked for")?;
            }
            if let Some(id) = &response.request_id {
                write!(f, " (request id {})", escaped(id))?;
            }
        }
        if self.0.help.is_empty() { Ok(()) } else { write!(f, " ({})", self.0.help) }
    }
}

impl fmt::Debug for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialsError")
            .field("message", &self.to_string())
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for CredentialsError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| source.as_ref() as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16) -> IamErrorResponse {
        IamErrorResponse {
            status: StatusCode::from_u16(status).unwrap_or_default(),
            code: Some("401".into()),
            message: Some("The username or password is wrong.".into()),
            page_title: None,
            encoding: None,
            request_id: Some("trace-1".into()),
            retry_after: None,
            headers: HeaderMap::new(),
            received_at: SystemTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn displays_cause_iam_response_and_help() {
        let error =
            CredentialsError::error_response("IAM refused the login", response(401)).help("ask");
        assert_eq!(
            error.to_string(),
            "IAM refused the login: 401 Unauthorized: The username or password is wrong. \
             (request id trace-1) (ask)"
        );
        assert_eq!((error.status(), error.code()), (Some(401), Some("401")));
        assert_eq!(error.message(), Some("The username or password is wrong."));
        assert_eq!(error.request_id(), Some("trace-1"));
    }

    #[test]
    fn retries_throttling_and_server_errors_but_not_rejections() {
        for (status, retryable) in
            [(400, false), (401, false), (403, false), (302, false), (429, true), (503, true)]
        {
            let error = CredentialsError::error_response("no", response(status));
            assert_eq!(error.is_retryable(), retryable, "{status}");
        }
    }

    #[test]
    fn keeps_source_and_retryable_of_provider_errors() {
        let error = CredentialsError::new("the vault is sealed")
            .with_source(std::io::Error::other("no key"))
            .with_retryable(true);
        let copy = error.clone();
        assert!(copy.is_retryable() && !copy.is_connect() && !copy.is_timeout());
        assert_eq!(copy.source().map(ToString::to_string).as_deref(), Some("no key"));
        assert_eq!(copy.to_string(), "the vault is sealed");
        assert!(!CredentialsError::new("no").is_retryable());
    }
}
