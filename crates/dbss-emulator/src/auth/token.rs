//! The header `X-Auth-Token`: a token that IAM issued.

use super::{Caller, CallerScope, RequestParts, caller, check_expiry};
use crate::app_state::AppState;
use crate::response::ErrorResponse;

/// The header that carries the token.
pub(super) const HEADER: &str = "x-auth-token";

/// Finds out to whom the token was issued. The messages are those of the gateway's page on
/// authentication errors.
pub(super) fn authenticate(
    app: &AppState,
    request: &RequestParts<'_>,
) -> Result<Caller, ErrorResponse> {
    let given = request.headers.get(HEADER).map(http::HeaderValue::as_bytes).unwrap_or_default();
    if given.is_empty() {
        return Err(ErrorResponse::unauthenticated("x-auth-token not found"));
    }
    let now = app.options().clock.now();
    app.with_store(|store| {
        let Some(token) = store.token(given) else {
            return Err(ErrorResponse::unauthenticated("decrypt token fail")
                .with_reason("the token is unknown"));
        };
        check_expiry(token.expires_at, now)?;
        let scope = token.project_id.clone().map_or(CallerScope::NoProject, CallerScope::Project);
        Ok(caller(store.state(), &token.user, scope))
    })
}
