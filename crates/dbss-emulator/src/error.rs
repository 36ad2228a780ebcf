//! Why an emulator does not start.

use std::net::SocketAddr;

use crate::state::InvalidState;

/// Why an emulator does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The state that it should start with does not hold together.
    #[error(transparent)]
    State(#[from] InvalidState),
    /// It cannot listen on its address.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
}
