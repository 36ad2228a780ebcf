//! Signed requests (`SDK-HMAC-SHA256`), as the gateway verifies them.

use std::time::{Duration, SystemTime};

use crate::common::sign::Signer;
use crate::common::{TestResponse, send, stop_path};
use dbss_emulator::{AccessKey, Clock, Emulator, State};
use http::Request;
use serde_json::json;

const START: SystemTime = SystemTime::UNIX_EPOCH;
const PREFIX: &str = "Incorrect IAM authentication information: ";
const ALL: &[&str] =
    &["content-type", "host", "user-agent", "x-project-id", "x-sdk-date", "x-security-token"];

/// 2026-01-15T08:30:00Z.
fn now() -> SystemTime {
    START + Duration::from_secs(1_768_465_800)
}

async fn emulator() -> Emulator {
    Emulator::builder().clock(Clock::stopped_at(now())).start().await.unwrap()
}

fn signer(emulator: &Emulator) -> Signer<'_> {
    Signer {
        access_key: emulator.access_key(),
        secret_key: emulator.secret_key(),
        signed_at: now(),
        headers: ALL,
    }
}

/// A request that gets 400 once its signature is accepted: its instance is unknown.
fn request(emulator: &Emulator) -> Request<String> {
    Request::post(stop_path(emulator.project_id()))
        .header("content-type", "application/json;charset=utf-8")
        .header("user-agent", "test")
        .header("x-project-id", emulator.project_id())
        .body(json!({"instance_id": "00000000000000000000000000000000"}).to_string())
        .unwrap()
}

async fn signed(
    emulator: &Emulator,
    signer: &Signer<'_>,
    request: Request<String>,
) -> TestResponse {
    let host = emulator.address().to_string();
    send(emulator, signer.sign(request, &host)).await
}

fn assert_unauthenticated(response: &TestResponse, message: &str) {
    assert_eq!(response.error(), (401, "APIGW.0301".to_owned()), "{}", response.text());
    assert_eq!(response.message(), format!("{PREFIX}{message}"));
    assert_eq!(response.json()["request_id"], response.header("x-request-id"));
}

#[tokio::test]
async fn accepts_signatures_over_any_set_of_headers() {
    let emulator = emulator().await;
    for headers in [
        ALL,
        &["x-sdk-date"],
        &["host", "x-sdk-date"],
        &["content-type", "host", "x-project-id", "x-sdk-date"],
    ] {
        let signer = Signer { headers, ..signer(&emulator) };
        let response = signed(&emulator, &signer, request(&emulator)).await;
        assert_eq!(
            response.error(),
            (400, "DBSS.10020021".to_owned()),
            "{headers:?}: {}",
            response.text()
        );
    }
}

#[tokio::test]
async fn verifies_a_signed_query() {
    let emulator = emulator().await;
    let request = Request::get("/v3/projects?name=cn-north-4&a=b").body(String::new()).unwrap();
    let response = signed(&emulator, &signer(&emulator), request).await;
    assert_eq!(response.status, 200, "{}", response.text());
}

#[tokio::test]
async fn returns_the_canonical_request_for_a_wrong_signature() {
    let emulator = emulator().await;
    let wrong = Signer {
        secret_key: "wrong",
        headers: &["content-type", "x-sdk-date"],
        ..signer(&emulator)
    };
    let response = signed(&emulator, &wrong, request(&emulator)).await;
    let canonical = format!(
        "POST|{}/||content-type:application/json;charset=utf-8|x-sdk-date:20260115T083000Z||content-type;x-sdk-date|",
        stop_path(emulator.project_id())
    );
    let hash = "8e1dc4b8cf0ef4c6bfb7bb4c1bd8a2de3ce4c9ff5ec41e9d2b0b4d2e7f2ac5b5";
    let message = response.message();
    let shown = message.strip_prefix(PREFIX).unwrap();
    let shown = shown.strip_prefix("verify aksk signature fail, canonicalRequest:").unwrap();
    assert!(shown.starts_with(&canonical), "{shown}");
    assert_eq!(shown.len(), canonical.len() + hash.len());
    assert_eq!(response.error(), (401, "APIGW.0301".to_owned()));
}

#[tokio::test]
async fn rejects_requests_changed_after_signing() {
    let emulator = emulator().await;
    let host = emulator.address().to_string();
    let sign = || signer(&emulator).sign(request(&emulator), &host);

    let mut body = sign();
    body.body_mut().push(' ');
    let mut header = sign();
    header.headers_mut().insert("content-type", "application/json".parse().unwrap());
    let mut path = sign();
    *path.uri_mut() = format!("{}?x=1", stop_path(emulator.project_id())).parse().unwrap();
    for request in [body, header, path] {
        let response = send(&emulator, request).await;
        assert!(response.message().contains("verify aksk signature fail"), "{}", response.text());
    }
    assert_eq!(send(&emulator, sign()).await.status, 400);
}

#[tokio::test]
async fn accepts_a_clock_skew_of_up_to_15_minutes() {
    let emulator = emulator().await;
    let minutes = |count: u64| Duration::from_secs(count * 60);
    for signed_at in [now() - minutes(15), now() + minutes(15)] {
        let response =
            signed(&emulator, &Signer { signed_at, ..signer(&emulator) }, request(&emulator)).await;
        assert_eq!(response.status, 400, "{}", response.text());
    }
    for (signed_at, date) in
        [(now() - minutes(16), "20260115T081400Z"), (now() + minutes(16), "20260115T084600Z")]
    {
        let response =
            signed(&emulator, &Signer { signed_at, ..signer(&emulator) }, request(&emulator)).await;
        let message = format!(
            "calc aksk signature fail:signature expired, signature time:{date},server time:20260115T083000Z"
        );
        assert_unauthenticated(&response, &message);
    }
}

#[tokio::test]
async fn locks_a_key_for_5_minutes_after_5_wrong_signatures() {
    let emulator = emulator().await;
    let wrong = Signer { secret_key: "wrong", ..signer(&emulator) };
    let right = signer(&emulator);
    for _ in 0..4 {
        signed(&emulator, &wrong, request(&emulator)).await;
    }
    assert_eq!(signed(&emulator, &right, request(&emulator)).await.status, 400);
    for _ in 0..5 {
        let response = signed(&emulator, &wrong, request(&emulator)).await;
        assert!(response.message().contains("verify aksk signature fail"), "{}", response.text());
    }
    for _ in 0..2 {
        let response = signed(&emulator, &right, request(&emulator)).await;
        assert_unauthenticated(&response, "AK access failed to reach the limit,forbidden");
    }
    emulator.advance(Duration::from_secs(299));
    assert_eq!(signed(&emulator, &right, request(&emulator)).await.status, 401);
    emulator.advance(Duration::from_secs(1));
    assert_eq!(signed(&emulator, &right, request(&emulator)).await.status, 400);
}

#[tokio::test]
async fn rejects_unknown_keys_without_locking() {
    let emulator = emulator().await;
    let unknown = Signer { access_key: "NOBODY", ..signer(&emulator) };
    for _ in 0..6 {
        let response = signed(&emulator, &unknown, request(&emulator)).await;
        assert_unauthenticated(&response, "Get secretKey failed,ak:NOBODY,err:ak not exist");
    }
}

#[tokio::test]
async fn requires_the_security_token_of_a_temporary_key() {
    let emulator = emulator().await;
    let temporary = Signer {
        access_key: "EMULATORTEMPAK012345",
        secret_key: "emulator-temporary-secret-key-not-real-0",
        ..signer(&emulator)
    };
    for (token, status) in
        [(None, 401), (Some("wrong"), 401), (Some("emulator-security-token-not-real"), 400)]
    {
        let mut request = request(&emulator);
        if let Some(token) = token {
            request.headers_mut().insert("x-security-token", token.parse().unwrap());
        }
        let response = signed(&emulator, &temporary, request).await;
        assert_eq!(response.status, status, "{token:?}: {}", response.text());
    }
    // The token is signed too, and is masked in the response.
    let mut request = request(&emulator);
    request
        .headers_mut()
        .insert("x-security-token", "emulator-security-token-not-real".parse().unwrap());
    let wrong = Signer { secret_key: "wrong", ..temporary };
    let response = signed(&emulator, &wrong, request).await;
    assert!(response.message().contains("|x-security-token:***|"), "{}", response.text());
    assert!(!response.text().contains("emulator-security-token"), "{}", response.text());
}

/// The canonical request has the value of a header each time it is listed.
#[tokio::test]
async fn rejects_signatures_that_list_a_header_twice() {
    let emulator = emulator().await;
    for names in [vec!["te"; 5_000], vec!["te", "TE"], vec!["te", "host", "te"]] {
        let access_key = emulator.access_key();
        let names = names.join(";");
        let authorization =
            format!("SDK-HMAC-SHA256 Access={access_key}, SignedHeaders={names}, Signature=00");
        let request = Request::get("/v3/projects")
            .header("te", "x".repeat(10_000))
            .header("x-sdk-date", "20260115T083000Z")
            .header("authorization", authorization);
        let response = send(&emulator, request.body(String::new()).unwrap()).await;
        assert!(response.body.len() < 1_000, "{} bytes", response.body.len());
        let message = "calc aksk signature fail:authorization header invalid";
        assert_unauthenticated(&response, message);
        let reason = response.header("x-dbss-emulator-reason");
        assert!(reason.contains("lists a header twice"), "{reason}");
    }
}

#[tokio::test]
async fn rejects_malformed_signatures_with_a_reason() {
    let emulator = emulator().await;
    let host = emulator.address().to_string();
    for (header, value, message) in [
        ("authorization", "Bearer x", "authorization header invalid"),
        (
            "authorization",
            "SDK-HMAC-SM3 Access=a, SignedHeaders=b, Signature=00",
            "authorization header invalid",
        ),
        ("authorization", "SDK-HMAC-SHA256 Access=a", "authorization header invalid"),
        ("x-sdk-date", "yesterday", "x-sdk-date invalid"),
    ] {
        let mut request = signer(&emulator).sign(request(&emulator), &host);
        request.headers_mut().insert(header, value.parse().unwrap());
        let response = send(&emulator, request).await;
        assert_unauthenticated(&response, &format!("calc aksk signature fail:{message}"));
    }
    let mut request = signer(&emulator).sign(request(&emulator), &host);
    request.headers_mut().remove("x-sdk-date");
    let response = send(&emulator, request).await;
    assert_unauthenticated(&response, "calc aksk signature fail:x-sdk-date not found");
}

#[tokio::test]
async fn accepts_a_key_for_the_projects_of_the_region_only() {
    let emulator = emulator().await;
    for (project, status) in [
        (emulator.project_id(), 400),
        ("fedcba9876543210fedcba9876543210", 403),
        ("ffffffffffffffffffffffffffffffff", 403),
    ] {
        let mut request = request(&emulator);
        *request.uri_mut() = stop_path(project).parse().unwrap();
        let response = signed(&emulator, &signer(&emulator), request).await;
        assert_eq!(response.status, status, "{project}: {}", response.text());
    }
}

#[tokio::test]
async fn rejects_a_temporary_key_after_it_expires() {
    let mut state = State::default();
    state.access_keys = vec![
        AccessKey::new("AK", "SK", "dbss-operator").with_security_token("T").with_expires_at(now()),
    ];
    let emulator =
        Emulator::builder().state(state).clock(Clock::stopped_at(now())).start().await.unwrap();
    let mut request = request(&emulator);
    request.headers_mut().insert("x-security-token", "T".parse().unwrap());
    let response = signed(&emulator, &signer(&emulator), request).await;
    assert_unauthenticated(&response, "token expires, expires_at: 2026-01-15T08:30:00.000000Z");
}
