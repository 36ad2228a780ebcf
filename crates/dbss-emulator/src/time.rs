//! The formats of times in requests, responses and state files.

use std::time::SystemTime;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer};

/// The format of IAM bodies: `2026-01-15T08:30:00.000000Z`.
pub(crate) fn iam(time: SystemTime) -> String {
    format(time, "%Y-%m-%dT%H:%M:%S.%6fZ")
}

/// The format of `X-Sdk-Date`: `20260115T083000Z`.
pub(crate) fn sdk(time: SystemTime) -> String {
    format(time, "%Y%m%dT%H%M%SZ")
}

/// The format of HTTP headers: `Thu, 15 Jan 2026 08:30:00 GMT`.
pub(crate) fn http(time: SystemTime) -> String {
    format(time, "%a, %d %b %Y %H:%M:%S GMT")
}

/// Parses the format of [`sdk`].
pub(crate) fn from_sdk(text: &str) -> Option<SystemTime> {
    let civil = DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    let time = SystemTime::from(TimeZone::UTC.to_timestamp(civil).ok()?);
    // `strptime` also accepts shorter groups of digits, which this format does not
    // allow.
    (sdk(time) == text).then_some(time)
}

/// Parses RFC 3339, the format of state files.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SystemTime>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    let parse = |text: String| match text.parse::<Timestamp>() {
        Ok(time) => Ok(SystemTime::from(time)),
        Err(_) => Err(D::Error::custom("not a time like 2026-01-15T08:30:00Z")),
    };
    text.map(parse).transpose()
}

fn format(time: SystemTime, pattern: &str) -> String {
    let timestamp = Timestamp::try_from(time).unwrap_or(Timestamp::MAX);
    timestamp.strftime(pattern).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn writes_and_parses_the_documented_formats() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_768_465_800);
        assert_eq!(iam(time), "2026-01-15T08:30:00.000000Z");
        assert_eq!(sdk(time), "20260115T083000Z");
        assert_eq!(http(time), "Thu, 15 Jan 2026 08:30:00 GMT");
        assert_eq!(from_sdk("20260115T083000Z"), Some(time));
        let read = deserialize(serde_json::json!("2026-01-15T09:30:00+01:00"));
        assert_eq!(read.unwrap_or_default(), Some(time));
        assert!(deserialize(serde_json::json!("soon")).is_err());
        assert_eq!(deserialize(serde_json::json!(null)).unwrap_or(Some(time)), None);
    }

    #[test]
    fn rejects_malformed_signing_times() {
        for text in [
            "",
            "20260115T083000",
            "20260115T0830Z",
            "20261315T083000Z",
            " 20260115T083000Z",
            "2026-01-15T08:30:00Z",
            "2026115T083000Z",
            "x",
        ] {
            assert_eq!(from_sdk(text), None, "{text}");
        }
    }
}
