//! A clock that moves only when a client sleeps.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use dbss_client::Clock;
use tokio::sync::watch;

/// Seconds from the Unix epoch to the start of the clock:
/// Thu, 01 Jan 2026 00:00:00 GMT.
const START: u64 = 1_767_225_600;

/// Virtual time: a pause takes no real time and moves the clock on by its whole
/// length. Clones share the time.
#[derive(Clone, Debug)]
pub struct FakeClock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pauses: Mutex<Vec<Duration>>,
    begun: watch::Sender<usize>,
    holds: bool,
}

impl Default for FakeClock {
    fn default() -> Self {
        Self::new(false)
    }
}

impl FakeClock {
    fn new(holds: bool) -> Self {
        Self(Arc::new(Inner { pauses: Mutex::default(), begun: watch::channel(0).0, holds }))
    }

    /// A clock on which no pause ever ends.
    #[must_use]
    pub fn standing_still() -> Self {
        Self::new(true)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Duration>> {
        self.0.pauses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pauses so far, in the order in which they began.
    #[must_use]
    pub fn pauses(&self) -> Vec<Duration> {
        self.lock().clone()
    }

    /// Waits until that many pauses have begun.
    pub async fn paused(&self, count: usize) {
        let mut begun = self.0.begun.subscribe();
        let _ = begun.wait_for(|begun| *begun >= count).await;
    }
}

impl Clock for FakeClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(START) + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        if self.0.holds { Duration::ZERO } else { self.lock().iter().sum() }
    }

    fn sleep(&self, pause: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let clock = self.clone();
        // Counted when it is polled: a pause that nobody awaits takes no time.
        Box::pin(async move {
            clock.lock().push(pause);
            clock.0.begun.send_modify(|begun| *begun += 1);
            if clock.0.holds {
                std::future::pending::<()>().await;
            }
            tokio::task::yield_now().await;
        })
    }
}
