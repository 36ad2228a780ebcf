//! Verification of `SDK-HMAC-SHA256` signatures, from the bytes that arrived.
//!
//! It is implemented from Huawei's API Request Signing Guide and from what the official
//! SDKs send, and shares no code with `dbss-client`. An error in one of the two
//! implementations therefore shows as a disagreement in the tests. Which headers are
//! signed is the client's choice.

mod authorization;
mod canonical;

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

pub(crate) use self::authorization::Authorization;
pub(crate) use self::canonical::canonical_request;

/// The only algorithm that is supported.
pub(crate) const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// The header with the time of signing, in the form `20260115T083000Z`.
pub(crate) const DATE: &str = "x-sdk-date";

/// The header with the hash of the body.
const CONTENT_HASH: &str = "x-sdk-content-sha256";

/// The value of that header for a body that is not signed.
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// Whether the signature was made from the canonical request with that key. The
/// comparison takes constant time.
pub(crate) fn verify(
    canonical_request: &[u8],
    date: &str,
    secret_key: &str,
    signature: &[u8],
) -> bool {
    let signed = string_to_sign(canonical_request, date);
    // HMAC accepts keys of any length, so this does not fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret_key.as_bytes()) else { return false };
    mac.update(signed.as_bytes());
    mac.verify_slice(signature).is_ok()
}

fn string_to_sign(canonical_request: &[u8], date: &str) -> String {
    format!("{ALGORITHM}\n{date}\n{}", hex_sha256(canonical_request))
}

fn hex_sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use std::collections::BTreeMap;

    use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Vectors {
        requests: Vec<Vector>,
    }

    #[derive(Deserialize)]
    struct Vector {
        name: String,
        method: String,
        target: String,
        secret_key: String,
        access_key: String,
        headers: BTreeMap<String, String>,
        body: Option<String>,
        canonical_request: String,
        string_to_sign: String,
    }

    impl Vector {
        fn headers(&self) -> HeaderMap {
            let pair = |(name, value): (&String, &String)| {
                (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap())
            };
            self.headers.iter().map(pair).collect()
        }

        fn canonical(&self, headers: &HeaderMap, signed: &[&str]) -> Vec<u8> {
            let body = self.body.as_deref().unwrap_or_default().as_bytes();
            let method: Method = self.method.parse().unwrap();
            let target: Uri = self.target.parse().unwrap();
            canonical_request(&method, &target, headers, signed, body)
        }
    }

    fn vectors() -> Vec<Vector> {
        let text = include_str!("../tests/data/signed-requests.json");
        serde_json::from_str::<Vectors>(text).unwrap().requests
    }

    #[test]
    fn accepts_signatures_of_the_official_sdk() {
        for vector in vectors() {
            let headers = vector.headers();
            let authorization = headers["authorization"].to_str().unwrap();
            let parsed = Authorization::parse(authorization).unwrap();
            assert_eq!(parsed.access_key, vector.access_key, "{}", vector.name);
            let canonical = vector.canonical(&headers, &parsed.signed_headers);
            assert_eq!(
                String::from_utf8_lossy(&canonical),
                vector.canonical_request,
                "{}",
                vector.name
            );
            let date = headers[DATE].to_str().unwrap();
            assert_eq!(string_to_sign(&canonical, date), vector.string_to_sign, "{}", vector.name);
            assert!(
                verify(&canonical, date, &vector.secret_key, &parsed.signature),
                "{}",
                vector.name
            );
            assert!(!verify(&canonical, date, "another key", &parsed.signature), "{}", vector.name);
        }
    }

    #[test]
    fn rejects_a_signature_after_any_signed_part_changed() {
        for vector in vectors() {
            let headers = vector.headers();
            let parsed = Authorization::parse(headers["authorization"].to_str().unwrap()).unwrap();
            let date = headers[DATE].to_str().unwrap();
            for name in &parsed.signed_headers {
                let mut changed = headers.clone();
                changed
                    .insert(name.parse::<HeaderName>().unwrap(), HeaderValue::from_static("other"));
                let canonical = vector.canonical(&changed, &parsed.signed_headers);
                assert!(!verify(&canonical, date, &vector.secret_key, &parsed.signature), "{name}");
            }
            let longer = Vector { body: Some("{} ".into()), ..vector };
            let canonical = longer.canonical(&headers, &parsed.signed_headers);
            assert!(
                !verify(&canonical, date, &longer.secret_key, &parsed.signature),
                "{}",
                longer.name
            );
        }
    }
}
