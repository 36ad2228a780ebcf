//! What IAM, or the gateway before it, says when it refuses.

use http::header::HeaderMap;
use serde_json::Value;

use super::Received;
use crate::credentials::{CredentialsError, IamAnswer};

/// A message that is longer is cut when it is kept.
const LONGEST: usize = 500;

impl Received {
    /// The error of an answer that is not the one that was wanted.
    pub(super) fn refusal(&self, what: impl Into<String>) -> CredentialsError {
        CredentialsError::answered(what, self.described())
    }

    /// The answer in parts, from IAM's shape, `{"error":{"code":401,"message":…}}`,
    /// or the gateway's, `{"error_code":…,"error_msg":…,"request_id":…}`.
    fn described(&self) -> IamAnswer {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let nested = body.get("error").unwrap_or(&Value::Null);
        let part = |names: [&str; 2]| {
            let values =
                [nested, &body].into_iter().flat_map(|level| names.map(|name| level.get(name)));
            values.flatten().find_map(text)
        };
        IamAnswer {
            status: self.status,
            code: part(["error_code", "code"]),
            message: part(["error_msg", "message"]),
            request_id: header(&self.headers).or_else(|| text(body.get("request_id")?)),
        }
    }
}

fn header(headers: &HeaderMap) -> Option<String> {
    let value = headers.get("x-request-id").or_else(|| headers.get("x-iam-trace-id"))?;
    Some(value.to_str().ok()?.to_owned()).filter(|id| !id.is_empty())
}

/// Text, or a number as text; nothing for what is empty.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.chars().take(LONGEST).collect()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue, StatusCode};

    use super::*;

    fn error(headers: &[(&'static str, &'static str)], body: &str) -> CredentialsError {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let received = Received {
            status: StatusCode::UNAUTHORIZED,
            headers: headers.iter().map(pair).collect(),
            body: body.into(),
        };
        received.refusal("IAM refused it")
    }

    #[test]
    fn every_shape_is_read() {
        let iam = r#"{"error":{"code":401,"message":"wrong","title":"Unauthorized"}}"#;
        let gateway = r#"{"error_msg":"no","error_code":"APIGW.0301","request_id":"g-1"}"#;
        for (headers, body, code, message, request_id) in [
            (&[("x-iam-trace-id", "t-1")][..], iam, Some("401"), Some("wrong"), Some("t-1")),
            (
                &[("x-request-id", "r-1"), ("x-iam-trace-id", "t-1")],
                gateway,
                Some("APIGW.0301"),
                Some("no"),
                Some("r-1"),
            ),
            (&[], gateway, Some("APIGW.0301"), Some("no"), Some("g-1")),
            (&[], r#"{"code":"x","message":""}"#, Some("x"), None, None),
            (&[], "<html>", None, None, None),
            (&[], "[1]", None, None, None),
            (&[("x-request-id", "")], "", None, None, None),
        ] {
            let error = error(headers, body);
            assert_eq!(
                (error.status(), error.code(), error.message(), error.request_id()),
                (Some(401), code, message, request_id),
                "{body}"
            );
        }
    }

    #[test]
    fn messages_are_bounded() {
        let body = format!(r#"{{"message":"{}"}}"#, "é".repeat(LONGEST + 1));
        let error = error(&[], &body);
        assert_eq!(error.message().map(|message| message.chars().count()), Some(LONGEST));
    }
}
