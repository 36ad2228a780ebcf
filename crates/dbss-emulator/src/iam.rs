//! As much of IAM as it takes to log in and to find a project.

mod login;
mod projects;

use axum::Router;
use axum::routing::{get, post};
use http::{HeaderMap, Method, StatusCode, header};

use crate::service::Refusal;
use crate::shared::Shared;

/// An operation of IAM that is emulated, by its name in IAM's documents.
#[derive(Debug)]
struct Operation {
    id: &'static str,
    method: Method,
    path: &'static str,
}

static OPERATIONS: [Operation; 2] = [
    Operation {
        id: "KeystoneCreateUserTokenByPassword",
        method: Method::POST,
        path: "/v3/auth/tokens",
    },
    Operation { id: "KeystoneListProjects", method: Method::GET, path: "/v3/projects" },
];

/// The routes of IAM.
pub(crate) fn routes() -> Router<Shared> {
    let [login, projects] = &OPERATIONS;
    Router::new().route(login.path, post(login::login)).route(projects.path, get(projects::list))
}

/// The name of IAM's operation at that route.
pub(crate) fn operation_id(method: &Method, path: &str) -> Option<&'static str> {
    let found =
        OPERATIONS.iter().find(|operation| operation.path == path && operation.method == *method);
    found.map(|operation| operation.id)
}

/// The names of IAM's operations.
pub(crate) fn operation_ids() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().map(|operation| operation.id)
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
