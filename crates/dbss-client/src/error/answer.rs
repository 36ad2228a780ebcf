//! An answer that is not what the caller wanted, whatever it looks like.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value};

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
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) details: Vec<ErrorDetail>,
    pub(super) encoded_authorization_message: Option<String>,
    pub(super) body: Bytes,
}

impl Answer {
    /// Reads whichever of the known shapes the body has: flat as the v2
    /// operation documents it, nested as the v1 operation does, the gateway's or
    /// IAM's; the outermost value of each part wins.
    pub(super) fn read(received: Received) -> Self {
        let Received { status, headers, body } = received;
        let parsed = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let outer = parsed.as_object();
        let levels = || {
            let inner = outer.into_iter().flat_map(Map::values).filter_map(Value::as_object);
            outer.into_iter().chain(inner)
        };
        let part = |names: &[&str]| {
            levels().find_map(|level| names.iter().find_map(|name| text(level.get(*name)?)))
        };
        let details = levels().find_map(|level| level.get("details")?.as_array());
        Self {
            status,
            code: part(&["error_code", "errorCode", "code"]),
            message: part(&["error_msg", "errorMsg", "message"]),
            request_id: request_id(&headers)
                .map(str::to_owned)
                .or_else(|| part(&["request_id", "requestId"])),
            details: details.into_iter().flatten().filter_map(detail).collect(),
            encoded_authorization_message: part(&["encoded_authorization_message"]),
            body,
        }
    }

    /// Adds status, code, message and request id to the sentence that is begun.
    pub(super) fn describe(&self, sentence: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", if sentence { "" } else { " (status" }, self.status)?;
        if let Some(code) = &self.code {
            write!(f, ": {}", code.escape_debug())?;
        }
        if let Some(message) = &self.message {
            write!(f, ": {}", message.escape_debug())?;
        }
        if !sentence {
            f.write_str(")")?;
        }
        match &self.request_id {
            Some(id) => write!(f, " (request id {})", id.escape_debug()),
            None => Ok(()),
        }
    }
}

fn detail(value: &Value) -> Option<ErrorDetail> {
    let fields = value.as_object()?;
    Some(ErrorDetail {
        code: fields.get("error_code").and_then(text),
        message: fields.get("error_msg").and_then(text),
    })
}

/// Text, or a number as text; nothing for what is empty.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
