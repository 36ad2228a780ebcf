//! Locks on credentials after too many consecutive failures.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

/// How many consecutive failures lock.
const FAILURE_LIMIT: u32 = 5;

/// Counts consecutive failures by access key or user name. Callers pass only ids that
/// are in the state, so the map cannot grow with ids that clients make up.
#[derive(Debug)]
pub(crate) struct Lockout {
    duration: Duration,
    failures: HashMap<String, Failures>,
}

#[derive(Debug, Default)]
struct Failures {
    consecutive: u32,
    locked_until: Option<SystemTime>,
}

impl Lockout {
    /// With locks of that duration.
    pub(crate) fn new(duration: Duration) -> Self {
        Self { duration, failures: HashMap::new() }
    }

    pub(crate) fn is_locked(&mut self, id: &str, now: SystemTime) -> bool {
        match self.failures.get(id).and_then(|failures| failures.locked_until) {
            Some(until) if now < until => true,
            Some(_) => {
                self.failures.remove(id);
                false
            }
            None => false,
        }
    }

    pub(crate) fn record_success(&mut self, id: &str) {
        self.failures.remove(id);
    }

    pub(crate) fn record_failure(&mut self, id: &str, now: SystemTime) {
        let failures = self.failures.entry(id.to_owned()).or_default();
        failures.consecutive += 1;
        if failures.consecutive >= FAILURE_LIMIT {
            failures.locked_until = now.checked_add(self.duration);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.failures.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_after_consecutive_failures_until_the_lock_expires() {
        let start = SystemTime::UNIX_EPOCH;
        let mut lockout = Lockout::new(Duration::from_secs(300));
        for _ in 0..4 {
            lockout.record_failure("a", start);
        }
        lockout.record_success("a");
        for _ in 0..4 {
            lockout.record_failure("a", start);
        }
        assert!(!lockout.is_locked("a", start));
        lockout.record_failure("a", start);
        assert!(lockout.is_locked("a", start + Duration::from_secs(299)));
        assert!(!lockout.is_locked("b", start));
        assert!(!lockout.is_locked("a", start + Duration::from_secs(300)));
        lockout.record_failure("a", start + Duration::from_secs(300));
        assert!(
            !lockout.is_locked("a", start + Duration::from_secs(300)),
            "the count starts again"
        );
    }
}
