//! The gateway in front of the service: tokens, unknown paths, limits; and the headers
//! of every response.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use crate::common::{TestResponse, get, post, send, stop, stop_path, with_token};
use dbss_emulator::{Clock, Emulator, EmulatorBuilder, Fault, Limits, StartError, State, Token};
use http::Request;
use serde_json::json;

const UNAUTHENTICATED: &str = "Incorrect IAM authentication information: ";

fn assert_gateway(response: &TestResponse, status: u16, code: &str, message: &str) {
    let fields = response.json();
    assert_eq!((response.status, fields["error_code"].as_str()), (status, Some(code)), "{fields}");
    assert_eq!(fields["error_msg"], message);
    assert_eq!(fields["request_id"], response.header("x-request-id"));
    assert_eq!(response.header("content-type"), "application/json");
}

#[tokio::test]
async fn rejects_missing_unknown_and_expired_tokens() {
    let emulator = Emulator::start().await.unwrap();
    let expired =
        format!("{UNAUTHENTICATED}token expires, expires_at: 2026-01-01T00:00:00.000000Z");
    for (token, code, message) in [
        ("", "APIGW.0301", format!("{UNAUTHENTICATED}x-auth-token not found")),
        ("unknown", "APIGW.0301", format!("{UNAUTHENTICATED}decrypt token fail")),
        ("emulator-token-expired", "APIGW.0301", expired),
        ("emulator-token-other-region", "APIGW.0307", "The token must be updated.".to_owned()),
    ] {
        let request = with_token(Request::post(stop_path(emulator.project_id())), token);
        let response = send(&emulator, request.body("{}".into()).unwrap()).await;
        assert_gateway(&response, 401, code, &message);
    }
    let none = Request::post(stop_path(emulator.project_id())).body("{}".into()).unwrap();
    let message = format!("{UNAUTHENTICATED}x-auth-token not found");
    assert_gateway(&send(&emulator, none).await, 401, "APIGW.0301", &message);
}

#[tokio::test]
async fn rejects_an_account_token_for_a_project() {
    let mut state = State::default();
    state.tokens.first_mut().unwrap().project_id = None;
    let emulator = Emulator::builder().state(state).start().await.unwrap();
    let response = send(&emulator, stop(&emulator, emulator.instance_id())).await;
    assert_eq!(response.error(), (403, "DBSS.10020100".to_owned()));
}

#[tokio::test]
async fn returns_403_for_unusual_project_ids() {
    let emulator = Emulator::start().await.unwrap();
    for project in ["%ff", "%", "%2F%2e%2E", "%00", "%C3%A9"] {
        let response = send(&emulator, post(&emulator, &stop_path(project), &json!({}))).await;
        assert_eq!(response.error(), (403, "DBSS.10020100".to_owned()), "{project}");
    }
}

#[tokio::test]
async fn returns_404_for_unknown_paths() {
    let emulator = Emulator::start().await.unwrap();
    let stop = stop_path(emulator.project_id());
    for path in [
        "/",
        "/v1",
        "/nowhere?x=1",
        "/v9/a/b",
        &format!("{stop}/"),
        &stop.to_uppercase(),
        "//",
        "/%00",
    ] {
        let message = "The API does not exist or has not been published in the environment.";
        assert_gateway(&get(&emulator, path).await, 404, "APIGW.0101", message);
    }
}

#[tokio::test]
async fn returns_405_with_allow_for_another_method() {
    let emulator = Emulator::start().await.unwrap();
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"] {
        let request = Request::builder().method(method).uri(stop_path(emulator.project_id()));
        let response = send(&emulator, request.body(String::new()).unwrap()).await;
        let message = "The API does not exist or has not been published in the environment.";
        assert_gateway(&response, 405, "APIGW.0101", message);
        assert_eq!(response.header("allow"), "POST", "{method}");
    }
    let response = send(&emulator, Request::put("/v3/projects").body(String::new()).unwrap()).await;
    assert_eq!((response.status, response.header("allow")), (405, "GET,HEAD"));
}

#[tokio::test]
async fn gives_each_response_its_own_request_id() {
    let emulator = Emulator::start().await.unwrap();
    let mut ids = HashSet::new();
    for request in [
        stop(&emulator, emulator.instance_id()),
        stop(&emulator, emulator.instance_id()),
        post(&emulator, "/nowhere", &json!({})),
        post(&emulator, "/v3/auth/tokens", &json!({})),
        Request::get("/_emulator").body(String::new()).unwrap(),
        Request::get("/_emulator/requests").body(String::new()).unwrap(),
    ] {
        let response = send(&emulator, request).await;
        assert_eq!(response.header("x-request-id").len(), 32);
        assert_eq!(response.header("content-type"), "application/json");
        assert!(ids.insert(response.header("x-request-id").to_owned()));
    }
}

#[tokio::test]
async fn rejects_requests_beyond_the_size_limits() {
    let mut limits = Limits::default();
    limits.body = 1_000;
    limits.target = 1_000;
    limits.headers = 2_000;
    let emulator = Emulator::builder().limits(limits).start().await.unwrap();
    let path = stop_path(emulator.project_id());
    let body = |size: usize| {
        with_token(Request::post(&path), emulator.token()).body(" ".repeat(size)).unwrap()
    };
    assert_eq!(send(&emulator, body(1_000)).await.status, 400, "within the limit, but not JSON");
    for size in [1_001, 2_000, 100_000] {
        let response = send(&emulator, body(size)).await;
        assert_gateway(&response, 413, "APIGW.0201", "Request entity too large");
    }
    let long = get(&emulator, &format!("/{}", "x".repeat(1_000))).await;
    assert_gateway(&long, 414, "APIGW.0201", "Request URI too large");
    let request =
        Request::get("/").header("x-long", "x".repeat(2_000)).body(String::new()).unwrap();
    let response = send(&emulator, request).await;
    assert_gateway(&response, 494, "APIGW.0201", "Request headers too large");
}

#[tokio::test]
async fn limits_bodies_to_12_mib_by_default() {
    let emulator = Emulator::start().await.unwrap();
    let path = stop_path(emulator.project_id());
    let body = |size: usize| {
        with_token(Request::post(&path), emulator.token()).body(" ".repeat(size)).unwrap()
    };
    let limit = 12 * 1024 * 1024;
    assert_eq!(send(&emulator, body(limit)).await.status, 400);
    assert_eq!(send(&emulator, body(limit + 1)).await.status, 413);
}

#[tokio::test]
async fn records_requests_with_secrets_masked() {
    let emulator = Emulator::start().await.unwrap();
    send(&emulator, stop(&emulator, emulator.instance_id())).await;
    let request = with_token(Request::post("/nowhere?a=b"), "wrong-secret-token")
        .header("authorization", "SDK-HMAC-SHA256 Access=x, SignedHeaders=a, Signature=deadbeef")
        .header("x-security-token", "another-secret");
    send(&emulator, request.body("text".into()).unwrap()).await;

    let requests = emulator.requests();
    let [first, second] = &requests[..] else { panic!("{requests:?}") };
    assert_eq!((first.method.as_str(), first.status), ("POST", Some(200)));
    assert_eq!(first.operation, Some("StopAuditInstance"));
    assert_eq!(first.path, stop_path(emulator.project_id()));
    assert_eq!(first.header("X-Auth-Token"), Some("***"));
    assert_eq!(first.body, json!({"instance_id": emulator.instance_id()}).to_string());
    assert_eq!(
        (second.path.as_str(), second.status, second.operation),
        ("/nowhere?***", Some(404), None)
    );
    let all = format!("{requests:?}{}", serde_json::to_string(&requests).unwrap());
    for secret in [emulator.token(), "wrong-secret-token", "deadbeef", "another-secret"] {
        assert!(!all.contains(secret), "{secret}");
    }
    emulator.clear_requests();
    assert!(emulator.requests().is_empty());
}

#[tokio::test]
async fn reports_every_response_to_the_callback() {
    let (sender, receiver) = std::sync::mpsc::channel();
    // The callback works even if no requests are recorded.
    let mut limits = Limits::default();
    limits.recorded_requests = 0;
    let emulator = Emulator::builder()
        .limits(limits)
        .on_response(move |request| {
            let _ = sender.send((request.operation, request.status));
        })
        .start()
        .await
        .unwrap();
    send(&emulator, stop(&emulator, emulator.instance_id())).await;
    get(&emulator, "/nowhere").await;
    let reported: Vec<_> = receiver.iter().take(2).collect();
    assert_eq!(reported, [(Some("StopAuditInstance"), Some(200)), (None, Some(404))]);
    assert!(emulator.requests().is_empty());
}

#[tokio::test]
async fn answers_while_the_callback_blocks_and_tells_what_it_missed() {
    let (release, blocked) = std::sync::mpsc::channel::<()>();
    let (told, missed) = std::sync::mpsc::channel();
    let blocked = std::sync::Mutex::new(blocked);
    let emulator = Emulator::builder()
        .on_response(move |_| {
            let _ = blocked.lock().unwrap().recv();
        })
        .on_unobserved(move |count| told.send(count).unwrap())
        .start()
        .await
        .unwrap();
    // More than the queue holds.
    for _ in 0..1_100 {
        assert_eq!(get(&emulator, "/nowhere").await.status, 404);
    }
    let unobserved = emulator.unobserved_responses();
    assert!((50..100).contains(&unobserved), "{unobserved}");
    let index = get(&emulator, "/_emulator").await.json();
    assert_eq!(index["unobserved_responses"], unobserved);
    drop(release);
    assert_eq!(missed.recv().unwrap(), unobserved);
}

#[tokio::test]
async fn rejects_a_token_after_it_expires() {
    let mut state = State::default();
    let soon = SystemTime::now() + Duration::from_secs(60);
    state.tokens = vec![
        Token::new("short-lived", "dbss-operator", &state.projects[0].id).with_expires_at(soon),
    ];
    let emulator = Emulator::builder().state(state).start().await.unwrap();
    assert_eq!(send(&emulator, stop(&emulator, emulator.instance_id())).await.status, 200);
    emulator.advance(Duration::from_secs(60));
    let response = send(&emulator, stop(&emulator, emulator.instance_id())).await;
    assert!(response.message().contains("token expires, expires_at: 20"), "{}", response.text());
}

#[test]
fn is_send_and_sync_and_hides_secrets_in_debug() {
    fn check<T: Send + Sync + 'static>() {}
    check::<(Emulator, EmulatorBuilder, Fault, State, Clock, Limits, StartError)>();
    let state = format!("{:?} {:?}", State::default(), Emulator::builder());
    for secret in ["emulator-token", "not-real", "local-password"] {
        assert!(!state.contains(secret), "{secret}: {state}");
    }
}

#[tokio::test]
async fn puts_the_token_of_the_builder_first() {
    let emulator = Emulator::builder().token("my own").start().await.unwrap();
    assert_eq!(emulator.token(), "my own");
    assert_eq!(send(&emulator, stop(&emulator, emulator.instance_id())).await.status, 200);
}
