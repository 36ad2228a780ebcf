//! A command that failed, for people and for scripts.

use std::fmt::Write as _;
use std::io;

use dbss_client::descriptor::Operation;
use dbss_client::{Error, ErrorKind};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::colour::{ASIDE, BAD, CAREFUL};
use crate::invocation::Deed;
use crate::progress::Progress;
use crate::screen::plain;

/// Why there is no result. Serialized, it is the `error` that scripts get.
#[derive(Serialize)]
pub(crate) struct Failure(#[serde(serialize_with = "boxed")] Box<Parts>);

#[derive(Serialize)]
struct Parts {
    #[serde(serialize_with = "word")]
    kind: ErrorKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<Detail>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoded_authorization_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    /// The sentence for people.
    #[serde(skip)]
    sentence: String,
    #[serde(skip)]
    deed: Option<Deed>,
    #[serde(skip)]
    may_have_had_effect: bool,
}

#[derive(Serialize)]
struct Detail {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl Failure {
    /// A failure of this command's own.
    pub(crate) fn new(kind: ErrorKind, sentence: impl Into<String>) -> Self {
        let sentence = sentence.into();
        Self(Box::new(Parts {
            kind,
            operation: None,
            status: None,
            code: None,
            message: sentence.clone(),
            request_id: None,
            details: Vec::new(),
            encoded_authorization_message: None,
            attempts: None,
            body: None,
            sentence,
            deed: None,
            may_have_had_effect: false,
        }))
    }

    /// A failure of the client's, in its own words or in these.
    pub(crate) fn of(error: &Error, kind: ErrorKind, words: Option<String>) -> Self {
        let words = words.unwrap_or_else(|| match cause(error) {
            Some(cause) => format!("{error}; cause: {cause}"),
            None => error.to_string(),
        });
        let mut failure = Self::new(kind, words);
        let parts = failure.0.as_mut();
        parts.operation = error.operation();
        parts.status = error.status();
        parts.code = error.code().map(str::to_owned);
        if let Some(message) = error.message() {
            message.clone_into(&mut parts.message);
        }
        parts.request_id = error.request_id().map(str::to_owned);
        let details = error.details().iter();
        parts.details = details
            .map(|detail| Detail { code: detail.code.clone(), message: detail.message.clone() })
            .collect();
        parts.encoded_authorization_message =
            error.encoded_authorization_message().map(str::to_owned);
        parts.attempts = Some(error.attempts());
        parts.body = error.body().filter(|body| !body.is_empty()).map(|body| {
            let text = || Value::String(String::from_utf8_lossy(body).into_owned());
            serde_json::from_slice(body).unwrap_or_else(|_| text())
        });
        failure
    }

    /// The command was told to stop.
    pub(crate) fn interrupted(progress: &Progress) -> Self {
        let sentence = match (progress.attempts(), progress.may_have_had_effect()) {
            (0, _) => "interrupted before the request was sent",
            (_, true) => "interrupted; the request may have taken effect",
            (_, false) => "interrupted; no request has taken effect",
        };
        Self::new(ErrorKind::Interrupted, sentence)
    }

    /// The call is over, and nobody can be told what came of it.
    pub(crate) fn unwritten(error: &io::Error) -> Self {
        let sentence = format!("the result cannot be written to standard output: {error}");
        Self::new(ErrorKind::Interrupted, sentence)
    }

    /// Adds what was called, what was to be done, and whether it may have been.
    pub(crate) fn regarding(
        mut self,
        operation: &Operation,
        deed: Option<Deed>,
        progress: &Progress,
    ) -> Self {
        self.0.operation = Some(operation.id);
        self.0.attempts.get_or_insert(progress.attempts());
        self.0.deed = deed;
        self.0.may_have_had_effect = progress.may_have_had_effect();
        self
    }

    /// The exit code, which scripts can tell failures apart by.
    pub(crate) fn exit_code(&self) -> u8 {
        match self.0.kind {
            ErrorKind::Api | ErrorKind::FailedOutcome => 1,
            ErrorKind::InvalidInput => 2,
            ErrorKind::Credentials => 4,
            // Connect, Timeout, Tls, Interrupted, InvalidResponse: no usable answer.
            _ => 3,
        }
    }

    /// The sentence, and what became of what was to be done; styled.
    pub(crate) fn text(&self) -> String {
        let parts = self.0.as_ref();
        let mut text = format!("{}\n", plain(&parts.sentence));
        for Detail { code, message } in &parts.details {
            let known: Vec<_> = code.iter().chain(message).map(|text| plain(text)).collect();
            let _ = writeln!(text, "{ASIDE}detail{ASIDE:#}  {}", known.join(": "));
        }
        if let Some(message) = &parts.encoded_authorization_message {
            let message = plain(message);
            let _ = writeln!(text, "{ASIDE}encoded authorization message{ASIDE:#}  {message}");
        }
        let Some(Deed { words, ids }) = &parts.deed else { return text };
        let (style, word) = match (parts.kind, parts.may_have_had_effect) {
            (ErrorKind::FailedOutcome, _) => (BAD, "failed"),
            (_, true) => (CAREFUL, "unknown"),
            (_, false) => (BAD, words.not_done),
        };
        for id in ids {
            let _ = writeln!(text, "{style}{word}{style:#}  {}", plain(id));
        }
        text
    }
}

/// The last cause of a call without an answer, where it says more than the kind.
fn cause(error: &Error) -> Option<String> {
    if !matches!(error.kind(), ErrorKind::Connect | ErrorKind::Tls | ErrorKind::Interrupted) {
        return None;
    }
    let first = std::error::Error::source(error)?;
    let last = std::iter::successors(Some(first), |cause| cause.source()).last()?;
    Some(last.to_string())
}

fn boxed<S: Serializer>(parts: &Parts, serializer: S) -> Result<S::Ok, S::Error> {
    parts.serialize(serializer)
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn word<S: Serializer>(kind: &ErrorKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.as_str())
}
