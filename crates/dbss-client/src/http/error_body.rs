//! Parses the bodies of error responses in any shape: the service's, the gateway's or
//! IAM's.

use serde_json::{Map, Value};

use super::headers::request_id;
use super::response::RawResponse;

/// An entry of the `details` of an error response.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// Its error code.
    pub code: Option<String>,
    /// Its error message.
    pub message: Option<String>,
}

/// What an error response says.
#[derive(Debug)]
pub(crate) struct ErrorBody {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    /// From the header, else from the body.
    pub(crate) request_id: Option<String>,
    pub(crate) details: Vec<ErrorDetail>,
    pub(crate) encoded_authorization_message: Option<String>,
}

const CODES: [&str; 3] = ["error_code", "errorCode", "code"];
const MESSAGES: [&str; 4] = ["error_msg", "errorMsg", "errorMessage", "message"];

impl ErrorBody {
    /// Reads each of the known formats: flat, as documented for the v2 operation; nested,
    /// as for the v1 operation; the gateway's; IAM's. The outermost value of each part is
    /// used.
    pub(crate) fn read(response: &RawResponse) -> Self {
        let parsed = parse(&response.body);
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
            code: part(&CODES),
            message: part(&MESSAGES).or_else(plain),
            request_id: request_id(&response.headers)
                .map(str::to_owned)
                .or_else(|| part(&["request_id", "requestId"])),
            details: details.into_iter().flatten().filter_map(detail).collect(),
            encoded_authorization_message: part(&[
                "encoded_authorization_message",
                "encodedAuthorizationMessage",
            ]),
        }
    }
}

/// The body as JSON. Tolerates a byte order mark and bytes that are not UTF-8.
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

/// Text, or a number as text; `None` if it is empty.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
