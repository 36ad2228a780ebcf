//! Requests without a response.

use std::error::Error as StdError;
use std::io;

use super::tls::is_tls_error;

/// How sending a request failed without a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransportFailure {
    /// A connection was established, and TLS on it was not.
    Tls,
    /// No connection was established.
    Connect,
    /// The timeout passed on an established connection.
    Timeout,
    /// The request cannot be built.
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

    /// Whether a part of the request may have been received.
    pub(crate) fn was_sent(self) -> bool {
        matches!(self, Self::Timeout | Self::Interrupted)
    }

    /// The failure as it is logged.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Tls | Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::InvalidRequest | Self::Interrupted => "interrupted",
        }
    }
}

/// Whether the error or one of its causes is a TLS error. An `io::Error` returns the
/// cause of the error that it wraps, so the wrapped error is checked too.
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
