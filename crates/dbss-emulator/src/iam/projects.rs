//! `GET /v3/projects?name=`: the projects of the account.
//!
//! Source: IAM's API reference, "Querying project information"; the official SDK
//! calls it to find the project of a region.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Value, json};

use crate::app_state::AppState;
use crate::auth;
use crate::json::query_values;
use crate::request_context::RequestContext;
use crate::response::{self, ErrorResponse};
use crate::state::{Account, Project};

pub(super) async fn list(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let request = auth::RequestParts {
        method: &method,
        uri: &uri,
        headers: &headers,
        body: &context.body.bytes,
    };
    if let Err(error) = authenticate(&app, &request) {
        return error.to_response(None, app.options().error_shape, &context.request_id);
    }
    let name = query_values(uri.query().unwrap_or_default(), "name").next();
    let address = super::own_address(&headers);
    let body = app.with_store(|store| {
        let state = store.state();
        let selected = |project: &&Project| name.as_ref().is_none_or(|name| *name == project.name);
        let projects: Vec<Value> = state
            .projects
            .iter()
            .filter(selected)
            .map(|project| to_json(project, &state.account, &address))
            .collect();
        json!({
            "projects": projects,
            "links": {"self": format!("{address}/v3/projects"), "next": null, "previous": null},
        })
    });
    response::json(StatusCode::OK, &body)
}

/// The gateway checks signatures, so their errors have its shape; IAM checks tokens
/// itself.
fn authenticate(app: &AppState, request: &auth::RequestParts<'_>) -> Result<(), ErrorResponse> {
    match auth::authenticate(app, request) {
        Ok(_) => Ok(()),
        Err(error) if auth::is_signed(request.headers) => Err(error),
        Err(error) => Err(super::unauthenticated().with_reason(error.message())),
    }
}

fn to_json(project: &Project, account: &Account, address: &str) -> Value {
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
