//! Secrets as bytes that the HTTP stack can share, wiped with their last copy.
//!
//! A header or a body made of these bytes does not copy them: every request that
//! carries the secret counts references to one place in memory. What the HTTP
//! stack then writes into its own buffers, and TLS into its, is beyond reach.

use bytes::Bytes;
use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretBox, SecretString};

struct Text(SecretString);

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }
}

struct Buffer(SecretBox<Vec<u8>>);

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

/// A body that is wiped.
pub(crate) fn body(bytes: Vec<u8>) -> Bytes {
    Bytes::from_owner(Buffer(SecretBox::new(Box::new(bytes))))
}

/// A header's value that is wiped, and that no log of the HTTP stack prints;
/// what is wrong with it if no header can carry it.
pub(crate) fn header(secret: SecretString) -> Result<HeaderValue, &'static str> {
    let text = secret.expose_secret();
    if text.trim().is_empty() {
        return Err("is empty");
    }
    if !text.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~')) {
        return Err("has a character that a header cannot carry, such as a line break");
    }
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(Text(secret)))
        .map_err(|_| "cannot be a header")?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_shares_the_secret_and_does_not_show_it() {
        let value = header(SecretString::from("s3cret")).unwrap_or(HeaderValue::from_static("-"));
        assert_eq!(value.as_bytes(), b"s3cret");
        assert!(value.is_sensitive());
        assert_eq!(value.clone().as_bytes().as_ptr(), value.as_bytes().as_ptr());
    }

    #[test]
    fn what_no_header_carries_is_refused() {
        for (text, expected) in [
            ("", "is empty"),
            (" \t", "is empty"),
            ("a\nb", "has a character that a header cannot carry, such as a line break"),
            ("é", "has a character that a header cannot carry, such as a line break"),
        ] {
            assert_eq!(header(SecretString::from(text)).err(), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn a_body_is_what_was_given() {
        assert_eq!(body(b"{}".to_vec()), Bytes::from_static(b"{}"));
    }
}
