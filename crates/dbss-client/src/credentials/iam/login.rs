//! `POST /v3/auth/tokens`: a token for the password of a user.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::error_response::error_response_to_login;
use super::{error_response, request, send};
use crate::auth::{CredentialsError, IamErrorResponse, ProviderContext, Token, secret_bytes};
use crate::date;
use crate::http::RawResponse;
use crate::http::response::without_bom;
use crate::text;

/// The lifetime of a token if IAM does not return it: less than the 24 hours that it
/// documents. A token that expires earlier is renewed when it is refused.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// The header of a response with the token.
pub(super) const SUBJECT_TOKEN: &str = "x-subject-token";

/// The login of an IAM user with a password.
///
/// The token is for one project: that of the login, else the client's, else the one with
/// the name of the client's region. It is valid for 24 hours and renewed five minutes
/// before it expires, or when the service refuses it, but at most once a minute.
///
/// A login that IAM rejects is not retried for five minutes, in which calls get the same
/// error: repeated wrong passwords lock an account for 15 minutes. A HUAWEI ID cannot log
/// in this way, and neither can a user with multi-factor authentication, whose codes are
/// valid for one login only: create an IAM user for programmatic access.
///
/// ```
/// use dbss_client::{Credentials, PasswordLogin};
///
/// let login = PasswordLogin::new("an account", "a user", "the password of the user")
///     .project_name("cn-north-4_test");
/// let credentials = Credentials::iam_password(login);
/// assert!(!format!("{credentials:?}").contains("the password"));
/// ```
#[derive(Clone)]
pub struct PasswordLogin {
    account: String,
    user: String,
    password: Arc<SecretString>,
    scope: Option<Scope>,
}

/// The project that a token is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Id(String),
    Name(String),
}

impl Scope {
    fn text(&self) -> &str {
        match self {
            Self::Id(text) | Self::Name(text) => text,
        }
    }
}

impl PasswordLogin {
    /// The login of a user of an account (a domain in IAM's API), both by name, with the
    /// user's password.
    #[must_use]
    pub fn new(
        account: impl Into<String>,
        user: impl Into<String>,
        password: impl Into<String>,
    ) -> Self {
        Self {
            account: account.into(),
            user: user.into(),
            password: Arc::new(SecretString::from(password.into())),
            scope: None,
        }
    }

    /// Sets the project by its id.
    #[must_use]
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.scope = Some(Scope::Id(id.into()));
        self
    }

    /// Sets the project by its name, such as `cn-north-4`, or `cn-north-4_test` for a
    /// further project of a region.
    #[must_use]
    pub fn project_name(mut self, name: impl Into<String>) -> Self {
        self.scope = Some(Scope::Name(name.into()));
        self
    }

    /// Checks that no part is empty.
    pub(super) fn check(&self) -> Result<(), CredentialsError> {
        let project = self.scope.as_ref().map_or("-", Scope::text);
        for (what, text) in [
            ("account", self.account.as_str()),
            ("user", &self.user),
            ("password", self.password.expose_secret()),
            ("project", project),
        ] {
            if text.is_empty() {
                return Err(CredentialsError::new(format!("the {what} of the IAM login is empty")));
            }
        }
        Ok(())
    }

    /// The project of the token.
    pub(super) fn scope(&self, context: &ProviderContext) -> Result<Scope, CredentialsError> {
        let id = || context.project_id().map(|id| Scope::Id(id.to_owned()));
        let name = || context.region().map(|region| Scope::Name(region.to_owned()));
        self.scope.clone().or_else(id).or_else(name).ok_or_else(|| {
            CredentialsError::new("the IAM login has no project, and the client no region")
                .help("call `PasswordLogin::project_id` or `PasswordLogin::project_name`")
        })
    }

    /// Logs in: the token, and its lifetime.
    pub(super) async fn log_in(
        &self,
        context: &ProviderContext,
        scope: &Scope,
    ) -> Result<(Token, Duration), CredentialsError> {
        let what = format!("the IAM login of {self:?}");
        let mut request = request(context, Method::POST, "/v3/auth/tokens?nocatalog=true")?;
        let json = HeaderValue::from_static("application/json;charset=utf8");
        request.headers_mut().insert(CONTENT_TYPE, json);
        let body = secret_bytes::body(self.body(scope)?);
        let response = send(context, request, body, &what).await?;
        if response.status != StatusCode::CREATED && response.status != StatusCode::OK {
            return Err(self.rejected(context, &what, &response));
        }
        token_from(&response, context).map_err(|error| {
            let what = format!("{what} returned no token that can be used");
            error_response(context, &response, what).with_source(error)
        })
    }

    fn rejected(
        &self,
        context: &ProviderContext,
        what: &str,
        response: &RawResponse,
    ) -> CredentialsError {
        let verb =
            if IamErrorResponse::is_transient(response.status) { "failed" } else { "was refused" };
        let password = self.password.expose_secret();
        let what = format!("{what} {verb}");
        let error = error_response_to_login(context, response, what, password);
        match response.status.as_u16() {
            401 => error.help(
                "check account, user, password and project; it is not tried again for five minutes",
            ),
            300..=399 | 404 => error.help("check the address of IAM"),
            _ => error,
        }
    }

    /// The body of the request, in a buffer with its final size, since one that grows
    /// leaves copies behind.
    fn body(&self, scope: &Scope) -> Result<Vec<u8>, CredentialsError> {
        let password = self.password.expose_secret();
        let project = match scope {
            Scope::Id(id) => Project { id: Some(id), name: None },
            Scope::Name(name) => Project { id: None, name: Some(name) },
        };
        let user = User { name: &self.user, password, domain: Domain { name: &self.account } };
        let identity = IdentityPart { methods: ["password"], password: Password { user } };
        let body = Body { auth: Auth { identity, scope: ScopePart { project } } };
        // An escaped character takes six bytes at most.
        let texts = self.account.len() + self.user.len() + password.len() + scope.text().len();
        let mut bytes = Vec::with_capacity(6 * texts + 256);
        serde_json::to_writer(&mut bytes, &body).map_err(|source| {
            CredentialsError::new("the IAM login cannot be written as JSON").with_source(source)
        })?;
        Ok(bytes)
    }
}

impl fmt::Debug for PasswordLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An address may have been given in place of a name.
        let shown = |name| text::escaped(&text::without_login(name)).into_owned();
        write!(f, "user `{}` of account `{}`", shown(&self.user), shown(&self.account))
    }
}

#[derive(Serialize)]
struct Body<'a> {
    auth: Auth<'a>,
}

#[derive(Serialize)]
struct Auth<'a> {
    identity: IdentityPart<'a>,
    scope: ScopePart<'a>,
}

#[derive(Serialize)]
struct IdentityPart<'a> {
    methods: [&'static str; 1],
    password: Password<'a>,
}

#[derive(Serialize)]
struct Password<'a> {
    user: User<'a>,
}

#[derive(Serialize)]
struct User<'a> {
    name: &'a str,
    password: &'a str,
    domain: Domain<'a>,
}

#[derive(Serialize)]
struct Domain<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct ScopePart<'a> {
    project: Project<'a>,
}

#[derive(Serialize)]
struct Project<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

/// The body of a response with a token.
#[derive(Default, Deserialize)]
struct TokenResponse {
    #[serde(default)]
    token: TokenInfo,
}

#[derive(Default, Deserialize)]
struct TokenInfo {
    expires_at: Option<String>,
    issued_at: Option<String>,
    project: Option<ProjectInfo>,
}

#[derive(Deserialize)]
struct ProjectInfo {
    id: Option<String>,
}

/// The token of a response, and its lifetime by IAM's own clock, so that the client's
/// clock need not be right.
fn token_from(
    response: &RawResponse,
    context: &ProviderContext,
) -> Result<(Token, Duration), CredentialsError> {
    let header = response.headers.get(SUBJECT_TOKEN);
    let text = header.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let body = without_bom(&response.body);
    let TokenResponse { token: info } = serde_json::from_slice(body).unwrap_or_default();
    let project = info.project.and_then(|project| project.id);
    let token = Token::new(text)?.for_project(project.as_deref());
    let time = |text: Option<String>| date::iam(&text?);
    let issued = time(info.issued_at).unwrap_or_else(|| context.clock().now());
    let lifetime = match time(info.expires_at) {
        Some(end) => end.duration_since(issued).unwrap_or_default(),
        None => DEFAULT_LIFETIME,
    };
    Ok((token, lifetime))
}

#[cfg(test)]
mod tests;
