//! Whether a call may have taken effect, by its error and by its progress.

#![allow(clippy::unwrap_used, reason = "tests")]
#![allow(deprecated, reason = "StopAuditInstance is one of the two documented operations")]

use scripted_server::{ClosedPort, ScriptedServer, Step};

use crate::credentials::iam::testing::respond;

use crate::{Client, Credentials, Error, RetryPolicy};

const ID: &str = "1d07f606-92d2-441c-b05c-dca47e180552";

fn client(endpoint: String) -> Client {
    let builder = Client::builder().endpoint(endpoint).project_id(ID);
    let policy = RetryPolicy::default().initial_backoff(std::time::Duration::ZERO);
    builder.credentials(Credentials::token("t0ken")).retry(policy).build().unwrap()
}

/// The error of a call to that endpoint, and the call's progress.
async fn failed(endpoint: String) -> (Error, crate::CallProgress) {
    let mut call = client(endpoint).stop_audit_instance().instance_id(ID);
    let progress = call.progress();
    assert_eq!((progress.attempts(), progress.may_have_taken_effect()), (0, false));
    let error = call.await.unwrap_err();
    assert!(!progress.is_attempt_under_way());
    (error, progress)
}

#[tokio::test]
async fn reports_same_effect_in_error_and_progress() {
    for (response, attempts, effect) in [
        (Some(400), 1, false),
        (Some(302), 1, false),
        (Some(429), 4, false),
        (Some(408), 4, true),
        (Some(500), 1, true),
        (Some(503), 4, true),
        (None, 4, true),
    ] {
        let server = ScriptedServer::with_script(move |_| match response {
            Some(status) => respond(status, "{}"),
            None => Step::ReadThenClose,
        })
        .await
        .unwrap();
        let (error, progress) = failed(server.endpoint()).await;
        assert_eq!(error.may_have_taken_effect(), effect, "{response:?}: {error}");
        assert_eq!(progress.may_have_taken_effect(), effect, "{response:?}: {error}");
        assert_eq!((error.attempts(), progress.attempts()), (attempts, attempts), "{response:?}");
    }
    let closed = ClosedPort::reserve().unwrap();
    let (error, progress) = failed(closed.endpoint().unwrap()).await;
    assert!(!error.may_have_taken_effect() && !progress.may_have_taken_effect(), "{error}");
    assert_eq!(progress.attempts(), 4);
}

/// Whatever happens to a request that only reads, it changes nothing.
#[tokio::test]
async fn reports_no_effect_of_reads() {
    for response in [Some(200), Some(408), Some(500), Some(503), None] {
        let server = ScriptedServer::with_script(move |_| match response {
            Some(status) => respond(status, "[]"),
            None => Step::ReadThenClose,
        })
        .await
        .unwrap();
        let mut call = client(server.endpoint()).list_audit_instances_last();
        let progress = call.progress();
        let error = call.await.unwrap_err();
        assert!(!error.may_have_taken_effect(), "{response:?}: {error}");
        assert!(error.may_have_reached_service(), "{response:?}: {error}");
        assert!(error.uncertain_attempt().is_none(), "{response:?}: {error}");
        assert!(!progress.may_have_taken_effect(), "{response:?}: {error}");
    }
    let server = ScriptedServer::always(Step::Stall).await.unwrap();
    let mut call = client(server.endpoint()).list_audit_instances_last();
    let progress = call.progress();
    let call = tokio::spawn(call.into_future());
    assert!(server.wait_for_requests(1).await);
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    assert!(progress.is_attempt_under_way() && !progress.may_have_taken_effect());
}

#[tokio::test]
async fn keeps_possible_effect_after_later_rejection() {
    let mut asked = 0;
    let server = ScriptedServer::with_script(move |_| {
        asked += 1;
        if asked == 1 { Step::ReadThenClose } else { respond(400, "{}") }
    })
    .await
    .unwrap();
    let (error, progress) = failed(server.endpoint()).await;
    assert_eq!((error.status(), error.attempts()), (Some(400), 2));
    assert!(error.may_have_taken_effect() && progress.may_have_taken_effect());
}

#[tokio::test]
async fn reports_no_effect_of_invalid_inputs() {
    let server = ScriptedServer::with_script(|_| respond(200, "{}")).await.unwrap();
    let mut call = client(server.endpoint()).stop_audit_instance();
    let progress = call.progress();
    let error = call.await.unwrap_err();
    assert!(!error.may_have_taken_effect() && !progress.may_have_taken_effect());
    assert_eq!((progress.attempts(), server.requests().len()), (0, 0));
}

#[tokio::test]
async fn reports_running_attempt_of_dropped_call() {
    let server = ScriptedServer::always(Step::Stall).await.unwrap();
    let client = client(server.endpoint());
    let arguments = crate::Arguments::new().body(serde_json::json!({"instance_id": ID}));
    let call = crate::contract::STOP_AUDIT_INSTANCE.invoke(&client, arguments);
    let progress = call.progress();
    let call = tokio::spawn(call);
    assert!(server.wait_for_requests(1).await);
    let view = progress.clone();
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    for view in [&progress, &view] {
        assert!(view.is_attempt_under_way() && view.may_have_taken_effect());
        assert_eq!(view.attempts(), 1);
    }
}

#[tokio::test]
async fn gives_clones_of_a_call_their_own_progress() {
    let server = ScriptedServer::with_script(|_| respond(400, "{}")).await.unwrap();
    let mut call = client(server.endpoint()).stop_audit_instance().instance_id(ID);
    let progress = call.progress();
    let _ = call.clone().await;
    assert_eq!(progress.attempts(), 0);
    let _ = call.await;
    assert_eq!(progress.attempts(), 1);
}

/// Gives one token, and none after it.
#[derive(Debug, Default)]
struct Once(std::sync::atomic::AtomicBool);

impl crate::ProvideCredentials for Once {
    fn provide<'a>(&'a self, _: &'a crate::ProviderContext) -> crate::IdentityFuture<'a> {
        let spent = self.0.swap(true, std::sync::atomic::Ordering::SeqCst);
        let identity = if spent {
            Err(crate::CredentialsError::new("spent"))
        } else {
            crate::Identity::token("t1")
        };
        Box::pin(std::future::ready(identity))
    }
}

#[tokio::test]
async fn keeps_possible_effect_when_later_credentials_fail() {
    let server = ScriptedServer::with_script(|_| Step::ReadThenClose).await.unwrap();
    let builder = Client::builder().endpoint(server.endpoint()).project_id(ID);
    let client = builder.credentials(Credentials::provider(Once::default())).build().unwrap();
    let error = client.stop_audit_instance().instance_id(ID).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (crate::ErrorKind::Credentials, 1));
    assert!(error.may_have_taken_effect() && error.may_have_reached_service(), "{error}");
}
