//! How sending a request failed, where there is no answer.

use std::error::Error as StdError;
use std::io;

use super::tls::is_tls_error;

/// How sending a request failed, where there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransportFailure {
    /// A connection came about, and TLS on it did not.
    Tls,
    /// No connection came about.
    Connect,
    /// The time limit passed on an established connection.
    Timeout,
    /// The request cannot be made.
    InvalidRequest,
    /// The connection was lost.
    Interrupted,
}

impl TransportFailure {
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        if error.is_connect() {
            if is_caused_by_tls(error) { Self::Tls } else { Self::Connect }
        } else if error.is_timeout() {
            Self::Timeout
        } else if error.is_builder() {
            Self::InvalidRequest
        } else {
            Self::Interrupted
        }
    }

    /// Whether something of the request may have arrived.
    pub(crate) fn was_sent(self) -> bool {
        matches!(self, Self::Timeout | Self::Interrupted)
    }

    /// The failure in a word, as logs have it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Tls | Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::InvalidRequest | Self::Interrupted => "interrupted",
        }
    }
}

/// Whether the error or one of its causes is one of TLS. An `io::Error` gives as
/// its cause that of the error it wraps, so the wrapped one is looked at too.
fn is_caused_by_tls(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if is_tls_error(error) || wrapped.is_some_and(|wrapped| is_caused_by_tls(wrapped)) {
            return true;
        }
        next = error.source();
    }
    false
}
