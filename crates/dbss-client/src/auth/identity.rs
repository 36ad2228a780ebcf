//! `Identity`: the token or access key that an attempt is authenticated with; writes
//! `X-Auth-Token`.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use reqwest::Request;
use secrecy::SecretString;

use super::access_key::AccessKey;
use super::error::CredentialsError;
use super::{secret_bytes, signing};

/// The header that carries a token. Source: both DBSS documents, table "Request
/// header parameters".
const X_AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");

/// What a request is authenticated with.
///
/// Cloning is cheap: all clones share one copy of the secret, which is wiped when the
/// last one is dropped. `Debug` does not show it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Identity {
    /// A user token of IAM, sent as `X-Auth-Token`.
    Token(Token),
    /// An access key that signs the request.
    AccessKey(AccessKey),
}

impl Identity {
    /// A user token of IAM: the value of the header `X-Subject-Token` in the response to
    /// a login.
    ///
    /// # Errors
    ///
    /// If the token is empty or has a character that no header can carry.
    pub fn token(token: impl Into<String>) -> Result<Self, CredentialsError> {
        Token::new(token).map(Self::Token)
    }

    /// An access key (AK) and its secret key (SK).
    ///
    /// # Errors
    ///
    /// If one of them is empty or has a character that no key has.
    pub fn access_key(
        access_key: impl Into<String>,
        secret_key: impl Into<String>,
    ) -> Result<Self, CredentialsError> {
        AccessKey::new(access_key, secret_key).map(Self::AccessKey)
    }

    /// Authenticates a request with the token or a signature, as the last step before it
    /// is sent; an earlier token or signature is removed. The client does this for each
    /// attempt of a call; this method is for requests that you send yourself.
    ///
    /// A signature (`SDK-HMAC-SHA256`) covers method, path, query, body, the headers
    /// `Host`, `Content-Type` and `User-Agent` if the request has them, and every header
    /// whose name begins with `X-` and has no underscore. Signing sets `Host`,
    /// `X-Sdk-Date`, with a project `X-Project-Id`, with a security token
    /// `X-Security-Token`, and for bodies other than JSON and BSON `X-Sdk-Content-Sha256:
    /// UNSIGNED-PAYLOAD`. It rewrites the query in its canonical form, with `%20` for a
    /// space. A signature is valid for 15 minutes before and after `now`. Source:
    /// Huawei's API Request Signing Guide.
    ///
    /// # Errors
    ///
    /// If the body has to be signed and is a stream, if `now` is not within the years
    /// 1970 to 9999, or if no header can carry the project id.
    pub fn authenticate(
        &self,
        request: &mut Request,
        project_id: Option<&str>,
        now: SystemTime,
    ) -> Result<(), CredentialsError> {
        let headers = request.headers_mut();
        // The signer sets these together, so that one lookup tells whether any is
        // present.
        if headers.remove(AUTHORIZATION).is_some() {
            headers.remove(signing::X_SECURITY_TOKEN);
            headers.remove(signing::X_SDK_DATE);
        }
        match self {
            Self::Token(token) => {
                headers.insert(X_AUTH_TOKEN, token.header.clone());
                Ok(())
            }
            Self::AccessKey(key) => {
                headers.remove(X_AUTH_TOKEN);
                signing::sign(request, key, project_id, now)
            }
        }
    }
}

impl From<Token> for Identity {
    fn from(token: Token) -> Self {
        Self::Token(token)
    }
}

impl From<AccessKey> for Identity {
    fn from(key: AccessKey) -> Self {
        Self::AccessKey(key)
    }
}

/// A user token of IAM; see [`Identity::token`].
#[derive(Clone)]
pub struct Token {
    header: HeaderValue,
    project_id: Option<Arc<str>>,
}

impl Token {
    /// A token as returned by IAM.
    ///
    /// # Errors
    ///
    /// If the token is empty or has a character that no header can carry.
    pub fn new(token: impl Into<String>) -> Result<Self, CredentialsError> {
        let header = secret_bytes::header(SecretString::from(token.into())).map_err(|fault| {
            CredentialsError::new(format!("the token {fault}"))
                .help("give the token as IAM returned it")
        })?;
        Ok(Self { header, project_id: None })
    }

    /// The same token, with the project that it was issued for.
    pub(crate) fn for_project(mut self, project_id: Option<&str>) -> Self {
        self.project_id = project_id.map(Arc::from);
        self
    }

    /// The project that the token was issued for, if IAM returned it.
    pub(crate) fn project_id(&self) -> Option<&str> {
        self.project_id.as_deref()
    }

    /// Whether both have the same value.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.header == other.header
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use reqwest::{Method, Url};

    use super::*;

    fn request() -> Request {
        Request::new(Method::GET, Url::parse("https://dbss.example.com/v1").unwrap())
    }

    #[test]
    fn authenticates_with_token_and_removes_signature() {
        let mut request = request();
        let now = SystemTime::now();
        let key = AccessKey::new("AK", "SK").unwrap().with_security_token("ST").unwrap();
        Identity::AccessKey(key).authenticate(&mut request, None, now).unwrap();
        Identity::token("t0ken").unwrap().authenticate(&mut request, None, now).unwrap();
        assert_eq!(request.headers()[X_AUTH_TOKEN], "t0ken");
        assert!(request.headers()[X_AUTH_TOKEN].is_sensitive());
        for gone in ["authorization", "x-security-token", "x-sdk-date"] {
            assert!(!request.headers().contains_key(gone), "{gone}");
        }
    }

    #[test]
    fn authenticates_with_signature_and_removes_token() {
        let mut request = request();
        let now = SystemTime::now();
        let key = AccessKey::new("AK", "SK").unwrap();
        let temporary = key.clone().with_security_token("ST").unwrap();
        Identity::token("t0ken").unwrap().authenticate(&mut request, None, now).unwrap();
        Identity::AccessKey(temporary).authenticate(&mut request, None, now).unwrap();
        assert!(!request.headers().contains_key(X_AUTH_TOKEN));
        assert!(request.headers()["x-security-token"].is_sensitive());
        assert!(request.headers()["authorization"].is_sensitive());
        Identity::AccessKey(key).authenticate(&mut request, None, now).unwrap();
        assert!(!request.headers().contains_key("x-security-token"));
    }

    #[test]
    fn rejects_invalid_secrets_without_showing_them() {
        let key = || AccessKey::new("AK", "SK").unwrap();
        for (result, expected) in [
            (Token::new("s3cret\n").err(), "the token has a character that a header cannot carry"),
            (Token::new(" ").err(), "the token is empty (give the token as IAM returned it)"),
            (AccessKey::new("", "s3cret").err(), "the access key (AK) is empty"),
            (AccessKey::new("A,K", "s3cret").err(), "the access key (AK) has a character"),
            (AccessKey::new("AK", "").err(), "the secret key (SK) is empty"),
            (AccessKey::new("AK", "s3cret\r").err(), "the secret key (SK) has a character"),
            (key().with_security_token("").err(), "the security token is empty"),
            (key().with_security_token("s3cret\0").err(), "the security token has a character"),
        ] {
            let error = result.unwrap();
            assert!(error.to_string().starts_with(expected), "{error}");
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let key = AccessKey::new("AK1", "s3cret").unwrap();
        assert_eq!(format!("{key:?}"), "AccessKey(AK1, …)");
        let key = key.with_security_token("s3cret").unwrap();
        assert_eq!(format!("{:?}", Identity::AccessKey(key)), "AccessKey(AccessKey(AK1, …, …))");
        assert_eq!(format!("{:?}", Identity::token("s3cret").unwrap()), "Token(Token(…))");
    }
}
