//! As much of IAM as it takes to log in and to find a project.

mod login;
mod projects;

use axum::Router;
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode, header};

use crate::operations::{LIST_PROJECTS, LOGIN};
use crate::reply::Refusal;
use crate::shared::Shared;

/// The routes of IAM.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route(LOGIN.path, post(login::login))
        .route(LIST_PROJECTS.path, get(projects::list))
}

/// Who calls has not proved who they are.
fn unauthenticated() -> Refusal {
    Refusal::iam(StatusCode::UNAUTHORIZED, "The request you have made requires authentication.")
}

/// This service's own address, as the client knows it.
fn own_address(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    format!("http://{}", host.unwrap_or_default())
}
