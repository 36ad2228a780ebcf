//! `RetryPolicy`: how often a call is retried, and after which backoff.

use std::time::Duration;

use crate::input::{Problem, ProblemKind};

/// How often a call is retried, and with which backoff.
///
/// Whether a failure is retried depends on whether the request may have taken effect:
///
/// | end of an attempt | retried |
/// | --- | --- |
/// | no connection was established, so that nothing was sent | always |
/// | 429, throttled | always |
/// | 408, 502, 503, 504, timeout, lost connection | if the operation is idempotent |
/// | 401 for a token that can be renewed | once, in addition to `max_attempts` |
/// | a temporary failure of IAM or of a credentials provider | always; its attempts are counted separately |
/// | anything else, including refused signatures (`APIGW.0301`) | never |
///
/// The backoff grows exponentially from [`initial_backoff`](Self::initial_backoff) to
/// [`max_backoff`](Self::max_backoff); each pause is a random part of it (full jitter). A
/// `Retry-After` of the service replaces it, but is limited to
/// [`max_retry_after`](Self::max_retry_after). A call is not retried after its timeout,
/// nor when the client's retry budget is exhausted.
///
/// ```
/// use std::time::Duration;
///
/// use dbss_client::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(8).max_backoff(Duration::from_secs(20));
/// assert_ne!(patient, RetryPolicy::none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use = "a policy does nothing until a client or a call gets it"]
pub struct RetryPolicy {
    pub(crate) max_attempts: u32,
    pub(crate) initial_backoff: Duration,
    pub(crate) max_backoff: Duration,
    pub(crate) max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl RetryPolicy {
    const DEFAULT: Self = Self {
        max_attempts: 4,
        initial_backoff: Duration::from_millis(200),
        max_backoff: Duration::from_secs(5),
        max_retry_after: Duration::from_secs(20),
    };

    /// A policy without retries.
    pub const fn none() -> Self {
        Self { max_attempts: 1, ..Self::DEFAULT }
    }

    /// The maximum number of attempts of a call, including the first one. Default: 4; 1 means
    /// no retries; 0 is an error of [`build`](crate::ClientBuilder::build) or of the call.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The longest pause after the first attempt; it doubles with each further attempt.
    /// Default: 200 milliseconds. Zero means no pauses.
    pub fn initial_backoff(mut self, pause: Duration) -> Self {
        self.initial_backoff = pause;
        self
    }

    /// The longest pause after any attempt. Default: 5 seconds.
    pub fn max_backoff(mut self, pause: Duration) -> Self {
        self.max_backoff = pause;
        self
    }

    /// The longest pause that a `Retry-After` of the service can ask for; a longer one is
    /// shortened to it. Default: 20 seconds.
    pub fn max_retry_after(mut self, pause: Duration) -> Self {
        self.max_retry_after = pause;
        self
    }

    /// Why the policy is invalid, if it is.
    pub(crate) fn problem(&self) -> Option<Problem> {
        (self.max_attempts == 0).then(|| {
            Problem::configuration("retry", ProblemKind::ZeroAttempts)
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

/// A number from 0 to 1. The randomly keyed hasher of the standard library is random
/// enough for jitter.
pub(crate) fn random_fraction() -> f64 {
    use std::hash::{BuildHasher as _, Hasher as _, RandomState};
    let bits = RandomState::new().build_hasher().finish() >> 11;
    #[allow(clippy::cast_precision_loss, reason = "53 bits are what an f64 holds")]
    let fraction = bits as f64 / (1_u64 << 53) as f64;
    fraction
}
