//! The metadata service: tokens, and a temporary key.

use std::time::Duration;

use dbss_emulator::{AccessKey, Emulator, State};
use http::Request;
use serde_json::Value;

use crate::common::{TestResponse, send};

const TOKEN: &str = "/meta-data/latest/api/token";
const KEY: &str = "/openstack/latest/securitykey";

async fn token(emulator: &Emulator, seconds: &str) -> TestResponse {
    let request = Request::put(TOKEN).header("x-metadata-token-ttl-seconds", seconds);
    send(emulator, request.body(String::new()).unwrap()).await
}

async fn key(emulator: &Emulator, token: Option<&str>) -> TestResponse {
    let mut request = Request::get(KEY);
    if let Some(token) = token {
        request = request.header("x-metadata-token", token);
    }
    send(emulator, request.body(String::new()).unwrap()).await
}

#[tokio::test]
async fn returns_the_temporary_key_with_and_without_token() {
    let lifetime = Duration::from_secs(3_600);
    let emulator = Emulator::builder().token_lifetime(lifetime).start().await.unwrap();
    let issued = token(&emulator, "60").await;
    assert_eq!(issued.status, 200);
    let issued = issued.text();
    for token in [None, Some(issued.as_str())] {
        let response = key(&emulator, token).await;
        assert_eq!(response.status, 200, "{}", response.text());
        let credential = &response.json()["credential"];
        assert_eq!(credential["access"], "EMULATORTEMPAK012345");
        assert_eq!(credential["securitytoken"], "emulator-security-token-not-real");
        assert!(credential["secret"].as_str().is_some_and(|secret| !secret.is_empty()));
        let end: jiff::Timestamp = credential["expires_at"].as_str().unwrap().parse().unwrap();
        assert!(end > jiff::Timestamp::now());
    }
    assert_eq!(key(&emulator, Some("unknown")).await.status, 401);
    emulator.advance(Duration::from_secs(60));
    assert_eq!(key(&emulator, Some(&issued)).await.status, 401);
    let kept = format!("{:?}", emulator.requests());
    assert!(!kept.contains(&issued), "{kept}");
}

#[tokio::test]
async fn rejects_tokens_without_a_possible_lifetime() {
    let emulator = Emulator::start().await.unwrap();
    for seconds in ["0", "21601", "-1", "a while", ""] {
        assert_eq!(token(&emulator, seconds).await.status, 400, "{seconds}");
    }
    assert_eq!(token(&emulator, "21600").await.status, 200);
}

#[tokio::test]
async fn returns_no_key_without_a_temporary_one() {
    let mut state = State::default();
    let user = state.users[0].name.clone();
    let end = std::time::SystemTime::now() + Duration::from_secs(60);
    let temporary = AccessKey::new("TEMPORARY", "a-secret", user).with_security_token("a-token");
    state.access_keys.retain(|key| key.security_token.is_none());
    state.access_keys.push(temporary.with_expires_at(end));
    let emulator = Emulator::builder().state(state).start().await.unwrap();
    let response = key(&emulator, None).await.json();
    assert_eq!(response["credential"]["access"], Value::from("TEMPORARY"));
    emulator.advance(Duration::from_secs(60));
    assert_eq!(key(&emulator, None).await.status, 404);
}
