//! The admin path, by which a test in another process reads and changes the
//! emulator.

use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use bytes::Bytes;
use dbss_client::contract::API;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app_state::AppState;
use crate::faults::Fault;
use crate::request_context::is_json;
use crate::response::{self, ErrorResponse, ErrorShape};
use crate::store::Store;
use crate::time;

/// The prefix of its paths. No operation of the service has it.
pub(crate) const PREFIX: &str = "/_emulator";

/// The routes of the admin path.
pub(crate) fn routes(app: &AppState) -> Router<AppState> {
    let path = |name: &str| format!("{PREFIX}/{name}");
    Router::new()
        .route(PREFIX, get(index))
        .route(&path("state"), get(state).delete(reset_state))
        .route(&path("requests"), get(requests).delete(clear_requests))
        .route(&path("faults"), get(faults).post(add_fault).delete(clear_faults))
        .route(&path("clock"), get(clock).post(advance_clock))
        .layer(middleware::from_fn_with_state(app.clone(), finish))
}

/// Gives every response a request id, and limits the time for the request body.
async fn finish(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let response = tokio::time::timeout(app.options().limits.body_timeout, next.run(request));
    let mut response = match response.await {
        Ok(response) => response,
        Err(_) => error(&app, StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time"),
    };
    if let Ok(id) = HeaderValue::try_from(app.new_id()) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

async fn index() -> Response {
    let operations: Vec<&str> = API.operations.iter().map(|operation| operation.id).collect();
    ok(&json!({
        "name": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "contract": API.version,
        "operations": operations,
        "paths": {
            "/state": "GET reads it, DELETE restores the initial state",
            "/requests": "GET reads the last ones, DELETE clears them",
            "/faults": "GET reads the pending ones, POST adds one, DELETE removes them",
            "/clock": "GET reads it, POST {\"advance_ms\": 900000} moves it forward",
        },
    }))
}

async fn state(State(app): State<AppState>) -> Response {
    let state = app.with_store(|store| serde_json::to_value(store.state()));
    ok(&state.unwrap_or_default())
}

async fn reset_state(State(app): State<AppState>) -> Response {
    app.with_store(Store::reset);
    state(State(app)).await
}

async fn requests(State(app): State<AppState>) -> Response {
    let requests = app.log().all();
    ok(&json!({ "requests": requests }))
}

async fn clear_requests(State(app): State<AppState>) -> Response {
    app.log().clear();
    requests(State(app)).await
}

async fn faults(State(app): State<AppState>) -> Response {
    let faults = json!({ "faults": app.faults().all() });
    ok(&faults)
}

async fn add_fault(State(app): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    match read_json::<Fault>(&headers, &body) {
        Ok(fault) => {
            app.faults().add(fault);
            faults(State(app)).await
        }
        Err(reason) => error(&app, StatusCode::BAD_REQUEST, &reason),
    }
}

async fn clear_faults(State(app): State<AppState>) -> Response {
    app.faults().clear();
    faults(State(app)).await
}

async fn clock(State(app): State<AppState>) -> Response {
    ok(&json!({ "now": time::iam(app.options().clock.now()) }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_ms: u64,
}

async fn advance_clock(State(app): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    match read_json::<Advance>(&headers, &body) {
        Ok(Advance { advance_ms }) => {
            app.options().clock.advance(Duration::from_millis(advance_ms));
            clock(State(app)).await
        }
        Err(reason) => error(&app, StatusCode::BAD_REQUEST, &reason),
    }
}

/// Reads a JSON body. The content type is required because a web page cannot send
/// `application/json` to another origin without a preflight request, which the
/// emulator rejects: no page can change an emulator that runs locally.
fn read_json<T: serde::de::DeserializeOwned>(
    headers: &HeaderMap,
    body: &[u8],
) -> Result<T, String> {
    if !is_json(headers) {
        return Err("the content type is not application/json".to_owned());
    }
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

fn ok(body: &Value) -> Response {
    response::json(StatusCode::OK, body)
}

fn error(app: &AppState, status: StatusCode, reason: &str) -> Response {
    ErrorResponse::gateway(status, "EMULATOR.0400", reason.to_owned()).to_response(
        None,
        ErrorShape::Flat,
        &app.new_id(),
    )
}
