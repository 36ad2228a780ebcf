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

use crate::exchange::Exchange;
use crate::reply::{self, Refusal};
use crate::shared::Shared;
use crate::state::{Project, State as Holdings, Token, User};
use crate::store::Store;
use crate::time;

/// The header of the answer that holds the token.
const SUBJECT: &str = "x-subject-token";

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
    domain: Named,
}

#[derive(Deserialize)]
struct Named {
    id: Option<String>,
    name: Option<String>,
}

impl Named {
    /// Whether it names something of that id and name. It must give one of them,
    /// and may give both.
    fn is(&self, id: &str, name: &str) -> bool {
        (self.id.is_some() || self.name.is_some())
            && self.id.as_deref().is_none_or(|given| given == id)
            && self.name.as_deref().is_none_or(|given| given == name)
    }
}

#[derive(Default, Deserialize)]
struct Scope {
    project: Option<Named>,
    domain: Option<Named>,
}

pub(super) async fn login(
    State(shared): State<Shared>,
    Extension(exchange): Extension<Exchange>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match issue(&shared, &exchange.body) {
        Ok(issued) => {
            let catalog = !has_nocatalog(query.as_deref());
            let body = issued.body(catalog, &super::own_address(&headers));
            let mut response = reply::json(StatusCode::CREATED, &body);
            if let Ok(mut token) = HeaderValue::from_str(&issued.token) {
                token.set_sensitive(true);
                response.headers_mut().insert(SUBJECT, token);
            }
            response
        }
        Err(refusal) => refusal.answer(None, shared.options().error_shape, &exchange.request_id),
    }
}

/// Whether the client wants no catalogue: `nocatalog` with any value but none.
fn has_nocatalog(query: Option<&str>) -> bool {
    let mut pairs = query.unwrap_or_default().split('&');
    pairs.any(|pair| pair.strip_prefix("nocatalog=").is_some_and(|value| !value.is_empty()))
}

fn issue(shared: &Shared, body: &[u8]) -> Result<Issued, Refusal> {
    // Not in serde's words: they can quote the password.
    let request: Request = serde_json::from_slice(body).map_err(|error| {
        bad_request(format!("no login from line {}, column {} on", error.line(), error.column()))
    })?;
    if request.auth.identity.methods != ["password"] {
        return Err(bad_request("only the method `password` is emulated"));
    }
    let Some(Password { user: login }) = request.auth.identity.password else {
        return Err(bad_request("`auth.identity.password` is missing"));
    };
    let token = format!("emulated-{}", shared.new_id());
    let options = shared.options();
    let now = options.clock.now();
    let ends = now.checked_add(options.token_life).unwrap_or(now);
    shared.with_store(|store| {
        let user = authenticate(store, &login, now)?;
        let project = project_of(store.state(), &request.auth.scope)?;
        store.issue(Token {
            token: token.clone().into(),
            user: user.name.clone(),
            project_id: project.as_ref().map(|project| project.id.clone()),
            expires_at: Some(ends),
        });
        Ok(Issued { token, user, project, now, ends, account: store.state().account.clone() })
    })
}

fn authenticate(store: &mut Store, login: &Login, now: SystemTime) -> Result<User, Refusal> {
    let wrong = || Refusal::iam(StatusCode::UNAUTHORIZED, "The username or password is wrong.");
    let state = store.state();
    if !login.domain.is(&state.account.id, &state.account.name) {
        return Err(wrong().because("there is no such account"));
    }
    let Some(user) = state.users.iter().find(|user| user.name == login.name).cloned() else {
        return Err(wrong().because("the account has no such user"));
    };
    if store.login_lockout.is_locked(&user.name, now) {
        return Err(Refusal::iam(StatusCode::UNAUTHORIZED, "The account is locked."));
    }
    if user.password.expose_secret() != login.password.expose_secret() {
        store.login_lockout.failed(&user.name, now);
        return Err(wrong());
    }
    store.login_lockout.succeeded(&user.name);
    Ok(user)
}

/// The project that the token is for; none for the account itself.
fn project_of(state: &Holdings, scope: &Scope) -> Result<Option<Project>, Refusal> {
    let unknown =
        |what: &str| Err(super::unauthenticated().because(format!("there is no such {what}")));
    match scope {
        Scope { project: Some(_), domain: Some(_) } => {
            Err(bad_request("`auth.scope` has both a project and a domain"))
        }
        Scope { project: Some(wanted), .. } => {
            let found = state.projects.iter().find(|known| wanted.is(&known.id, &known.name));
            found.cloned().map_or_else(|| unknown("project"), |project| Ok(Some(project)))
        }
        Scope { domain: Some(wanted), .. }
            if !wanted.is(&state.account.id, &state.account.name) =>
        {
            unknown("account")
        }
        Scope { .. } => Ok(None),
    }
}

fn bad_request(reason: impl Into<String>) -> Refusal {
    Refusal::iam(StatusCode::BAD_REQUEST, "Request body is invalid.").because(reason)
}

/// A login that succeeded.
struct Issued {
    token: String,
    user: User,
    project: Option<Project>,
    now: SystemTime,
    ends: SystemTime,
    account: crate::state::Account,
}

impl Issued {
    fn body(&self, catalog: bool, address: &str) -> Value {
        let domain = json!({"id": self.account.id, "name": self.account.name});
        let (scope, scoped) = match &self.project {
            Some(project) => {
                ("project", json!({"id": project.id, "name": project.name, "domain": domain}))
            }
            None => ("domain", domain.clone()),
        };
        json!({"token": {
            "expires_at": time::iam(self.ends),
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
            "catalog": if catalog { services(self.project.as_ref(), address) } else { json!([]) },
        }})
    }
}

/// Where the services are: all of them here.
fn services(project: Option<&Project>, address: &str) -> Value {
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
