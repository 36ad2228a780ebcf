//! What is answered: the service, the gateway in front of it, and their order.

mod exchange;
mod gateway;
mod operations;
mod refusal;
pub(crate) mod reply;
mod stop;
mod switch;

use axum::Router;

pub(crate) use self::exchange::Exchange;
pub use self::refusal::ErrorShape;
pub(crate) use self::refusal::Refusal;

use crate::shared::Shared;
use crate::{admin, iam};

/// Everything that the emulator answers.
pub(crate) fn router(shared: &Shared) -> Router {
    let service = operations::routes()
        .merge(iam::routes())
        .fallback(gateway::unknown_api)
        .method_not_allowed_fallback(gateway::wrong_method);
    let mut router = exchange::around(service, shared);
    if shared.options().admin {
        router = router.merge(admin::routes(shared));
    }
    router.with_state(shared.clone())
}

/// The body of a success.
fn encoded(body: &impl serde::Serialize) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec(body).map_err(|error| {
        Refusal::service(
            http::StatusCode::INTERNAL_SERVER_ERROR,
            "DBSS.11000000",
            "Internal system exception. Contact technical support engineers",
        )
        .because(error.to_string())
    })
}
