//! The admin path, by which a test in another process reads and changes the
//! emulator.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, put};
use bytes::Bytes;
use dbss_client::contract::API;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::json;

use crate::app_state::AppState;
use crate::faults::Fault;
use crate::json::{self, BodySchema};
use crate::observer::Observer;
use crate::record::RecordedRequest;
use crate::response::{self, ErrorResponse, ErrorShape};
use crate::state::{INSTANCES, Instance};
use crate::store::Store;
use crate::time;

/// The prefix of its paths. No operation of the service has it.
pub(crate) const PREFIX: &str = "/_emulator";

/// The largest request body, in bytes.
const BODY_LIMIT: usize = 1024 * 1024;

/// The routes of the admin path.
pub(crate) fn routes(app: &AppState) -> Router<AppState> {
    let path = |name: &str| format!("{PREFIX}/{name}");
    Router::new()
        .route(PREFIX, get(index))
        .route(&path("state"), get(state).delete(reset_state))
        .route(&path("instances"), put(set_instances))
        .route(&path("requests"), get(requests).delete(clear_requests))
        .route(&path("faults"), get(faults).post(add_fault).delete(clear_faults))
        .route(&path("clock"), get(clock).post(advance_clock))
        .layer(middleware::from_fn_with_state(app.clone(), finish))
}

/// Checks head and host, reads the request body within the limits, and gives every response a
/// request id.
async fn finish(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let request_id = app.new_id();
    let (parts, body) = request.into_parts();
    let options = app.options();
    let head = options.limits.check_head(&parts).and_then(|()| options.allowed_hosts.check(&parts));
    let read = match head {
        Ok(()) => app.body_budget().read(body, BODY_LIMIT, &options.limits).await,
        Err(error) => Err(error),
    };
    let mut response = match read {
        Ok(body) => next.run(Request::from_parts(parts, body.bytes.into())).await,
        Err(error) => {
            let mut response = error.to_response(None, ErrorShape::Flat, &request_id);
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            response
        }
    };
    if let Ok(id) = HeaderValue::try_from(request_id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

async fn index(State(app): State<AppState>) -> Response {
    let operations: Vec<&str> = API.operations.iter().map(|operation| operation.id).collect();
    let index = json!({
        "name": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "contract": API.version,
        "operations": operations,
        "unobserved_responses": app.observer().map_or(0, Observer::unobserved),
        "paths": {
            "/state": "GET reads it, DELETE restores the initial state",
            "/instances": "PUT {\"instances\": […]} replaces the instances",
            "/requests": "GET reads the last ones, DELETE clears them",
            "/faults": "GET reads the pending ones, POST adds one, DELETE removes them",
            "/clock": "GET reads it, POST {\"advance_ms\": 900000} moves it forward",
        },
    });
    response::json(StatusCode::OK, &index)
}

async fn state(State(app): State<AppState>) -> Response {
    ok(&app, 0, |app| app.with_store(|store| store.state().clone())).await
}

async fn reset_state(State(app): State<AppState>) -> Response {
    app.with_store(Store::reset);
    state(State(app)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Instances {
    instances: Vec<Instance>,
}

async fn set_instances(State(app): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    let read = read_json(&headers, &body, INSTANCES);
    let set = read.and_then(|Instances { instances }| {
        let set = app.with_store(|store| store.set_instances(instances));
        set.map_err(|error| error.to_string())
    });
    match set {
        Ok(()) => state(State(app)).await,
        Err(reason) => error(&app, StatusCode::BAD_REQUEST, &reason),
    }
}

async fn requests(State(app): State<AppState>) -> Response {
    #[derive(Serialize)]
    struct Requests {
        #[serde(serialize_with = "without_copies")]
        requests: Vec<Arc<RecordedRequest>>,
    }
    fn without_copies<S: Serializer>(
        requests: &[Arc<RecordedRequest>],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(requests.iter().map(AsRef::as_ref))
    }
    let size = app.log().bytes();
    ok(&app, size, |app| Requests { requests: app.log().shared() }).await
}

async fn clear_requests(State(app): State<AppState>) -> Response {
    app.log().clear();
    requests(State(app)).await
}

async fn faults(State(app): State<AppState>) -> Response {
    #[derive(Serialize)]
    struct Faults {
        faults: Vec<Fault>,
    }
    let size = app.faults().bytes();
    ok(&app, size, |app| Faults { faults: app.faults().all().to_vec() }).await
}

async fn add_fault(State(app): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    match read_json::<Fault>(&headers, &body, BodySchema::Object(&[])) {
        Ok(fault) => {
            let added = app.faults().add_within_limits(fault);
            match added {
                Ok(()) => faults(State(app)).await,
                Err(reason) => error(&app, StatusCode::BAD_REQUEST, reason),
            }
        }
        Err(reason) => error(&app, StatusCode::BAD_REQUEST, &reason),
    }
}

async fn clear_faults(State(app): State<AppState>) -> Response {
    app.faults().clear();
    faults(State(app)).await
}

async fn clock(State(app): State<AppState>) -> Response {
    response::json(StatusCode::OK, &json!({ "now": time::iam(app.options().clock.now()) }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_ms: u64,
}

async fn advance_clock(State(app): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    match read_json::<Advance>(&headers, &body, BodySchema::Object(&[])) {
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
    schema: BodySchema,
) -> Result<T, String> {
    json::read(headers, body, schema).map_err(|error| error.to_string())
}

/// A response with what `value` returns, which has roughly `size` bytes or, if that is 0, an unknown
/// number; 503 if other clients leave so much unread that there is no room for it within the time in
/// which they have to read it.
async fn ok<T: Serialize + 'static>(
    app: &AppState,
    size: usize,
    value: fn(&AppState) -> T,
) -> Response {
    let shared = app.clone();
    let writing = app.large_responses().write(size, move || value(&shared));
    match tokio::time::timeout(app.options().limits.write_timeout, writing).await {
        Ok(body) => response::bytes(StatusCode::OK, body),
        Err(_) => {
            let reason = "other clients leave too many large responses unread";
            error(app, StatusCode::SERVICE_UNAVAILABLE, reason)
        }
    }
}

fn error(app: &AppState, status: StatusCode, reason: &str) -> Response {
    let code = match status {
        StatusCode::SERVICE_UNAVAILABLE => "EMULATOR.0503",
        _ => "EMULATOR.0400",
    };
    ErrorResponse::gateway(status, code, reason.to_owned()).to_response(
        None,
        ErrorShape::Flat,
        &app.new_id(),
    )
}
