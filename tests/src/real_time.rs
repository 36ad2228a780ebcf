//! Tests that depend on real time, and tests that take all of the machine: they are in
//! one process, side by side, and take turns.

use tokio::sync::{Mutex, MutexGuard};

static TURN: Mutex<()> = Mutex::const_new(());

/// Waits until no other test holds this.
pub async fn alone() -> MutexGuard<'static, ()> {
    TURN.lock().await
}

/// The same for a test that is not async.
pub fn alone_blocking() -> MutexGuard<'static, ()> {
    TURN.blocking_lock()
}
