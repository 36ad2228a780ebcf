//! Who is calling, as the API gateway finds out.

mod key;
mod token;

use std::time::SystemTime;

use http::{HeaderMap, Method, Uri, header};

use crate::reply::Refusal;
use crate::shared::Shared;
use crate::state::State;
use crate::time;

/// A request as far as its authentication needs it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

impl<'a> Request<'a> {
    /// The value of a header that occurs once and is text.
    fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
    }
}

/// Who is calling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The name of the user.
    pub(crate) user: String,
    /// The project of a token; the whole account for a key pair.
    pub(crate) scope: Scope,
    /// The operations that the user may not call.
    pub(crate) denied: Vec<String>,
}

/// What credentials are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Every project of the account.
    Account,
    /// That project.
    Project(String),
    /// No project: a token for the account itself.
    Nothing,
}

/// Who made the request. A token goes before a signature.
pub(crate) fn identify(shared: &Shared, request: &Request<'_>) -> Result<Identity, Refusal> {
    if request.headers.contains_key(token::HEADER) || !is_signed(request.headers) {
        token::identify(shared, request)
    } else {
        key::identify(shared, request)
    }
}

/// Whether the request has an `Authorization`, whatever is in it.
pub(crate) fn is_signed(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION)
}

/// The user of that name with that scope.
fn identity(state: &State, user: &str, scope: Scope) -> Identity {
    let known = state.users.iter().find(|known| known.name == user);
    Identity {
        user: user.to_owned(),
        scope,
        denied: known.map(|known| known.denied.clone()).unwrap_or_default(),
    }
}

/// Refuses credentials whose time is over.
fn check_expiry(expires_at: Option<SystemTime>, now: SystemTime) -> Result<(), Refusal> {
    match expires_at {
        Some(end) if end <= now => Err(Refusal::unauthenticated(format_args!(
            "token expires, expires_at: {}",
            time::iam(end)
        ))),
        _ => Ok(()),
    }
}
