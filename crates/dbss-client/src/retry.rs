//! When a call is tried again, and when not.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::error::{Problem, Source};

/// How often and how fast a call is tried again.
///
/// What is tried again depends on whether the request can have had effect:
///
/// | outcome of an attempt | tried again |
/// | --- | --- |
/// | no connection came about | always |
/// | 429, throttled | always |
/// | 408, 502, 503, 504, time limit, lost connection | if the contract calls the operation idempotent |
/// | 401 that a renewed token mends | once, on top of the attempts |
/// | anything else, signature failures (`APIGW.0301`) included | never |
///
/// Pauses grow exponentially from [`initial_backoff`](Self::initial_backoff) to
/// [`max_backoff`](Self::max_backoff), and each is a random part of that (full
/// jitter). A `Retry-After` of the service is kept to if it is at most
/// [`max_retry_after`](Self::max_retry_after), and taken for that much if it is
/// more. Nothing is tried again past the time limit of the call, nor when too
/// many calls of the client have been failing of late.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a policy does nothing until a client or a call gets it"]
pub struct RetryPolicy {
    pub(crate) max_attempts: u32,
    pub(crate) initial_backoff: Duration,
    pub(crate) max_backoff: Duration,
    pub(crate) max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            initial_backoff: Duration::from_millis(200),
            max_backoff: Duration::from_secs(5),
            max_retry_after: Duration::from_secs(20),
        }
    }
}

impl RetryPolicy {
    /// One attempt and no more.
    pub fn none() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// The most attempts of a call, the first one included; 4 by default.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The longest pause after the first attempt; it doubles with each further
    /// one. 200 milliseconds by default.
    pub fn initial_backoff(mut self, pause: Duration) -> Self {
        self.initial_backoff = pause;
        self
    }

    /// The longest pause after any attempt; 5 seconds by default.
    pub fn max_backoff(mut self, pause: Duration) -> Self {
        self.max_backoff = pause;
        self
    }

    /// The most that a `Retry-After` of the service is waited for; 20 seconds by
    /// default.
    pub fn max_retry_after(mut self, pause: Duration) -> Self {
        self.max_retry_after = pause;
        self
    }

    /// What is wrong with it.
    pub(crate) fn fault(&self) -> Option<Problem> {
        (self.max_attempts == 0).then(|| {
            Problem::new(
                "retry",
                Source::Configuration,
                "allows no attempt at all",
                "`RetryPolicy::none()` makes one attempt",
            )
        })
    }

    /// The pause after that many attempts.
    pub(crate) fn pause(&self, attempts: u32, retry_after: Option<Duration>) -> Duration {
        if let Some(asked) = retry_after {
            return asked.min(self.max_retry_after);
        }
        let doublings = attempts.saturating_sub(1).min(31);
        let longest = self.initial_backoff.saturating_mul(1 << doublings).min(self.max_backoff);
        longest.mul_f64(random_fraction())
    }
}

/// A number from 0 to 1. The randomly keyed hasher of the standard library is
/// random enough to keep clients from marching in step.
fn random_fraction() -> f64 {
    use std::hash::{BuildHasher as _, Hasher as _, RandomState};
    let bits = RandomState::new().build_hasher().finish() >> 11;
    #[allow(clippy::cast_precision_loss, reason = "53 bits are what an f64 holds")]
    let fraction = bits as f64 / (1_u64 << 53) as f64;
    fraction
}

/// What a client may spend on retries: a bucket that retries drain and successes
/// fill, so that a service in trouble is not called several times as often.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

/// The bucket when it is full: a hundred retries in a row.
const CAPACITY: u32 = 500;
/// What a retry takes out.
const COST: u32 = 5;

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU32::new(CAPACITY))
    }
}

impl Budget {
    /// Takes a retry's worth out, if there is enough.
    pub(crate) fn spend(&self) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| tokens.checked_sub(COST))
            .is_ok()
    }

    /// Puts back what a success is worth: its retry's cost, or a little.
    pub(crate) fn refill(&self, attempts: u32) {
        let worth = if attempts > 1 { COST } else { 1 };
        if self.0.load(Ordering::Relaxed) < CAPACITY {
            let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                Some(tokens.saturating_add(worth).min(CAPACITY))
            });
        }
    }
}

/// The pause that a `Retry-After` header asks for: seconds, or a date.
pub(crate) fn retry_after(
    headers: &http::HeaderMap,
    now: std::time::SystemTime,
) -> Option<Duration> {
    let value = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    // The service's own clock, where it tells, so that ours may be off.
    let now = service_time(headers).unwrap_or(now);
    Some(date.duration_since(now).unwrap_or_default())
}

/// The time of day at the service, from the `Date` of its answer.
pub(crate) fn service_time(headers: &http::HeaderMap) -> Option<std::time::SystemTime> {
    httpdate::parse_http_date(headers.get(http::header::DATE)?.to_str().ok()?).ok()
}
