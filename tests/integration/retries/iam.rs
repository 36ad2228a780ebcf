//! Logins and project lookups are retried as the attempts of a call are: failures that may
//! pass, within the time and the budget of the call, and no refusals.

use std::time::Duration;

use dbss_client::{Client, ClientBuilder, Credentials, Error, PasswordLogin, RetryPolicy};
use dbss_tests::calls::{INSTANCE, PROJECT, SHORT, TOKEN, builder};
use dbss_tests::fake_clock::FakeClock;
use dbss_tests::real_time;
use scripted_server::{CannedResponse, ClosedPort, ScriptedServer, Step};

use super::{WAIT_LIMIT, fine, retry_after, status, stop};

/// What is asked of IAM.
#[derive(Clone, Copy, Debug)]
enum Request {
    Login,
    Projects,
}

const REQUESTS: [Request; 2] = [Request::Login, Request::Projects];

impl Request {
    /// A client that makes the request before its first call.
    fn client(self, service: &ScriptedServer, iam: &str, clock: &FakeClock) -> ClientBuilder {
        let client = Client::builder()
            .region("cn-north-4")
            .endpoint(service.endpoint())
            .iam_endpoint(iam)
            .clock(clock.clone());
        match self {
            Self::Login => client
                .project_id(PROJECT)
                .credentials(Credentials::iam_password(PasswordLogin::new("a", "u", "s3cret"))),
            Self::Projects => client.credentials(Credentials::token(TOKEN)),
        }
    }

    /// What IAM sends if all is well.
    fn success(self) -> Step {
        Step::Respond(match self {
            Self::Login => {
                CannedResponse::new(201, r#"{"token":{}}"#).header("X-Subject-Token", "t1")
            }
            Self::Projects => CannedResponse::new(
                200,
                format!(r#"{{"projects":[{{"id":"{PROJECT}","name":"cn-north-4"}}]}}"#),
            ),
        })
    }
}

/// What one call comes to.
struct Outcome {
    result: Result<u32, Error>,
    /// The requests that IAM and the service got.
    requests: (usize, usize),
    pauses: Vec<Duration>,
}

async fn call(request: Request, iam: Vec<Step>, policy: RetryPolicy) -> Outcome {
    let service = ScriptedServer::always(fine()).await.unwrap();
    let iam = ScriptedServer::sequence(iam).await.unwrap();
    let clock = FakeClock::default();
    let client = request.client(&service, &iam.endpoint(), &clock).retry(policy).build().unwrap();
    let result = stop(&client).await;
    let requests = (iam.arrivals(), service.arrivals());
    Outcome { result, requests, pauses: clock.pauses() }
}

#[tokio::test]
async fn retries_temporary_failures_of_iam() {
    for request in REQUESTS {
        for failure in [status(503), status(500), status(502), status(429), Step::ReadThenClose] {
            let shown = format!("{request:?} after {failure:?}");
            let steps = vec![failure.clone(), failure, request.success()];
            let outcome = call(request, steps, RetryPolicy::default()).await;
            assert_eq!(outcome.result.ok(), Some(1), "{shown}");
            assert_eq!(outcome.requests, (3, 1), "{shown}");
            assert_eq!(outcome.pauses.len(), 2, "{shown}");
        }
    }
}

#[tokio::test]
async fn follows_retry_policy_for_iam() {
    for request in REQUESTS {
        for (policy, attempts) in [
            (RetryPolicy::none(), 1),
            (RetryPolicy::default().max_attempts(3), 3),
            (RetryPolicy::default(), 4),
        ] {
            let outcome = call(request, vec![status(503)], policy).await;
            assert_eq!(outcome.requests, (attempts, 0), "{request:?}");
            let error = outcome.result.unwrap_err();
            assert_eq!((error.status(), error.attempts()), (Some(503), 0), "{error}");
            assert!(error.is_retryable() && !error.may_have_reached_service(), "{error}");
        }
        let steps = vec![retry_after(429, "7")];
        let outcome = call(request, steps, RetryPolicy::none()).await;
        assert_eq!(outcome.result.unwrap_err().retry_after(), Some(Duration::from_secs(7)));
        let steps = vec![retry_after(429, "7"), request.success()];
        let outcome = call(request, steps, RetryPolicy::default()).await;
        assert_eq!(outcome.pauses, [Duration::from_secs(7)], "{request:?}");
    }
}

#[tokio::test]
async fn returns_refusal_of_iam_without_retry() {
    for request in REQUESTS {
        for refusal in [400, 401, 403, 404, 302] {
            let steps = vec![status(refusal), request.success()];
            let outcome = call(request, steps, RetryPolicy::default()).await;
            assert_eq!(outcome.requests, (1, 0), "{request:?}, {refusal}");
            let error = outcome.result.unwrap_err();
            assert_eq!(error.kind().as_str(), "credentials", "{error}");
            assert!(!error.is_retryable() && error.is_auth(), "{error}");
        }
    }
}

/// An IAM that cannot be reached, or has trouble of its own, has refused nothing.
#[tokio::test]
async fn tells_unreachable_iam_from_refused_credentials() {
    let _alone = real_time::alone().await;
    let service = ScriptedServer::always(fine()).await.unwrap();
    let silent = ScriptedServer::always(Step::Stall).await.unwrap();
    let busy = ScriptedServer::always(status(503)).await.unwrap();
    let closing = ScriptedServer::always(Step::ReadThenReset).await.unwrap();
    let plain = ScriptedServer::always(Step::RespondUnread(b"HTTP/1.1 400 No\r\n\r\n".to_vec()))
        .await
        .unwrap();
    let closed = ClosedPort::reserve().unwrap();
    for request in REQUESTS {
        for (name, iam, retryable) in [
            ("nobody listens", closed.endpoint().unwrap(), true),
            ("no answer", silent.endpoint(), true),
            ("an answer of 503", busy.endpoint(), true),
            ("a lost connection", closing.endpoint(), true),
            ("no TLS", plain.tls_endpoint(), false),
        ] {
            let client = request.client(&service, &iam, &FakeClock::default());
            let client = client.attempt_timeout(SHORT).retry(RetryPolicy::none()).build().unwrap();
            let call = stop(&client);
            let error = tokio::time::timeout(WAIT_LIMIT, call).await.unwrap().unwrap_err();
            let shown = format!("{name}, {request:?}: {error}");
            assert_eq!(error.kind().as_str(), "credentials_unavailable", "{shown}");
            assert_eq!(error.is_retryable(), retryable, "{shown}");
            assert!(!error.is_auth() && !error.may_have_reached_service(), "{shown}");
        }
    }
    assert_eq!(service.arrivals(), 0);
}

#[tokio::test]
async fn stops_retrying_iam_when_retry_budget_is_exhausted() {
    let service = ScriptedServer::always(fine()).await.unwrap();
    let iam = ScriptedServer::always(status(503)).await.unwrap();
    let client = Request::Projects
        .client(&service, &iam.endpoint(), &FakeClock::default())
        .timeout(Duration::from_secs(1 << 20))
        .build()
        .unwrap();
    for _ in 0..60 {
        stop(&client).await.unwrap_err();
    }
    // A hundred retries in all.
    assert_eq!(iam.arrivals(), 160);
}

#[tokio::test]
async fn ends_retries_of_iam_within_timeout() {
    let service = ScriptedServer::always(fine()).await.unwrap();
    for request in REQUESTS {
        let iam = ScriptedServer::always(retry_after(503, "9")).await.unwrap();
        let clock = FakeClock::default();
        let client = request.client(&service, &iam.endpoint(), &clock);
        let client = client.timeout(Duration::from_secs(20)).build().unwrap();
        let error = stop(&client).await.unwrap_err();
        assert_eq!(error.status(), Some(503), "{error}");
        assert_eq!((iam.arrivals(), clock.pauses().len()), (3, 2), "{error}");
    }
}

/// The token is renewed between attempts, and IAM has trouble at that moment.
#[tokio::test]
async fn retries_login_between_attempts() {
    let service = ScriptedServer::sequence([status(401), fine()]).await.unwrap();
    let login = Request::Login;
    let iam = ScriptedServer::sequence([login.success(), status(503), login.success()]);
    let iam = iam.await.unwrap();
    let client = login.client(&service, &iam.endpoint(), &FakeClock::default()).build().unwrap();
    assert_eq!(stop(&client).await.unwrap(), 2);
    assert_eq!(iam.arrivals(), 3);
}

#[tokio::test]
async fn uses_no_disabled_project() {
    let project = |id: &str, enabled: &str| {
        format!(r#"{{"id":"{id}","name":"cn-north-4","enabled":{enabled}}}"#)
    };
    let other = "f".repeat(32);
    for (projects, found) in [
        (vec![project(PROJECT, "true")], true),
        (vec![project(PROJECT, "null")], true),
        (vec![project(&other, "false"), project(PROJECT, "true")], true),
        (vec![project(&other, "false")], false),
    ] {
        let body = format!(r#"{{"projects":[{}]}}"#, projects.join(","));
        let steps = vec![Step::Respond(CannedResponse::new(200, body))];
        let outcome = call(Request::Projects, steps, RetryPolicy::default()).await;
        match outcome.result {
            Ok(_) => assert!(found, "{projects:?}"),
            Err(error) => {
                assert!(!found, "{projects:?}: {error}");
                assert!(error.to_string().contains("disabled"), "{error}");
                assert_eq!(error.kind().as_str(), "credentials", "{error}");
            }
        }
    }
}

/// IAM verifies signatures as the service does.
#[tokio::test]
async fn reports_clock_skew_that_iam_refuses() {
    for (date, wanted) in [
        ("Thu, 01 Jan 2026 01:00:00 GMT", Some((3600, false))),
        ("Wed, 31 Dec 2025 22:00:00 GMT", Some((7200, true))),
        ("Thu, 01 Jan 2026 00:14:00 GMT", None),
    ] {
        let body = r#"{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: calc aksk signature fail:signature expired"}"#;
        let response = CannedResponse::new(401, body).header("Date", date);
        let iam = ScriptedServer::always(Step::Respond(response)).await.unwrap();
        let key = Credentials::access_key("PUBLICACCESSKEYNAME", "secretKeyOfTheRetryTests");
        let client = Request::Projects.client(&iam, &iam.endpoint(), &FakeClock::default());
        let error = stop(&client.credentials(key).build().unwrap()).await.unwrap_err();
        let found = error.clock_skew().map(|skew| (skew.difference().as_secs(), skew.is_ahead()));
        assert_eq!(found, wanted, "{date}: {error}");
        assert_eq!(error.to_string().contains("clock"), wanted.is_some(), "{date}: {error}");
    }
}

/// What a proxy sends in place of IAM.
#[tokio::test]
async fn reports_the_title_of_a_page_that_is_not_of_iam() {
    for request in REQUESTS {
        let page = "<html><head><title>403 &ndash; Not\n for you</title></head></html>";
        let response = CannedResponse::new(403, page).content_type("text/html");
        let iam = ScriptedServer::always(Step::Respond(response)).await.unwrap();
        let client = request.client(&iam, &iam.endpoint(), &FakeClock::default());
        let error = stop(&client.build().unwrap()).await.unwrap_err();
        assert_eq!(error.page_title(), Some("403 – Not for you"), "{request:?}: {error}");
        let shown = error.to_string();
        assert!(shown.contains("403 Forbidden, with a page titled `403 – Not for you`"), "{shown}");
    }
}

#[tokio::test]
async fn reports_an_encoding_of_iam_that_was_not_asked_for() {
    for status in [200, 403] {
        let response =
            CannedResponse::new(status, b"\x1f\x8b\x08").header("Content-Encoding", "GZIP");
        let iam = ScriptedServer::always(Step::Respond(response)).await.unwrap();
        let client = Request::Projects.client(&iam, &iam.endpoint(), &FakeClock::default());
        let shown = stop(&client.build().unwrap()).await.unwrap_err().to_string();
        let expected = "with a body in the encoding gzip, which was not asked for";
        assert!(shown.contains(expected), "{status}: {shown}");
    }
}

/// Without a `Date` of IAM, a date is compared with the clock of the client.
#[tokio::test]
async fn reports_the_wait_that_iam_asks_for_by_the_clock_of_the_client() {
    for request in REQUESTS {
        let response = CannedResponse::new(503, "{}");
        let response = response.header("Retry-After", "Thu, 01 Jan 2026 00:00:07 GMT");
        let iam = ScriptedServer::always(Step::Respond(response)).await.unwrap();
        let client = request.client(&iam, &iam.endpoint(), &FakeClock::default());
        let client = client.retry(RetryPolicy::none()).build().unwrap();
        let error = stop(&client).await.unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)), "{request:?}: {error}");
    }
}

/// A provider's failures that may pass are retried as well.
#[tokio::test]
async fn retries_temporary_failures_of_provider() {
    use std::sync::atomic::{AtomicU32, Ordering};

    use dbss_client::{
        CredentialsError, Identity, IdentityFuture, ProvideCredentials, ProviderContext,
    };

    #[derive(Debug)]
    struct Sealed(AtomicU32);

    impl ProvideCredentials for Sealed {
        fn provide<'a>(&'a self, _: &'a ProviderContext) -> IdentityFuture<'a> {
            let asked = self.0.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move {
                tokio::task::yield_now().await;
                match asked {
                    0 | 1 => Err(CredentialsError::new("the vault is sealed").with_retryable(true)),
                    _ => Identity::token("t"),
                }
            })
        }
    }

    let server = ScriptedServer::always(fine()).await.unwrap();
    let clock = FakeClock::default();
    let client = builder(server.endpoint(), &clock);
    let client = client.credentials(Credentials::provider(Sealed(AtomicU32::new(0))));
    let call = client.build().unwrap().stop_audit_instance().instance_id(INSTANCE);
    assert_eq!(call.await.unwrap().attempts(), 1);
    assert_eq!(clock.pauses().len(), 2);
}
