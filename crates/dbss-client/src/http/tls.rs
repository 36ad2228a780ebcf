//! TLS, by whichever implementation this crate was built with.
//!
//! The features of a crate add up over a whole build, so more than one
//! implementation may be there although nobody asked for two. The one that takes
//! most to ask for decides: `native-tls`, then `rustls-aws-lc`, then `rustls`,
//! which is there by default.

#[cfg_attr(feature = "native-tls", path = "tls/native.rs")]
#[cfg_attr(all(feature = "__rustls", not(feature = "native-tls")), path = "tls/rustls.rs")]
#[cfg_attr(not(any(feature = "native-tls", feature = "__rustls")), path = "tls/none.rs")]
mod backend;

use std::error::Error as StdError;

use crate::input::{Problem, ProblemKind};

pub(crate) use self::backend::configure;

/// The features that bring TLS, as problems name them.
const FEATURES: &str = "`rustls`, `rustls-aws-lc` or `native-tls`";

/// What keeps an address from being called: it wants TLS, and there is none.
pub(crate) fn missing_for(field: &str, address: &str) -> Option<Problem> {
    let wanted = address.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"));
    let there = cfg!(any(feature = "native-tls", feature = "__rustls"));
    (wanted && !there).then(|| {
        let help = format!("enable its feature {FEATURES}, or give an `http_client` that has TLS");
        Problem::configuration(field, ProblemKind::NoTls).with_help(help)
    })
}

/// Whether an error, by itself and not by its causes, is one of TLS. An HTTP
/// client of the caller's own may have an implementation that does not decide
/// here, so every one that is there is asked.
pub(crate) fn is_tls_error(error: &(dyn StdError + 'static)) -> bool {
    #[cfg(feature = "__rustls")]
    if error.is::<rustls::Error>() {
        return true;
    }
    #[cfg(feature = "native-tls")]
    if error.is::<native_tls::Error>() {
        return true;
    }
    let _ = error;
    false
}

/// Why TLS cannot be set up.
type SetupError = Box<dyn StdError + Send + Sync>;

fn unreadable(reason: impl Into<String>) -> Problem {
    let kind = ProblemKind::InvalidCertificate { reason: reason.into() };
    Problem::configuration("ca_certificate", kind)
}
