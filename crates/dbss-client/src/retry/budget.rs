//! The retry budget: how many retries a client may spend in all.

use std::sync::atomic::{AtomicU32, Ordering};

/// What a client may spend on retries: a bucket that retries drain and successes
/// fill, so that a service in trouble is not called several times as often.
#[derive(Debug)]
pub(crate) struct RetryBudget(AtomicU32);

/// The bucket when it is full: a hundred retries in a row.
const CAPACITY: u32 = 500;
/// What a retry takes out.
const COST: u32 = 5;

impl Default for RetryBudget {
    fn default() -> Self {
        Self(AtomicU32::new(CAPACITY))
    }
}

impl RetryBudget {
    /// Takes a retry's worth out, if there is enough.
    pub(crate) fn spend(&self) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| tokens.checked_sub(COST))
            .is_ok()
    }

    /// Puts back what a success is worth: its retry's cost, or a little.
    pub(crate) fn refill(&self, attempts: u32) {
        let worth = if attempts > 1 { COST } else { 1 };
        if self.0.load(Ordering::Relaxed) < CAPACITY {
            let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                Some(tokens.saturating_add(worth).min(CAPACITY))
            });
        }
    }
}
