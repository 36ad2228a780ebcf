//! Points in time as the wire writes them.

use std::time::SystemTime;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer};

/// As in an IAM body: `2026-01-15T08:30:00.000000Z`.
pub(crate) fn iam(time: SystemTime) -> String {
    format(time, "%Y-%m-%dT%H:%M:%S.%6fZ")
}

/// As in `X-Sdk-Date`: `20260115T083000Z`.
pub(crate) fn sdk(time: SystemTime) -> String {
    format(time, "%Y%m%dT%H%M%SZ")
}

/// As in an HTTP header: `Thu, 15 Jan 2026 08:30:00 GMT`.
pub(crate) fn http(time: SystemTime) -> String {
    format(time, "%a, %d %b %Y %H:%M:%S GMT")
}

/// Reads what [`sdk`] writes, and nothing else.
pub(crate) fn from_sdk(text: &str) -> Option<SystemTime> {
    let civil = DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    let time = SystemTime::from(TimeZone::UTC.to_timestamp(civil).ok()?);
    // Shorter digit groups parse too, and are not what was signed by anyone.
    (sdk(time) == text).then_some(time)
}

/// Reads RFC 3339, as in a state file.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SystemTime>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    let read = |text: String| match text.parse::<Timestamp>() {
        Ok(time) => Ok(SystemTime::from(time)),
        Err(_) => Err(D::Error::custom("not a time like 2026-01-15T08:30:00Z")),
    };
    text.map(read).transpose()
}

fn format(time: SystemTime, form: &str) -> String {
    let timestamp = Timestamp::try_from(time).unwrap_or(Timestamp::MAX);
    timestamp.strftime(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn each_form_is_as_documented() {
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
    fn what_is_no_signing_time_is_refused() {
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
