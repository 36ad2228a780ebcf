//! IAM: logging in and finding projects.

use std::time::Duration;

use crate::common::{TestResponse, get, send, stop_path, with_token};
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

async fn login(emulator: &Emulator, body: &Value) -> TestResponse {
    let request =
        Request::post("/v3/auth/tokens").header("content-type", "application/json;charset=utf8");
    send(emulator, request.body(body.to_string()).unwrap()).await
}

fn valid_login() -> Value {
    login_body(
        "dbss-operator",
        "local-password-1",
        "dbss-account",
        &json!({"project": {"name": "cn-north-4"}}),
    )
}

fn assert_iam_error(response: &TestResponse, status: u16, title: &str, message: &str) {
    let expected = json!({"error": {"code": status, "message": message, "title": title}});
    assert_eq!((response.status, response.json()), (status, expected));
}

#[tokio::test]
async fn issues_a_token_that_is_valid_until_it_expires() {
    let emulator =
        Emulator::builder().token_lifetime(Duration::from_secs(3_600)).start().await.unwrap();
    let response = login(&emulator, &valid_login()).await;
    assert_eq!(response.status, 201, "{}", response.text());
    let token = response.header("x-subject-token").to_owned();
    let body = response.json();
    let fields = &body["token"];
    assert_eq!(fields["project"]["id"], emulator.project_id());
    assert_eq!(fields["project"]["domain"]["name"], "dbss-account");
    assert_eq!(fields["user"]["name"], "dbss-operator");
    assert_eq!(fields["methods"], json!(["password"]));
    let time = |name: &str| fields[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert_eq!(time("expires_at").duration_since(time("issued_at")).as_secs(), 3_600);
    assert!(!response.text().contains(&token), "the token must be in the header only");

    let stop = || {
        let body = json!({"instance_id": "00000000000000000000000000000000"});
        with_token(Request::post(stop_path(emulator.project_id())), &token)
            .body(body.to_string())
            .unwrap()
    };
    assert_eq!(send(&emulator, stop()).await.status, 400);
    emulator.advance(Duration::from_secs(3_600));
    let response = send(&emulator, stop()).await;
    assert!(response.message().contains("token expires, expires_at: "), "{}", response.text());

    let again = login(&emulator, &valid_login()).await;
    assert_ne!(again.header("x-subject-token"), token);
    let kept = format!("{:?}", emulator.requests());
    assert!(!kept.contains("local-password-1") && !kept.contains(&token), "{kept}");
}

#[tokio::test]
async fn accepts_a_project_or_the_account_as_scope() {
    let emulator = Emulator::start().await.unwrap();
    for (scope, project, domain) in [
        (json!({"project": {"id": emulator.project_id()}}), true, false),
        (json!({"domain": {"name": "dbss-account"}}), false, true),
        (json!({}), false, true),
    ] {
        let body = login_body("dbss-operator", "local-password-1", "dbss-account", &scope);
        let response = login(&emulator, &body).await;
        assert_eq!(response.status, 201, "{scope}");
        let token = &response.json()["token"];
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
        assert_iam_error(&login(&emulator, &body).await, 401, "Unauthorized", message);
    }
}

#[tokio::test]
async fn omits_the_catalogue_on_request() {
    let emulator = Emulator::start().await.unwrap();
    for (query, services) in [("", 1), ("?nocatalog=", 1), ("?nocatalog=true", 0)] {
        let request = Request::post(format!("/v3/auth/tokens{query}"))
            .header("content-type", "application/json")
            .body(valid_login().to_string());
        let response = send(&emulator, request.unwrap()).await;
        assert_eq!(
            response.json()["token"]["catalog"].as_array().unwrap().len(),
            services,
            "{query}"
        );
    }
}

#[tokio::test]
async fn rejects_wrong_logins_alike_and_locks_the_user() {
    let emulator = Emulator::start().await.unwrap();
    let login_with = |user, password, account| login_body(user, password, account, &json!({}));
    let message = "The username or password is wrong.";
    for body in [
        login_with("nobody", "local-password-1", "dbss-account"),
        login_with("dbss-operator", "local-password-1", "another-account"),
    ] {
        assert_iam_error(&login(&emulator, &body).await, 401, "Unauthorized", message);
    }
    for _ in 0..5 {
        let response =
            login(&emulator, &login_with("dbss-operator", "wrong", "dbss-account")).await;
        assert_iam_error(&response, 401, "Unauthorized", message);
    }
    assert_iam_error(
        &login(&emulator, &valid_login()).await,
        401,
        "Unauthorized",
        "The account is locked.",
    );
    emulator.advance(Duration::from_secs(15 * 60));
    assert_eq!(login(&emulator, &valid_login()).await.status, 201);
}

#[tokio::test]
async fn returns_400_for_malformed_logins() {
    let emulator = Emulator::start().await.unwrap();
    let mut mfa = valid_login();
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
        let response = login(&emulator, &body).await;
        assert_iam_error(&response, 400, "Bad Request", "Request body is invalid.");
        assert!(!response.header("x-dbss-emulator-reason").is_empty());
    }
}

#[tokio::test]
async fn finds_projects_by_name() {
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
        let response = send(&emulator, list(query)).await;
        let body = response.json();
        let found = body["projects"].as_array().unwrap();
        let found: Vec<_> = found.iter().map(|project| project["name"].as_str().unwrap()).collect();
        assert_eq!((response.status, found), (200, names), "{query}");
    }
    let response = send(&emulator, list("?name=cn-north-4")).await;
    assert_eq!(response.json()["projects"][0]["id"], emulator.project_id());
}

#[tokio::test]
async fn requires_credentials_to_find_projects() {
    let emulator = Emulator::start().await.unwrap();
    let message = "The request you have made requires authentication.";
    assert_iam_error(&get(&emulator, "/v3/projects").await, 401, "Unauthorized", message);
    let unknown = with_token(Request::get("/v3/projects"), "unknown").body(String::new()).unwrap();
    assert_iam_error(&send(&emulator, unknown).await, 401, "Unauthorized", message);
    let signed = Request::get("/v3/projects")
        .header("authorization", "SDK-HMAC-SHA256 Access=a, SignedHeaders=b, Signature=00")
        .body(String::new())
        .unwrap();
    assert_eq!(send(&emulator, signed).await.error(), (401, "APIGW.0301".to_owned()));
}
