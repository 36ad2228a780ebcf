//! `POST /v3/auth/tokens`: a token for the password of a user.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::{TIME_LIMIT, exchange, refusal, request};
use crate::auth::{CredentialsError, Surroundings, Token, date, secrets};
use crate::http::Received;

/// What is taken for the life of a token when IAM does not say: less than the 24
/// hours that it documents. One that ends earlier is renewed when it is refused.
const UNSTATED_LIFE: Duration = Duration::from_secs(60 * 60);

/// The login of an IAM user with a password.
///
/// The token is for one project: the one given here, else the client's, else the
/// one that has the name of the client's region. It is valid for 24 hours and
/// renewed five minutes before its end, or when the service says that it is no
/// longer valid, which is followed once a minute at most.
///
/// A login that IAM refuses is not tried again for five minutes, in which calls
/// get the same error: repeated wrong passwords lock an account for 15 minutes. A
/// HUAWEI ID cannot log in this way, and neither can a user with a second factor,
/// whose codes are good for one login only: create an IAM user for programmatic
/// access.
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
    /// The login of a user of an account (IAM's API calls it a domain), both by
    /// name, with the user's password.
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

    /// For the project of that id.
    #[must_use]
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.scope = Some(Scope::Id(id.into()));
        self
    }

    /// For the project of that name, such as `cn-north-4` or, for one of a
    /// region's further projects, `cn-north-4_test`.
    #[must_use]
    pub fn project_name(mut self, name: impl Into<String>) -> Self {
        self.scope = Some(Scope::Name(name.into()));
        self
    }

    /// What is missing, if anything is.
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
    pub(super) fn scope(&self, surroundings: &Surroundings) -> Result<Scope, CredentialsError> {
        let id = || surroundings.project_id().map(|id| Scope::Id(id.to_owned()));
        let name = || surroundings.region().map(|region| Scope::Name(region.to_owned()));
        self.scope.clone().or_else(id).or_else(name).ok_or_else(|| {
            CredentialsError::new("the IAM login has no project, and the client no region")
                .help("call `PasswordLogin::project_id` or `PasswordLogin::project_name`")
        })
    }

    /// Logs in: the token, and how long it is good for.
    pub(super) async fn log_in(
        &self,
        surroundings: &Surroundings,
        scope: &Scope,
    ) -> Result<(Token, Duration), CredentialsError> {
        let what = format!("the IAM login of {self:?}");
        let mut request = request(surroundings, Method::POST, "/v3/auth/tokens?nocatalog=true")?;
        let json = HeaderValue::from_static("application/json;charset=utf8");
        request.headers_mut().insert(CONTENT_TYPE, json);
        *request.body_mut() = Some(secrets::body(self.body(scope)?).into());
        let received = exchange(surroundings, request, &what, TIME_LIMIT).await?;
        if received.status != StatusCode::CREATED && received.status != StatusCode::OK {
            return Err(self.refused(&what, &received));
        }
        issued(&received, surroundings).map_err(|fault| {
            let what = format!("{what} was answered without a token that can be used");
            refusal(&received, what).caused_by(fault)
        })
    }

    fn refused(&self, what: &str, received: &Received) -> CredentialsError {
        let error = refusal(received, format!("{what} was refused"));
        let echoed = |text: Option<&str>| {
            text.is_some_and(|text| text.contains(self.password.expose_secret()))
        };
        if echoed(error.message()) || echoed(error.code()) || echoed(error.request_id()) {
            return CredentialsError::new(format!(
                "{what} was refused with status {} and text that repeats the password",
                received.status
            ));
        }
        match received.status.as_u16() {
            401 => error.help(
                "check account, user, password and project; it is not tried again for five minutes",
            ),
            300..=399 | 404 => error.help("check the address of IAM"),
            _ => error,
        }
    }

    /// The body of the request, in a buffer that need not grow, since that would
    /// leave copies behind.
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
            CredentialsError::new("the IAM login cannot be written as JSON").caused_by(source)
        })?;
        Ok(bytes)
    }
}

impl fmt::Debug for PasswordLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (user, account) = (self.user.escape_debug(), self.account.escape_debug());
        write!(f, "user `{user}` of account `{account}`")
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

/// What an answer says of its token.
#[derive(Default, Deserialize)]
struct Issued {
    #[serde(default)]
    token: About,
}

#[derive(Default, Deserialize)]
struct About {
    expires_at: Option<String>,
    issued_at: Option<String>,
    project: Option<Found>,
}

#[derive(Deserialize)]
struct Found {
    id: Option<String>,
}

/// The token of an answer and its life by IAM's own clock, so that it does not
/// matter whether the client's is right.
fn issued(
    received: &Received,
    surroundings: &Surroundings,
) -> Result<(Token, Duration), CredentialsError> {
    let header = received.headers.get("x-subject-token");
    let text = header.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Issued { token: about } = serde_json::from_slice(&received.body).unwrap_or_default();
    let project = about.project.and_then(|project| project.id);
    let token = Token::new(text)?.for_project(project.as_deref());
    let time = |text: Option<String>| date::iam(&text?);
    let issued = time(about.issued_at).unwrap_or_else(|| surroundings.clock().now());
    let life = match time(about.expires_at) {
        Some(end) => end.duration_since(issued).unwrap_or_default(),
        None => UNSTATED_LIFE,
    };
    Ok((token, life))
}

#[cfg(test)]
mod tests;
