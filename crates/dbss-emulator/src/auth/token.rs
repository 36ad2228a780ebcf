//! `X-Auth-Token`: a token that IAM issued.

use super::{Identity, Request, Scope, check_expiry, identity};
use crate::reply::Refusal;
use crate::shared::Shared;

/// The header that carries it.
pub(super) const HEADER: &str = "x-auth-token";

/// Who the token was issued to. The messages are those of the gateway's page on
/// authentication errors.
pub(super) fn identify(shared: &Shared, request: &Request<'_>) -> Result<Identity, Refusal> {
    let given = request.headers.get(HEADER).map(http::HeaderValue::as_bytes).unwrap_or_default();
    if given.is_empty() {
        return Err(Refusal::unauthenticated("x-auth-token not found"));
    }
    let now = shared.options().clock.now();
    shared.with_store(|store| {
        let Some(token) = store.token(given) else {
            return Err(
                Refusal::unauthenticated("decrypt token fail").because("the token is unknown")
            );
        };
        check_expiry(token.expires_at, now)?;
        let scope = token.project_id.clone().map_or(Scope::Nothing, Scope::Project);
        Ok(identity(store.state(), &token.user, scope))
    })
}
