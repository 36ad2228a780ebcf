//! What the gateway in front of the service answers: tokens, unknown paths,
//! limits; and what every answer carries.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use crate::common::{Answer, get, post, send, stop, stop_path, with_token};
use dbss_emulator::{Emulator, Limits, State, Token};
use http::Request;
use serde_json::json;

const UNAUTHENTICATED: &str = "Incorrect IAM authentication information: ";

fn assert_gateway(answer: &Answer, status: u16, code: &str, message: &str) {
    let fields = answer.json();
    assert_eq!((answer.status, fields["error_code"].as_str()), (status, Some(code)), "{fields}");
    assert_eq!(fields["error_msg"], message);
    assert_eq!(fields["request_id"], answer.header("x-request-id"));
    assert_eq!(answer.header("content-type"), "application/json");
}

#[tokio::test]
async fn a_token_must_be_known_and_good() {
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
        let answer = send(&emulator, request.body("{}".into()).unwrap()).await;
        assert_gateway(&answer, 401, code, &message);
    }
    let none = Request::post(stop_path(emulator.project_id())).body("{}".into()).unwrap();
    let message = format!("{UNAUTHENTICATED}x-auth-token not found");
    assert_gateway(&send(&emulator, none).await, 401, "APIGW.0301", &message);
}

#[tokio::test]
async fn a_token_for_the_account_is_for_no_project() {
    let mut state = State::default();
    state.tokens.first_mut().unwrap().project_id = None;
    let emulator = Emulator::builder().state(state).start().await.unwrap();
    let answer = send(&emulator, stop(&emulator, emulator.instance_id())).await;
    assert_eq!(answer.error(), (403, "DBSS.10020100".to_owned()));
}

#[tokio::test]
async fn a_path_that_is_no_text_is_answered_as_any_other() {
    let emulator = Emulator::start().await.unwrap();
    for project in ["%ff", "%", "%2F%2e%2E", "%00", "%C3%A9"] {
        let answer = send(&emulator, post(&emulator, &stop_path(project), &json!({}))).await;
        assert_eq!(answer.error(), (403, "DBSS.10020100".to_owned()), "{project}");
    }
}

#[tokio::test]
async fn an_unknown_path_is_an_unknown_api() {
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
async fn a_known_path_with_another_method_says_which_it_has() {
    let emulator = Emulator::start().await.unwrap();
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"] {
        let request = Request::builder().method(method).uri(stop_path(emulator.project_id()));
        let answer = send(&emulator, request.body(String::new()).unwrap()).await;
        let message = "The API does not exist or has not been published in the environment.";
        assert_gateway(&answer, 405, "APIGW.0101", message);
        assert_eq!(answer.header("allow"), "POST", "{method}");
    }
    let answer = send(&emulator, Request::put("/v3/projects").body(String::new()).unwrap()).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "GET,HEAD"));
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
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
        let answer = send(&emulator, request).await;
        assert_eq!(answer.header("x-request-id").len(), 32);
        assert_eq!(answer.header("content-type"), "application/json");
        assert!(ids.insert(answer.header("x-request-id").to_owned()));
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let mut limits = Limits::default();
    limits.body = 1_000;
    limits.target = 1_000;
    limits.headers = 2_000;
    let emulator = Emulator::builder().limits(limits).start().await.unwrap();
    let path = stop_path(emulator.project_id());
    let body = |size: usize| {
        with_token(Request::post(&path), emulator.token()).body(" ".repeat(size)).unwrap()
    };
    assert_eq!(send(&emulator, body(1_000)).await.status, 400, "that fits, and is no JSON");
    for size in [1_001, 2_000, 100_000] {
        let answer = send(&emulator, body(size)).await;
        assert_gateway(&answer, 413, "APIGW.0201", "Request entity too large");
    }
    let long = get(&emulator, &format!("/{}", "x".repeat(1_000))).await;
    assert_gateway(&long, 414, "APIGW.0201", "Request URI too large");
    let request =
        Request::get("/").header("x-long", "x".repeat(2_000)).body(String::new()).unwrap();
    let answer = send(&emulator, request).await;
    assert_gateway(&answer, 494, "APIGW.0201", "Request headers too large");
}

#[tokio::test]
async fn the_default_limit_of_a_body_is_that_of_the_gateway() {
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
async fn requests_are_recorded_without_their_secrets() {
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
        ("/nowhere?a=b", Some(404), None)
    );
    let all = format!("{requests:?}{}", serde_json::to_string(&requests).unwrap());
    for secret in [emulator.token(), "wrong-secret-token", "deadbeef", "another-secret"] {
        assert!(!all.contains(secret), "{secret}");
    }
    emulator.clear_requests();
    assert!(emulator.requests().is_empty());
}

#[tokio::test]
async fn whoever_asks_is_told_of_every_answer() {
    let (sender, receiver) = std::sync::mpsc::channel();
    // None of them is kept for anybody else.
    let mut limits = Limits::default();
    limits.recorded_requests = 0;
    let emulator = Emulator::builder()
        .limits(limits)
        .on_answer(move |request| {
            let _ = sender.send((request.operation, request.status));
        })
        .start()
        .await
        .unwrap();
    send(&emulator, stop(&emulator, emulator.instance_id())).await;
    get(&emulator, "/nowhere").await;
    let told: Vec<_> = receiver.try_iter().collect();
    assert_eq!(told, [(Some("StopAuditInstance"), Some(200)), (None, Some(404))]);
    assert!(emulator.requests().is_empty());
}

#[tokio::test]
async fn a_token_that_was_good_expires() {
    let mut state = State::default();
    let soon = SystemTime::now() + Duration::from_secs(60);
    state.tokens =
        vec![Token::new("short-lived", "dbss-operator", &state.projects[0].id).until(soon)];
    let emulator = Emulator::builder().state(state).start().await.unwrap();
    assert_eq!(send(&emulator, stop(&emulator, emulator.instance_id())).await.status, 200);
    emulator.advance(Duration::from_secs(60));
    let answer = send(&emulator, stop(&emulator, emulator.instance_id())).await;
    assert!(answer.message().contains("token expires, expires_at: 20"), "{}", answer.text());
}

#[test]
fn an_emulator_goes_where_it_is_needed_and_shows_no_secret() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Emulator>();
    let state = format!("{:?} {:?}", State::default(), Emulator::builder());
    for secret in ["emulator-token", "not-real", "local-password"] {
        assert!(!state.contains(secret), "{secret}: {state}");
    }
}

#[tokio::test]
async fn a_token_of_ones_own_comes_first() {
    let emulator = Emulator::builder().token("my own").start().await.unwrap();
    assert_eq!(emulator.token(), "my own");
    assert_eq!(send(&emulator, stop(&emulator, emulator.instance_id())).await.status, 200);
}
