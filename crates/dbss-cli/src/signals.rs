//! Signals that end the command.

use std::future;

/// Completes on Ctrl-C, and on SIGTERM where the system has it.
pub(crate) async fn interrupted() {
    tokio::select! {
        () = ctrl_c() => {}
        () = terminated() => {}
    }
}

async fn ctrl_c() {
    // If the handler cannot be installed, the system's default action applies.
    if tokio::signal::ctrl_c().await.is_err() {
        future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    future::pending::<()>().await;
}
