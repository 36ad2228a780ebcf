//! The bytes of a body.

use serde_json::Value;

/// What the bytes say: JSON, or a string if they are none.
pub(crate) fn json_or_text(bytes: &[u8]) -> Value {
    let text = || Value::String(String::from_utf8_lossy(bytes).into_owned());
    serde_json::from_slice(bytes).unwrap_or_else(|_| text())
}
