//! Logging in and finding a project.

use std::time::Duration;

use crate::common::{Answer, get, send, stop_path, with_token};
use dbss_emulator::Emulator;
use http::Request;
use serde_json::{Value, json};

fn login_body(user: &str, password: &str, account: &str, scope: &Value) -> Value {
    json!({"auth": {
        "identity": {
            "methods": ["password"],
            "password": {"user": {"name": user, "password": password, "domain": {"name": account}}},
        },
        "scope": scope,
    }})
}

async fn login(emulator: &Emulator, body: &Value) -> Answer {
    let request =
        Request::post("/v3/auth/tokens").header("content-type", "application/json;charset=utf8");
    send(emulator, request.body(body.to_string()).unwrap()).await
}

fn right() -> Value {
    login_body(
        "dbss-operator",
        "local-password-1",
        "dbss-account",
        &json!({"project": {"name": "cn-north-4"}}),
    )
}

fn assert_refused(answer: &Answer, status: u16, title: &str, message: &str) {
    let expected = json!({"error": {"code": status, "message": message, "title": title}});
    assert_eq!((answer.status, answer.json()), (status, expected));
}

#[tokio::test]
async fn a_login_is_answered_with_a_token_that_works_until_it_expires() {
    let emulator =
        Emulator::builder().token_life(Duration::from_secs(3_600)).start().await.unwrap();
    let answer = login(&emulator, &right()).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let token = answer.header("x-subject-token").to_owned();
    let body = answer.json();
    let fields = &body["token"];
    assert_eq!(fields["project"]["id"], emulator.project_id());
    assert_eq!(fields["project"]["domain"]["name"], "dbss-account");
    assert_eq!(fields["user"]["name"], "dbss-operator");
    assert_eq!(fields["methods"], json!(["password"]));
    let time = |name: &str| fields[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert_eq!(time("expires_at").duration_since(time("issued_at")).as_secs(), 3_600);
    assert!(!answer.text().contains(&token), "the token travels in the header only");

    let stop = || {
        let body = json!({"instance_id": "00000000000000000000000000000000"});
        with_token(Request::post(stop_path(emulator.project_id())), &token)
            .body(body.to_string())
            .unwrap()
    };
    assert_eq!(send(&emulator, stop()).await.status, 400);
    emulator.advance(Duration::from_secs(3_600));
    let answer = send(&emulator, stop()).await;
    assert!(answer.message().contains("token expires, expires_at: "), "{}", answer.text());

    let again = login(&emulator, &right()).await;
    assert_ne!(again.header("x-subject-token"), token);
    let kept = format!("{:?}", emulator.requests());
    assert!(!kept.contains("local-password-1") && !kept.contains(&token), "{kept}");
}

#[tokio::test]
async fn a_scope_may_be_a_project_or_the_account() {
    let emulator = Emulator::start().await.unwrap();
    for (scope, project, domain) in [
        (json!({"project": {"id": emulator.project_id()}}), true, false),
        (json!({"domain": {"name": "dbss-account"}}), false, true),
        (json!({}), false, true),
    ] {
        let body = login_body("dbss-operator", "local-password-1", "dbss-account", &scope);
        let answer = login(&emulator, &body).await;
        assert_eq!(answer.status, 201, "{scope}");
        let token = &answer.json()["token"];
        assert_eq!(token.get("project").is_some(), project, "{scope}");
        assert_eq!(token.get("domain").is_some(), domain, "{scope}");
    }
    for scope in [
        json!({"project": {"name": "nowhere"}}),
        json!({"project": {}}),
        json!({"domain": {"id": "x"}}),
    ] {
        let body = login_body("dbss-operator", "local-password-1", "dbss-account", &scope);
        let message = "The request you have made requires authentication.";
        assert_refused(&login(&emulator, &body).await, 401, "Unauthorized", message);
    }
}

#[tokio::test]
async fn the_catalogue_can_be_left_out() {
    let emulator = Emulator::start().await.unwrap();
    for (query, services) in [("", 1), ("?nocatalog=", 1), ("?nocatalog=true", 0)] {
        let request = Request::post(format!("/v3/auth/tokens{query}")).body(right().to_string());
        let answer = send(&emulator, request.unwrap()).await;
        assert_eq!(
            answer.json()["token"]["catalog"].as_array().unwrap().len(),
            services,
            "{query}"
        );
    }
}

#[tokio::test]
async fn wrong_logins_are_refused_alike_and_lock_the_user() {
    let emulator = Emulator::start().await.unwrap();
    let wrong = |user, password, account| login_body(user, password, account, &json!({}));
    let message = "The username or password is wrong.";
    for body in [
        wrong("nobody", "local-password-1", "dbss-account"),
        wrong("dbss-operator", "local-password-1", "another-account"),
    ] {
        assert_refused(&login(&emulator, &body).await, 401, "Unauthorized", message);
    }
    for _ in 0..5 {
        let answer = login(&emulator, &wrong("dbss-operator", "wrong", "dbss-account")).await;
        assert_refused(&answer, 401, "Unauthorized", message);
    }
    assert_refused(
        &login(&emulator, &right()).await,
        401,
        "Unauthorized",
        "The account is locked.",
    );
    emulator.advance(Duration::from_secs(15 * 60));
    assert_eq!(login(&emulator, &right()).await.status, 201);
}

#[tokio::test]
async fn a_login_that_does_not_fit_is_a_bad_request() {
    let emulator = Emulator::start().await.unwrap();
    let mut mfa = right();
    mfa["auth"]["identity"]["methods"] = json!(["password", "totp"]);
    let both = login_body(
        "dbss-operator",
        "local-password-1",
        "dbss-account",
        &json!({"project": {"name": "cn-north-4"}, "domain": {"name": "dbss-account"}}),
    );
    for body in
        [json!({}), json!([]), json!({"auth": {"identity": {"methods": ["password"]}}}), mfa, both]
    {
        let answer = login(&emulator, &body).await;
        assert_refused(&answer, 400, "Bad Request", "Request body is invalid.");
        assert!(!answer.header("x-dbss-emulator-reason").is_empty());
    }
}

#[tokio::test]
async fn projects_are_found_by_name() {
    let emulator = Emulator::start().await.unwrap();
    let list = |query: &str| {
        let path = format!("/v3/projects{query}");
        with_token(Request::get(path), "emulator-token-other-region").body(String::new()).unwrap()
    };
    for (query, names) in [
        ("", vec!["cn-north-4", "cn-east-3"]),
        ("?name=cn-north-4", vec!["cn-north-4"]),
        ("?enabled=true&name=cn%2Deast-3", vec!["cn-east-3"]),
        ("?name=nowhere", vec![]),
    ] {
        let answer = send(&emulator, list(query)).await;
        let body = answer.json();
        let found = body["projects"].as_array().unwrap();
        let found: Vec<_> = found.iter().map(|project| project["name"].as_str().unwrap()).collect();
        assert_eq!((answer.status, found), (200, names), "{query}");
    }
    let answer = send(&emulator, list("?name=cn-north-4")).await;
    assert_eq!(answer.json()["projects"][0]["id"], emulator.project_id());
}

#[tokio::test]
async fn finding_projects_takes_credentials() {
    let emulator = Emulator::start().await.unwrap();
    let message = "The request you have made requires authentication.";
    assert_refused(&get(&emulator, "/v3/projects").await, 401, "Unauthorized", message);
    let unknown = with_token(Request::get("/v3/projects"), "unknown").body(String::new()).unwrap();
    assert_refused(&send(&emulator, unknown).await, 401, "Unauthorized", message);
    let signed = Request::get("/v3/projects")
        .header("authorization", "SDK-HMAC-SHA256 Access=a, SignedHeaders=b, Signature=00")
        .body(String::new())
        .unwrap();
    assert_eq!(send(&emulator, signed).await.error(), (401, "APIGW.0301".to_owned()));
}
