//! Bodies as JSON: parsed within limits, checked against a schema before they are deserialized,
//! and masked for the record. The values of a query are checked by the same schemas.
//!
//! serde alone does not do it: it reads a struct from a list as well as from an object.

mod check;
mod mask;

use std::borrow::Cow;

use dbss_client::descriptor::{Schema, SchemaKind};
use http::HeaderMap;
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) use self::check::check;
pub(crate) use self::mask::{MASK, masked};
use crate::request_context::is_json;

/// How many values a body may have, counting those in lists and objects. A parsed value takes
/// many times the bytes of its text.
const MAX_VALUES: usize = 100_000;

/// The schema of a body: one of the contract, or one of IAM or the admin path, which the
/// contract does not have. The places that it names are also those that may be recorded.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BodySchema {
    /// As the contract says.
    Contract(&'static Schema),
    /// An object with these fields, and others.
    Object(&'static [(&'static str, BodySchema)]),
    /// A list of such values.
    List(&'static BodySchema),
    /// Text, a number or a boolean.
    Scalar,
    /// The same, but secret.
    Secret,
}

/// Reads a body: JSON by its content type, within the limits, and as the schema says.
pub(crate) fn read<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: &[u8],
    schema: BodySchema,
) -> Result<T, InvalidBody> {
    if !is_json(headers) {
        return Err(InvalidBody::Schema("the content type is not application/json".to_owned()));
    }
    let value = parse(body)?;
    check(&value, "the body", schema).map_err(InvalidBody::Schema)?;
    drop(value);
    // From the text once more, which tells doubled fields.
    serde_json::from_slice(body).map_err(InvalidBody::Json)
}

/// The values that a query has for a parameter, decoded.
pub(crate) fn query_values<'a>(
    query: &'a str,
    name: &'a str,
) -> impl Iterator<Item = Cow<'a, str>> + 'a {
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs
        .filter(move |(given, _)| percent_decode_str(given).decode_utf8_lossy() == name)
        .map(|(_, value)| percent_decode_str(value).decode_utf8_lossy())
}

/// The value of a parameter, from its text and as its schema says. The error quotes no value.
pub(crate) fn text_value(name: &str, text: &str, schema: &Schema) -> Result<Value, String> {
    let as_text = || Value::from(text);
    let value = if is_text(schema) || text.trim() != text {
        // JSON would allow space around a number.
        as_text()
    } else if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // A whole number that is too large to be held is as good as the largest one.
        Value::from(text.parse().unwrap_or(i64::MAX))
    } else {
        serde_json::from_str(text).unwrap_or_else(|_| as_text())
    };
    check::check_named(name, &value, schema)?;
    Ok(value)
}

/// Whether a text in a query can be a value of the schema's kind: any text for text, and otherwise
/// what JSON has as a number or a boolean.
pub(crate) fn is_of_kind(text: &str, schema: &Schema) -> bool {
    is_text(schema) || matches!(serde_json::from_str(text), Ok(Value::Number(_) | Value::Bool(_)))
}

fn is_text(schema: &Schema) -> bool {
    match schema.kind {
        SchemaKind::String { .. } | SchemaKind::Enum { .. } => true,
        SchemaKind::Reference(schema) => is_text(schema),
        _ => false,
    }
}

/// Parses a body within the limits.
pub(crate) fn parse(body: &[u8]) -> Result<Value, InvalidBody> {
    if !has_few_values(body) {
        return Err(InvalidBody::Schema("the body has more than 100,000 values".to_owned()));
    }
    serde_json::from_slice(body).map_err(InvalidBody::Json)
}

/// Why a body is not accepted.
#[derive(Debug)]
pub(crate) enum InvalidBody {
    /// It is not JSON, or not of the type. The message may quote a value.
    Json(serde_json::Error),
    /// It does not match its schema. The message quotes no value.
    Schema(String),
}

impl InvalidBody {
    /// What is wrong, without any value of the body.
    pub(crate) fn without_values(&self) -> String {
        match self {
            Self::Json(error) => {
                format!("not valid at line {}, column {}", error.line(), error.column())
            }
            Self::Schema(reason) => reason.clone(),
        }
    }
}

impl std::fmt::Display for InvalidBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Json(error) => error.fmt(f),
            Self::Schema(reason) => f.write_str(reason),
        }
    }
}

/// Whether JSON text has few enough values to be parsed. Each value but the first follows one
/// of these characters outside of a string.
fn has_few_values(text: &[u8]) -> bool {
    let mut in_string = false;
    let mut values = 1;
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if in_string => {
                bytes.next();
            }
            b'"' => in_string = !in_string,
            b',' | b':' | b'[' | b'{' if !in_string => values += 1,
            _ => {}
        }
        if values > MAX_VALUES {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_values_outside_of_strings() {
        assert!(has_few_values(format!("\"{}\"", "[,\\\"".repeat(100_000)).as_bytes()));
        assert!(has_few_values("\"\\".as_bytes()));
        assert!(has_few_values("]".repeat(200_000).as_bytes()));
        assert!(!has_few_values("[".repeat(100_000).as_bytes()));
        assert!(!has_few_values(format!("\"\\\\\"{}", ",".repeat(100_000)).as_bytes()));
    }
}
