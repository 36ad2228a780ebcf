//! Reads the request id, `Retry-After` and `Date` from the headers of a response.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// The id that the service gave to a request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-request-id")?.to_str().ok().filter(|id| !id.is_empty())
}

/// The pause that a `Retry-After` header asks for: seconds, or a date.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    // The service's own clock, where it tells, so that ours may be off.
    let now = service_time(headers).unwrap_or(now);
    Some(date.duration_since(now).unwrap_or_default())
}

/// The time of day at the service, from the `Date` of its answer.
pub(crate) fn service_time(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}
