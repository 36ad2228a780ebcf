//! Limits on what clients may use.

use std::time::Duration;

use http::StatusCode;
use http::request::Parts;

use crate::response::ErrorResponse;

/// Limits on what clients may use, so that none can block the others.
///
/// ```
/// use dbss_emulator::Limits;
///
/// let mut limits = Limits::default();
/// limits.recorded_requests = 10;
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Size of a request body in bytes. Default: 12 MiB, as at the real gateway. A
    /// larger one gets 413.
    pub body: usize,
    /// Size of all header lines together in bytes. Default: 32 KiB. Larger ones get 494.
    pub headers: usize,
    /// Length of the request target in bytes. Default: 8 KiB. A longer one gets 414.
    pub target: usize,
    /// Number of open connections, without those that are being closed, which are at most as
    /// many. Default: 256. For a further one, the oldest is closed that has no request under way;
    /// if there is none, it waits.
    pub connections: usize,
    /// Time for the head of a request to arrive, which is also how long a connection
    /// may be idle. Default: 30 s. Then the connection is closed.
    pub head_timeout: Duration,
    /// Time for a request body to arrive. Default: 30 s. A slower one gets 408.
    pub body_timeout: Duration,
    /// Time that a client has to read a response, from the first write that it keeps waiting.
    /// Default: 30 s. Then the connection is closed. A large response of the admin path waits as
    /// long for room, then it is 503.
    pub write_timeout: Duration,
    /// Time that an injected stall or delay may last. Default: 10 min. Then a stalled
    /// connection is closed.
    pub stall_time: Duration,
    /// Time that responses under way get when the emulator shuts down. Default: 3 s.
    pub grace: Duration,
    /// How many requests are recorded; the oldest is dropped first. Default: 1,000.
    pub recorded_requests: usize,
    /// How many bytes the recorded requests may have together; the oldest is dropped first.
    /// Default: 8 MiB.
    pub recorded_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 12 * 1024 * 1024,
            headers: 32 * 1024,
            target: 8 * 1024,
            connections: 256,
            head_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(30),
            stall_time: Duration::from_secs(600),
            grace: Duration::from_secs(3),
            recorded_requests: 1_000,
            recorded_bytes: 8 * 1024 * 1024,
        }
    }
}

/// A year: longer than anyone waits, and short enough that adding it to a time does
/// not overflow.
const MAX_TIME: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Limits {
    /// Checks the size of a request's head.
    pub(crate) fn check_head(&self, request: &Parts) -> Result<(), ErrorResponse> {
        let Parts { uri, headers, .. } = request;
        let target = uri.path().len() + uri.query().map_or(0, |query| query.len() + 1);
        if target > self.target {
            let status = StatusCode::URI_TOO_LONG;
            return Err(ErrorResponse::malformed_request(status, "Request URI too large"));
        }
        let line_sizes = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
        if line_sizes.sum::<usize>() > self.headers {
            // A status of nginx, which the gateway documents.
            let status = StatusCode::from_u16(494).unwrap_or(StatusCode::BAD_REQUEST);
            return Err(ErrorResponse::malformed_request(status, "Request headers too large"));
        }
        Ok(())
    }

    /// The same limits with times that can be added to an instant without overflow.
    pub(crate) fn bounded(mut self) -> Self {
        for time in [
            &mut self.head_timeout,
            &mut self.body_timeout,
            &mut self.write_timeout,
            &mut self.stall_time,
            &mut self.grace,
        ] {
            *time = (*time).min(MAX_TIME);
        }
        self
    }
}
