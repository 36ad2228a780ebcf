//! What the API gateway answers of its own accord, before any service is asked.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};

use crate::exchange::Exchange;
use crate::limits::Limits;
use crate::reply::Refusal;
use crate::shared::Shared;

/// No operation has that path.
pub(super) async fn unknown_api(
    State(shared): State<Shared>,
    Extension(exchange): Extension<Exchange>,
) -> Response {
    refuse(&shared, &exchange, StatusCode::NOT_FOUND, "no operation of the contract has this path")
}

/// An operation has that path with another method; axum adds `Allow`.
pub(super) async fn wrong_method(
    State(shared): State<Shared>,
    Extension(exchange): Extension<Exchange>,
) -> Response {
    refuse(
        &shared,
        &exchange,
        StatusCode::METHOD_NOT_ALLOWED,
        "the contract has this path with another method",
    )
}

fn refuse(shared: &Shared, exchange: &Exchange, status: StatusCode, reason: &str) -> Response {
    Refusal::gateway(
        status,
        "APIGW.0101",
        "The API does not exist or has not been published in the environment.",
    )
    .because(reason)
    .answer(None, shared.options().error_shape, &exchange.request_id)
}

/// Whether the head of a request is too large; its body is for whoever reads it.
pub(super) fn check_head(uri: &Uri, headers: &HeaderMap, limits: &Limits) -> Result<(), Refusal> {
    let target = uri.path().len() + uri.query().map_or(0, |query| query.len() + 1);
    if target > limits.target {
        return Err(invalid(StatusCode::URI_TOO_LONG, "Request URI too large"));
    }
    let lines = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    if lines.sum::<usize>() > limits.headers {
        // nginx's own status for it, which the gateway documents.
        let status = StatusCode::from_u16(494).unwrap_or(StatusCode::BAD_REQUEST);
        return Err(invalid(status, "Request headers too large"));
    }
    Ok(())
}

/// The body is larger than the gateway takes.
pub(super) fn body_too_large() -> Refusal {
    invalid(StatusCode::PAYLOAD_TOO_LARGE, "Request entity too large")
}

/// The body did not arrive in time.
pub(super) fn body_too_slow() -> Refusal {
    invalid(StatusCode::REQUEST_TIMEOUT, "API request error")
        .because("the body did not arrive in time")
}

/// The connection ended before the body did, or its framing is wrong.
pub(super) fn body_broken() -> Refusal {
    invalid(StatusCode::BAD_REQUEST, "API request error").because("the body could not be read")
}

fn invalid(status: StatusCode, message: &'static str) -> Refusal {
    Refusal::gateway(status, "APIGW.0201", message)
}
