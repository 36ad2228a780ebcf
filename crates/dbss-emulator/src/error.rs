//! The error of starting an emulator.

use std::net::SocketAddr;

use crate::state::InvalidState;

/// Why an emulator cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The initial state is not consistent.
    #[error(transparent)]
    State(#[from] InvalidState),
    /// It cannot listen on its address.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The thread for the callback of
    /// [`on_response`](crate::EmulatorBuilder::on_response) cannot be started.
    #[error("cannot start a thread")]
    Thread(#[source] std::io::Error),
}
