//! `Authorization`: a request signed with a key pair.

use std::time::{Duration, SystemTime};

use http::header;
use secrecy::ExposeSecret as _;

use super::{Identity, Request, Scope, check_expiry, identity};
use crate::reply::Refusal;
use crate::shared::Shared;
use crate::signature::{self, Authorization};
use crate::store::Store;
use crate::time;

/// How far the time of signing may be from now, either way.
const SKEW: Duration = Duration::from_secs(15 * 60);

/// The headers whose values are not repeated in an answer.
const SECRET: [&str; 2] = ["x-auth-token:", "x-security-token:"];

/// Who signed the request. The messages are those of the gateway's page on
/// authentication errors and, where it has none, of answers that users quote.
pub(super) fn identify(shared: &Shared, request: &Request<'_>) -> Result<Identity, Refusal> {
    let header = request.header(header::AUTHORIZATION.as_str()).unwrap_or_default();
    let authorization = Authorization::read(header).map_err(|malformed| {
        failed("authorization header invalid").because(malformed.to_string())
    })?;
    let date = request.header(signature::DATE).ok_or_else(|| failed("x-sdk-date not found"))?;
    let signed_at = time::from_sdk(date)
        .ok_or_else(|| failed("x-sdk-date invalid").because("it is not like 20260115T083000Z"))?;
    // Before the lock is taken: it hashes the body.
    let canonical = signature::canonical_request(
        request.method,
        request.uri,
        request.headers,
        &authorization.signed_headers,
        request.body,
    );
    let now = shared.options().clock.now();
    shared.with_store(|store| {
        let signed = Signed {
            request,
            authorization: &authorization,
            date,
            at: signed_at,
            canonical: &canonical,
        };
        signed.check(store, now)
    })
}

struct Signed<'a> {
    request: &'a Request<'a>,
    authorization: &'a Authorization<'a>,
    date: &'a str,
    /// What `date` says.
    at: SystemTime,
    canonical: &'a [u8],
}

impl Signed<'_> {
    fn check(&self, store: &mut Store, now: SystemTime) -> Result<Identity, Refusal> {
        let access_key = self.authorization.access_key;
        let Some(key) = store.access_key(access_key).cloned() else {
            return Err(Refusal::unauthenticated(format_args!(
                "Get secretKey failed,ak:{access_key},err:ak not exist"
            )));
        };
        if store.key_lockout.is_locked(access_key, now) {
            return Err(Refusal::unauthenticated("AK access failed to reach the limit,forbidden"));
        }
        if distance(self.at, now) > SKEW {
            return Err(failed(format_args!(
                "signature expired, signature time:{},server time:{}",
                self.date,
                time::sdk(now)
            )));
        }
        if let Some(token) = &key.security_token
            && self.request.header("x-security-token") != Some(token.expose_secret())
        {
            return Err(Refusal::unauthenticated("decrypt token fail")
                .because("x-security-token is not that of the temporary key pair"));
        }
        check_expiry(key.expires_at, now)?;
        let secret = key.secret_key.expose_secret();
        if !signature::verify(self.canonical, self.date, secret, &self.authorization.signature) {
            store.key_lockout.failed(access_key, now);
            return Err(Refusal::unauthenticated(format_args!(
                "verify aksk signature fail, canonicalRequest:{}",
                one_line(self.canonical)
            )));
        }
        store.key_lockout.succeeded(access_key);
        Ok(identity(store.state(), &key.user, Scope::Account))
    }
}

/// The signature could not be computed.
fn failed(why: impl std::fmt::Display) -> Refusal {
    Refusal::unauthenticated(format_args!("calc aksk signature fail:{why}"))
}

fn distance(one: SystemTime, other: SystemTime) -> Duration {
    one.duration_since(other).unwrap_or_else(|error| error.duration())
}

/// The canonical request as the gateway shows it, so that the author of a client
/// sees which line differs; without the secrets that may be in it.
fn one_line(canonical: &[u8]) -> String {
    let text = String::from_utf8_lossy(canonical);
    let shown = |line: &str| match SECRET.iter().find(|name| line.starts_with(**name)) {
        Some(name) => format!("{name}***"),
        None => line.to_owned(),
    };
    text.split('\n').map(shown).collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canonical_request_is_shown_without_secrets() {
        let shown = one_line(
            b"GET\n/v1/\n\nhost:h\nx-security-token:secret\n\nhost;x-security-token\nhash",
        );
        assert_eq!(shown, "GET|/v1/||host:h|x-security-token:***||host;x-security-token|hash");
    }
}
