//! Answers with a body of JSON.

mod refusal;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

pub use self::refusal::ErrorShape;
pub(crate) use self::refusal::Refusal;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An answer with that body.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => bytes(status, body),
        // Not with what is sent here: no map has keys other than text.
        Err(_) => bytes(StatusCode::INTERNAL_SERVER_ERROR, b"{}".to_vec()),
    }
}

/// An answer with JSON that is written already.
pub(crate) fn bytes(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}
