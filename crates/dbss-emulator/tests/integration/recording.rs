//! What is recorded of requests: secrets are masked by where they stand.

use crate::common::{post, send, send_raw, stop_path};
use dbss_client::contract::LIST_AUDIT_INSTANCES_LAST;
use dbss_emulator::Emulator;
use http::Request;
use serde_json::{Value, json};

const SECRET: &str = "s3cret-value";

fn shown(emulator: &Emulator) -> String {
    let requests = emulator.requests();
    format!("{requests:?}{}", serde_json::to_string(&requests).unwrap())
}

#[tokio::test]
async fn masks_secrets_in_bodies_however_path_and_field_are_spelt() {
    let emulator = Emulator::start().await.unwrap();
    let login = |name: &str, password: Value| {
        json!({"auth": {"identity": {
            "methods": ["password"],
            "password": {"user": {"name": "n", name: password, "domain": {"name": "d"}}},
        }}})
    };
    for path in [
        "/v3/auth/tokens",
        "/v3/Auth/tokens",
        "/v3/%61uth/tokens",
        "/v3/auth/tokens/",
        "//v3/auth/tokens",
        "/nowhere",
        &stop_path(emulator.project_id()),
    ] {
        for body in [
            login("password", json!(SECRET)),
            login("Password", json!(SECRET)),
            login("pass\u{77}ord ", json!(SECRET)),
            login("password", json!([SECRET])),
            login("password", json!({"value": SECRET})),
            login("name", json!({"password": SECRET})),
            login("name", json!([SECRET])),
            login(SECRET, json!(1)),
            json!({"instance_id": {"password": SECRET}}),
            json!({"instance_id": [SECRET]}),
            json!({"instance_id": "1d07f606-92d2-441c-b05c-dca47e180552", "password": SECRET}),
            json!([SECRET]),
            json!(SECRET),
        ] {
            send(&emulator, post(&emulator, path, &body)).await;
        }
        for text in [
            format!("password={SECRET}"),
            format!(r#"{{"auth": {{"password": "{SECRET}""#),
            format!(r#"{{"instance_id": {{"password": "{SECRET}"}}, "instance_id": "x"}}"#),
        ] {
            let request = Request::post(path).header("content-type", "application/json");
            send(&emulator, request.body(text).unwrap()).await;
        }
    }
    assert!(!shown(&emulator).contains(SECRET), "{}", shown(&emulator));
    let first = &emulator.requests()[0];
    assert!(first.body.contains(r#""name":"n""#), "{}", first.body);
    assert!(first.body.contains(r#""password":"***""#), "{}", first.body);
}

#[tokio::test]
async fn masks_headers_and_query_values_that_are_not_known_to_be_harmless() {
    let emulator = Emulator::start().await.unwrap();
    for path in ["/nowhere", "/v3/projects", "/v3/auth/tokens"] {
        for query in ["token=", "X-Auth-Token=", "", "%6eame=", "names="] {
            let request = Request::get(format!("{path}?{query}{SECRET}"))
                .header("x-auth-tokens", SECRET)
                .header("x-api-key", SECRET)
                .header("referer", format!("http://x/?{SECRET}"))
                .header("user-agent", "agent")
                .header("x-sdk-date", "20260115T083000Z");
            send(&emulator, request.body(String::new()).unwrap()).await;
        }
    }
    assert!(!shown(&emulator).contains(SECRET), "{}", shown(&emulator));
    let first = &emulator.requests()[0];
    assert_eq!(first.header("x-api-key"), Some("***"));
    assert_eq!(first.header("User-Agent"), Some("agent"));
    assert_eq!(first.header("X-Sdk-Date"), Some("20260115T083000Z"));
    assert_eq!(first.path, "/nowhere?***");
    let request = Request::get("/v3/projects?name=cn-north-4&x=y").body(String::new()).unwrap();
    send(&emulator, request).await;
    assert_eq!(emulator.requests().last().unwrap().path, "/v3/projects?name=cn-north-4&***");
}

#[tokio::test]
async fn masks_what_stands_in_a_harmless_place_but_does_not_belong_there() {
    let emulator = Emulator::start().await.unwrap();
    let authority = emulator.address();
    let list = LIST_AUDIT_INSTANCES_LAST.path.replace("{project_id}", emulator.project_id());
    for text in [
        format!("GET /x HTTP/1.1\r\nhost: user:{SECRET}@{authority}\r\n\r\n"),
        format!("GET http://user:{SECRET}@{authority}/x HTTP/1.1\r\nhost: {authority}\r\n\r\n"),
        format!("GET /x HTTP/1.1\r\nhost: {authority}\r\nhost: {SECRET} {SECRET}\r\n\r\n"),
        format!("{SECRET} /x HTTP/1.1\r\nhost: {authority}\r\n\r\n"),
        format!("GET {list}?limit=1;token={SECRET} HTTP/1.1\r\nhost: {authority}\r\n\r\n"),
        format!("GET {list}?limit=1%26token={SECRET} HTTP/1.1\r\nhost: {authority}\r\n\r\n"),
        format!("GET {list}?offset={SECRET} HTTP/1.1\r\nhost: {authority}\r\n\r\n"),
        format!("GET /x?{SECRET} HTTP/1.1\r\nhost x\r\n\r\n"),
    ] {
        let text = text.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
        let received = send_raw(&emulator, &text).await;
        assert!(received.starts_with("HTTP/1.1 4"), "{text}: {received}");
        assert!(!received.contains(SECRET), "{received}");
    }
    assert_eq!(emulator.requests().len(), 8);
    assert!(!shown(&emulator).contains(SECRET), "{}", shown(&emulator));
    // What belongs there is shown, whether or not it is accepted.
    let request = Request::get(format!("{list}?limit=1000&offset=-1")).body(String::new()).unwrap();
    send(&emulator, request).await;
    let recorded = emulator.requests().pop().unwrap();
    assert_eq!(recorded.path, format!("{list}?limit=1000&offset=-1"));
    assert_eq!(recorded.header("host"), Some(authority.to_string().as_str()));
}
