//! The response that an error is about.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::header::CONTENT_TYPE;

use crate::http::headers::{retry_after, service_time};
use crate::http::{ErrorBody, RawResponse};
use crate::text::escaped;

/// A response, and what was read from its body.
pub(super) struct ErrorResponse {
    pub(super) raw: RawResponse,
    pub(super) body: ErrorBody,
}

impl ErrorResponse {
    pub(super) fn read(response: RawResponse) -> Self {
        Self { body: ErrorBody::read(&response), raw: response }
    }

    /// The time of day at the service.
    pub(super) fn service_time(&self) -> Option<SystemTime> {
        service_time(&self.raw.headers)
    }

    /// How long the service asks to wait before another attempt.
    pub(super) fn retry_after(&self, now: SystemTime) -> Option<Duration> {
        retry_after(&self.raw.headers, now)
    }

    /// Appends status, code, message and request id to the message that was started.
    pub(super) fn describe(&self, sentence: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", if sentence { "" } else { " (status" }, self.raw.status)?;
        if let Some(code) = &self.body.code {
            write!(f, ": {}", shown(code))?;
        }
        if let Some(message) = &self.body.message {
            write!(f, ": {}", shown(message))?;
        }
        if self.body.code.is_none() && self.body.message.is_none() {
            self.describe_body(f)?;
        }
        if self.raw.truncated {
            let length = self.raw.body.len();
            write!(f, ", cut at {length} byte{}", if length == 1 { "" } else { "s" })?;
        }
        if !sentence {
            f.write_str(")")?;
        }
        match &self.body.request_id {
            Some(id) => write!(f, " (request id {})", shown(id)),
            None => Ok(()),
        }
    }

    /// Appends what can be said of a body without a code and a message.
    fn describe_body(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.raw.body.is_empty() {
            return f.write_str(", with an empty body");
        }
        let other = self.body.other.as_ref();
        if let Some(encoding) = other.and_then(|other| other.encoding.as_deref()) {
            let encoding = shown(encoding);
            return write!(f, ", with a body in the encoding {encoding}, which was not asked for");
        }
        if let Some(title) = other.and_then(|other| other.title.as_deref()) {
            return write!(f, ", with a page titled `{}`", shown(title));
        }
        match self.content_type() {
            Some(kind) => write!(f, ", with a body of type {}", shown(kind))?,
            None => f.write_str(", with a body of no type")?,
        }
        match other.and_then(|other| other.excerpt.as_deref()) {
            Some(excerpt) => write!(f, " that begins with `{}`", shown(excerpt)),
            None => Ok(()),
        }
    }

    /// The `Content-Type` of the response.
    fn content_type(&self) -> Option<&str> {
        self.raw.headers.get(CONTENT_TYPE)?.to_str().ok()
    }
}

impl fmt::Debug for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorResponse")
            .field("status", &self.raw.status)
            .field("code", &self.body.code)
            .field("message", &self.body.message)
            .field("request_id", &self.body.request_id)
            .field("details", &self.body.details)
            .field("body", &format_args!("{} bytes", self.raw.body.len()))
            .finish_non_exhaustive()
    }
}

/// Text of a response, escaped, on one line and truncated.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 500;
    match text.char_indices().nth(LONGEST) {
        None => escaped(text).into_owned(),
        Some((end, _)) => escaped(text.get(..end).unwrap_or_default()).into_owned() + "…",
    }
}
