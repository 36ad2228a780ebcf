//! The admin path: what a test that runs elsewhere reads and changes.

use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use bytes::Bytes;
use dbss_client::descriptors::API;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::exchange::is_json;
use crate::faults::Fault;
use crate::reply::{self, ErrorShape, Refusal};
use crate::shared::Shared;
use crate::store::Store;
use crate::time;

/// Where it is. No operation of the service begins like that.
pub(crate) const PREFIX: &str = "/_emulator";

/// The routes of the admin path.
pub(crate) fn routes(shared: &Shared) -> Router<Shared> {
    let path = |name: &str| format!("{PREFIX}/{name}");
    Router::new()
        .route(PREFIX, get(index))
        .route(&path("state"), get(state).delete(reset_state))
        .route(&path("requests"), get(requests).delete(clear_requests))
        .route(&path("faults"), get(faults).post(add_fault).delete(clear_faults))
        .route(&path("clock"), get(clock).post(advance_clock))
        .layer(middleware::from_fn_with_state(shared.clone(), framed))
}

/// Every answer has an id, and comes in time.
async fn framed(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(shared.options().limits.body_time, next.run(request));
    let mut response = match answer.await {
        Ok(response) => response,
        Err(_) => refused(&shared, StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time"),
    };
    if let Ok(id) = HeaderValue::try_from(shared.new_id()) {
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
            "/state": "GET reads it, DELETE puts back the one of the start",
            "/requests": "GET reads the last ones, DELETE forgets them",
            "/faults": "GET reads those that wait, POST adds one, DELETE takes them away",
            "/clock": "GET reads it, POST {\"advance_ms\": 900000} moves it forward",
        },
    }))
}

async fn state(State(shared): State<Shared>) -> Response {
    let state = shared.with_store(|store| serde_json::to_value(store.state()));
    ok(&state.unwrap_or_default())
}

async fn reset_state(State(shared): State<Shared>) -> Response {
    shared.with_store(Store::reset);
    state(State(shared)).await
}

async fn requests(State(shared): State<Shared>) -> Response {
    let requests = shared.log().all();
    ok(&json!({ "requests": requests }))
}

async fn clear_requests(State(shared): State<Shared>) -> Response {
    shared.log().clear();
    requests(State(shared)).await
}

async fn faults(State(shared): State<Shared>) -> Response {
    let faults = json!({ "faults": shared.faults().all() });
    ok(&faults)
}

async fn add_fault(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    match read::<Fault>(&headers, &body) {
        Ok(fault) => {
            shared.faults().add(fault);
            faults(State(shared)).await
        }
        Err(reason) => refused(&shared, StatusCode::BAD_REQUEST, &reason),
    }
}

async fn clear_faults(State(shared): State<Shared>) -> Response {
    shared.faults().clear();
    faults(State(shared)).await
}

async fn clock(State(shared): State<Shared>) -> Response {
    ok(&json!({ "now": time::iam(shared.options().clock.now()) }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_ms: u64,
}

async fn advance_clock(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    match read::<Advance>(&headers, &body) {
        Ok(Advance { advance_ms }) => {
            shared.options().clock.advance(Duration::from_millis(advance_ms));
            clock(State(shared)).await
        }
        Err(reason) => refused(&shared, StatusCode::BAD_REQUEST, &reason),
    }
}

/// Only what says that it is JSON: a page in a browser cannot send that here
/// without being asked.
fn read<T: serde::de::DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, String> {
    if !is_json(headers) {
        return Err("the content type is not application/json".to_owned());
    }
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

fn ok(body: &Value) -> Response {
    reply::json(StatusCode::OK, body)
}

fn refused(shared: &Shared, status: StatusCode, reason: &str) -> Response {
    Refusal::gateway(status, "EMULATOR.0400", reason.to_owned()).answer(
        None,
        ErrorShape::Flat,
        &shared.new_id(),
    )
}
