//! TLS by rustls, with the platform's certificates.

use std::error::Error as StdError;
use std::path::Path;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;

use super::SetupError;
use super::refusal::{self, ExplainingVerifier};
use crate::http::ca_certificates::{self, CaCertificates};
use crate::input::Problem;
use crate::variables::Lookup;

/// Folders of certificates, which the loader of the platform's certificates reads in place
/// of the platform's.
const SSL_CERT_DIR: &str = "SSL_CERT_DIR";

/// Sets up TLS, with the caller's authorities in addition to the platform's.
///
/// The configuration is made here and not by reqwest, which would use the process-wide
/// provider and panic if there is none.
pub(crate) fn configure(
    builder: reqwest::ClientBuilder,
    ca_certificates: &[CaCertificates],
    lookup: Lookup<'_>,
    problems: &mut Vec<Problem>,
) -> Result<reqwest::ClientBuilder, SetupError> {
    let roots: Vec<_> = ca_certificates.iter().flat_map(|it| certificates(it, problems)).collect();
    let provider = Arc::new(provider());
    let config = rustls::ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    // There is none on a platform without certificates, such as a minimal container: `http`
    // to loopback still works.
    let verifier = Verifier::new_with_extra_roots(roots, Arc::clone(&provider)).ok();
    if let (None, Some(folder)) = (&verifier, lookup(SSL_CERT_DIR).filter(|it| !it.is_empty())) {
        let reason = "holds no certificate in PEM, or cannot be read";
        problems.push(ca_certificates::problem(SSL_CERT_DIR, Some(Path::new(&folder)), reason));
    }
    let verifier = Arc::new(ExplainingVerifier { verifier, provider });
    let config = config.dangerous().with_custom_certificate_verifier(verifier);
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}

/// The certificates in PEM that can be used.
fn certificates(
    given: &CaCertificates,
    problems: &mut Vec<Problem>,
) -> Vec<CertificateDer<'static>> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(given.pem()).collect();
    let mut found = match read {
        Ok(found) if !found.is_empty() => found,
        Ok(_) => {
            problems.push(given.refused("holds no certificate in PEM"));
            return Vec::new();
        }
        Err(error) => {
            problems.push(given.refused(&format!("is not PEM: {error}")));
            return Vec::new();
        }
    };
    let mut store = rustls::RootCertStore::empty();
    let mut failure = None;
    found.retain(|certificate| {
        let added = store.add(certificate.clone()).map_err(|error| failure = Some(error));
        added.is_ok()
    });
    if let Some(error) = failure.filter(|_| store.is_empty() || !given.is_lenient()) {
        let reason = refusal::in_words(&error);
        problems.push(given.refused(&format!("holds what is no certificate: {reason}")));
    }
    found
}

/// For an HTTP client that needs no TLS: nobody is trusted, and no certificate is loaded.
#[cfg(feature = "metadata")]
pub(crate) fn without_ca_certificates(
    builder: reqwest::ClientBuilder,
) -> Result<reqwest::ClientBuilder, SetupError> {
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(rustls::RootCertStore::empty());
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}

/// An error of this implementation in words.
pub(crate) fn in_words(error: &(dyn StdError + 'static)) -> Option<String> {
    error.downcast_ref().map(refusal::in_words)
}

#[cfg(feature = "rustls-aws-lc")]
fn provider() -> CryptoProvider {
    rustls::crypto::aws_lc_rs::default_provider()
}

#[cfg(not(feature = "rustls-aws-lc"))]
fn provider() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}
