//! An answer that is not what the caller wanted, whatever it looks like.

use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value};

use crate::retry;
use crate::runtime::{Received, request_id};

/// One entry of an error answer's `details`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// Its error code.
    pub code: Option<String>,
    /// Its error message.
    pub message: Option<String>,
}

/// What could be read from an answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) details: Vec<ErrorDetail>,
    pub(super) encoded_authorization_message: Option<String>,
    pub(super) body: Bytes,
    pub(super) truncated: bool,
    /// What the answer says its body is.
    content_type: Option<String>,
    /// The time of day at the service.
    date: Option<SystemTime>,
}

const CODES: [&str; 3] = ["error_code", "errorCode", "code"];
const MESSAGES: [&str; 4] = ["error_msg", "errorMsg", "errorMessage", "message"];

/// The difference of clocks that the gateway puts up with.
const SKEW_LIMIT: Duration = Duration::from_secs(15 * 60);

impl Answer {
    /// Reads whichever of the known shapes the body has: flat as the v2
    /// operation documents it, nested as the v1 operation does, the gateway's or
    /// IAM's. The outermost value of each part wins.
    pub(super) fn read(received: Received) -> Self {
        let Received { status, headers, body, truncated } = received;
        let parsed = parse(&body);
        let outer = parsed.as_object();
        let levels = || {
            let inner = outer.into_iter().flat_map(Map::values).filter_map(Value::as_object);
            outer.into_iter().chain(inner)
        };
        let part = |names: &[&str]| {
            levels().find_map(|level| names.iter().find_map(|name| text(level.get(*name)?)))
        };
        let plain = || text(outer?.get("error")?);
        let details = levels().find_map(|level| level.get("details")?.as_array());
        Self {
            status,
            code: part(&CODES),
            message: part(&MESSAGES).or_else(plain),
            request_id: request_id(&headers)
                .map(str::to_owned)
                .or_else(|| part(&["request_id", "requestId"])),
            details: details.into_iter().flatten().filter_map(detail).collect(),
            encoded_authorization_message: part(&[
                "encoded_authorization_message",
                "encodedAuthorizationMessage",
            ]),
            body,
            truncated,
            content_type: headers
                .get(http::header::CONTENT_TYPE)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
            date: retry::service_time(&headers),
        }
    }

    /// How far apart the clocks are, if that is more than the gateway puts up
    /// with; and whether this machine's is ahead.
    pub(super) fn skew(&self, now: SystemTime) -> Option<(Duration, bool)> {
        let date = self.date?;
        let (apart, ahead) = match now.duration_since(date) {
            Ok(apart) => (apart, true),
            Err(error) => (error.duration(), false),
        };
        (apart > SKEW_LIMIT).then_some((apart, ahead))
    }

    /// Adds status, code, message and request id to the sentence that is begun.
    pub(super) fn describe(&self, sentence: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", if sentence { "" } else { " (status" }, self.status)?;
        if let Some(code) = &self.code {
            write!(f, ": {}", shown(code))?;
        }
        if let Some(message) = &self.message {
            write!(f, ": {}", shown(message))?;
        }
        if self.code.is_none() && self.message.is_none() {
            match (&self.content_type, self.body.is_empty()) {
                (_, true) => f.write_str(", with an empty body")?,
                (Some(kind), false) => write!(f, ", with a body of type {}", shown(kind))?,
                (None, false) => f.write_str(", with a body of no type")?,
            }
        }
        if self.truncated {
            write!(f, ", cut at {} bytes", self.body.len())?;
        }
        if !sentence {
            f.write_str(")")?;
        }
        match &self.request_id {
            Some(id) => write!(f, " (request id {})", shown(id)),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("code", &self.code)
            .field("message", &self.message)
            .field("request_id", &self.request_id)
            .field("details", &self.details)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}

/// Text of an answer on one line of a sensible length.
fn shown(text: &str) -> String {
    const LONGEST: usize = 500;
    let escape =
        |c: char| if c.is_control() { c.escape_debug().to_string() } else { c.to_string() };
    let mut shown: String = text.chars().take(LONGEST).map(escape).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// The body as JSON, forgiving what does not keep it from being read: a byte
/// order mark, bytes that are no UTF-8.
fn parse(body: &[u8]) -> Value {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    serde_json::from_slice(body)
        .or_else(|_| serde_json::from_str(&String::from_utf8_lossy(body)))
        .unwrap_or(Value::Null)
}

fn detail(value: &Value) -> Option<ErrorDetail> {
    let fields = value.as_object()?;
    let part = |names: &[&str]| names.iter().find_map(|name| text(fields.get(*name)?));
    Some(ErrorDetail { code: part(&CODES), message: part(&MESSAGES) })
}

/// Text, or a number as text; nothing for what is empty.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
