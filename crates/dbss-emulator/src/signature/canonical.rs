//! The canonical request: the bytes from which a signature is computed.

use http::{HeaderMap, Method, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

use super::{CONTENT_HASH, UNSIGNED_PAYLOAD, hex_sha256};

/// Everything but `A-Z a-z 0-9 - _ . ~`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The canonical request: method, path, query, headers, names of the signed headers
/// and hash of the body, separated by line feeds.
pub(crate) fn canonical_request(
    method: &Method,
    target: &Uri,
    headers: &HeaderMap,
    signed_headers: &[&str],
    body: &[u8],
) -> Vec<u8> {
    let mut names: Vec<String> =
        signed_headers.iter().map(|name| name.to_ascii_lowercase()).collect();
    names.sort_unstable();
    let mut text = format!(
        "{method}\n{}\n{}\n",
        canonical_path(target.path()),
        canonical_query(target.query())
    )
    .into_bytes();
    for name in &names {
        text.extend_from_slice(name.as_bytes());
        text.push(b':');
        text.extend_from_slice(&canonical_value(headers, name));
        text.push(b'\n');
    }
    text.push(b'\n');
    text.extend_from_slice(names.join(";").as_bytes());
    text.push(b'\n');
    text.extend_from_slice(payload_hash(headers, body).as_bytes());
    text
}

/// The path, decoded, split at `/`, encoded again, with a slash at its end. Because it
/// is decoded first, a `%2F` becomes a separator.
fn canonical_path(path: &str) -> String {
    let decoded: Vec<u8> = percent_decode_str(path).collect();
    let parts: Vec<String> = decoded.split(|byte| *byte == b'/').map(percent_encoded).collect();
    let mut path = parts.join("/");
    if !path.ends_with('/') {
        path.push('/');
    }
    path
}

/// The pairs of the query, decoded, sorted, encoded again. A `+` is not a blank.
fn canonical_query(query: Option<&str>) -> String {
    let decoded = |text: &str| percent_decode_str(text).collect::<Vec<u8>>();
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = query
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", percent_encoded(name), percent_encoded(value)))
        .collect();
    pairs.join("&")
}

fn percent_encoded(bytes: &[u8]) -> String {
    percent_encode(bytes, RESERVED).to_string()
}

/// The value of a header without blanks around it. Several values are joined by
/// commas; a header that is missing is empty.
fn canonical_value(headers: &HeaderMap, name: &str) -> Vec<u8> {
    let values: Vec<&[u8]> =
        headers.get_all(name).iter().map(|value| value.as_bytes().trim_ascii()).collect();
    values.join(&b","[..])
}

/// The hash of the body, or `UNSIGNED-PAYLOAD` if the client does not sign the body.
///
/// A client may send the hash in a header. It is computed here nevertheless: a wrong
/// hash in the header must not be accepted.
fn payload_hash(headers: &HeaderMap, body: &[u8]) -> String {
    let unsigned = headers
        .get(CONTENT_HASH)
        .is_some_and(|value| value.as_bytes() == UNSIGNED_PAYLOAD.as_bytes());
    if unsigned && !body.is_empty() { UNSIGNED_PAYLOAD.to_owned() } else { hex_sha256(body) }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn decodes_paths_before_encoding_them() {
        for (path, expected) in [
            ("/", "/"),
            ("/v1/a", "/v1/a/"),
            ("/v1/a/", "/v1/a/"),
            ("/v1/a%2Fb", "/v1/a/b/"),
            ("/v1/a%20b+c", "/v1/a%20b%2Bc/"),
            ("/v1/urn:a*~", "/v1/urn%3Aa%2A~/"),
            ("/v1/%E5%AE%A1", "/v1/%E5%AE%A1/"),
            ("/v1/%zz", "/v1/%25zz/"),
        ] {
            assert_eq!(canonical_path(path), expected, "{path}");
        }
    }

    #[test]
    fn sorts_queries_by_their_decoded_pairs() {
        for (query, expected) in [
            (None, ""),
            (Some(""), ""),
            (Some("b=2&a=1"), "a=1&b=2"),
            (Some("a=2&a=1&a"), "a=&a=1&a=2"),
            (Some("a=1=2"), "a=1%3D2"),
            (Some("a=x+y%20z"), "a=x%2By%20z"),
            (Some("%62=1&a-=2&a=3"), "a=3&a-=2&b=1"),
        ] {
            assert_eq!(canonical_query(query), expected, "{query:?}");
        }
    }

    #[test]
    fn trims_and_joins_header_values() {
        let mut headers = HeaderMap::new();
        headers.append("x-a", HeaderValue::from_static("  one two "));
        headers.append("x-a", HeaderValue::from_static("three"));
        assert_eq!(canonical_value(&headers, "x-a"), b"one two,three");
        assert_eq!(canonical_value(&headers, "x-b"), b"");
        assert_eq!(canonical_value(&headers, "not a name"), b"");
    }

    #[test]
    fn hashes_the_body_itself_unless_the_payload_is_unsigned() {
        let mut headers = HeaderMap::new();
        let hash = hex_sha256(b"{}");
        headers.insert(CONTENT_HASH, HeaderValue::from_static("0000"));
        assert_eq!(payload_hash(&headers, b"{}"), hash);
        headers.insert(CONTENT_HASH, HeaderValue::from_static(UNSIGNED_PAYLOAD));
        assert_eq!(payload_hash(&headers, b"{}"), UNSIGNED_PAYLOAD);
        assert_eq!(payload_hash(&headers, b""), hex_sha256(b""));
    }
}
