//! The canonical form of a request: the bytes that are signed.
//!
//! Source: Huawei's API Request Signing Guide, and the behaviour of its SDKs where the
//! guide is ambiguous.

use http::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT};

/// The headers of a request that are signed, by name.
///
/// These are the headers that the caller and this crate set and that no proxy has a
/// reason to change; those that the HTTP stack adds later are not among them. A name with
/// an underscore is not signed by any SDK, and how the values of a repeated header are
/// joined is not documented.
pub(super) fn signed_headers(headers: &HeaderMap) -> Vec<(&str, &HeaderValue)> {
    let mut signed: Vec<(&str, &HeaderValue)> = Vec::with_capacity(8);
    signed.extend(
        headers
            .iter()
            .filter(|(name, _)| is_signed(name))
            .map(|(name, value)| (name.as_str(), value)),
    );
    signed.sort_unstable_by_key(|(name, _)| *name);
    if signed.windows(2).any(|pair| matches!(pair, [(one, _), (other, _)] if one == other)) {
        let once = |name: &str| signed.iter().filter(|(other, _)| *other == name).count() == 1;
        return signed.iter().copied().filter(|(name, _)| once(name)).collect();
    }
    signed
}

fn is_signed(name: &HeaderName) -> bool {
    let plain = || name.as_str().starts_with("x-") && !name.as_str().contains('_');
    [HOST, CONTENT_TYPE, USER_AGENT].contains(name) || plain()
}

/// Method, path, query, headers, names of the headers and hash of the body, each on its
/// own line. The query is already canonical.
pub(super) fn request(
    method: &str,
    path: &str,
    query: &str,
    headers: &[(&str, &HeaderValue)],
    payload_hash: &[u8],
) -> Vec<u8> {
    let lines = headers.iter().map(|(name, value)| 2 * name.len() + value.len() + 3);
    let length = lines.sum::<usize>() + method.len() + path.len() + query.len() + 80;
    let mut text = Vec::with_capacity(length);
    text.extend_from_slice(method.as_bytes());
    text.push(b'\n');
    append_path(&mut text, path);
    text.push(b'\n');
    text.extend_from_slice(query.as_bytes());
    text.push(b'\n');
    for (name, value) in headers {
        text.extend_from_slice(name.as_bytes());
        text.push(b':');
        text.extend_from_slice(value.as_bytes().trim_ascii());
        text.push(b'\n');
    }
    text.push(b'\n');
    append_names(&mut text, headers);
    text.push(b'\n');
    text.extend_from_slice(payload_hash);
    text
}

/// The names of the headers, separated by semicolons.
pub(super) fn append_names(text: &mut Vec<u8>, headers: &[(&str, &HeaderValue)]) {
    for (index, (name, _)) in headers.iter().enumerate() {
        if index > 0 {
            text.push(b';');
        }
        text.extend_from_slice(name.as_bytes());
    }
}

/// The path: decoded, split at `/`, encoded again, with a slash at its end. Since it is
/// decoded first, a `%2F` becomes a separator.
fn append_path(text: &mut Vec<u8>, path: &str) {
    for byte in decoded(path, b'+') {
        if byte == b'/' { text.push(byte) } else { append_encoded(text, byte) }
    }
    if text.last() != Some(&b'/') {
        text.push(b'/');
    }
}

/// The pairs of the query, sorted by their decoded text and encoded again.
///
/// A `+` is a space, as in form encoding and `reqwest`. The signer sends this text, in
/// which a space is `%20` and a plus `%2B`.
pub(super) fn query(query: &str) -> String {
    let plain = |text| decoded(text, b' ').collect::<Vec<u8>>();
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (plain(name), plain(value)))
        .collect();
    pairs.sort_unstable();
    let mut text = Vec::with_capacity(query.len() + 8);
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            text.push(b'&');
        }
        for byte in name {
            append_encoded(&mut text, *byte);
        }
        text.push(b'=');
        for byte in value {
            append_encoded(&mut text, *byte);
        }
    }
    // Encoded text is ASCII.
    String::from_utf8(text).unwrap_or_default()
}

/// The decoded bytes of a percent-encoded text. A percent sign without two hexadecimal
/// digits stands for itself; a plus becomes `plus`.
fn decoded(text: &str, plus: u8) -> impl Iterator<Item = u8> {
    let mut rest = text.as_bytes();
    std::iter::from_fn(move || {
        if let [b'%', high, low, after @ ..] = rest
            && let (Some(high), Some(low)) = (nibble(*high), nibble(*low))
        {
            rest = after;
            return Some(high << 4 | low);
        }
        let (first, after) = rest.split_first()?;
        rest = after;
        Some(if *first == b'+' { plus } else { *first })
    })
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

fn append_encoded(text: &mut Vec<u8>, byte: u8) {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
        text.push(byte);
    } else {
        let digit = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 };
        text.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 15)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonicalizes_paths_decoded_with_a_trailing_slash() {
        for (given, expected) in [
            ("/", "/"),
            ("/v1/a", "/v1/a/"),
            ("/v1/a/", "/v1/a/"),
            ("/v1/a%2Fb", "/v1/a/b/"),
            ("/v1/a%2f", "/v1/a/"),
            ("/v1/a%20b+c", "/v1/a%20b%2Bc/"),
            ("/v1/urn:a*~", "/v1/urn%3Aa%2A~/"),
            ("/v1/%E5%AE%A1", "/v1/%E5%AE%A1/"),
            ("/v1/%zz%4", "/v1/%25zz%254/"),
            ("/v1/%2541", "/v1/%2541/"),
        ] {
            let mut text = Vec::new();
            append_path(&mut text, given);
            assert_eq!(String::from_utf8_lossy(&text), expected, "{given}");
        }
    }

    #[test]
    fn sorts_queries_by_decoded_name_and_value() {
        for (given, expected) in [
            ("", ""),
            ("&", ""),
            ("b=2&a=1", "a=1&b=2"),
            ("a=2&a=1&a", "a=&a=1&a=2"),
            ("a=1=2", "a=1%3D2"),
            ("a=x+y%20z%2Bw", "a=x%20y%20z%2Bw"),
            ("%62=1&a-=2&a=3", "a=3&a-=2&b=1"),
            ("n=%E5%AE%A1&N=*", "N=%2A&n=%E5%AE%A1"),
        ] {
            assert_eq!(query(given), expected, "{given}");
            assert_eq!(query(expected), expected, "what is canonical stays");
        }
    }

    #[test]
    fn sorts_signed_headers_and_leaves_out_ambiguous_ones() {
        let mut headers = HeaderMap::new();
        let mut add = |name: &'static str| {
            headers.append(name, HeaderValue::from_static("v"));
        };
        for name in [
            "x-sdk-date",
            "host",
            "accept",
            "x-a_b",
            "content-type",
            "x-twice",
            "x-twice",
            "x-a",
            "authorization",
            "user-agent",
        ] {
            add(name);
        }
        let names: Vec<&str> = signed_headers(&headers).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["content-type", "host", "user-agent", "x-a", "x-sdk-date"]);
    }
}
