//! What each attempt proves its right with, and what a refusal leads to.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dbss_client::{
    Client, ClientBuilder, Credentials, CredentialsError, ErrorKind, Identity, IdentityFuture,
    ProvideCredentials, ProviderContext, RetryPolicy,
};
use dbss_tests::calls::{INSTANCE, PROJECT, SHORT, builder};
use dbss_tests::fake_clock::FakeClock;
use dbss_tests::real_time;
use scripted_server::{CannedResponse, Request, ScriptedServer, Step};

use super::{BACKOFF, WAIT_LIMIT, fine, retry_after, status, stop};

const AK: &str = "PUBLICACCESSKEYNAME";
const SK: &str = "secretKeyOfTheRetryTests";

/// What a [`Vault`] does when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behaviour {
    /// It has a new token every time, and can replace a refused one.
    Renews,
    /// It has a new token every time, and knows no better one.
    Insists,
    /// It has an access key, and could have another.
    Signs,
    /// It has one token and then none.
    RunsOut,
    /// It never ends.
    Stalls,
}

/// A provider that numbers its tokens.
#[derive(Clone, Debug)]
struct Vault(Behaviour, Arc<AtomicUsize>);

impl Vault {
    fn new(behaviour: Behaviour) -> Self {
        Self(behaviour, Arc::default())
    }

    fn client(&self, server: &ScriptedServer) -> ClientBuilder {
        let credentials = Credentials::provider(self.clone());
        builder(server.endpoint(), &FakeClock::default()).credentials(credentials)
    }
}

impl ProvideCredentials for Vault {
    fn provide<'a>(&'a self, _: &'a ProviderContext) -> IdentityFuture<'a> {
        let number = self.1.fetch_add(1, Ordering::SeqCst) + 1;
        Box::pin(async move {
            match self.0 {
                Behaviour::Stalls => std::future::pending().await,
                Behaviour::Signs => Identity::access_key(AK, SK),
                Behaviour::RunsOut if number > 1 => {
                    Err(CredentialsError::new("the vault is empty"))
                }
                _ => Identity::token(format!("token-{number}")),
            }
        })
    }

    fn invalidate(&self, _: &Identity) -> bool {
        self.0 != Behaviour::Insists
    }
}

fn tokens(requests: &[Request]) -> Vec<&str> {
    requests.iter().filter_map(|request| request.header("x-auth-token")).collect()
}

fn refusal_step(code: &str) -> Step {
    let body = format!(
        r#"{{"error_code":"{code}","error_msg":"Incorrect IAM authentication information: verify aksk signature fail"}}"#
    );
    Step::Respond(CannedResponse::new(401, body))
}

#[tokio::test]
async fn requests_token_for_each_attempt() {
    let server = ScriptedServer::always(status(429)).await.unwrap();
    let client = Vault::new(Behaviour::Insists).client(&server).build().unwrap();
    assert_eq!(stop(&client).await.unwrap_err().attempts(), 4);
    assert_eq!(tokens(&server.requests()), ["token-1", "token-2", "token-3", "token-4"]);
}

#[tokio::test]
async fn signs_each_attempt() {
    let key = || Credentials::access_key(AK, SK);
    for (credentials, security_token) in
        [(key(), None), (key().with_security_token("temporary"), Some("temporary"))]
    {
        let steps = [retry_after(429, "2"), retry_after(429, "3"), fine()];
        let server = ScriptedServer::sequence(steps).await.unwrap();
        let client = builder(server.endpoint(), &FakeClock::default()).credentials(credentials);
        assert_eq!(stop(&client.build().unwrap()).await.unwrap(), 3);
        let requests = server.requests();
        let dates: Vec<_> = requests.iter().filter_map(|r| r.header("x-sdk-date")).collect();
        assert_eq!(dates, ["20260101T000000Z", "20260101T000002Z", "20260101T000005Z"]);
        let mut signatures: Vec<_> =
            requests.iter().filter_map(|r| r.header("authorization")).collect();
        for signature in &signatures {
            let begins = format!("SDK-HMAC-SHA256 Access={AK}, SignedHeaders=");
            assert!(signature.starts_with(&begins), "{signature}");
        }
        signatures.sort_unstable();
        signatures.dedup();
        assert_eq!(signatures.len(), 3);
        for request in &requests {
            assert_eq!(request.header("x-security-token"), security_token);
            assert_eq!(request.header("x-project-id"), Some(PROJECT));
            assert_eq!(request.header("x-auth-token"), None);
            assert_eq!(request.body, requests[0].body);
        }
    }
}

/// A token that is refused is renewed once, whatever the policy.
#[tokio::test]
async fn renews_refused_token_once() {
    for policy in [RetryPolicy::none(), RetryPolicy::default()] {
        let server = ScriptedServer::sequence([refusal_step("APIGW.0307"), fine()]).await.unwrap();
        let client = Vault::new(Behaviour::Renews).client(&server).retry(policy.clone());
        stop(&client.build().unwrap()).await.unwrap();
        assert_eq!(tokens(&server.requests()), ["token-1", "token-2"]);

        let server = ScriptedServer::always(refusal_step("APIGW.0307")).await.unwrap();
        let client = Vault::new(Behaviour::Renews).client(&server).retry(policy);
        let error = stop(&client.build().unwrap()).await.unwrap_err();
        assert_eq!((error.status(), error.is_auth()), (Some(401), true), "{error}");
        assert_eq!(tokens(&server.requests()), ["token-1", "token-2"]);
    }
    let server = ScriptedServer::sequence([refusal_step("APIGW.0307"), fine()]).await.unwrap();
    let client = Vault::new(Behaviour::Insists).client(&server).build().unwrap();
    assert_eq!(stop(&client).await.unwrap_err().status(), Some(401));
    assert_eq!(server.request_count(), 1);
}

/// A renewal does not count as one of the attempts of the policy.
#[tokio::test]
async fn counts_renewal_beyond_max_attempts() {
    for first in [0, 1, 2, 3] {
        let mut steps = vec![status(429); first];
        steps.extend([refusal_step("APIGW.0307"), status(429)]);
        let server = ScriptedServer::sequence(steps).await.unwrap();
        let clock = FakeClock::default();
        let client = Vault::new(Behaviour::Renews).client(&server).clock(clock.clone());
        let error = stop(&client.build().unwrap()).await.unwrap_err();
        assert_eq!((error.status(), server.request_count()), (Some(429), 5), "after {first}");
        assert_eq!(clock.pauses().len(), BACKOFF.len(), "after {first}");
    }
}

/// Five wrong signatures lock a key, so only one is sent.
#[tokio::test]
async fn returns_refused_signature_without_retry() {
    for code in ["APIGW.0301", "APIG.0301", "APIGW.0307"] {
        for credentials in
            [Credentials::access_key(AK, SK), Credentials::provider(Vault::new(Behaviour::Signs))]
        {
            let server = ScriptedServer::sequence([refusal_step(code), fine()]).await.unwrap();
            let client = builder(server.endpoint(), &FakeClock::default()).credentials(credentials);
            let error = stop(&client.build().unwrap()).await.unwrap_err();
            assert_eq!((error.code(), server.request_count()), (Some(code), 1), "{error}");
            assert!(!error.is_retryable() && error.is_auth(), "{error}");
        }
    }
}

/// The same if only the head of the response is received, which has the
/// status.
#[tokio::test]
async fn returns_truncated_refused_signature_without_retry() {
    let _alone = real_time::alone().await;
    let response = || CannedResponse::new(401, r#"{"error_code":"APIGW.0301","error_msg":"M"}"#);
    for step in
        [Step::CutBody(response()), Step::ResetInBody(response()), Step::StallInBody(response())]
    {
        let shown = format!("{step:?}");
        let server = ScriptedServer::sequence([step, fine()]).await.unwrap();
        let client = builder(server.endpoint(), &FakeClock::default())
            .credentials(Credentials::access_key(AK, SK))
            .attempt_timeout(SHORT);
        let outcome = stop(&client.build().unwrap()).await;
        assert_eq!(server.request_count(), 1, "{shown}: {outcome:?}");
        assert_eq!(outcome.unwrap_err().status(), Some(401), "{shown}");
    }
}

/// The clock difference is reported.
#[tokio::test]
async fn reports_clock_skew() {
    let rows = [
        ("Thu, 01 Jan 2026 01:00:00 GMT", Some((3600, false))),
        ("Wed, 31 Dec 2025 22:00:00 GMT", Some((7200, true))),
        ("Thu, 01 Jan 2026 00:14:00 GMT", None),
        ("Wed, 31 Dec 2025 23:46:00 GMT", None),
        ("some day", None),
    ];
    for (date, wanted) in rows {
        let body = r#"{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: calc aksk signature fail:signature expired"}"#;
        let response = CannedResponse::new(401, body).header("Date", date);
        let server = ScriptedServer::always(Step::Respond(response)).await.unwrap();
        let client = builder(server.endpoint(), &FakeClock::default());
        let client = client.credentials(Credentials::access_key(AK, SK)).build().unwrap();
        let error = stop(&client).await.unwrap_err();
        let found = error.clock_skew().map(|skew| (skew.difference().as_secs(), skew.is_ahead()));
        assert_eq!(found, wanted, "{date}: {error}");
        assert_eq!(error.to_string().contains("clock"), wanted.is_some(), "{date}: {error}");
    }
}

/// Without credentials nothing is sent, and the error says so.
#[tokio::test]
async fn returns_error_of_provider() {
    let server = ScriptedServer::always(status(429)).await.unwrap();
    let vault = Vault::new(Behaviour::RunsOut);
    let client = vault.client(&server).build().unwrap();
    // The second attempt cannot be made: the first response is reported.
    let error = stop(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(429)), "{error}");
    assert_eq!((error.attempts(), server.request_count()), (1, 1), "{error}");
    assert!(error.to_string().contains("the vault is empty"), "{error}");
    // And the next call has none at all.
    let error = stop(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credentials, 0), "{error}");
    assert!(error.to_string().contains("the vault is empty") && error.is_auth(), "{error}");
    assert!(!error.may_have_reached_service() && !error.is_retryable(), "{error}");
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(server.request_count(), 1);
}

/// The time limit of a call holds for its credentials as well.
#[tokio::test]
async fn ends_within_timeout_when_provider_stalls() {
    let server = ScriptedServer::always(fine()).await.unwrap();
    let client = Client::builder()
        .endpoint(server.endpoint())
        .credentials(Credentials::provider(Vault::new(Behaviour::Stalls)))
        .project_id(PROJECT)
        .timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let call = client.stop_audit_instance().instance_id(INSTANCE).send();
    let error = tokio::time::timeout(WAIT_LIMIT, call).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CredentialsUnavailable, "{error}");
    assert!(!error.may_have_reached_service(), "{error}");
    assert_eq!((error.attempts(), server.connection_count()), (0, 0), "{error}");
}
