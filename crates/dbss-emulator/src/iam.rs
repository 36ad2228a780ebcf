//! The part of IAM that a client needs: logging in and finding a project.

mod login;
mod projects;

use axum::Router;
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode, header};

use crate::app_state::AppState;
use crate::operations::{LIST_PROJECTS, LOGIN};
use crate::response::ErrorResponse;

/// The routes of IAM.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route(LOGIN.path, post(login::login))
        .route(LIST_PROJECTS.path, get(projects::list))
}

/// The error for a caller without valid credentials.
fn unauthenticated() -> ErrorResponse {
    ErrorResponse::iam(
        StatusCode::UNAUTHORIZED,
        "The request you have made requires authentication.",
    )
}

/// The URL under which the client reached this emulator.
fn own_address(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    format!("http://{}", host.unwrap_or_default())
}
