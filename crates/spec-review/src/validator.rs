//! The independent validator: the `jsonschema` crate, which judges witnesses.

use jsonschema::{Draft, Validator};
use serde_json::Value;

/// A validator for a JSON Schema, formats included. `None` for a schema that the crate cannot
/// compile, for instance because of an unsupported `pattern`.
pub(crate) fn validator(schema: &Value) -> Option<Validator> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_format("byte", is_base64)
        .build(schema)
        .ok()
}

/// Whether a string is base64, which OpenAPI calls the format `byte`.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - digits.len() <= 2
        && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}
