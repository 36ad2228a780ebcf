//! TLS by rustls, with the platform's certificates.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;

use super::{SetupError, unreadable};
use crate::input::Problem;

/// Sets up TLS, with the caller's certificates in addition to the platform's.
///
/// The configuration is made here and not by reqwest, which would use the process-wide
/// provider and panic if there is none.
pub(crate) fn configure(
    builder: reqwest::ClientBuilder,
    ca_certificates: &[Vec<u8>],
    problems: &mut Vec<Problem>,
) -> Result<reqwest::ClientBuilder, SetupError> {
    let mut roots = Vec::new();
    for pem in ca_certificates {
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        match read {
            Ok(found) if !found.is_empty() => roots.extend(found),
            Ok(_) => problems.push(unreadable("holds no certificate in PEM")),
            Err(error) => problems.push(unreadable(format!("is not PEM: {error}"))),
        }
    }
    let mut store = rustls::RootCertStore::empty();
    for root in &roots {
        if let Err(error) = store.add(root.clone()) {
            problems.push(unreadable(format!("holds what is no certificate: {error}")));
        }
    }
    let provider = Arc::new(provider());
    let config = rustls::ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    let config = match Verifier::new_with_extra_roots(roots, provider) {
        Ok(verifier) => config.dangerous().with_custom_certificate_verifier(Arc::new(verifier)),
        // A platform without certificates, such as a minimal container: only the caller's
        // are trusted, and `http` to loopback still works.
        Err(_) => config.with_root_certificates(store),
    };
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}

#[cfg(feature = "rustls-aws-lc")]
fn provider() -> CryptoProvider {
    rustls::crypto::aws_lc_rs::default_provider()
}

#[cfg(not(feature = "rustls-aws-lc"))]
fn provider() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}
