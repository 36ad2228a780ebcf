//! The project of a region, found and not found.

#![allow(clippy::unwrap_used, reason = "tests")]

use scripted_server::ScriptedServer;

use super::*;
use crate::auth::{IdentityFuture, ProvideCredentials};
use crate::credentials::PasswordLogin;
use crate::credentials::iam::testing::{answer, http, issued, surroundings};

const ONE: &str = r#"{"projects":[{"id":"p1","name":"cn-north-4"}]}"#;

async fn look_up(
    server: &ScriptedServer,
    credentials: &Credentials,
) -> Result<String, CredentialsError> {
    Projects::default().id(&surroundings(&server.endpoint()).0, credentials).await
}

fn key() -> Credentials {
    Credentials::access_key("AK1", "s3cret")
}

#[tokio::test]
async fn it_is_asked_for_once_with_the_clients_own_credentials() {
    for (credentials, header, start) in [
        (key(), "authorization", "SDK-HMAC-SHA256 Access=AK1, SignedHeaders=host;x-sdk-date, Sig"),
        (Credentials::token("t0ken"), "x-auth-token", "t0ken"),
    ] {
        let server = ScriptedServer::scripted(|_| answer(200, ONE)).await.unwrap();
        let (surroundings, _) = surroundings(&server.endpoint());
        let projects = Projects::default();
        for _ in 0..2 {
            assert_eq!(projects.id(&surroundings, &credentials).await.unwrap(), "p1");
        }
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        let request = requests.first().unwrap();
        assert!(request.line() == "GET /v3/projects?name=cn-north-4 HTTP/1.1");
        assert!(request.header(header).unwrap().starts_with(start), "{request:?}");
    }
}

#[tokio::test]
async fn the_token_of_a_login_names_its_project() {
    let server = ScriptedServer::scripted(|_| issued("t1", 24)).await.unwrap();
    let login = Credentials::iam_password(PasswordLogin::new("acme", "ci", "s3cret"));
    assert_eq!(look_up(&server, &login).await.unwrap(), "p1");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn anything_but_one_project_is_an_error_with_a_way_out() {
    let two = r#"{"projects":[{"id":"p1","name":"cn-north-4"},{"id":"p2"}]}"#;
    let denied = r#"{"error":{"code":403,"message":"You are not authorized","title":"Forbidden"}}"#;
    let locked = r#"{"error_code":"APIGW.0301","error_msg":"verify aksk signature fail"}"#;
    for (status, body, expected) in [
        (200, r#"{"projects":[]}"#, "the account has none of that name, or may not see it"),
        (200, r#"{"projects":[{"id":"p1","name":"x"}]}"#, "the account has none of that name"),
        (200, r#"{"projects":[{"id":""}]}"#, "the account has none of that name"),
        (200, two, "there are several, p1, p2"),
        (200, "<html>", "the answer of IAM is not a list of projects: 200 OK"),
        (403, denied, "IAM refused it: 403 Forbidden: You are not authorized"),
        (401, locked, "IAM refused it: 401 Unauthorized: APIGW.0301: verify aksk signature fail"),
    ] {
        let server = ScriptedServer::scripted(move |_| answer(status, body)).await.unwrap();
        let error = look_up(&server, &key()).await.unwrap_err().to_string();
        let expected = format!("looking up the project id of region `cn-north-4`: {expected}");
        assert!(error.starts_with(&expected), "{error}");
        assert!(error.contains("ClientBuilder::project_id"), "{error}");
        assert_eq!(server.requests().len(), 1, "a wrong signature is not repeated");
    }
}

#[tokio::test]
async fn a_failure_is_not_kept() {
    let mut asked = 0;
    let server = ScriptedServer::scripted(move |_| {
        asked += 1;
        if asked == 1 { answer(503, "busy") } else { answer(200, ONE) }
    })
    .await
    .unwrap();
    let (surroundings, _) = surroundings(&server.endpoint());
    let projects = Projects::default();
    assert!(projects.id(&surroundings, &key()).await.unwrap_err().is_retryable());
    assert_eq!(projects.id(&surroundings, &key()).await.unwrap(), "p1");
}

#[tokio::test]
async fn without_a_region_it_is_not_looked_up() {
    let surroundings = Surroundings::new(http());
    let error = Projects::default().id(&surroundings, &key()).await.unwrap_err().to_string();
    assert!(error.starts_with("the project id is not given, and there is no region"), "{error}");
}

/// Gives `t1`, and after a refusal `t2`.
#[derive(Debug, Default)]
struct Renewing(Mutex<bool>);

impl ProvideCredentials for Renewing {
    fn provide<'a>(&'a self, _: &'a Surroundings) -> IdentityFuture<'a> {
        let token = if *lock(&self.0) { "t2" } else { "t1" };
        Box::pin(std::future::ready(Identity::token(token)))
    }

    fn refused(&self, _: &Identity) -> bool {
        !std::mem::replace(&mut *lock(&self.0), true)
    }
}

#[tokio::test]
async fn a_token_that_is_no_longer_valid_is_replaced_once() {
    let server = ScriptedServer::scripted(|request| match request.header("x-auth-token") {
        Some("t2") => answer(200, ONE),
        _ => answer(401, "{}"),
    })
    .await
    .unwrap();
    let credentials = Credentials::provider(Renewing::default());
    assert_eq!(look_up(&server, &credentials).await.unwrap(), "p1");
    assert_eq!(server.requests().len(), 2);

    let server = ScriptedServer::scripted(|_| answer(401, "{}")).await.unwrap();
    let credentials = Credentials::provider(Renewing::default());
    assert_eq!(look_up(&server, &credentials).await.unwrap_err().status(), Some(401));
    assert_eq!(server.requests().len(), 2);
}
