//! What is asked for, when, and what a failure says.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use scripted_server::{ClosedPort, Request, ScriptedServer, Step};

use super::*;
use crate::credentials::iam::testing::{context, respond};
use crate::credentials::tests::environment;

const KEY: &str = r#"{"credential":{"access":"AK1","secret":"s3cret","securitytoken":"t0ken","expires_at":"2026-01-15T12:30:00.000000Z"}}"#;

fn metadata(address: &str) -> EcsMetadata {
    EcsMetadata::of_environment(&environment(&[(VARIABLE, address)])).unwrap()
}

/// A service of version 2, whose keys end at that time of the first day.
async fn service(mut end: impl FnMut() -> String + Send + 'static) -> ScriptedServer {
    let script = move |request: &Request| match request.path.as_str() {
        TOKEN_PATH if request.method == "PUT" => respond(200, "a-t0ken"),
        KEY_PATH => respond(200, KEY.replace("12:30", &end())),
        _ => respond(400, ""),
    };
    ScriptedServer::with_script(script).await.unwrap()
}

async fn provided(metadata: &EcsMetadata, context: &ProviderContext) -> Result<String, String> {
    match metadata.provide(context).await {
        Ok(Identity::AccessKey(key)) => Ok(key.id().to_owned()),
        Ok(identity) => panic!("{identity:?}"),
        Err(error) => {
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
            Err(error.to_string())
        }
    }
}

#[tokio::test]
async fn asks_for_a_token_and_then_for_the_key() {
    let server = service(|| "12:30".to_owned()).await;
    let (metadata, (context, _)) = (metadata(&server.endpoint()), context("http://127.0.0.1"));
    assert_eq!(server.arrivals(), 0);
    let identity = metadata.provide(&context).await.unwrap();
    let Identity::AccessKey(key) = &identity else { panic!("{identity:?}") };
    assert_eq!((key.id(), key.secret_key()), ("AK1", "s3cret"));
    assert_eq!(key.security_token().unwrap(), "t0ken");
    let requests = server.requests();
    let [token, key] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!(token.line(), "PUT /meta-data/latest/api/token HTTP/1.1");
    assert_eq!(token.header("x-metadata-token-ttl-seconds"), Some("21600"));
    assert_eq!(key.line(), "GET /openstack/latest/securitykey HTTP/1.1");
    assert_eq!(key.header("x-metadata-token"), Some("a-t0ken"));
}

#[tokio::test]
async fn asks_without_token_where_there_is_none() {
    for status in [404, 405, 503] {
        let script = move |request: &Request| match request.path.as_str() {
            KEY_PATH if request.header("x-metadata-token").is_none() => respond(200, KEY),
            _ => respond(status, ""),
        };
        let server = ScriptedServer::with_script(script).await.unwrap();
        let (context, _) = context("http://127.0.0.1");
        let address = server.endpoint().replace("http://", "");
        assert_eq!(provided(&metadata(&address), &context).await, Ok("AK1".to_owned()));
    }
}

#[tokio::test]
async fn renews_a_key_before_it_expires_and_shares_it_until_then() {
    let mut ends = ["12:30", "16:30", "16:40"].into_iter();
    let server = service(move || ends.next().unwrap().to_owned()).await;
    let (metadata, (context, clock)) = (metadata(&server.endpoint()), context("http://127.0.0.1"));
    let (one, other) = tokio::join!(provided(&metadata, &context), provided(&metadata, &context));
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(server.arrivals(), 2);
    // Valid for four hours, and renewed 40 minutes before.
    clock.advance(Duration::from_secs(200 * 60 - 1));
    provided(&metadata, &context).await.unwrap();
    assert_eq!(server.arrivals(), 2);
    clock.advance(Duration::from_secs(1));
    provided(&metadata, &context).await.unwrap();
    assert_eq!(server.arrivals(), 4);
}

#[tokio::test]
async fn uses_a_valid_key_when_it_cannot_be_renewed() {
    let mut answers = vec![respond(200, KEY), respond(404, "")].into_iter();
    let script = move |_: &Request| answers.next().unwrap_or_else(|| respond(500, ""));
    // The token is refused for good, then the key is given, and nothing afterwards.
    let mut first = Some(respond(404, ""));
    let mut script = script;
    let server =
        ScriptedServer::with_script(move |request| first.take().unwrap_or_else(|| script(request)));
    let server = server.await.unwrap();
    let (metadata, (context, clock)) = (metadata(&server.endpoint()), context("http://127.0.0.1"));
    provided(&metadata, &context).await.unwrap();
    clock.advance(Duration::from_secs(210 * 60));
    assert_eq!(provided(&metadata, &context).await, Ok("AK1".to_owned()));
    let asked = server.arrivals();
    assert_eq!(provided(&metadata, &context).await, Ok("AK1".to_owned()));
    assert_eq!(server.arrivals(), asked);
    clock.advance(Duration::from_secs(30 * 60));
    assert!(provided(&metadata, &context).await.unwrap_err().contains("500"));
}

#[tokio::test]
async fn says_why_there_is_no_key() {
    let closed = ClosedPort::reserve().unwrap().endpoint().unwrap();
    let error = provided(&metadata(&closed), &context("http://127.0.0.1").0).await.unwrap_err();
    assert_eq!(
        error,
        format!("the metadata service at {closed} does not respond: connection refused")
    );
    for (steps, retryable, expected) in [
        (vec![respond(404, ""), respond(404, "")], false, "no ECS instance with an agency"),
        (vec![respond(404, ""), respond(500, "")], true, "refused the request: 500"),
        (vec![respond(403, "")], false, "refused the request: 403"),
        (vec![respond(429, "")], true, "refused the request: 429"),
        (vec![respond(200, "\u{1}")], false, "returned what is no token"),
        (vec![respond(404, ""), respond(200, r#"{"credential":"s3cret"}"#)], false, "not a key"),
        (
            vec![respond(404, ""), respond(200, KEY.replace("2026-01-15", "2026-01-14"))],
            false,
            "it has expired",
        ),
        (
            vec![respond(404, ""), respond(200, KEY.replace("2026-01-15", "s3cret"))],
            false,
            "until when",
        ),
        (vec![respond(404, ""), respond(200, KEY.replace("AK1", ""))], false, "is empty"),
    ] {
        let server = ScriptedServer::sequence(steps).await.unwrap();
        let (context, _) = context("http://127.0.0.1");
        let metadata = metadata(&server.endpoint());
        let error = metadata.provide(&context).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{expected}: {error}");
        assert_eq!(error.is_retryable(), retryable, "{error}");
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    }
}

#[tokio::test]
async fn gives_up_after_a_short_time() {
    let server = ScriptedServer::always(Step::Stall).await.unwrap();
    let began = std::time::Instant::now();
    let error = provided(&metadata(&server.endpoint()), &context("http://127.0.0.1").0).await;
    assert!(error.unwrap_err().contains("does not respond: no response within the time limit"));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert_eq!(server.arrivals(), 1);
}

#[test]
fn is_turned_off_by_one_variable() {
    for value in ["off", "OFF", "false", "no", "0"] {
        let lookup = environment(&[(VARIABLE, value)]);
        assert!(EcsMetadata::of_environment(&lookup).is_none(), "{value}");
    }
    let address = |variables: &[(&str, &str)]| {
        EcsMetadata::of_environment(&environment(variables)).unwrap().address
    };
    assert_eq!(address(&[]), "http://169.254.169.254");
    assert_eq!(address(&[(VARIABLE, "")]), "http://169.254.169.254");
    assert_eq!(address(&[(VARIABLE, "127.0.0.1:8599/")]), "http://127.0.0.1:8599");
}
