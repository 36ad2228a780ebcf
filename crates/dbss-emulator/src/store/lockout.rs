//! Credentials that are locked after too many failures in a row.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

/// How many failures in a row lock.
const LIMIT: u32 = 5;

/// Who failed how often in a row. What it counts is among the credentials of the
/// state, so that it does not grow with what clients make up.
#[derive(Debug)]
pub(crate) struct Lockout {
    lasts: Duration,
    failures: HashMap<String, Failures>,
}

#[derive(Debug, Default)]
struct Failures {
    in_a_row: u32,
    locked_until: Option<SystemTime>,
}

impl Lockout {
    /// With locks that last that long.
    pub(crate) fn lasting(lasts: Duration) -> Self {
        Self { lasts, failures: HashMap::new() }
    }

    pub(crate) fn is_locked(&mut self, who: &str, now: SystemTime) -> bool {
        match self.failures.get(who).and_then(|failures| failures.locked_until) {
            Some(until) if now < until => true,
            Some(_) => {
                self.failures.remove(who);
                false
            }
            None => false,
        }
    }

    pub(crate) fn succeeded(&mut self, who: &str) {
        self.failures.remove(who);
    }

    pub(crate) fn failed(&mut self, who: &str, now: SystemTime) {
        let failures = self.failures.entry(who.to_owned()).or_default();
        failures.in_a_row += 1;
        if failures.in_a_row >= LIMIT {
            failures.locked_until = now.checked_add(self.lasts);
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
    fn only_failures_in_a_row_lock_and_a_lock_ends() {
        let start = SystemTime::UNIX_EPOCH;
        let mut lockout = Lockout::lasting(Duration::from_secs(300));
        for _ in 0..4 {
            lockout.failed("a", start);
        }
        lockout.succeeded("a");
        for _ in 0..4 {
            lockout.failed("a", start);
        }
        assert!(!lockout.is_locked("a", start));
        lockout.failed("a", start);
        assert!(lockout.is_locked("a", start + Duration::from_secs(299)));
        assert!(!lockout.is_locked("b", start));
        assert!(!lockout.is_locked("a", start + Duration::from_secs(300)));
        lockout.failed("a", start + Duration::from_secs(300));
        assert!(
            !lockout.is_locked("a", start + Duration::from_secs(300)),
            "it counts from one again"
        );
    }
}
