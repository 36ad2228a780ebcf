//! TLS, by the implementation that this crate was built with.
//!
//! Cargo unifies the features of a build, so several implementations may be enabled
//! although nobody asked for more than one. The first of these that is enabled is used:
//! `native-tls`, `rustls-aws-lc`, `rustls`. The default comes last, since it may be
//! enabled although nobody chose it.

#[cfg_attr(feature = "native-tls", path = "tls/native.rs")]
#[cfg_attr(all(feature = "__rustls", not(feature = "native-tls")), path = "tls/rustls.rs")]
#[cfg_attr(not(any(feature = "native-tls", feature = "__rustls")), path = "tls/none.rs")]
mod backend;
#[cfg(all(feature = "__rustls", not(feature = "native-tls")))]
mod certificate;
#[cfg(all(feature = "__rustls", not(feature = "native-tls")))]
mod refusal;

use std::error::Error as StdError;

use crate::input::{Problem, ProblemKind};

#[cfg(feature = "metadata")]
pub(crate) use self::backend::without_ca_certificates;
pub(crate) use self::backend::{configure, in_words};

/// Whether this crate was built with TLS.
pub(crate) const IS_THERE: bool = cfg!(any(feature = "native-tls", feature = "__rustls"));

/// The features with TLS, as named in problems.
const FEATURES: &str = "`rustls`, `rustls-aws-lc` or `native-tls`";

/// The problem of an `https` address if there is no TLS.
pub(crate) fn missing_for(field: &str, address: &str) -> Option<Problem> {
    let wanted = address.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"));
    (wanted && !IS_THERE).then(|| {
        let help = format!("enable its feature {FEATURES}, or give an `http_client` that has TLS");
        Problem::configuration(field, ProblemKind::NoTls).with_help(help)
    })
}

/// Whether an error by itself, not by its causes, is a TLS error. A custom HTTP client
/// may use another implementation than this crate, so all that are enabled are checked.
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
