//! Tests that depend on real time.

use tokio::sync::{Mutex, MutexGuard};

/// Waits until no other test holds this. Who measures real time, and who takes all
/// of the machine, run one after the other: they are in one process, side by side.
pub async fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::const_new(());
    TURN.lock().await
}
