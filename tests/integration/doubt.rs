//! An attempt that may have taken effect, and a later one of the same call that is refused:
//! the refusal may be the response to a repetition of what was already done.

use dbss_client::types::AuditScopeStatus;
use dbss_client::{Client, Credentials, Error, ErrorKind};
use dbss_emulator::{Emulator, Fault};
use dbss_tests::calls::{INSTANCE, builder};
use dbss_tests::fake_clock::FakeClock;
use scripted_server::{CannedResponse, ScriptedServer, Step};

fn client(emulator: &Emulator) -> Client {
    let client = builder(emulator.endpoint(), &FakeClock::default());
    let client = client.credentials(Credentials::token(emulator.token()));
    client.project_id(emulator.project_id()).build().unwrap()
}

async fn disable_first(emulator: &Emulator, client: &Client) -> Result<(), Error> {
    let call = client.set_audit_scope_rule_switch().instance_id(emulator.instance_id());
    let ids = emulator.scope_ids().first().copied();
    call.ids(ids).status(AuditScopeStatus::Off).await.map(drop)
}

fn is_first_enabled(emulator: &Emulator) -> bool {
    emulator.scopes(emulator.instance_id()).first().unwrap().enabled
}

#[tokio::test]
async fn keeps_doubt_when_emulator_refuses_repeated_switch() {
    let emulator = Emulator::start().await.unwrap();
    let client = client(&emulator);
    let fault: Fault = serde_json::from_str(r#"{"kind":"reset","after_effect":true}"#).unwrap();
    emulator.add_fault(fault);
    let error = disable_first(&emulator, &client).await.unwrap_err();
    assert!(!is_first_enabled(&emulator), "the first attempt took effect");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::FailedOutcome, 2), "{error}");
    assert!(error.may_have_taken_effect(), "{error}");
    let shown = error.to_string();
    assert!(shown.contains("means failure"), "{shown}");
    assert!(shown.contains("attempt 1 may have taken effect: the connection"), "{shown}");
}

#[tokio::test]
async fn keeps_doubt_when_emulator_refuses_repeated_stop() {
    let emulator = Emulator::start().await.unwrap();
    emulator.add_fault(Fault::reset().after_effect());
    let call = client(&emulator).stop_audit_instance().instance_id(emulator.instance_id());
    let error = call.await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(400)), "{error}");
    assert!(error.may_have_taken_effect(), "{error}");
    assert!(error.to_string().contains("attempt 1 may have taken effect"), "{error}");
}

/// Nothing is in doubt if the service says that it did not do it, and was asked once.
#[tokio::test]
async fn reports_no_effect_of_failed_outcome() {
    let emulator = Emulator::start().await.unwrap();
    emulator.add_fault(Fault::failed());
    let client = client(&emulator);
    let mut call = client.set_audit_scope_rule_switch().instance_id(emulator.instance_id());
    let progress = call.progress();
    let ids = emulator.scope_ids().first().copied();
    let error = call.ids(ids).status(AuditScopeStatus::Off).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FailedOutcome, "{error}");
    assert!(!error.may_have_taken_effect() && !progress.may_have_taken_effect(), "{error}");
    assert!(error.may_have_reached_service());
    assert!(is_first_enabled(&emulator));
}

/// If the last attempt is in doubt itself, the error is about that one.
#[tokio::test]
async fn reports_first_doubtful_attempt_of_several() {
    let steps = [step(Some(429)), step(Some(502)), step(None), step(Some(503))];
    let server = ScriptedServer::sequence(steps).await.unwrap();
    let client = builder(server.endpoint(), &FakeClock::default()).build().unwrap();
    let error = client.stop_audit_instance().instance_id(INSTANCE).await.unwrap_err();
    let earlier = error.uncertain_attempt().unwrap();
    assert_eq!((earlier.number(), earlier.status(), earlier.code()), (2, Some(502), Some("C")));
    assert!(!error.to_string().contains("attempt 2"), "{error}");
}

/// What came first, whether that may have taken effect, and how the error names it.
const FIRST: [(Option<u16>, bool, &str); 5] = [
    (None, true, "the connection was lost"),
    (Some(408), true, "408 Request Timeout"),
    (Some(502), true, "502 Bad Gateway: C"),
    (Some(504), true, "504 Gateway Timeout: C"),
    (Some(429), false, ""),
];

fn step(status: Option<u16>) -> Step {
    match status {
        Some(status) => {
            Step::Respond(CannedResponse::new(status, r#"{"error_code":"C","error_msg":"M"}"#))
        }
        None => Step::ReadThenClose,
    }
}

#[tokio::test]
async fn reports_both_doubtful_attempt_and_later_refusal() {
    let failed = Step::Respond(CannedResponse::new(200, r#"{"result":"failed"}"#));
    let refusals = [400, 401, 403, 404, 409].map(|status| step(Some(status)));
    for refusal in refusals.into_iter().chain([failed]) {
        for (first, doubtful, words) in FIRST {
            let server = ScriptedServer::sequence([step(first), refusal.clone()]).await.unwrap();
            let client = builder(server.endpoint(), &FakeClock::default()).build().unwrap();
            let mut call = client.stop_audit_instance().instance_id(INSTANCE);
            let progress = call.progress();
            let error = call.await.unwrap_err();
            let shown = error.to_string();
            assert_eq!(error.attempts(), 2, "{shown}");
            assert_eq!(error.may_have_taken_effect(), doubtful, "{shown}");
            assert_eq!(progress.may_have_taken_effect(), doubtful, "{shown}");
            let begins = format!("attempt 1 may have taken effect: {words}");
            assert_eq!(shown.contains(&begins), doubtful, "{shown}");
            let earlier = error.uncertain_attempt();
            let found = earlier.map(|attempt| (attempt.number(), attempt.status()));
            assert_eq!(found, doubtful.then_some((1, first)), "{shown}");
        }
    }
}
