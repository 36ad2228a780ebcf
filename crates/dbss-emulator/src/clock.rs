//! The emulator's clock. Shut-downs, tokens, signatures and locks depend on it, and
//! tests move it forward instead of waiting.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// The clock of an emulator. Clones refer to the same clock.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use dbss_emulator::Clock;
///
/// let clock = Clock::stopped_at(SystemTime::UNIX_EPOCH);
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(60));
/// ```
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The time of a stopped clock; none if it runs with the system clock.
    stopped_at: Option<SystemTime>,
    /// How far it has been moved forward.
    offset: Mutex<Duration>,
}

impl Clock {
    /// A clock that runs with the system clock.
    #[must_use]
    pub fn system() -> Self {
        Self::new(None)
    }

    /// A clock that stays at `time` until it is advanced.
    #[must_use]
    pub fn stopped_at(time: SystemTime) -> Self {
        Self::new(Some(time))
    }

    fn new(stopped_at: Option<SystemTime>) -> Self {
        Self(Arc::new(Inner { stopped_at, offset: Mutex::default() }))
    }

    /// The current time of this clock.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        let offset = *self.0.offset.lock().unwrap_or_else(PoisonError::into_inner);
        let base = self.0.stopped_at.unwrap_or_else(SystemTime::now);
        base.checked_add(offset).unwrap_or(base)
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let mut offset = self.0.offset.lock().unwrap_or_else(PoisonError::into_inner);
        *offset = offset.saturating_add(by);
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
    fn moves_a_stopped_clock_only_when_advanced() {
        let clock = Clock::stopped_at(SystemTime::UNIX_EPOCH);
        let same = clock.clone();
        assert_eq!(clock.now(), SystemTime::UNIX_EPOCH);
        same.advance(Duration::from_secs(90));
        assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(90));
    }

    #[test]
    fn saturates_when_advanced_beyond_the_representable_time() {
        let clock = Clock::system();
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert!(clock.now() >= SystemTime::UNIX_EPOCH);
    }
}
