//! The retry budget: how many retries a client may spend in all.

use std::sync::atomic::{AtomicU32, Ordering};

/// How many retries a client may spend in all: a token bucket that retries drain and
/// successes refill, so that a service in trouble does not get several times the load.
#[derive(Debug)]
pub(crate) struct RetryBudget(AtomicU32);

/// A full bucket: a hundred retries in a row.
const CAPACITY: u32 = 500;
/// The cost of a retry.
const COST: u32 = 5;

impl Default for RetryBudget {
    fn default() -> Self {
        Self(AtomicU32::new(CAPACITY))
    }
}

impl RetryBudget {
    /// Takes the cost of a retry, if there is enough.
    pub(crate) fn spend(&self) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| tokens.checked_sub(COST))
            .is_ok()
    }

    /// Refills after a success: the cost of a retry if it took several attempts, else 1.
    pub(crate) fn refill(&self, attempts: u32) {
        let worth = if attempts > 1 { COST } else { 1 };
        if self.0.load(Ordering::Relaxed) < CAPACITY {
            let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                Some(tokens.saturating_add(worth).min(CAPACITY))
            });
        }
    }
}
