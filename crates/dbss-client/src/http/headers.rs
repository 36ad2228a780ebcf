//! Reads the request id, `Retry-After` and `Date` from the headers of a response.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// The id that the service gave the request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-request-id")?.to_str().ok().filter(|id| !id.is_empty())
}

/// The pause in a `Retry-After` header: seconds, or a date.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|digit| digit.is_ascii_digit()) {
        // More than a number holds is a very long time.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    // Compared with the service's own clock if possible, so that this machine's may be
    // wrong.
    let now = service_time(headers).unwrap_or(now);
    Some(date.duration_since(now).unwrap_or_default())
}

/// The time of day at the service, from the `Date` of its response.
pub(crate) fn service_time(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}
