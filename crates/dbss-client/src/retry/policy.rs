//! `RetryPolicy`: how often a call is retried, and after which backoff.

use std::time::Duration;

use crate::input::{Problem, ProblemKind};

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
    pub(crate) fn problem(&self) -> Option<Problem> {
        (self.max_attempts == 0).then(|| {
            Problem::configuration("retry", ProblemKind::NoAttempts)
                .with_help("`RetryPolicy::none()` makes one attempt")
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
