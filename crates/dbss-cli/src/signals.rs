//! Signals that end the command.

use std::future;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Ctrl-C, and SIGTERM where the system has it. From the moment that this exists, the signals
/// no longer end the process by themselves, and none is missed.
pub(crate) struct Interrupts {
    /// None if a handler cannot be installed: the system's default action applies.
    #[cfg(unix)]
    signals: [Option<Signal>; 2],
}

impl Interrupts {
    /// Watches for the signals. Needs a running runtime.
    #[cfg(unix)]
    pub(crate) fn new() -> Self {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()];
        Self { signals: kinds.map(|kind| signal(kind).ok()) }
    }

    /// Completes at the next signal.
    #[cfg(unix)]
    pub(crate) async fn next(&mut self) {
        let [interrupt, terminate] = &mut self.signals;
        tokio::select! {
            () = received(interrupt) => {}
            () = received(terminate) => {}
        }
    }

    /// Watches for Ctrl-C.
    #[cfg(not(unix))]
    pub(crate) fn new() -> Self {
        Self {}
    }

    /// Completes at the next Ctrl-C.
    #[cfg(not(unix))]
    pub(crate) async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
async fn received(signal: &mut Option<Signal>) {
    let ended = match signal {
        Some(signal) => signal.recv().await.is_none(),
        None => true,
    };
    if ended {
        future::pending::<()>().await;
    }
}
