//! What a call proves its right with.

use std::fmt;

use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};

/// Credentials of a client.
///
/// They never show themselves: `Debug` prints which kind they are.
#[derive(Clone)]
pub struct Credentials(Kind);

#[derive(Clone)]
enum Kind {
    Token(SecretString),
}

impl Credentials {
    /// A user token from IAM: the value of the `X-Subject-Token` header that
    /// answers a login. It is sent as `X-Auth-Token`, is valid for 24 hours, and
    /// only in the region that it was issued for.
    #[must_use]
    pub fn token(token: impl Into<String>) -> Self {
        Self(Kind::Token(SecretString::from(token.into())))
    }

    /// What keeps these from being used, if anything does; never the secret.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        let Kind::Token(token) = &self.0;
        if token.expose_secret().trim().is_empty() {
            Some("the token is empty")
        } else if HeaderValue::from_str(token.expose_secret()).is_err() {
            Some("the token has a character that a header cannot carry, such as a line break")
        } else {
            None
        }
    }

    /// The header that a request carries, marked as sensitive so that no log of
    /// the HTTP stack prints it.
    pub(crate) fn header(&self) -> Option<(&'static str, HeaderValue)> {
        let Kind::Token(token) = &self.0;
        let mut value = HeaderValue::from_str(token.expose_secret()).ok()?;
        value.set_sensitive(true);
        Some(("x-auth-token", value))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Kind::Token(_) => f.write_str("Credentials::token(…)"),
        }
    }
}
