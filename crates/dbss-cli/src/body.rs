//! Bodies for output: as they came.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// How many characters of a body that is not JSON are kept.
const LONGEST: usize = 2_000;

/// The body of a request or a response. Its serialized form is JSON, or a string if the body
/// is not JSON.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(untagged)]
pub(crate) enum Body {
    /// JSON as it came, without the blanks between its tokens. A decoded value would lose
    /// repeated keys and digits of large numbers.
    Json(Box<RawValue>),
    /// The beginning of a body that is not JSON.
    Text(String),
}

/// A field of an object: its name and its value.
pub(crate) type Field = (String, Box<RawValue>);

impl Body {
    /// Reads a body. Tolerates a byte order mark, and bytes that are not UTF-8.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let json = serde_json::from_str::<&RawValue>(text).ok();
        let json = json.and_then(|json| RawValue::from_string(compact(json.get())).ok());
        match json {
            Some(json) => Self::Json(json),
            None => Self::Text(text.chars().take(LONGEST).collect()),
        }
    }

    /// Whether that is less than the whole body.
    pub(crate) fn is_beginning_of(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Json(_) => false,
            Self::Text(_) => String::from_utf8_lossy(bytes)
                .trim_start_matches('\u{feff}')
                .chars()
                .nth(LONGEST)
                .is_some(),
        }
    }

    /// The JSON on one line, or the text.
    pub(crate) fn as_text(&self) -> &str {
        match self {
            Self::Json(json) => json.get(),
            Self::Text(text) => text,
        }
    }

    /// The objects of a body that is a list of objects.
    pub(crate) fn rows(&self) -> Option<Vec<Vec<Field>>> {
        match self {
            Self::Json(json) => rows(json),
            Self::Text(_) => None,
        }
    }

    /// The fields of an object in their order, repeated ones too.
    pub(crate) fn fields(&self) -> Option<Vec<Field>> {
        match self {
            Self::Json(json) => Some(serde_json::from_str::<Fields>(json.get()).ok()?.0),
            Self::Text(_) => None,
        }
    }
}

/// The objects of a list that has objects only; `None` for an empty list and for other values.
pub(crate) fn rows(value: &RawValue) -> Option<Vec<Vec<Field>>> {
    let objects = serde_json::from_str::<Vec<Fields>>(value.get()).ok()?;
    let objects: Vec<_> = objects.into_iter().map(|Fields(fields)| fields).collect();
    (!objects.is_empty()).then_some(objects)
}

/// A value for people: a string without its quotes, anything else as JSON.
pub(crate) fn value_text(value: &RawValue) -> Cow<'_, str> {
    let string = serde_json::from_str::<String>(value.get());
    string.map_or(Cow::Borrowed(value.get()), Cow::Owned)
}

/// JSON without the blanks and line breaks between its tokens.
fn compact(json: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    let kept = |c: &char| {
        let blank = !in_string && c.is_ascii_whitespace();
        if *c == '"' && !escaped {
            in_string = !in_string;
        }
        escaped = *c == '\\' && !escaped;
        !blank
    };
    json.chars().filter(kept).collect()
}

/// The fields of an object.
struct Fields(Vec<Field>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Fields(fields))
    }
}
