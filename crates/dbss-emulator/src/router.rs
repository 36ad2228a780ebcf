//! Everything that the emulator answers: the service, IAM and the admin path, with
//! the gateway in front of them.

mod gateway;
mod half;
mod inject;
mod middleware;

use axum::Router;

use crate::shared::Shared;
use crate::{admin, iam, service};

/// The routes of everything.
pub(crate) fn router(shared: &Shared) -> Router {
    let behind_the_gateway = service::routes()
        .merge(iam::routes())
        .fallback(gateway::unknown_api)
        .method_not_allowed_fallback(gateway::wrong_method);
    let mut router = middleware::around(behind_the_gateway, shared);
    if shared.options().admin {
        router = router.merge(admin::routes(shared));
    }
    router.with_state(shared.clone())
}
