//! JSON Pointers (RFC 6901) in their string form: `/paths/~1things/get`.
//!
//! ```
//! use openapi_document::pointer;
//!
//! let get = pointer::join(&pointer::join("/paths", "/things"), "get");
//! assert_eq!(get, "/paths/~1things/get");
//! assert!(pointer::tokens(&get).eq(["paths", "/things", "get"]));
//! assert_eq!(pointer::from_reference("#/paths/~1things").as_deref(), Some("/paths/~1things"));
//! assert_eq!(pointer::from_reference("other.yaml#/paths"), None);
//! ```

use std::borrow::Cow;

/// Appends one unescaped token, such as a key of a mapping, to a pointer.
#[must_use]
pub fn join(pointer: &str, token: &str) -> String {
    let mut joined = String::with_capacity(pointer.len() + token.len() + 1);
    joined.push_str(pointer);
    joined.push('/');
    for character in token.chars() {
        match character {
            '~' => joined.push_str("~0"),
            '/' => joined.push_str("~1"),
            other => joined.push(other),
        }
    }
    joined
}

/// The tokens of a pointer, unescaped. The text before the first `/` is ignored.
pub fn tokens(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(unescape)
}

fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

/// The pointer in a `$ref` into the same document: `/a/b` for `#/a/b`. A reference is a URI, so its
/// fragment is percent-decoded.
///
/// `None` if the reference points into another document or its fragment is not a JSON Pointer.
#[must_use]
pub fn from_reference(reference: &str) -> Option<Cow<'_, str>> {
    let fragment = reference.strip_prefix('#')?;
    if !fragment.is_empty() && !fragment.starts_with('/') {
        return None;
    }
    Some(if fragment.contains('%') { percent_decoded(fragment) } else { fragment.into() })
}

/// Percent-decodes each token; a token that does not decode to UTF-8 is kept as it is. `%2F` is a
/// slash within a token, not a separator, so it becomes `~1`.
fn percent_decoded(fragment: &str) -> Cow<'_, str> {
    let tokens = fragment.split('/').map(|token| decoded_token(token).replace('/', "~1"));
    Cow::Owned(tokens.collect::<Vec<_>>().join("/"))
}

fn decoded_token(token: &str) -> Cow<'_, str> {
    let mut decoded = Vec::with_capacity(token.len());
    let mut rest = token.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = (first == b'%')
            .then(|| tail.get(..2))
            .flatten()
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = escaped {
            decoded.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            decoded.push(first);
            rest = tail;
        }
    }
    String::from_utf8(decoded).map_or(Cow::Borrowed(token), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_unescapes_tokens() {
        assert_eq!(join("/paths", "/a~{b}"), "/paths/~1a~0{b}");
        let of = |pointer| tokens(pointer).map(Cow::into_owned).collect::<Vec<_>>();
        assert_eq!(of("/paths/~1a~0{b}/~01"), ["paths", "/a~{b}", "~1"]);
        assert_eq!(of("/"), [""]);
        assert!(of("").is_empty());
    }

    #[test]
    fn percent_decodes_references() {
        for (reference, expected) in [
            ("#", Some("")),
            ("#/a/b", Some("/a/b")),
            ("#/a/~1x~1%7By%7D", Some("/a/~1x~1{y}")),
            ("#/a%2Fb/c", Some("/a~1b/c")),
            ("#/%e6%bc%a2/%ff/%4/%+f", Some("/漢/%ff/%4/%+f")),
            ("#a", None),
            ("other.yaml#/a", None),
        ] {
            assert_eq!(from_reference(reference).as_deref(), expected, "{reference}");
        }
    }
}
