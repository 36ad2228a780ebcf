//! Parses the bodies of error responses in any shape: the service's, the gateway's or
//! IAM's.

use serde_json::{Map, Value};

use super::headers::request_id;
use super::other_body::OtherBody;
use super::response::{RawResponse, without_bom};

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
    /// What can be said of a body that is not JSON.
    pub(crate) other: Option<OtherBody>,
}

const CODES: [&str; 3] = ["error_code", "errorCode", "code"];
const MESSAGES: [&str; 4] = ["error_msg", "errorMsg", "errorMessage", "message"];

impl ErrorBody {
    /// Reads each of the known formats: flat, as documented for the v2 operation; nested,
    /// as for the v1 operation; the gateway's; IAM's. The outermost value of each part is
    /// used.
    pub(crate) fn read(response: &RawResponse) -> Self {
        let parsed = parse(&response.body);
        let outer = parsed.as_ref().and_then(Value::as_object);
        // The top of a success belongs to the operation, unless the error is there.
        let nested = outer.filter(|_| response.status.is_success());
        let nested = nested.filter(|outer| !has_flat_error(outer)).and_then(nested_error);
        let levels = || {
            let inner = outer.into_iter().flat_map(Map::values).filter_map(Value::as_object);
            nested.into_iter().chain(outer).chain(inner)
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
            other: parsed.is_none().then(|| OtherBody::read(response)),
        }
    }
}

/// Whether the body of a success carries an error at its top: a code, or the nested form.
/// What the contract declares as a field of the success is none.
pub(crate) fn is_error_in_success(body: &[u8], declares: impl Fn(&str) -> bool) -> bool {
    // Few bodies have the word; only those are read once more. Compared byte by byte, which takes
    // a third of the instructions of comparing slices.
    if !body.windows(5).any(|part| matches!(part, [b'e', b'r', b'r', b'o', b'r'])) {
        return false;
    }
    let Some(Value::Object(mut fields)) = parse(body) else { return false };
    fields.retain(|name, _| !declares(name));
    has_flat_error(&fields) || nested_error(&fields).is_some()
}

fn has_flat_error(fields: &Map<String, Value>) -> bool {
    ["error_code", "errorCode"].iter().any(|name| fields.get(*name).and_then(text).is_some())
}

/// The error that is nested in the fields, if it says anything.
fn nested_error(fields: &Map<String, Value>) -> Option<&Map<String, Value>> {
    let error = fields.get("error")?.as_object()?;
    let says = |name: &&str| error.get(*name).and_then(text).is_some();
    CODES.iter().chain(&MESSAGES).any(says).then_some(error)
}

/// The body as JSON. Tolerates a byte order mark and bytes that are not UTF-8.
fn parse(body: &[u8]) -> Option<Value> {
    let body = without_bom(body);
    serde_json::from_slice(body)
        .or_else(|_| serde_json::from_str(&String::from_utf8_lossy(body)))
        .ok()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_for_an_error_what_the_contract_does_not_declare() {
        let flat = r#"{"error_code":"A.1","error_msg":"m","jobs":[{"error_code":"B.2"}]}"#;
        let nested = r#"{"error":{"error_code":"A.1"},"error_code":null}"#;
        let both = r#"{"error_code":"A.1","error":{"message":"m"}}"#;
        for (body, declared, is_error) in [
            (flat, &[][..], true),
            (flat, &["jobs"], true),
            (flat, &["error_msg"], true),
            (flat, &["error_code"], false),
            (nested, &[], true),
            (nested, &["error_code"], true),
            (nested, &["error"], false),
            (both, &["error"], true),
            (both, &["error_code"], true),
            (both, &["error_code", "error"], false),
            (r#"{"jobs":[{"error_code":"B.2"}]}"#, &[], false),
            (r#"[{"error_code":"A.1"}]"#, &[], false),
            (r#""error_code""#, &[], false),
            (r#"{"error_code":"A.1""#, &[], false),
            (r#"{"error":"no"}"#, &[], false),
        ] {
            let found = is_error_in_success(body.as_bytes(), |name| declared.contains(&name));
            assert_eq!(found, is_error, "{body}, declared {declared:?}");
        }
    }
}
