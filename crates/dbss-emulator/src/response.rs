//! JSON responses.

mod error_response;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

pub(crate) use self::error_response::ErrorResponse;
pub use self::error_response::ErrorShape;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A response with `body`, serialized.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => bytes(status, body),
        // Not reached: serialization fails only for maps with keys other than text.
        Err(_) => bytes(StatusCode::INTERNAL_SERVER_ERROR, b"{}".to_vec()),
    }
}

/// A response with a body that is JSON already.
pub(crate) fn bytes(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}
