//! Secrets as bytes that the HTTP stack can share, wiped with their last reference.
//!
//! Headers and bodies made of these bytes do not copy them: all requests with the secret
//! share one buffer. The copies that the HTTP stack and TLS make in their own buffers
//! cannot be wiped from here.

use bytes::Bytes;
use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretBox, SecretString};

struct SecretText(SecretString);

impl AsRef<[u8]> for SecretText {
    fn as_ref(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }
}

struct SecretBuffer(SecretBox<Vec<u8>>);

impl AsRef<[u8]> for SecretBuffer {
    fn as_ref(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

/// A body that is wiped when dropped.
pub(crate) fn body(bytes: Vec<u8>) -> Bytes {
    Bytes::from_owner(SecretBuffer(SecretBox::new(Box::new(bytes))))
}

/// A header value that is wiped when dropped, and that the HTTP stack does not log; or
/// why no header can carry the secret.
pub(crate) fn header(secret: SecretString) -> Result<HeaderValue, &'static str> {
    let text = secret.expose_secret();
    if text.trim().is_empty() {
        return Err("is empty");
    }
    if !text.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~')) {
        return Err("has a character that a header cannot carry, such as a line break");
    }
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(SecretText(secret)))
        .map_err(|_| "cannot be a header")?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_secret_with_header_and_marks_it_sensitive() {
        let value = header(SecretString::from("s3cret")).unwrap_or(HeaderValue::from_static("-"));
        assert_eq!(value.as_bytes(), b"s3cret");
        assert!(value.is_sensitive());
        assert_eq!(value.clone().as_bytes().as_ptr(), value.as_bytes().as_ptr());
    }

    #[test]
    fn rejects_secrets_that_no_header_can_carry() {
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
    fn keeps_bytes_of_a_secret_body() {
        assert_eq!(body(b"{}".to_vec()), Bytes::from_static(b"{}"));
    }
}
