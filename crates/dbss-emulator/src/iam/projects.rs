//! `GET /v3/projects?name=`: the projects of the account.
//!
//! Source: IAM's API reference, "Querying project information"; the official SDK
//! calls it to find the project of a region.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode, Uri};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::auth;
use crate::exchange::Exchange;
use crate::reply::{self, Refusal};
use crate::shared::Shared;
use crate::state::{Account, Project};

pub(super) async fn list(
    State(shared): State<Shared>,
    Extension(exchange): Extension<Exchange>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let request =
        auth::Request { method: &method, uri: &uri, headers: &headers, body: &exchange.body };
    if let Err(refusal) = authenticate(&shared, &request) {
        return refusal.answer(None, shared.options().error_shape, &exchange.request_id);
    }
    let name = wanted_name(uri.query());
    let address = super::own_address(&headers);
    let body = shared.with_store(|store| {
        let state = store.state();
        let wanted = |project: &&Project| name.as_ref().is_none_or(|name| *name == project.name);
        let projects: Vec<Value> = state
            .projects
            .iter()
            .filter(wanted)
            .map(|project| described(project, &state.account, &address))
            .collect();
        json!({
            "projects": projects,
            "links": {"self": format!("{address}/v3/projects"), "next": null, "previous": null},
        })
    });
    reply::json(StatusCode::OK, &body)
}

/// A signature is the gateway's business, and it answers; a token is IAM's own.
fn authenticate(shared: &Shared, request: &auth::Request<'_>) -> Result<(), Refusal> {
    match auth::identify(shared, request) {
        Ok(_) => Ok(()),
        Err(refusal) if auth::is_signed(request.headers) => Err(refusal),
        Err(refusal) => Err(super::unauthenticated().because(refusal.message())),
    }
}

fn wanted_name(query: Option<&str>) -> Option<String> {
    let mut pairs = query?.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let (_, value) = pairs.find(|(name, _)| *name == "name")?;
    Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
}

fn described(project: &Project, account: &Account, address: &str) -> Value {
    json!({
        "id": project.id,
        "name": project.name,
        "description": "",
        "domain_id": account.id,
        "parent_id": account.id,
        "is_domain": false,
        "enabled": true,
        "links": {"self": format!("{address}/v3/projects/{}", project.id)},
    })
}
