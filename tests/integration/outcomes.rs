//! Whatever becomes of a call, the caller gets one outcome that says what happened.
//!
//! The rows are in `src/cases.rs` and the modules below it.

use std::error::Error as _;
use std::fmt::{Debug, Write as _};
use std::sync::Arc;

use dbss_client::descriptor::Operation;
use dbss_client::types::AuditScopeStatus;
use dbss_client::{Error, ErrorKind, InputLocation, Outcome, RetryPolicy};
use dbss_tests::calls::{self, CallResult, INSTANCE, LIMIT, TOKEN, builder};
use dbss_tests::cases::{self, Case, Expected, ExpectedText, KeptBody};
use dbss_tests::fake_clock::FakeClock;
use dbss_tests::{kinds, real_time};
use scripted_server::{CannedResponse, ScriptedServer, Step};
use tokio::task::JoinSet;

/// The longest message for users.
const SHOWN: usize = 2000;

/// Collects differences from what is expected.
#[derive(Default)]
struct Findings(String);

impl Findings {
    fn same(&mut self, what: &str, found: impl Debug, wanted: impl Debug) {
        let (found, wanted) = (format!("{found:?}"), format!("{wanted:?}"));
        if found != wanted {
            let _ = writeln!(self.0, "    {what}: {found}, and must be {wanted}");
        }
    }

    fn text(&mut self, what: &str, found: Option<&str>, wanted: ExpectedText) {
        if !wanted.fits(found) {
            let found: Option<String> = found.map(|found| found.chars().take(80).collect());
            let _ = writeln!(self.0, "    {what}: {found:?}, and must be {wanted:?}");
        }
    }

    fn hold(&mut self, what: &str, held: bool) {
        if !held {
            let _ = writeln!(self.0, "    {what}");
        }
    }
}

/// Runs every case for an operation of each kind, with retries and without, and
/// shows all that differ at once.
async fn assert_cases(cases: Vec<Case>) {
    assert!(!cases.is_empty());
    // Together, since some of them take their time.
    let mut runs = JoinSet::new();
    for case in cases {
        runs.spawn(assert_case(Arc::new(case)));
    }
    let mut report = runs.join_all().await;
    report.sort();
    let report = report.concat();
    assert!(report.is_empty(), "\n{report}");
}

async fn assert_case(case: Arc<Case>) -> String {
    let mut runs = JoinSet::new();
    for operation in kinds::representatives() {
        for most in [1, case.attempts()] {
            runs.spawn(assert_run(Arc::clone(&case), operation, most));
        }
    }
    let found: Vec<String> = runs.join_all().await.into_iter().flatten().collect();
    assert!(!found.is_empty(), "{}: no operation has this case", case.name);
    found.concat()
}

/// The differences from what is expected; `None` if the case does not apply to the operation.
async fn assert_run(case: Arc<Case>, operation: &'static Operation, most: u32) -> Option<String> {
    let policy = RetryPolicy::default().max_attempts(most);
    let outcome = case.run(operation, |client| client.retry(policy)).await.unwrap()?;
    let sent = case.sent_body(operation);
    let found = examine(operation, &case.expected(operation), most, sent.as_deref(), &outcome);
    if found.is_empty() {
        return Some(String::new());
    }
    let (name, id, shown) = (&case.name, operation.id, shown(&outcome));
    Some(format!("{name}: {id}, up to {most} attempts\n{found}    {shown}\n"))
}

fn shown(outcome: &CallResult) -> String {
    match &outcome.result {
        Ok(response) => format!("success: {}", response.value()),
        Err(error) => error.to_string().chars().take(300).collect(),
    }
}

fn examine(
    operation: &Operation,
    expected: &Expected,
    most: u32,
    sent: Option<&[u8]>,
    outcome: &CallResult,
) -> String {
    let mut findings = Findings::default();
    let attempts = expected.attempts(operation, most);
    findings.same("attempts", outcome.attempts(), attempts);
    let requests = usize::try_from(attempts).unwrap() * expected.requests;
    findings.same("requests", outcome.requests, requests);
    findings.same("pauses", outcome.pauses.len(), usize::try_from(attempts).unwrap() - 1);
    match &outcome.result {
        Ok(response) => {
            findings.same("kind", None::<ErrorKind>, expected.kind);
            findings.same("status", Some(response.status()), expected.status);
            findings.text("request id", response.request_id(), expected.request_id);
            findings.hold("the body is not the one that was sent", Some(response.body()) == sent);
        }
        Err(error) => {
            findings.same("kind", Some(error.kind()), expected.kind);
            findings.same("operation", error.operation(), Some(operation.id));
            if expected.body != KeptBody::Any {
                findings.same("status", error.status(), expected.status);
            }
            parts(&mut findings, expected, error);
            body(&mut findings, expected.body, sent, error.body());
            words(&mut findings, operation, error);
        }
    }
    findings.0
}

fn parts(findings: &mut Findings, expected: &Expected, error: &Error) {
    findings.text("code", error.code(), expected.code);
    findings.text("message", error.message(), expected.message);
    findings.text("request id", error.request_id(), expected.request_id);
    let details: Vec<_> =
        error.details().iter().map(|d| (d.code.as_deref(), d.message.as_deref())).collect();
    findings.same("details", details, &expected.details);
    findings.same("encoded", error.encoded_authorization_message(), expected.encoded);
    findings.same("may have reached", error.may_have_reached_service(), expected.reached);
    findings.same("retryable", error.is_retryable(), expected.retryable);
    findings.same("throttled", error.is_throttled(), expected.throttled);
    findings.same("auth", error.is_auth(), expected.auth);
    findings.same("problems", error.problems().len(), 0);
}

fn body(findings: &mut Findings, kept: KeptBody, sent: Option<&[u8]>, found: Option<&[u8]>) {
    match kept {
        KeptBody::Whole => findings.hold("the body is not the one that was sent", found == sent),
        KeptBody::Truncated => {
            let sent = sent.unwrap_or_default();
            let fits =
                |found: &[u8]| !found.is_empty() && found.len() <= LIMIT && sent.starts_with(found);
            findings.hold("the body is not the beginning of the one sent", found.is_some_and(fits));
        }
        KeptBody::Nothing => findings.hold("a body from nowhere", found.is_none()),
        KeptBody::Any => {}
    }
}

/// Checks that the message has the essential parts, and no others.
fn words(findings: &mut Findings, operation: &Operation, error: &Error) {
    let shown = error.to_string();
    let status = error.status().map(|status| status.to_string());
    // The message is one line: control characters are escaped.
    let message = error.message().and_then(|message| message.lines().next());
    let message: Option<String> = message.map(|message| message.chars().take(60).collect());
    let essentials = [
        Some(operation.id),
        status.as_deref(),
        error.code(),
        message.as_deref(),
        error.request_id(),
    ];
    for essential in essentials.into_iter().flatten() {
        findings.hold(&format!("`{essential}` is not shown"), shown.contains(essential));
    }
    findings.hold("what is shown is too long", shown.len() <= SHOWN);
    findings.hold("what is shown has control characters", !shown.contains(char::is_control));
    let lost = matches!(
        error.kind(),
        ErrorKind::Connect | ErrorKind::Tls | ErrorKind::Timeout | ErrorKind::Interrupted
    );
    findings.hold("the cause is lost", !lost || error.source().is_some());
    let secret = format!("{shown}{error:?}{error:#?}{:?}", error.source());
    findings.hold("the token is shown", !secret.contains(TOKEN));
}

#[tokio::test]
async fn reports_each_status() {
    assert_cases(cases::statuses()).await;
}

#[tokio::test]
async fn reads_each_format_of_error_body() {
    assert_cases(cases::error_formats()).await;
}

#[tokio::test]
async fn keeps_bodies_of_unknown_format() {
    assert_cases(cases::other_bodies()).await;
}

#[tokio::test]
async fn distinguishes_success_from_failed_outcome() {
    assert_cases(cases::success_statuses()).await;
}

#[tokio::test]
async fn reports_how_a_response_was_lost() {
    assert_cases(cases::connections()).await;
}

#[tokio::test]
async fn reports_timeouts() {
    let _alone = real_time::alone().await;
    assert_cases(cases::timeouts()).await;
}

/// A redirect is not followed, to wherever it leads.
#[tokio::test]
async fn reports_redirects_without_following_them() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere =
            ScriptedServer::always(Step::Respond(CannedResponse::new(200, "{}"))).await.unwrap();
        let location = format!("{}/v1/elsewhere", elsewhere.endpoint());
        let response = CannedResponse::new(status, "")
            .header("Location", location)
            .header("X-Request-Id", "r");
        let server = ScriptedServer::always(Step::Respond(response)).await.unwrap();
        for operation in kinds::representatives() {
            let client = builder(server.endpoint(), &FakeClock::default());
            let outcome = calls::call_once(operation, client).await;
            let error = outcome.result.unwrap_err();
            assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(status)), "{error}");
            assert_eq!(error.request_id(), Some("r"));
        }
        assert_eq!(server.request_count(), kinds::representatives().len());
        assert_eq!(elsewhere.connection_count(), 0);
    }
}

/// A call that accepts failed outcomes gets the whole response.
#[tokio::test]
async fn returns_failed_outcome_when_accepted() {
    let clock = FakeClock::default();
    for value in ["FAILED", "failed", "Failed"] {
        let body = format!(r#"{{"result":"{value}","status":"{value}"}}"#);
        let response = CannedResponse::new(200, body).header("X-Request-Id", "plain-1");
        let server = ScriptedServer::always(Step::Respond(response)).await.unwrap();
        let client = builder(server.endpoint(), &clock).build().unwrap();
        let stop = client.stop_audit_instance().instance_id(INSTANCE);
        let stopped = stop.clone().accept_failed_outcome().await.unwrap();
        assert_eq!(stopped.value().result.as_deref(), Some(value));
        assert_eq!((stopped.status(), stopped.attempts()), (200, 1));
        assert_eq!(stopped.request_id(), Some("plain-1"));
        let switch = client.set_audit_scope_rule_switch().instance_id(INSTANCE).ids(["scope"]);
        let switch = switch.status(AuditScopeStatus::On);
        let switched = switch.clone().accept_failed_outcome().await.unwrap();
        assert_eq!(switched.value().status.as_ref().unwrap().to_string(), value);
        for error in [stop.await.unwrap_err(), switch.await.unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::FailedOutcome);
            assert!(error.to_string().contains(value), "{error}");
        }
    }
}

/// What a success reports is what its value says, and never more.
#[tokio::test]
async fn returns_the_outcome_that_a_response_reports() {
    let clock = FakeClock::default();
    let unlisted = |value: &str| Outcome::Unlisted(value.to_owned());
    let rows = [
        (r#""SUCCESS""#, Outcome::Succeeded),
        (r#""success""#, Outcome::Succeeded),
        (r#""Failed""#, Outcome::Failed),
        (r#""PENDING""#, unlisted("PENDING")),
        (r#""SUCCESSFUL""#, unlisted("SUCCESSFUL")),
        (r#""""#, unlisted("")),
        ("null", Outcome::Missing),
    ];
    let bodies =
        rows.map(|(value, outcome)| (format!(r#"{{"result":{value},"status":{value}}}"#), outcome));
    for (body, outcome) in bodies.into_iter().chain([("{}".to_owned(), Outcome::Missing)]) {
        let response = CannedResponse::new(200, body.clone());
        let server = ScriptedServer::always(Step::Respond(response)).await.unwrap();
        let client = builder(server.endpoint(), &clock).build().unwrap();
        let stop = client.stop_audit_instance().instance_id(INSTANCE).accept_failed_outcome();
        assert_eq!(stop.await.unwrap().outcome(), Some(&outcome), "{body}");
        let switch = client.set_audit_scope_rule_switch().instance_id(INSTANCE).ids(["scope"]);
        let switch = switch.status(AuditScopeStatus::On).accept_failed_outcome();
        assert_eq!(switch.await.unwrap().outcome(), Some(&outcome), "{body}");
    }
}

/// Known codes come with what the service's documents advise.
#[tokio::test]
async fn reports_advice_for_known_codes() {
    let rows = [
        (400, "DBSS.10000001"),
        (400, "DBSS.10020131"),
        (401, "DBSS.10020100"),
        (500, "DBSS.11000000"),
        (401, "APIGW.0301"),
        (403, "APIGW.0302"),
        (401, "APIGW.0307"),
        (429, "APIGW.0308"),
    ];
    for (status, code) in rows {
        let body = format!(r#"{{"error_code":"{code}","error_msg":"m"}}"#);
        let server =
            ScriptedServer::always(Step::Respond(CannedResponse::new(status, body))).await.unwrap();
        for operation in kinds::representatives() {
            let client = builder(server.endpoint(), &FakeClock::default());
            let error = calls::call_once(operation, client).await.result.unwrap_err();
            assert!(error.advice().is_some_and(|advice| !advice.is_empty()), "{code}: {error}");
        }
    }
    let unknown = CannedResponse::new(400, r#"{"error_code":"DBSS.99999999","error_msg":"m"}"#);
    let server = ScriptedServer::always(Step::Respond(unknown)).await.unwrap();
    for operation in kinds::representatives() {
        let client = builder(server.endpoint(), &FakeClock::default());
        assert_eq!(calls::call_once(operation, client).await.result.unwrap_err().advice(), None);
    }
}

/// A row: what is given to the switch, and the fields that must be found wrong.
type Input =
    (&'static str, Option<String>, Option<String>, Vec<String>, Vec<(&'static str, InputLocation)>);

fn inputs() -> Vec<Input> {
    let some = |text: &str| Some(text.to_owned());
    let (fits, id) = (some(calls::PROJECT), || vec!["scope".to_owned()]);
    let project = ("project_id", InputLocation::Path);
    let instance = ("instance_id", InputLocation::Path);
    vec![
        ("31 characters", fits.clone(), Some("x".repeat(31)), id(), vec![instance]),
        ("65 characters", fits.clone(), Some("x".repeat(65)), id(), vec![instance]),
        ("31 of more than a byte", fits.clone(), Some("é".repeat(31)), id(), vec![instance]),
        ("an empty id", some(""), some(INSTANCE), id(), vec![project]),
        ("a way up", some(".."), some(INSTANCE), id(), vec![project]),
        ("a slash", some(&format!("{}/x", calls::PROJECT)), some(INSTANCE), id(), vec![project]),
        ("a line break", fits.clone(), some(&format!("{INSTANCE}\r\n")), id(), vec![instance]),
        ("no scopes", fits.clone(), some(INSTANCE), vec![], vec![("ids", InputLocation::Body)]),
        (
            "an empty scope",
            fits,
            some(INSTANCE),
            vec!["a".to_owned(), String::new()],
            vec![("ids[1]", InputLocation::Body)],
        ),
        (
            "everything at once",
            some("short"),
            None,
            vec![],
            vec![project, instance, ("ids", InputLocation::Body)],
        ),
    ]
}

/// Invalid inputs are reported before anything is sent, all at once.
#[tokio::test]
async fn sends_nothing_when_inputs_are_invalid() {
    let server = ScriptedServer::always(Step::Stall).await.unwrap();
    let client = builder(server.endpoint(), &FakeClock::default()).build().unwrap();
    for (name, project, instance, ids, wanted) in inputs() {
        let mut call = client.set_audit_scope_rule_switch().ids(ids).status(AuditScopeStatus::Off);
        if let Some(project) = project {
            call = call.project_id(project);
        }
        if let Some(instance) = instance {
            call = call.instance_id(instance);
        }
        let error = call.await.unwrap_err();
        let found: Vec<_> = error.problems().iter().map(|p| (p.field(), p.location())).collect();
        assert_eq!(found, wanted, "{name}: {error}");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0), "{name}");
        assert!(!error.may_have_reached_service() && !error.is_retryable(), "{name}");
        assert!(wanted.iter().all(|(field, _)| error.to_string().contains(field)), "{error}");
    }
    assert_eq!(server.connection_count(), 0);
}

#[test]
fn error_is_send_sync_and_static() {
    fn check<T: std::error::Error + Send + Sync + 'static>() {}
    check::<Error>();
}
