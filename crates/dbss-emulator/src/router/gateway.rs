//! The API gateway's own error responses, for requests that reach no service.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use crate::app_state::AppState;
use crate::request_context::RequestContext;
use crate::response::ErrorResponse;

/// The response for a path that no operation has.
pub(super) async fn unknown_api(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
) -> Response {
    api_not_found(
        &app,
        &context,
        StatusCode::NOT_FOUND,
        "no operation of the contract has this path",
    )
}

/// The response for a path that an operation has with another method; axum adds
/// `Allow`.
pub(super) async fn wrong_method(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
) -> Response {
    api_not_found(
        &app,
        &context,
        StatusCode::METHOD_NOT_ALLOWED,
        "the contract has this path with another method",
    )
}

/// The response of the gateway where there is no API.
pub(super) fn api_not_found(
    app: &AppState,
    context: &RequestContext,
    status: StatusCode,
    reason: &str,
) -> Response {
    ErrorResponse::gateway(
        status,
        "APIGW.0101",
        "The API does not exist or has not been published in the environment.",
    )
    .with_reason(reason)
    .to_response(None, app.options().error_shape, &context.request_id)
}
