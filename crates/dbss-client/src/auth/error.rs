//! Why there is nothing to authenticate with.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use http::StatusCode;

use crate::http::Failure;

/// Why credentials could not be had: none are configured, they do not fit, or IAM
/// did not give a token or a project.
///
/// `Display` says what to do, and never holds a secret. Clones are one error,
/// since one login serves many calls.
#[derive(Clone)]
pub struct CredentialsError(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    what: String,
    help: &'static str,
    answer: Option<IamAnswer>,
    kind: Kind,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// How it failed, as far as that tells whether to try again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lasting,
    Passing,
    Connect,
    Timeout,
}

/// What IAM, or the gateway before it, said instead of what was asked for.
#[derive(Clone, Debug)]
pub(crate) struct IamAnswer {
    pub(crate) status: StatusCode,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
}

impl CredentialsError {
    /// An error of one's own [provider](crate::ProvideCredentials). The message is
    /// shown to users: it must not hold a secret.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            what: message.into(),
            help: "",
            answer: None,
            kind: Kind::Lasting,
            source: None,
        }))
    }

    /// Keeps what caused it; see [`source`](StdError::source).
    #[must_use]
    pub fn caused_by(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.with(|inner| inner.source = Some(Arc::from(source.into())))
    }

    /// Says that another attempt may succeed.
    #[must_use]
    pub fn retryable(self) -> Self {
        self.with(|inner| inner.kind = Kind::Passing)
    }

    /// The HTTP status that IAM answered with, if it answered.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.answer.as_ref().map(|answer| answer.status.as_u16())
    }

    /// IAM's error code; a number as text, as in `401`, or the gateway's, as in
    /// `APIGW.0301`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.answer.as_ref()?.code.as_deref()
    }

    /// IAM's error message.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.answer.as_ref()?.message.as_deref()
    }

    /// The id of the request to IAM, which its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.answer.as_ref()?.request_id.as_deref()
    }

    /// Whether another attempt may succeed: IAM could not be reached, took too
    /// long, throttled the call or had trouble of its own. Never for a refusal,
    /// since wrong passwords and wrong signatures lock accounts and keys.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.kind != Kind::Lasting
    }

    /// Whether IAM could not be connected to.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind == Kind::Connect
    }

    /// Whether IAM took too long.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == Kind::Timeout
    }

    /// What to do about it, shown in parentheses.
    pub(crate) fn help(self, help: &'static str) -> Self {
        self.with(|inner| inner.help = help)
    }

    /// IAM answered something else.
    pub(crate) fn answered(what: impl Into<String>, answer: IamAnswer) -> Self {
        let passing = matches!(answer.status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504);
        Self::new(what).with(|inner| {
            inner.kind = if passing { Kind::Passing } else { Kind::Lasting };
            inner.answer = Some(answer);
        })
    }

    /// IAM did not answer.
    pub(crate) fn unanswered(what: impl Into<String>, source: reqwest::Error) -> Self {
        let kind = match Failure::of(&source) {
            // A time limit that passed while connecting is one all the same.
            _ if source.is_timeout() => Kind::Timeout,
            Failure::Connect | Failure::Tls => Kind::Connect,
            Failure::Unbuilt => Kind::Lasting,
            Failure::Timeout | Failure::Interrupted => Kind::Passing,
        };
        Self::new(what).caused_by(source.without_url()).with(|inner| inner.kind = kind)
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
        if let Some(IamAnswer { status, code, message, request_id }) = &self.0.answer {
            write!(f, ": {status}")?;
            // IAM's own code repeats the status.
            if let Some(code) = code.as_deref().filter(|code| *code != status.as_str()) {
                write!(f, ": {}", code.escape_debug())?;
            }
            if let Some(message) = message {
                write!(f, ": {}", message.escape_debug())?;
            }
            if let Some(id) = request_id {
                write!(f, " (request id {})", id.escape_debug())?;
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

    fn answer(status: u16) -> IamAnswer {
        IamAnswer {
            status: StatusCode::from_u16(status).unwrap_or_default(),
            code: Some("401".into()),
            message: Some("The username or password is wrong.".into()),
            request_id: Some("trace-1".into()),
        }
    }

    #[test]
    fn it_says_what_happened_what_iam_said_and_what_to_do() {
        let error = CredentialsError::answered("IAM refused the login", answer(401)).help("ask");
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
    fn refusals_are_not_tried_again() {
        for (status, retryable) in
            [(400, false), (401, false), (403, false), (302, false), (429, true), (503, true)]
        {
            let error = CredentialsError::answered("no", answer(status));
            assert_eq!(error.is_retryable(), retryable, "{status}");
        }
    }

    #[test]
    fn a_provider_can_tell_the_cause_and_that_it_passes() {
        let error = CredentialsError::new("the vault is sealed")
            .caused_by(std::io::Error::other("no key"))
            .retryable();
        let copy = error.clone();
        assert!(copy.is_retryable() && !copy.is_connect() && !copy.is_timeout());
        assert_eq!(copy.source().map(ToString::to_string).as_deref(), Some("no key"));
        assert_eq!(copy.to_string(), "the vault is sealed");
        assert!(!CredentialsError::new("no").is_retryable());
    }
}
