//! Authentication, as the API gateway does it.

mod access_key;
mod token;

use std::time::SystemTime;

use http::{HeaderMap, Method, Uri, header};

use crate::app_state::AppState;
use crate::response::ErrorResponse;
use crate::state::State;
use crate::time;

/// The parts of a request that authentication needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestParts<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

impl<'a> RequestParts<'a> {
    /// The first value of a header, if it is text.
    fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
    }
}

/// The caller of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The name of the user.
    pub(crate) user: String,
    /// What the credentials give access to.
    pub(crate) scope: CallerScope,
    /// The operations that the user may not call.
    pub(crate) denied: Vec<String>,
}

/// What credentials give access to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CallerScope {
    /// Every project of the account: a key pair.
    Account,
    /// One project: a token for it.
    Project(String),
    /// No project: a token for the account.
    NoProject,
}

/// Finds out who made the request. If it has a token and a signature, the token
/// counts.
pub(crate) fn authenticate(
    app: &AppState,
    request: &RequestParts<'_>,
) -> Result<Caller, ErrorResponse> {
    if request.headers.contains_key(token::HEADER) || !is_signed(request.headers) {
        token::authenticate(app, request)
    } else {
        access_key::authenticate(app, request)
    }
}

/// Whether the request has an `Authorization` header, valid or not.
pub(crate) fn is_signed(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION)
}

/// The caller with that user name and scope.
fn caller(state: &State, user: &str, scope: CallerScope) -> Caller {
    let found = state.users.iter().find(|candidate| candidate.name == user);
    Caller {
        user: user.to_owned(),
        scope,
        denied: found.map(|user| user.denied.clone()).unwrap_or_default(),
    }
}

/// Rejects expired credentials.
fn check_expiry(expires_at: Option<SystemTime>, now: SystemTime) -> Result<(), ErrorResponse> {
    match expires_at {
        Some(end) if end <= now => Err(ErrorResponse::unauthenticated(format_args!(
            "token expires, expires_at: {}",
            time::iam(end)
        ))),
        _ => Ok(()),
    }
}
