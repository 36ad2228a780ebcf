//! The text forms of faults: JSON for the admin path, `name,key=value,…` for the
//! command line.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Fault, FaultKind, RetryAfter, is_framing};
use crate::operations;

/// Why a text is not a valid fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidFault(String);

/// The fields of a fault in its text forms.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct FaultFields {
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_date: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    forever: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    after_effect: bool,
}

impl TryFrom<FaultFields> for Fault {
    type Error = InvalidFault;

    fn try_from(fields: FaultFields) -> Result<Self, InvalidFault> {
        let kind = fields.kind()?;
        let method = fields.method.as_deref().map(|method| {
            Method::from_bytes(method.as_bytes())
                .map_err(|_| invalid(format!("`{method}` is not a method")))
        });
        if let Some(operation) = &fields.operation {
            check_operation(operation)?;
        }
        if fields.forever && fields.times.is_some() {
            return Err(invalid("`forever` and `times` exclude each other"));
        }
        if fields.times == Some(0) {
            return Err(invalid("`times` is 0, so the fault would apply to no call"));
        }
        let probability = fields.probability.unwrap_or(1.0);
        if !(0.0..=1.0).contains(&probability) {
            return Err(invalid("`probability` is not between 0 and 1"));
        }
        Ok(Self {
            kind,
            operation: fields.operation,
            method: method.transpose()?,
            path: fields.path,
            times: if fields.forever { None } else { Some(fields.times.unwrap_or(1)) },
            probability,
            delay: Duration::from_millis(fields.delay_ms.unwrap_or(0)),
            after_effect: fields.after_effect,
        })
    }
}

impl FaultFields {
    fn kind(&self) -> Result<FaultKind, InvalidFault> {
        let (kind, settings): (FaultKind, &[&str]) = match self.kind.as_str() {
            "response" => (
                FaultKind::Response {
                    status: self.status(None)?,
                    headers: self.headers()?,
                    body: self.body().into(),
                },
                &["status", "headers", "body"],
            ),
            "documented" => (FaultKind::Documented { status: self.status(None)? }, &["status"]),
            "html" => (
                FaultKind::Html { status: self.status(Some(StatusCode::BAD_GATEWAY))? },
                &["status"],
            ),
            "throttle" => (
                FaultKind::Throttle { retry_after: self.retry_after()? },
                &["retry_after", "retry_after_date"],
            ),
            "failed" => (FaultKind::FailedOutcome, &[]),
            "delay" if self.delay_ms.is_none() => return Err(invalid("`delay` needs `delay_ms`")),
            "delay" => (FaultKind::PassThrough, &[]),
            "stall" => (FaultKind::Stall, &[]),
            "reset" => (FaultKind::Reset, &[]),
            "half-body" => (FaultKind::HalfBody, &[]),
            "offline" => (FaultKind::Offline, &[]),
            other => {
                return Err(invalid(format!(
                    "`{other}` is not a fault; there are response, documented, html, throttle, failed, \
                     delay, stall, reset, half-body and offline"
                )));
            }
        };
        for (name, given) in [
            ("status", self.status.is_some()),
            ("headers", !self.headers.is_empty()),
            ("body", self.body.is_some()),
            ("retry_after", self.retry_after.is_some()),
            ("retry_after_date", self.retry_after_date.is_some()),
        ] {
            if given && !settings.contains(&name) {
                return Err(invalid(format!("`{}` has no `{name}`", self.kind)));
            }
        }
        Ok(kind)
    }

    fn status(&self, default: Option<StatusCode>) -> Result<StatusCode, InvalidFault> {
        match self.status {
            // A status below 200 is not a final response.
            Some(status @ 200..=599) => {
                StatusCode::from_u16(status).map_err(|_| invalid("`status` is not a status code"))
            }
            Some(_) => Err(invalid("`status` is not between 200 and 599")),
            None => default.ok_or_else(|| invalid(format!("`{}` needs a `status`", self.kind))),
        }
    }

    fn headers(&self) -> Result<HeaderMap, InvalidFault> {
        let pair = |(name, value): (&String, &String)| {
            let error =
                || invalid(format!("`{name}` is not a header name, or its value is invalid"));
            let parsed = name.parse::<HeaderName>().map_err(|_| error())?;
            if is_framing(&parsed) {
                return Err(invalid(format!("`{name}` follows from the body")));
            }
            Ok((parsed, HeaderValue::from_str(value).map_err(|_| error())?))
        };
        self.headers.iter().map(pair).collect()
    }

    /// A string as it is, anything else as JSON.
    fn body(&self) -> String {
        match &self.body {
            None => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
        }
    }

    fn retry_after(&self) -> Result<RetryAfter, InvalidFault> {
        match (self.retry_after, self.retry_after_date) {
            (None, None) => Ok(RetryAfter::Absent),
            (Some(seconds), None) => Ok(RetryAfter::Seconds(seconds)),
            (None, Some(seconds)) => Ok(RetryAfter::DateIn(seconds)),
            (Some(_), Some(_)) => {
                Err(invalid("`retry_after` and `retry_after_date` exclude each other"))
            }
        }
    }
}

impl From<Fault> for FaultFields {
    fn from(fault: Fault) -> Self {
        let mut fields = Self {
            kind: fault.name().to_owned(),
            operation: fault.operation,
            method: fault.method.map(|method| method.to_string()),
            path: fault.path,
            times: fault.times,
            forever: fault.times.is_none(),
            probability: (fault.probability < 1.0).then_some(fault.probability),
            delay_ms: u64::try_from(fault.delay.as_millis()).ok().filter(|delay| *delay > 0),
            after_effect: fault.after_effect,
            ..Self::default()
        };
        match fault.kind {
            FaultKind::Response { status, headers, body } => {
                fields.status = Some(status.as_u16());
                let text =
                    |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
                fields.headers =
                    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
                fields.body = Some(String::from_utf8_lossy(&body).into());
            }
            FaultKind::Documented { status } | FaultKind::Html { status } => {
                fields.status = Some(status.as_u16());
            }
            FaultKind::Throttle { retry_after: RetryAfter::Seconds(seconds) } => {
                fields.retry_after = Some(seconds);
            }
            FaultKind::Throttle { retry_after: RetryAfter::DateIn(seconds) } => {
                fields.retry_after_date = Some(seconds);
            }
            _ => {}
        }
        fields
    }
}

/// Reads `name,key=value,…`, or the JSON of the admin path.
impl FromStr for Fault {
    type Err = InvalidFault;

    fn from_str(text: &str) -> Result<Self, InvalidFault> {
        let text = text.trim();
        if text.starts_with('{') {
            return serde_json::from_str(text).map_err(|error| invalid(error.to_string()));
        }
        let mut fields = Map::new();
        for (index, part) in text.split(',').enumerate() {
            let (name, value) = match part.split_once('=') {
                Some((name, value)) => (name.trim(), typed(name.trim(), value.trim())),
                None if index == 0 => ("kind", part.trim().into()),
                // A key without a value is a flag.
                None => (part.trim(), true.into()),
            };
            if fields.insert(name.to_owned(), value).is_some() {
                return Err(invalid(format!("`{name}` is given twice")));
            }
        }
        serde_json::from_value(Value::Object(fields)).map_err(|error| invalid(error.to_string()))
    }
}

/// The value as JSON. Keys whose values are text keep them as text, even if they look
/// like a number.
fn typed(name: &str, value: &str) -> Value {
    match name {
        "body" | "path" | "method" | "operation" | "kind" => value.into(),
        _ => serde_json::from_str(value).unwrap_or_else(|_| value.into()),
    }
}

fn check_operation(id: &str) -> Result<(), InvalidFault> {
    let ids: Vec<&str> = operations::ids().collect();
    if ids.contains(&id) {
        return Ok(());
    }
    Err(invalid(format!("`{id}` is not an operation; there are {}", ids.join(", "))))
}

fn invalid(message: impl Into<String>) -> InvalidFault {
    InvalidFault(message.into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn parses_text_to_the_same_fault_as_the_constructors() {
        for (text, expected) in [
            ("reset", Fault::reset()),
            (
                "stall,operation=StopAuditInstance,times=3",
                Fault::stall().on("StopAuditInstance").times(3),
            ),
            ("half-body, path=/v1/ ,forever", Fault::half_body().path("/v1/").forever()),
            (
                "documented,status=403,method=POST",
                Fault::documented(StatusCode::FORBIDDEN).method(Method::POST),
            ),
            ("html", Fault::html(StatusCode::BAD_GATEWAY)),
            (
                "offline,operation=StopAuditInstance,forever",
                Fault::offline().on("StopAuditInstance").forever(),
            ),
            ("throttle,retry_after=2", Fault::throttle(RetryAfter::Seconds(2))),
            ("throttle,retry_after_date=2", Fault::throttle(RetryAfter::DateIn(2))),
            (
                "failed,after_effect,probability=0.5",
                Fault::failed().after_effect().probability(0.5),
            ),
            ("delay,delay_ms=20", Fault::delay(Duration::from_millis(20))),
            (
                "response,status=503,body=12",
                Fault::response(StatusCode::SERVICE_UNAVAILABLE).body("12"),
            ),
            (
                r#"{"kind":"response","status":503,"headers":{"x-a":"b"},"body":{"a":1}}"#,
                Fault::response(StatusCode::SERVICE_UNAVAILABLE)
                    .header(HeaderName::from_static("x-a"), HeaderValue::from_static("b"))
                    .body(r#"{"a":1}"#),
            ),
        ] {
            assert_eq!(text.parse::<Fault>(), Ok(expected.clone()), "{text}");
            let written = serde_json::to_string(&expected).unwrap();
            assert_eq!(written.parse::<Fault>(), Ok(expected), "{written}");
        }
    }

    #[test]
    fn rejects_invalid_faults_with_a_reason() {
        let known: Vec<&str> = operations::ids().collect();
        let no_operation = format!("`Stop` is not an operation; there are {}", known.join(", "));
        for (text, part) in [
            ("", "`` is not a fault"),
            ("explode", "there are response, documented"),
            ("response", "`response` needs a `status`"),
            ("response,status=99", "between 200 and 599"),
            ("reset,status=500", "`reset` has no `status`"),
            ("delay", "needs `delay_ms`"),
            ("reset,operation=Stop", &no_operation),
            ("reset,times=1,forever", "exclude each other"),
            ("reset,times=-1", "expected u32"),
            ("reset,times=0", "`times` is 0"),
            ("reset,probability=2", "between 0 and 1"),
            ("reset,tims=1", "unknown field `tims`"),
            ("reset,times=1,times=2", "given twice"),
            ("reset,method=A B", "`A B` is not a method"),
            ("throttle,retry_after=1,retry_after_date=1", "exclude each other"),
            (r#"{"kind":"response","status":500,"headers":{"a b":"c"}}"#, "not a header name"),
            (
                r#"{"kind":"response","status":500,"headers":{"Content-Length":"1"}}"#,
                "`Content-Length` follows from the body",
            ),
            (
                r#"{"kind":"response","status":500,"headers":{"transfer-encoding":"chunked"}}"#,
                "`transfer-encoding` follows from the body",
            ),
            ("{", "EOF"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
