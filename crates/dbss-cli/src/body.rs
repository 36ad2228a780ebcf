//! Reading a request or response body for output.

use serde_json::Value;

/// The body as JSON, or as a JSON string if it is not JSON.
pub(crate) fn json_or_text(bytes: &[u8]) -> Value {
    let text = || Value::String(String::from_utf8_lossy(bytes).into_owned());
    serde_json::from_slice(bytes).unwrap_or_else(|_| text())
}
