//! The signer: computes `SDK-HMAC-SHA256` signatures on the bytes that are sent, and
//! writes `X-Sdk-Date` and `Authorization`.
//!
//! Source: Huawei's API Request Signing Guide, and the official SDKs, whose requests are
//! the test vectors of this module.

use std::time::SystemTime;

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Request, Url};
use sha2::{Digest as _, Sha256};

use super::access_key::AccessKey;
use super::canonical;
use super::error::CredentialsError;
use crate::date;

const ALGORITHM: &str = "SDK-HMAC-SHA256";

pub(super) const X_SDK_DATE: HeaderName = HeaderName::from_static("x-sdk-date");
pub(super) const X_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-security-token");
const X_PROJECT_ID: HeaderName = HeaderName::from_static("x-project-id");
const X_CONTENT_HASH: HeaderName = HeaderName::from_static("x-sdk-content-sha256");

/// Stands for the hash of a body that is not signed.
const UNSIGNED: HeaderValue = HeaderValue::from_static("UNSIGNED-PAYLOAD");

/// SHA-256 of the empty string.
const EMPTY: [u8; 64] = *b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Signs a request that has no signature; see
/// [`Identity::authenticate`](super::Identity::authenticate).
pub(super) fn sign(
    request: &mut Request,
    key: &AccessKey,
    project_id: Option<&str>,
    now: SystemTime,
) -> Result<(), CredentialsError> {
    let date = date::sdk(now).ok_or_else(|| {
        CredentialsError::new(
            "the clock is not within the years 1970 to 9999, so that nothing can be signed",
        )
        .help("set the clock of the machine")
    })?;
    complete(request, key, project_id, &date)?;
    let headers = canonical::signed_headers(request.headers());
    let canonical = canonical_request(request, &headers)?;
    let signature = signature(key, &string_to_sign(&canonical, &date));
    let mut authorization = Vec::with_capacity(canonical.len() + 200);
    for part in [ALGORITHM, " Access=", key.id(), ", SignedHeaders="] {
        authorization.extend_from_slice(part.as_bytes());
    }
    canonical::append_names(&mut authorization, &headers);
    authorization.extend_from_slice(b", Signature=");
    authorization.extend_from_slice(&signature);
    let mut value = header_value(&authorization, "the access key (AK)")?;
    value.set_sensitive(true);
    request.headers_mut().insert(AUTHORIZATION, value);
    Ok(())
}

/// Adds the headers that are signed, and rewrites the query as it is signed, so that
/// client and service read the same pairs from it.
fn complete(
    request: &mut Request,
    key: &AccessKey,
    project_id: Option<&str>,
    date: &[u8; 16],
) -> Result<(), CredentialsError> {
    if let Some(given) = request.url().query() {
        let canonical = canonical::query(given);
        if canonical != given {
            request.url_mut().set_query(Some(&canonical));
        }
    }
    let host = if request.headers().contains_key(HOST) { None } else { Some(host(request.url())?) };
    let headers = request.headers_mut();
    if let Some(host) = host {
        headers.insert(HOST, host);
    }
    headers.insert(X_SDK_DATE, header_value(date, "the date")?);
    if let Some(id) = project_id {
        headers.insert(X_PROJECT_ID, header_value(id.as_bytes(), "the project's id")?);
    }
    if let Some(token) = key.security_token() {
        headers.insert(X_SECURITY_TOKEN, token.clone());
    }
    if !is_hashed(headers) {
        headers.entry(X_CONTENT_HASH).or_insert(UNSIGNED);
    }
    Ok(())
}

/// Whether the SDKs hash a body of that type; they do not sign other bodies.
fn is_hashed(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else { return true };
    ["application/json", "application/bson"].iter().any(|hashed| {
        let start = value.as_bytes().get(..hashed.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(hashed.as_bytes()))
    })
}

/// The `Host` header that the HTTP stack would send.
fn host(url: &Url) -> Result<HeaderValue, CredentialsError> {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        None => header_value(host.as_bytes(), "the host"),
        Some(port) => header_value(format!("{host}:{port}").as_bytes(), "the host"),
    }
}

fn header_value(bytes: &[u8], what: &str) -> Result<HeaderValue, CredentialsError> {
    HeaderValue::from_bytes(bytes).map_err(|source| {
        CredentialsError::new(format!("{what} has a character that a header cannot carry"))
            .with_source(source)
    })
}

fn canonical_request(
    request: &Request,
    headers: &[(&str, &HeaderValue)],
) -> Result<Vec<u8>, CredentialsError> {
    let hash;
    let payload_hash = match request.body() {
        None => &EMPTY[..],
        Some(body) => match (request.headers().get(X_CONTENT_HASH), body.as_bytes()) {
            (_, Some([])) => &EMPTY[..],
            (Some(stated), _) => stated.as_bytes(),
            (None, Some(bytes)) => {
                hash = hex(Sha256::digest(bytes).into());
                &hash[..]
            }
            (None, None) => return Err(streamed()),
        },
    };
    let url = request.url();
    let query = url.query().unwrap_or_default();
    let method = request.method().as_str();
    Ok(canonical::request(method, url.path(), query, headers, payload_hash))
}

fn streamed() -> CredentialsError {
    CredentialsError::new("a body that is a stream cannot be signed").help(
        "give the body as bytes, or state its hash or `UNSIGNED-PAYLOAD` in `X-Sdk-Content-Sha256`",
    )
}

fn string_to_sign(canonical: &[u8], date: &[u8; 16]) -> Vec<u8> {
    let hash = hex(Sha256::digest(canonical).into());
    [ALGORITHM.as_bytes(), b"\n", date, b"\n", &hash].concat()
}

fn signature(key: &AccessKey, string_to_sign: &[u8]) -> [u8; 64] {
    // HMAC accepts keys of any length.
    Hmac::<Sha256>::new_from_slice(key.secret_key().as_bytes()).map_or(EMPTY, |mut mac| {
        mac.update(string_to_sign);
        hex(mac.finalize().into_bytes().into())
    })
}

fn hex(hash: [u8; 32]) -> [u8; 64] {
    let digit = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
    let mut text = [0; 64];
    for (pair, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(hash) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
    text
}

#[cfg(test)]
mod tests;
