//! Access keys, permanent and temporary.

use std::fmt;
use std::sync::Arc;

use http::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};

use super::error::CredentialsError;
use super::secret_bytes;

/// An access key (AK) with its secret key (SK), permanent or, with a security
/// token, temporary.
#[derive(Clone)]
pub struct AccessKey {
    id: Arc<str>,
    secret_key: Arc<SecretString>,
    security_token: Option<HeaderValue>,
}

impl AccessKey {
    /// An access key and its secret key.
    ///
    /// # Errors
    ///
    /// If one of them is empty or has a character that no key has, such as a line break.
    pub fn new(
        access_key: impl Into<String>,
        secret_key: impl Into<String>,
    ) -> Result<Self, CredentialsError> {
        let access_key = access_key.into();
        // A `SecretString` from here on, so that it is wiped even if the access key is
        // invalid.
        let secret_key = SecretString::from(secret_key.into());
        check("the access key (AK)", &access_key)?;
        check("the secret key (SK)", secret_key.expose_secret())?;
        Ok(Self { id: access_key.into(), secret_key: Arc::new(secret_key), security_token: None })
    }

    /// Makes it a temporary key, with its security token.
    ///
    /// # Errors
    ///
    /// If the token is empty or has a character that no header can carry.
    pub fn with_security_token(
        mut self,
        security_token: impl Into<String>,
    ) -> Result<Self, CredentialsError> {
        let value =
            secret_bytes::header(SecretString::from(security_token.into())).map_err(|fault| {
                CredentialsError::new(format!("the security token {fault}"))
                    .help("give the security token that came with the temporary key")
            })?;
        self.security_token = Some(value);
        Ok(self)
    }

    /// The access key (AK), which is not a secret.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn secret_key(&self) -> &str {
        self.secret_key.expose_secret()
    }

    pub(crate) fn security_token(&self) -> Option<&HeaderValue> {
        self.security_token.as_ref()
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let temporary = if self.security_token.is_some() { ", …" } else { "" };
        write!(f, "AccessKey({}, …{temporary})", self.id.escape_debug())
    }
}

/// A comma would end the access key in the header, and whitespace around a key comes from
/// copying. It is reported here, since five wrong signatures lock the key.
fn check(what: &str, key: &str) -> Result<(), CredentialsError> {
    let fault = if key.is_empty() {
        "is empty"
    } else if !key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',') {
        "has a character that no key has, such as a blank or a line break"
    } else {
        return Ok(());
    };
    Err(CredentialsError::new(format!("{what} {fault}"))
        .help("give the key pair as the console shows it"))
}
