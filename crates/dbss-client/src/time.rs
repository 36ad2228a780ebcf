//! What a client asks of time, so that tests can give it another.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

/// A pause; see [`Clock::sleep`].
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Time as a client sees it: for signatures, for the life of tokens, and for the
/// pauses between attempts.
///
/// The timeouts of a single attempt are the HTTP client's and run on real time.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The time of day, which signatures are dated with.
    fn now(&self) -> SystemTime;

    /// Time since some fixed moment; it never goes back.
    fn elapsed(&self) -> Duration;

    /// Waits.
    fn sleep(&self, pause: Duration) -> Sleep;
}

/// The system's time, and tokio's timer.
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
