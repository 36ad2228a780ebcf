//! TLS by the platform's own implementation, with its certificates.

use std::error::Error as StdError;

use super::SetupError;
use crate::http::ca_certificates::CaCertificates;
use crate::input::Problem;
use crate::variables::Lookup;

/// Sets up TLS, with the caller's authorities in addition to the platform's.
#[allow(clippy::unnecessary_wraps, reason = "the other implementations can fail")]
pub(crate) fn configure(
    builder: reqwest::ClientBuilder,
    ca_certificates: &[CaCertificates],
    _: Lookup<'_>,
    problems: &mut Vec<Problem>,
) -> Result<reqwest::ClientBuilder, SetupError> {
    let mut roots = Vec::new();
    for given in ca_certificates {
        match reqwest::Certificate::from_pem_bundle(given.pem()) {
            Ok(found) if !found.is_empty() => roots.extend(found),
            Ok(_) => problems.push(given.refused("holds no certificate in PEM")),
            Err(error) => problems.push(given.refused(&format!("cannot be read: {error}"))),
        }
    }
    Ok(builder.tls_backend_native().tls_certs_merge(roots))
}

/// For an HTTP client that needs no TLS.
#[cfg(feature = "metadata")]
#[allow(clippy::unnecessary_wraps, reason = "the other implementations can fail")]
pub(crate) fn without_ca_certificates(
    builder: reqwest::ClientBuilder,
) -> Result<reqwest::ClientBuilder, SetupError> {
    Ok(builder.tls_backend_native())
}

/// An error of this implementation in words: it has its own.
pub(crate) fn in_words(_: &(dyn StdError + 'static)) -> Option<String> {
    None
}
