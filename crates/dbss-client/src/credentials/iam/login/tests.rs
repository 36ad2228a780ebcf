//! The request of a login, and how responses are read.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::error::Error as _;

use scripted_server::ScriptedServer;
use serde_json::{Value, json};

use super::*;
use crate::auth::Identity;
use crate::credentials::iam::testing::{context, http, issued, respond_with};

fn login() -> PasswordLogin {
    PasswordLogin::new("acme", "ci", "pass\"word\\é")
}

async fn log_in(
    server: &ScriptedServer,
    login: &PasswordLogin,
) -> Result<(Token, Duration), CredentialsError> {
    let (context, _) = context(&server.endpoint());
    let scope = login.scope(&context)?;
    login.log_in(&context, &scope).await
}

#[tokio::test]
async fn sends_login_as_iam_documents_it() {
    let server = ScriptedServer::with_script(|_| issued("t1", 24)).await.unwrap();
    let (token, life) = log_in(&server, &login()).await.unwrap();
    assert_eq!(life, Duration::from_secs(24 * 60 * 60));
    assert_eq!(token.project_id(), Some("p1"));
    assert!(token.is(&Token::new("t1").unwrap()));

    let request = server.requests().pop().unwrap();
    assert!(request.line() == "POST /v3/auth/tokens?nocatalog=true HTTP/1.1");
    assert_eq!(request.header("content-type"), Some("application/json;charset=utf8"));
    let expected = json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user": {
            "name": "ci", "password": "pass\"word\\é", "domain": {"name": "acme"},
        }}},
        "scope": {"project": {"name": "cn-north-4"}},
    }});
    assert_eq!(serde_json::from_slice::<Value>(&request.body).unwrap(), expected);
}

#[test]
fn selects_project_of_login_then_client_then_region() {
    let bare = ProviderContext::new(http());
    let region = bare.clone().with_region("cn-north-4");
    let both = region.clone().with_project_id("p2");
    let named = |name: &str| Scope::Name(name.into());
    let by_id = |id: &str| Scope::Id(id.into());
    assert_eq!(login().scope(&region).unwrap(), named("cn-north-4"));
    assert_eq!(login().scope(&both).unwrap(), by_id("p2"));
    assert_eq!(login().project_id("p3").scope(&both).unwrap(), by_id("p3"));
    assert_eq!(login().project_name("n").scope(&both).unwrap(), named("n"));
    let error = login().scope(&bare).unwrap_err().to_string();
    assert!(error.starts_with("the IAM login has no project, and the client no region"), "{error}");
}

#[test]
fn writes_login_body_without_reallocating() {
    let worst = "\u{1}".repeat(40);
    let login = PasswordLogin::new(worst.clone(), worst.clone(), worst.clone());
    let scope = Scope::Name(worst);
    let body = login.body(&scope).unwrap();
    assert!(body.len() > 6 * 160);
    assert!(body.capacity() <= 6 * 160 + 256, "it grew to {}", body.capacity());
}

#[tokio::test]
async fn hides_only_the_text_that_repeats_the_password() {
    let said = |message: &str| format!(r#"{{"error":{{"code":401,"message":"{message}"}}}}"#);
    let wrong = "The username or password is wrong.";
    for (password, message, shown) in [
        // A word of the message that happens to be the password is no echo of it.
        ("wrong", wrong, true),
        ("password", wrong, true),
        ("The", wrong, true),
        ("wrong", "the password 'wrong' is refused", false),
        ("wrong", "refused: password=wrong", false),
        ("hunter2-secret", "hunter2-secret is refused", false),
        ("401", "status 401", false),
    ] {
        let body = said(message);
        let server = ScriptedServer::with_script(move |_| {
            respond_with(401, &[("X-IAM-Trace-Id", "trace-1")], body.clone())
        })
        .await
        .unwrap();
        let login = PasswordLogin::new("acme", "ci", password).project_id("p1");
        let error = log_in(&server, &login).await.unwrap_err();
        assert_eq!(error.message().is_some(), shown, "{password}: {error}");
        assert_eq!(
            (error.status(), error.request_id()),
            (Some(401), Some("trace-1")),
            "{password}"
        );
        let hidden = error.to_string().contains("in words that repeat the password");
        assert_eq!(hidden, !shown, "{password}: {error}");
    }
}

#[tokio::test]
async fn reports_iam_message_but_never_the_password() {
    let wrong = r#"{"error":{"code":401,"message":"The username or password is wrong.","title":"Unauthorized"}}"#;
    let locked =
        r#"{"error":{"code":401,"message":"The account is locked.","title":"Unauthorized"}}"#;
    let echo = r#"{"error":{"code":400,"message":"bad: pass\"word\\é"}}"#;
    for (status, body, retryable, expected) in [
        (
            401,
            wrong,
            false,
            "was refused: 401 Unauthorized: The username or password is wrong. (request id trace-1) (check account, user",
        ),
        (401, locked, false, "was refused: 401 Unauthorized: The account is locked. (request"),
        (
            400,
            echo,
            false,
            "was refused, in words that repeat the password: 400 Bad Request (request id trace-1)",
        ),
        (302, "", false, "was refused: 302 Found (request id trace-1) (check the address of IAM)"),
        (404, "<html>", false, "was refused: 404 Not Found (request id trace-1) (check the addr"),
        (503, "<html>busy</html>", true, "failed: 503 Service Unavailable (request id"),
        (429, "{}", true, "failed: 429 Too Many Requests"),
    ] {
        let server = ScriptedServer::with_script(move |_| {
            respond_with(status, &[("X-IAM-Trace-Id", "trace-1")], body)
        })
        .await
        .unwrap();
        let error = log_in(&server, &login()).await.unwrap_err();
        let expected = format!("the IAM login of user `ci` of account `acme` {expected}");
        assert!(error.to_string().starts_with(&expected), "{error}\n{expected}");
        assert_eq!(error.is_retryable(), retryable, "{error}");
        assert!(!format!("{error}{error:?}").contains("pass\"word"), "{error:?}");
        assert!(!format!("{error:?}").contains("pass\\\"word"), "{error:?}");
    }
}

#[tokio::test]
async fn rejects_login_response_without_token() {
    for headers in [&[][..], &[("X-Subject-Token", "")]] {
        let server =
            ScriptedServer::with_script(move |_| respond_with(201, headers, "{}")).await.unwrap();
        let error = log_in(&server, &login()).await.unwrap_err();
        assert!(error.to_string().contains("returned no token"), "{error}");
        let source = error.source().unwrap().to_string();
        assert!(source.starts_with("the token is empty"), "{source}");
    }
}

#[tokio::test]
async fn uses_short_lifetime_when_expiry_is_missing() {
    let hour = Duration::from_secs(60 * 60);
    for (body, expected) in [
        ("", hour),
        ("<html>", hour),
        (r#"{"token":{}}"#, hour),
        (r#"{"token":{"expires_at":"soon"}}"#, hour),
        // By the clock, if IAM does not return when it was issued.
        (r#"{"token":{"expires_at":"2026-01-15T10:30:00.000000Z"}}"#, 2 * hour),
        (r#"{"token":{"expires_at":"2026-01-14T10:30:00.000000Z"}}"#, Duration::ZERO),
        ("\u{feff}{\"token\":{\"expires_at\":\"2026-01-15T10:30:00.000000Z\"}}", 2 * hour),
    ] {
        let server = ScriptedServer::with_script(move |_| {
            respond_with(201, &[("X-Subject-Token", "t1")], body)
        })
        .await
        .unwrap();
        let (_, life) = log_in(&server, &login()).await.unwrap();
        assert_eq!(life, expected, "{body}");
    }
}

#[test]
fn rejects_empty_parts_of_a_login() {
    for (login, what) in [
        (PasswordLogin::new("", "u", "p"), "account"),
        (PasswordLogin::new("a", "", "p"), "user"),
        (PasswordLogin::new("a", "u", ""), "password"),
        (PasswordLogin::new("a", "u", "p").project_id(""), "project"),
        (PasswordLogin::new("a", "u", "p").project_name(""), "project"),
    ] {
        let error = login.check().unwrap_err();
        assert_eq!(error.to_string(), format!("the {what} of the IAM login is empty"));
    }
    assert!(login().check().is_ok());
}

#[test]
fn debug_shows_no_password() {
    assert_eq!(format!("{:?}", login()), "user `ci` of account `acme`");
    let identity = Identity::Token(Token::new("t0ken").unwrap());
    assert!(!format!("{identity:?}").contains("t0ken"));
}
