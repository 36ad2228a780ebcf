//! The routes of the emulator: the service, IAM and the metadata service behind the gateway,
//! and the admin path.

mod gateway;
mod inject;
mod middleware;
mod truncated_body;

use axum::Router;

use crate::app_state::AppState;
use crate::{admin, iam, metadata, service};

/// All routes.
pub(crate) fn router(app: &AppState) -> Router {
    let behind_the_gateway = service::routes()
        .merge(iam::routes())
        .merge(metadata::routes())
        .fallback(gateway::unknown_api)
        .method_not_allowed_fallback(gateway::wrong_method);
    let mut router = middleware::layer(behind_the_gateway, app);
    if app.options().admin {
        router = router.merge(admin::routes(app));
    }
    router.with_state(app.clone())
}
