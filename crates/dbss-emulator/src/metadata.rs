//! The metadata service of an ECS instance: tokens, and the temporary access key of the agency
//! that the instance has.
//!
//! Source: Huawei's official SDK for Python (`huaweicloudsdkcore`), which asks for them.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, put};
use http::{HeaderMap, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::app_state::AppState;
use crate::operations::{METADATA_TOKEN, SECURITY_KEY};
use crate::{response, time};

/// The lifetime that is wanted of a token, in seconds.
const LIFETIME: &str = "x-metadata-token-ttl-seconds";

/// The longest lifetime of a token, in seconds: six hours.
const LONGEST: u64 = 21_600;

const TOKEN: &str = "x-metadata-token";

/// The routes of the metadata service. It requires no credentials.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route(METADATA_TOKEN.path, put(issue_token))
        .route(SECURITY_KEY.path, get(security_key))
}

async fn issue_token(State(app): State<AppState>, headers: HeaderMap) -> Response {
    let wanted = headers.get(LIFETIME).and_then(|value| value.to_str().ok()?.parse().ok());
    let Some(seconds) = wanted.filter(|seconds| (1..=LONGEST).contains(seconds)) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let now = app.options().clock.now();
    let token = format!("metadata-{}", app.new_id());
    let ends = now.checked_add(Duration::from_secs(seconds)).unwrap_or(now);
    app.with_store(|store| store.issue_metadata_token(token.clone().into(), ends));
    token.into_response()
}

/// The first temporary key of the state that has not expired. One without an end is said to be
/// valid for as long as a token of a login.
async fn security_key(State(app): State<AppState>, headers: HeaderMap) -> Response {
    let options = app.options();
    let now = options.clock.now();
    let body = app.with_store(|store| {
        // Version 1 has no token.
        if let Some(token) = headers.get(TOKEN)
            && !store.is_metadata_token(token.as_bytes(), now)
        {
            return Err(StatusCode::UNAUTHORIZED);
        }
        let valid = |end: &Option<_>| end.is_none_or(|end| end > now);
        let mut keys = store.state().access_keys.iter().filter(|key| valid(&key.expires_at));
        // As on an instance without an agency.
        keys.find_map(|key| {
            let token = key.security_token.as_ref()?;
            let end = key.expires_at.or_else(|| now.checked_add(options.token_lifetime));
            Some(json!({"credential": {
                "access": key.access_key,
                "secret": key.secret_key.expose_secret(),
                "securitytoken": token.expose_secret(),
                "expires_at": time::iam(end.unwrap_or(now)),
            }}))
        })
        .ok_or(StatusCode::NOT_FOUND)
    });
    match body {
        Ok(body) => response::json(StatusCode::OK, &body),
        Err(status) => status.into_response(),
    }
}
