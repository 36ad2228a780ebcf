//! TLS by the platform's own implementation, with its certificates.

use super::{SetupError, unreadable};
use crate::input::Problem;

/// Sets up TLS, with the caller's certificates in addition to the platform's.
#[allow(clippy::unnecessary_wraps, reason = "the other implementations can fail")]
pub(crate) fn configure(
    builder: reqwest::ClientBuilder,
    ca_certificates: &[Vec<u8>],
    problems: &mut Vec<Problem>,
) -> Result<reqwest::ClientBuilder, SetupError> {
    let mut roots = Vec::new();
    for pem in ca_certificates {
        match reqwest::Certificate::from_pem_bundle(pem) {
            Ok(found) if !found.is_empty() => roots.extend(found),
            Ok(_) => problems.push(unreadable("holds no certificate in PEM")),
            Err(error) => problems.push(unreadable(format!("cannot be read: {error}"))),
        }
    }
    Ok(builder.tls_backend_native().tls_certs_merge(roots))
}
