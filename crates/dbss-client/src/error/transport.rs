//! Which kind of failure an error of the HTTP client is.

use std::error::Error as StdError;
use std::io;

use super::ErrorKind;
use crate::tls::is_tls_error;

/// The kind of a failure that left no answer.
pub(super) fn kind(error: &reqwest::Error) -> ErrorKind {
    if is_tls(error) {
        ErrorKind::Tls
    } else if error.is_connect() {
        ErrorKind::Connect
    } else if error.is_timeout() {
        ErrorKind::Timeout
    } else if error.is_builder() {
        ErrorKind::InvalidInput
    } else {
        ErrorKind::Interrupted
    }
}

/// Whether a connection came about and TLS on it did not.
pub(crate) fn is_tls(error: &reqwest::Error) -> bool {
    error.is_connect() && is_caused_by_tls(error)
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
