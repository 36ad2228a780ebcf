//! Looking up the project of a region.

#![allow(clippy::unwrap_used, reason = "tests")]

use scripted_server::ScriptedServer;

use super::*;
use crate::auth::{IdentityFuture, ProvideCredentials};
use crate::credentials::PasswordLogin;
use crate::credentials::iam::testing::{context, http, issued, respond};

const ONE: &str = r#"{"projects":[{"id":"p1","name":"cn-north-4"}]}"#;

async fn look_up(
    server: &ScriptedServer,
    credentials: &Credentials,
) -> Result<String, CredentialsError> {
    ProjectLookup::default().id(&context(&server.endpoint()).0, credentials).await
}

fn key() -> Credentials {
    Credentials::access_key("AK1", "s3cret")
}

#[tokio::test]
async fn looks_up_project_once_with_client_credentials() {
    for (credentials, header, start) in [
        (key(), "authorization", "SDK-HMAC-SHA256 Access=AK1, SignedHeaders=host;x-sdk-date, Sig"),
        (Credentials::token("t0ken"), "x-auth-token", "t0ken"),
    ] {
        let server = ScriptedServer::with_script(|_| respond(200, ONE)).await.unwrap();
        let (context, _) = context(&server.endpoint());
        let projects = ProjectLookup::default();
        for _ in 0..2 {
            assert_eq!(projects.id(&context, &credentials).await.unwrap(), "p1");
        }
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        let request = requests.first().unwrap();
        assert!(request.line() == "GET /v3/projects?name=cn-north-4 HTTP/1.1");
        assert!(request.header(header).unwrap().starts_with(start), "{request:?}");
    }
}

#[tokio::test]
async fn accepts_a_byte_order_mark() {
    let list = format!("\u{feff}{ONE}");
    let server = ScriptedServer::with_script(move |_| respond(200, list.clone())).await.unwrap();
    assert_eq!(look_up(&server, &key()).await.unwrap(), "p1");
}

#[tokio::test]
async fn reports_the_field_of_a_list_that_does_not_fit() {
    for (body, expected) in [
        (r#"{"projects":[{"id":7}]}"#, "`projects[0].id`: invalid type: integer `7`"),
        (r#"{"projects":{}}"#, "`projects`: invalid type: map"),
    ] {
        let server = ScriptedServer::with_script(move |_| respond(200, body)).await.unwrap();
        let error = look_up(&server, &key()).await.unwrap_err().to_string();
        let expected = format!("the response of IAM is not a list of projects, {expected}");
        assert!(error.contains(&expected), "{body}: {error}");
    }
}

#[tokio::test]
async fn uses_project_of_login_token() {
    let server = ScriptedServer::with_script(|_| issued("t1", 24)).await.unwrap();
    let login = Credentials::iam_password(PasswordLogin::new("acme", "ci", "s3cret"));
    assert_eq!(look_up(&server, &login).await.unwrap(), "p1");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn rejects_zero_or_several_projects_with_help() {
    let two = r#"{"projects":[{"id":"p1","name":"cn-north-4"},{"id":"p2"}]}"#;
    let denied = r#"{"error":{"code":403,"message":"You are not authorized","title":"Forbidden"}}"#;
    let locked = r#"{"error_code":"APIGW.0301","error_msg":"verify aksk signature fail"}"#;
    for (status, body, expected) in [
        (200, r#"{"projects":[]}"#, "the account has none of that name, or may not see it"),
        (200, r#"{"projects":[{"id":"p1","name":"x"}]}"#, "the account has none of that name"),
        (200, r#"{"projects":[{"id":""}]}"#, "the account has none of that name"),
        (200, two, "there are several, p1, p2"),
        (200, "<html>", "the response of IAM is not a list of projects: 200 OK"),
        (403, denied, "IAM refused it: 403 Forbidden: You are not authorized"),
        (401, locked, "IAM refused it: 401 Unauthorized: APIGW.0301: verify aksk signature fail"),
    ] {
        let server = ScriptedServer::with_script(move |_| respond(status, body)).await.unwrap();
        let error = look_up(&server, &key()).await.unwrap_err().to_string();
        let expected = format!("looking up the project id of region `cn-north-4`: {expected}");
        assert!(error.starts_with(&expected), "{error}");
        assert!(error.contains("give the project id"), "{error}");
        assert_eq!(server.requests().len(), 1, "a wrong signature is not repeated");
    }
}

#[tokio::test]
async fn retries_project_lookup_after_failure() {
    let mut asked = 0;
    let server = ScriptedServer::with_script(move |_| {
        asked += 1;
        if asked == 1 { respond(503, "busy") } else { respond(200, ONE) }
    })
    .await
    .unwrap();
    let (context, _) = context(&server.endpoint());
    let projects = ProjectLookup::default();
    assert!(projects.id(&context, &key()).await.unwrap_err().is_retryable());
    assert_eq!(projects.id(&context, &key()).await.unwrap(), "p1");
}

#[tokio::test]
async fn reports_missing_project_without_a_region() {
    let context = ProviderContext::new(http());
    let error = ProjectLookup::default().id(&context, &key()).await.unwrap_err().to_string();
    assert!(error.starts_with("the project id is not given, and there is no region"), "{error}");
}

/// Gives `t1`, and `t2` once that was invalidated.
#[derive(Debug, Default)]
struct Renewing(Mutex<bool>);

impl ProvideCredentials for Renewing {
    fn provide<'a>(&'a self, _: &'a ProviderContext) -> IdentityFuture<'a> {
        let token = if *lock(&self.0) { "t2" } else { "t1" };
        Box::pin(std::future::ready(Identity::token(token)))
    }

    fn invalidate(&self, _: &Identity) -> bool {
        !std::mem::replace(&mut *lock(&self.0), true)
    }
}

#[tokio::test]
async fn renews_refused_token_once_during_lookup() {
    let server = ScriptedServer::with_script(|request| match request.header("x-auth-token") {
        Some("t2") => respond(200, ONE),
        _ => respond(401, "{}"),
    })
    .await
    .unwrap();
    let credentials = Credentials::provider(Renewing::default());
    assert_eq!(look_up(&server, &credentials).await.unwrap(), "p1");
    assert_eq!(server.requests().len(), 2);

    let server = ScriptedServer::with_script(|_| respond(401, "{}")).await.unwrap();
    let credentials = Credentials::provider(Renewing::default());
    assert_eq!(look_up(&server, &credentials).await.unwrap_err().status(), Some(401));
    assert_eq!(server.requests().len(), 2);
}
