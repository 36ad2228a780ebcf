//! No TLS: only `http` endpoints can be called.

use super::{FEATURES, SetupError, unreadable};
use crate::input::Problem;

/// Refuses certificates, since nothing would check them.
#[allow(clippy::unnecessary_wraps, reason = "the other implementations can fail")]
pub(crate) fn configure(
    builder: reqwest::ClientBuilder,
    ca_certificates: &[Vec<u8>],
    problems: &mut Vec<Problem>,
) -> Result<reqwest::ClientBuilder, SetupError> {
    if !ca_certificates.is_empty() {
        problems.push(unreadable(format!(
            "has no use, since dbss-client was built without TLS: enable its feature {FEATURES}"
        )));
    }
    Ok(builder)
}
