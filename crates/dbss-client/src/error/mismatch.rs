//! Where a success response does not match the contract.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::response::shown;

/// Where a success response does not match the contract, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    path: String,
    reason: String,
}

impl Mismatch {
    /// The first mismatch of a body that could not be decoded. The body is decoded once more for
    /// it, so that calls that succeed do not pay for keeping track of the path.
    pub(crate) fn find<T: DeserializeOwned>(body: &[u8]) -> Option<Self> {
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        let Err(error) = serde_path_to_error::deserialize::<_, T>(&mut deserializer) else {
            let reason = not_json(&deserializer.end().err()?);
            return Some(Self { path: String::new(), reason });
        };
        let path = match error.path().to_string() {
            // The body itself.
            root if root == "." => String::new(),
            // A question mark stands for what is not known yet where a body is cut off.
            path => path.trim_end_matches('?').trim_end_matches('.').to_owned(),
        };
        let reason = match error.inner().classify() {
            Category::Data => error.inner().to_string(),
            _ => not_json(error.inner()),
        };
        Some(Self { path, reason })
    }

    /// A body that is not an object, and has to be one.
    pub(crate) fn not_an_object() -> Self {
        Self { path: String::new(), reason: "expected an object".to_owned() }
    }

    /// A success with a status that the contract does not have for the operation.
    pub(crate) fn undocumented_status() -> Self {
        let reason = "it has no success with this status".to_owned();
        Self { path: String::new(), reason }
    }

    /// A body of which only the beginning was read.
    pub(crate) fn beyond_limit() -> Self {
        let reason = "the body is longer than the response limit".to_owned();
        Self { path: String::new(), reason }
    }

    /// A field that does not match.
    pub(crate) fn at(path: String, reason: String) -> Self {
        Self { path, reason }
    }

    /// The path of the field that does not match, such as `jobs[3].begin_time`; empty if it is
    /// the body itself.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What the field has, and what was expected, with line and column.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "`{}`: ", shown(&self.path))?;
        }
        f.write_str(&shown(&self.reason))
    }
}

fn not_json(error: &serde_json::Error) -> String {
    format!("the body is not JSON: {error}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn finds_the_field_that_does_not_fit() {
        type Body = BTreeMap<String, Vec<BTreeMap<String, Option<u32>>>>;
        for (body, path, reason) in [
            (
                r#"{"jobs":[{"a":1},{"a":1,"begin":"now"}]}"#,
                "jobs[1].begin",
                r#"invalid type: string "now", expected u32 at line 1 column 37"#,
            ),
            (
                r#"{"jobs":7}"#,
                "jobs",
                "invalid type: integer `7`, expected a sequence at line 1 column 9",
            ),
            ("[]", "", "invalid type: sequence, expected a map at line 1 column 0"),
            (
                r#"{"jobs":[{"a":1"#,
                "jobs[0]",
                "the body is not JSON: EOF while parsing an object at line 1 column 15",
            ),
            ("{} {}", "", "the body is not JSON: trailing characters at line 1 column 4"),
            ("<html>", "", "the body is not JSON: expected value at line 1 column 1"),
        ] {
            let found = Mismatch::find::<Body>(body.as_bytes());
            let expected = Mismatch { path: path.to_owned(), reason: reason.to_owned() };
            assert_eq!(found, Some(expected), "{body}");
        }
    }
}
