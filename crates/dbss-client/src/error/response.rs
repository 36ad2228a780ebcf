//! The response that an error is about.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::header::CONTENT_TYPE;

use crate::http::headers::{retry_after, service_time};
use crate::http::{ErrorBody, RawResponse};

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
            match (self.content_type(), self.raw.body.is_empty()) {
                (_, true) => f.write_str(", with an empty body")?,
                (Some(kind), false) => write!(f, ", with a body of type {}", shown(kind))?,
                (None, false) => f.write_str(", with a body of no type")?,
            }
        }
        if self.raw.truncated {
            write!(f, ", cut at {} bytes", self.raw.body.len())?;
        }
        if !sentence {
            f.write_str(")")?;
        }
        match &self.body.request_id {
            Some(id) => write!(f, " (request id {})", shown(id)),
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

/// Text of a response, on one line and truncated.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 500;
    let escape =
        |c: char| if c.is_control() { c.escape_debug().to_string() } else { c.to_string() };
    let mut shown: String = text.chars().take(LONGEST).map(escape).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
