//! When a login is made, and when it is not.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::sync::atomic::{AtomicU64, Ordering};

use scripted_server::{Gate, ScriptedServer, Step};

use super::*;
use crate::credentials::iam::testing::{StoppedClock, context, issued, respond};

/// All in seconds.
const HOUR: u64 = 60 * 60;
const MINUTE: u64 = 60;
const WRONG: &str = r#"{"error":{"code":401,"message":"The username or password is wrong."}}"#;

/// A session with the tokens `t1`, `t2`, … of a server, each valid for two hours, which
/// rejects logins while the status is not 201.
struct Bench {
    server: ScriptedServer,
    status: Arc<AtomicU64>,
    session: Arc<Session>,
    context: ProviderContext,
    clock: Arc<StoppedClock>,
}

impl Bench {
    async fn new() -> Self {
        Self::gated(None).await
    }

    /// With a server that responds when the gate is open.
    async fn gated(gate: Option<Gate>) -> Self {
        let status = Arc::new(AtomicU64::new(201));
        let (status_of_logins, mut issues) = (Arc::clone(&status), 0);
        let server = ScriptedServer::with_script(move |_| {
            let step = match status_of_logins.load(Ordering::SeqCst) {
                201 => {
                    issues += 1;
                    issued(&format!("t{issues}"), 2)
                }
                401 => respond(401, WRONG),
                _ => respond(503, "busy"),
            };
            match (step, &gate) {
                (Step::Respond(response), Some(gate)) => Step::RespondAfter(gate.clone(), response),
                (step, _) => step,
            }
        })
        .await
        .unwrap();
        let (context, clock) = context(&server.endpoint());
        let login = PasswordLogin::new("acme", "ci", "s3cret");
        let session = Arc::new(Session::new(login).unwrap());
        Self { server, status, session, context, clock }
    }

    fn respond_with(&self, status: u64) {
        self.status.store(status, Ordering::SeqCst);
    }

    fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    async fn identity(&self) -> Result<Identity, CredentialsError> {
        self.session.identity(&self.context).await
    }

    /// Asserts which token the next call gets, and the number of logins so far.
    #[track_caller]
    fn assert_token(&self, found: &Result<Identity, CredentialsError>, token: &str, logins: usize) {
        let Ok(Identity::Token(found)) = found else { panic!("{found:?}") };
        assert!(found.is(&Token::new(token).unwrap()), "it is not {token}");
        assert_eq!(self.server.requests().len(), logins);
    }
}

#[tokio::test]
async fn caches_token_and_renews_it_before_expiry() {
    let bench = Bench::new().await;
    bench.assert_token(&bench.identity().await, "t1", 1);
    bench.advance(2 * HOUR - 5 * MINUTE - 1);
    bench.assert_token(&bench.identity().await, "t1", 1);
    bench.advance(1);
    bench.assert_token(&bench.identity().await, "t2", 2);
    bench.assert_token(&bench.identity().await, "t2", 2);
}

#[tokio::test]
async fn shares_one_login_among_concurrent_calls() {
    let gate = Gate::default();
    let bench = Arc::new(Bench::gated(Some(gate.clone())).await);
    let first = tokio::spawn({
        let bench = Arc::clone(&bench);
        async move { bench.identity().await }
    });
    // The login is running when the server has its request.
    assert!(bench.server.wait_for_requests(1).await);
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let bench = Arc::clone(&bench);
            tokio::spawn(async move { bench.identity().await })
        })
        .collect();
    gate.open();
    for call in calls {
        bench.assert_token(&call.await.unwrap(), "t1", 1);
    }
}

#[tokio::test]
async fn renews_refused_token_once_per_interval() {
    let bench = Bench::new().await;
    let old = bench.identity().await.unwrap();
    assert!(bench.session.invalidate(&old));
    // Other calls had the same token, and none of them causes another login.
    assert!(bench.session.invalidate(&old));
    let new = bench.identity().await;
    bench.assert_token(&new, "t2", 2);
    assert!(bench.session.invalidate(&old));
    bench.assert_token(&bench.identity().await, "t2", 2);

    let new = new.unwrap();
    assert!(!bench.session.invalidate(&new));
    bench.assert_token(&bench.identity().await, "t2", 2);
    bench.advance(MINUTE);
    assert!(bench.session.invalidate(&new));
    bench.assert_token(&bench.identity().await, "t3", 3);
}

#[tokio::test]
async fn pauses_five_minutes_after_rejected_login() {
    let bench = Bench::new().await;
    bench.respond_with(401);
    let error = bench.identity().await.unwrap_err();
    assert_eq!(error.status(), Some(401));
    bench.respond_with(201);
    bench.advance(5 * MINUTE - 1);
    assert_eq!(bench.identity().await.unwrap_err().to_string(), error.to_string());
    assert_eq!(bench.server.requests().len(), 1);
    bench.advance(1);
    bench.assert_token(&bench.identity().await, "t1", 2);
}

#[tokio::test]
async fn retries_login_after_other_failures() {
    let bench = Bench::new().await;
    bench.respond_with(503);
    let error = bench.identity().await.unwrap_err();
    assert!(error.is_retryable(), "{error:?}");
    bench.respond_with(201);
    bench.assert_token(&bench.identity().await, "t1", 2);
}

#[tokio::test]
async fn uses_valid_token_when_renewal_fails() {
    for (status, pause) in [(503, 30), (401, 5 * MINUTE)] {
        let bench = Bench::new().await;
        bench.assert_token(&bench.identity().await, "t1", 1);
        bench.advance(2 * HOUR - 5 * MINUTE);
        bench.respond_with(status);
        bench.assert_token(&bench.identity().await, "t1", 2);
        bench.advance(pause - 1);
        bench.assert_token(&bench.identity().await, "t1", 2);
        bench.advance(1);
        bench.respond_with(201);
        bench.assert_token(&bench.identity().await, "t2", 3);
    }
}

#[tokio::test]
async fn rejects_expired_token_when_renewal_fails() {
    let bench = Bench::new().await;
    bench.assert_token(&bench.identity().await, "t1", 1);
    bench.advance(2 * HOUR);
    bench.respond_with(503);
    assert_eq!(bench.identity().await.unwrap_err().status(), Some(503));
}

#[tokio::test]
async fn caches_one_token_per_project_and_iam_endpoint() {
    let bench = Bench::new().await;
    bench.assert_token(&bench.identity().await, "t1", 1);
    let other = bench.context.clone().with_project_id("p2");
    bench.assert_token(&bench.session.identity(&other).await, "t2", 2);
    bench.assert_token(&bench.session.identity(&other).await, "t2", 2);
    bench.assert_token(&bench.identity().await, "t1", 2);
}

#[tokio::test]
async fn ignores_invalidation_of_other_identities() {
    let bench = Bench::new().await;
    assert!(!bench.session.invalidate(&Identity::access_key("AK", "SK").unwrap()));
}
