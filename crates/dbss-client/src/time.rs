//! The clock of a client, which tests can replace.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

/// The future of [`Clock::sleep`].
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The clock of a client: for signatures, lifetimes of tokens, and pauses between
/// attempts.
///
/// The timeouts of an attempt are the HTTP client's and use real time.
///
/// The trait can be implemented outside of this crate. Methods that are added to it will have
/// a default. [`docs::testing`](crate::docs::testing) has a clock that does not wait.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The time of day, for signatures and the lifetimes of tokens.
    fn now(&self) -> SystemTime;

    /// The time since some fixed moment, for deadlines and caches; it never decreases.
    fn elapsed(&self) -> Duration;

    /// Waits for that long.
    fn sleep(&self, pause: Duration) -> Sleep;
}

/// The system's clock, and tokio's timer.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }

    fn sleep(&self, pause: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(pause))
    }
}
