//! `POST /v3/auth/tokens`: a token for a user's name and password.
//!
//! Source: IAM's API reference, "Obtaining a user token with a password", and its
//! FAQ `iam_01_0130` on locked accounts.

use std::time::SystemTime;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app_state::AppState;
use crate::json;
use crate::operations::LOGIN_BODY;
use crate::request_context::RequestContext;
use crate::response::{self, ErrorResponse};
use crate::state::{self, Project, Token, User};
use crate::store::Store;
use crate::time;

/// The response header that holds the token.
const SUBJECT_TOKEN: &str = "x-subject-token";

#[derive(Deserialize)]
struct Request {
    auth: Auth,
}

#[derive(Deserialize)]
struct Auth {
    identity: Identity,
    #[serde(default)]
    scope: Scope,
}

#[derive(Deserialize)]
struct Identity {
    methods: Vec<String>,
    password: Option<Password>,
}

#[derive(Deserialize)]
struct Password {
    user: Login,
}

#[derive(Deserialize)]
struct Login {
    name: String,
    password: SecretString,
    domain: IdOrName,
}

#[derive(Deserialize)]
struct IdOrName {
    id: Option<String>,
    name: Option<String>,
}

impl IdOrName {
    /// Whether it refers to the object with that id and name. It must have one of the
    /// two, and may have both.
    fn matches(&self, id: &str, name: &str) -> bool {
        (self.id.is_some() || self.name.is_some())
            && self.id.as_deref().is_none_or(|own| own == id)
            && self.name.as_deref().is_none_or(|own| own == name)
    }
}

#[derive(Default, Deserialize)]
struct Scope {
    project: Option<IdOrName>,
    domain: Option<IdOrName>,
}

pub(super) async fn login(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match issue(&app, &headers, &context.body.bytes) {
        Ok(login) => {
            let catalog = !has_nocatalog(query.as_deref());
            let body = login.response_body(catalog, &super::own_address(&headers));
            let mut response = response::json(StatusCode::CREATED, &body);
            if let Ok(mut token) = HeaderValue::from_str(&login.token) {
                token.set_sensitive(true);
                response.headers_mut().insert(SUBJECT_TOKEN, token);
            }
            response
        }
        Err(error) => error.to_response(None, app.options().error_shape, &context.request_id),
    }
}

/// Whether the client wants no catalogue: `nocatalog` with a value that is not empty.
fn has_nocatalog(query: Option<&str>) -> bool {
    let mut pairs = query.unwrap_or_default().split('&');
    pairs.any(|pair| pair.strip_prefix("nocatalog=").is_some_and(|value| !value.is_empty()))
}

fn issue(app: &AppState, headers: &HeaderMap, body: &[u8]) -> Result<IssuedToken, ErrorResponse> {
    let request: Request = json::read(headers, body, LOGIN_BODY).map_err(|error| {
        bad_request(format!("the body is not a valid login: {}", error.without_values()))
    })?;
    if request.auth.identity.methods != ["password"] {
        return Err(bad_request("only the method `password` is emulated"));
    }
    let Some(Password { user: login }) = request.auth.identity.password else {
        return Err(bad_request("`auth.identity.password` is missing"));
    };
    let token = format!("emulated-{}", app.new_id());
    let options = app.options();
    let now = options.clock.now();
    let expires_at = now.checked_add(options.token_lifetime).unwrap_or(now);
    app.with_store(|store| {
        let user = authenticate(store, &login, now)?;
        let project = requested_project(store.state(), &request.auth.scope)?;
        store.issue(Token {
            token: token.clone().into(),
            user: user.name.clone(),
            project_id: project.as_ref().map(|project| project.id.clone()),
            expires_at: Some(expires_at),
        });
        Ok(IssuedToken {
            token,
            user,
            project,
            now,
            expires_at,
            account: store.state().account.clone(),
        })
    })
}

fn authenticate(store: &mut Store, login: &Login, now: SystemTime) -> Result<User, ErrorResponse> {
    let rejected =
        || ErrorResponse::iam(StatusCode::UNAUTHORIZED, "The username or password is wrong.");
    let state = store.state();
    if !login.domain.matches(&state.account.id, &state.account.name) {
        return Err(rejected().with_reason("there is no such account"));
    }
    let Some(user) = state.users.iter().find(|user| user.name == login.name).cloned() else {
        return Err(rejected().with_reason("the account has no such user"));
    };
    if store.login_lockout.is_locked(&user.name, now) {
        return Err(ErrorResponse::iam(StatusCode::UNAUTHORIZED, "The account is locked."));
    }
    if user.password.expose_secret() != login.password.expose_secret() {
        store.login_lockout.record_failure(&user.name, now);
        return Err(rejected());
    }
    store.login_lockout.record_success(&user.name);
    Ok(user)
}

/// The project that the token is requested for; none for the account.
fn requested_project(
    state: &state::State,
    scope: &Scope,
) -> Result<Option<Project>, ErrorResponse> {
    let unknown =
        |what: &str| Err(super::unauthenticated().with_reason(format!("there is no such {what}")));
    match scope {
        Scope { project: Some(_), domain: Some(_) } => {
            Err(bad_request("`auth.scope` has both a project and a domain"))
        }
        Scope { project: Some(requested), .. } => {
            let found =
                state.projects.iter().find(|known| requested.matches(&known.id, &known.name));
            found.cloned().map_or_else(|| unknown("project"), |project| Ok(Some(project)))
        }
        Scope { domain: Some(requested), .. }
            if !requested.matches(&state.account.id, &state.account.name) =>
        {
            unknown("account")
        }
        Scope { .. } => Ok(None),
    }
}

fn bad_request(reason: impl Into<String>) -> ErrorResponse {
    ErrorResponse::iam(StatusCode::BAD_REQUEST, "Request body is invalid.").with_reason(reason)
}

/// The token of a login that succeeded, and what the response says about it.
struct IssuedToken {
    token: String,
    user: User,
    project: Option<Project>,
    now: SystemTime,
    expires_at: SystemTime,
    account: state::Account,
}

impl IssuedToken {
    fn response_body(&self, catalog: bool, address: &str) -> Value {
        let domain = json!({"id": self.account.id, "name": self.account.name});
        let (scope, scoped) = match &self.project {
            Some(project) => {
                ("project", json!({"id": project.id, "name": project.name, "domain": domain}))
            }
            None => ("domain", domain.clone()),
        };
        json!({"token": {
            "expires_at": time::iam(self.expires_at),
            "issued_at": time::iam(self.now),
            "methods": ["password"],
            "user": {
                "id": self.user.id,
                "name": self.user.name,
                "password_expires_at": "",
                "domain": domain,
            },
            scope: scoped,
            "roles": [{"id": "0", "name": "te_admin"}],
            "catalog": if catalog { catalogue(self.project.as_ref(), address) } else { json!([]) },
        }})
    }
}

/// The service catalogue: DBSS, at this emulator.
fn catalogue(project: Option<&Project>, address: &str) -> Value {
    let Some(project) = project else { return json!([]) };
    json!([{
        "id": "dbss",
        "name": "dbss",
        "type": "dbss",
        "endpoints": [{
            "id": "dbss-public",
            "interface": "public",
            "region": project.region(),
            "region_id": project.region(),
            "url": format!("{address}/v1/{}", project.id),
        }],
    }])
}
