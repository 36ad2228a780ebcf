//! No TLS: only `http` endpoints can be called.

use std::error::Error as StdError;

use super::{FEATURES, SetupError};
use crate::http::ca_certificates::CaCertificates;
use crate::input::Problem;
use crate::variables::Lookup;

/// Refuses certificates, since nothing would check them.
#[allow(clippy::unnecessary_wraps, reason = "the other implementations can fail")]
pub(crate) fn configure(
    builder: reqwest::ClientBuilder,
    ca_certificates: &[CaCertificates],
    _: Lookup<'_>,
    problems: &mut Vec<Problem>,
) -> Result<reqwest::ClientBuilder, SetupError> {
    let why = format!(
        "has no use, since dbss-client was built without TLS: enable its feature {FEATURES}"
    );
    problems.extend(ca_certificates.iter().map(|given| given.refused(&why)));
    Ok(builder)
}

/// For an HTTP client that needs no TLS.
#[cfg(feature = "metadata")]
#[allow(clippy::unnecessary_wraps, reason = "the other implementations can fail")]
pub(crate) fn without_ca_certificates(
    builder: reqwest::ClientBuilder,
) -> Result<reqwest::ClientBuilder, SetupError> {
    Ok(builder)
}

/// There are no errors of TLS.
pub(crate) fn in_words(_: &(dyn StdError + 'static)) -> Option<String> {
    None
}
