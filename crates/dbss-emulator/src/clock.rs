//! The clock that everything with a time limit asks: shut-downs, tokens,
//! signatures, locks. It can be moved, so that no test waits.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// The emulator's idea of the time; clones are one clock.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Where the clock stands still; it runs with the machine's otherwise.
    stopped_at: Option<SystemTime>,
    /// How far it has been moved.
    ahead: Mutex<Duration>,
}

impl Clock {
    /// A clock that runs with the machine's.
    #[must_use]
    pub fn system() -> Self {
        Self::new(None)
    }

    /// A clock that stands still at that time until it is moved.
    #[must_use]
    pub fn stopped_at(time: SystemTime) -> Self {
        Self::new(Some(time))
    }

    fn new(stopped_at: Option<SystemTime>) -> Self {
        Self(Arc::new(Inner { stopped_at, ahead: Mutex::default() }))
    }

    /// The time by this clock.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        let ahead = *self.0.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        let base = self.0.stopped_at.unwrap_or_else(SystemTime::now);
        base.checked_add(ahead).unwrap_or(base)
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let mut ahead = self.0.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        *ahead = ahead.saturating_add(by);
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_clock_moves_only_when_it_is_moved() {
        let clock = Clock::stopped_at(SystemTime::UNIX_EPOCH);
        let same = clock.clone();
        assert_eq!(clock.now(), SystemTime::UNIX_EPOCH);
        same.advance(Duration::from_secs(90));
        assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(90));
    }

    #[test]
    fn a_clock_cannot_be_moved_beyond_what_time_can_tell() {
        let clock = Clock::system();
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert!(clock.now() >= SystemTime::UNIX_EPOCH);
    }
}
