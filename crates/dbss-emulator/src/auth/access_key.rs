//! The header `Authorization`: a request signed with a key pair.

use std::time::{Duration, SystemTime};

use http::header;
use secrecy::ExposeSecret as _;

use super::{Caller, CallerScope, RequestParts, caller, check_expiry};
use crate::app_state::AppState;
use crate::json::MASK;
use crate::record::is_harmless_header;
use crate::response::ErrorResponse;
use crate::signature::{self, Authorization};
use crate::store::Store;
use crate::time;

/// The largest difference between the time of signing and now, in either
/// direction.
const MAX_CLOCK_SKEW: Duration = Duration::from_secs(15 * 60);

/// Finds out who signed the request. The messages are those of the gateway's page on
/// authentication errors and, where that has none, of responses that users quote.
pub(super) fn authenticate(
    app: &AppState,
    request: &RequestParts<'_>,
) -> Result<Caller, ErrorResponse> {
    let header = request.header(header::AUTHORIZATION.as_str()).unwrap_or_default();
    let authorization = Authorization::parse(header).map_err(|invalid| {
        signature_error("authorization header invalid").with_reason(invalid.to_string())
    })?;
    let date =
        request.header(signature::DATE).ok_or_else(|| signature_error("x-sdk-date not found"))?;
    let signed_at = time::from_sdk(date).ok_or_else(|| {
        signature_error("x-sdk-date invalid").with_reason("it is not like 20260115T083000Z")
    })?;
    // Computed before the store is locked, because it hashes the whole body.
    let canonical_request = signature::canonical_request(
        request.method,
        request.uri,
        request.headers,
        &authorization.signed_headers,
        request.body,
    );
    let now = app.options().clock.now();
    app.with_store(|store| {
        let signed = SignedRequest {
            request,
            authorization: &authorization,
            date,
            signed_at,
            canonical_request: &canonical_request,
        };
        signed.check(store, now)
    })
}

struct SignedRequest<'a> {
    request: &'a RequestParts<'a>,
    authorization: &'a Authorization<'a>,
    date: &'a str,
    /// `date`, parsed.
    signed_at: SystemTime,
    canonical_request: &'a [u8],
}

impl SignedRequest<'_> {
    fn check(&self, store: &mut Store, now: SystemTime) -> Result<Caller, ErrorResponse> {
        let access_key = self.authorization.access_key;
        let Some(key) = store.access_key(access_key).cloned() else {
            return Err(ErrorResponse::unauthenticated(format_args!(
                "Get secretKey failed,ak:{access_key},err:ak not exist"
            )));
        };
        if store.key_lockout.is_locked(access_key, now) {
            return Err(ErrorResponse::unauthenticated(
                "AK access failed to reach the limit,forbidden",
            ));
        }
        if time_difference(self.signed_at, now) > MAX_CLOCK_SKEW {
            return Err(signature_error(format_args!(
                "signature expired, signature time:{},server time:{}",
                self.date,
                time::sdk(now)
            )));
        }
        if let Some(token) = &key.security_token
            && self.request.header("x-security-token") != Some(token.expose_secret())
        {
            return Err(ErrorResponse::unauthenticated("decrypt token fail")
                .with_reason("x-security-token is not that of the temporary key pair"));
        }
        check_expiry(key.expires_at, now)?;
        let secret = key.secret_key.expose_secret();
        if !signature::verify(
            self.canonical_request,
            self.date,
            secret,
            &self.authorization.signature,
        ) {
            store.key_lockout.record_failure(access_key, now);
            return Err(ErrorResponse::unauthenticated(format_args!(
                "verify aksk signature fail, canonicalRequest:{}",
                masked_canonical_request(self.canonical_request)
            )));
        }
        store.key_lockout.record_success(access_key);
        Ok(caller(store.state(), &key.user, CallerScope::Account))
    }
}

/// The error for a signature that the gateway cannot compute.
fn signature_error(why: impl std::fmt::Display) -> ErrorResponse {
    ErrorResponse::unauthenticated(format_args!("calc aksk signature fail:{why}"))
}

fn time_difference(a: SystemTime, b: SystemTime) -> Duration {
    a.duration_since(b).unwrap_or_else(|error| error.duration())
}

/// The canonical request on one line, as the gateway shows it, so that the author of
/// a client sees which line differs; secrets in it are masked.
fn masked_canonical_request(canonical_request: &[u8]) -> String {
    let text = String::from_utf8_lossy(canonical_request);
    // Method, path and query have a line each; then follow the headers.
    let masked = |(index, line): (usize, &str)| match line.split_once(':') {
        Some((name, _)) if index > 2 && !is_harmless_header(name) => format!("{name}:{MASK}"),
        _ => line.to_owned(),
    };
    text.split('\n').enumerate().map(masked).collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_secrets_in_the_canonical_request() {
        let shown = masked_canonical_request(
            b"GET\n/v1/\n\nhost:h\nx-security-token:secret\n\nhost;x-security-token\nhash",
        );
        assert_eq!(shown, "GET|/v1/||host:h|x-security-token:***||host;x-security-token|hash");
    }
}
