//! When a call is tried again, how long it waits before, and when it gives up.
//!
//! Pauses pass on virtual time: see `src/fake_clock.rs`. What depends on whether
//! the operation is idempotent asks its descriptor, so that all of this also holds
//! for a contract that says otherwise (`DBSS_CONTRACT`, built from the contract).

mod iam;
mod identities;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dbss_client::descriptor::Operation;
use dbss_client::{Client, Credentials, Error, ErrorKind, Peer, RetryPolicy, contract};
use dbss_tests::calls::{self, CallResult, INSTANCE, PROJECT, TOKEN, builder};
use dbss_tests::fake_clock::FakeClock;
use dbss_tests::{kinds, real_time, successes};
use scripted_server::{CannedResponse, ClosedPort, ScriptedServer, Step};
use tokio::task::JoinSet;

/// The longest that a call of these tests may take, in real time.
const WAIT_LIMIT: Duration = Duration::from_secs(20);

/// A range of a pause, in milliseconds.
type Pause = (u64, u64);

/// A call, and the attempts that are expected.
struct Row {
    name: &'static str,
    steps: Vec<Step>,
    policy: RetryPolicy,
    /// One range for each pause.
    pauses: Vec<Pause>,
    /// The status of the last response; 0 for a lost connection.
    ends: Option<u16>,
    /// Whether only an idempotent operation is tried again.
    unsure: bool,
}

fn row(name: &'static str, steps: Vec<Step>, pauses: &[Pause], ends: u16) -> Row {
    let (policy, pauses) = (RetryPolicy::default(), pauses.to_vec());
    Row { name, steps, policy, pauses, ends: Some(ends), unsure: false }
}

impl Row {
    fn policy(self, policy: RetryPolicy) -> Self {
        Self { policy, ..self }
    }

    /// A request that may have taken effect.
    fn may_have_taken_effect(self) -> Self {
        Self { unsure: true, ..self }
    }
}

fn status(status: u16) -> Step {
    Step::Respond(CannedResponse::new(status, r#"{"error_code":"C","error_msg":"M"}"#))
}

fn retry_after(code: u16, value: impl Into<Vec<u8>>) -> Step {
    Step::Respond(CannedResponse::new(code, "{}").header("Retry-After", value))
}

fn fine() -> Step {
    Step::Respond(CannedResponse::new(200, "{}"))
}

/// What the contract describes as a success of the operation.
fn success(operation: &Operation) -> Step {
    Step::Respond(successes::response(operation))
}

/// Full jitter: anything from nothing to the longest pause of that turn.
const BACKOFF: [Pause; 3] = [(0, 200), (0, 400), (0, 800)];

fn attempt_rows(operation: &Operation) -> Vec<Row> {
    let (fine, done) = (|| success(operation), successes::status(operation));
    let seven = RetryPolicy::default()
        .max_attempts(7)
        .initial_backoff(Duration::from_secs(1))
        .max_backoff(Duration::from_secs(2));
    let growing = [(0, 1000), (0, 2000), (0, 2000), (0, 2000), (0, 2000), (0, 2000)];
    vec![
        row("a storm of 503", vec![status(503)], &BACKOFF, 503).may_have_taken_effect(),
        row("a storm of 429", vec![status(429)], &BACKOFF, 429),
        row("no retries", vec![status(503)], &[], 503).policy(RetryPolicy::none()),
        row("no retries when throttled", vec![status(429)], &[], 429).policy(RetryPolicy::none()),
        row("a longer policy", vec![status(429)], &growing, 429).policy(seven),
        row("503 once", vec![status(503), fine()], &BACKOFF[..1], done).may_have_taken_effect(),
        row("502 and 504", vec![status(502), status(504), fine()], &BACKOFF[..2], done)
            .may_have_taken_effect(),
        row("408 once", vec![status(408), fine()], &BACKOFF[..1], done).may_have_taken_effect(),
        row("the last try", vec![status(429), status(429), status(429), fine()], &BACKOFF, done),
        row("500", vec![status(500), fine()], &[], 500),
        row("501", vec![status(501), fine()], &[], 501),
        row("400", vec![status(400), fine()], &[], 400),
        row("403", vec![status(403), fine()], &[], 403),
        row("404", vec![status(404), fine()], &[], 404),
        row("409", vec![status(409), fine()], &[], 409),
        row(
            "no success, then no retry",
            vec![status(429), status(400), fine()],
            &BACKOFF[..1],
            400,
        ),
        row("500 with a time to wait", vec![retry_after(500, "1"), fine()], &[], 500),
        row("a refused token", vec![status(401), fine()], &[], 401),
        row("a refused signature", vec![refused_signature(), fine()], &[], 401),
    ]
}

fn refused_signature() -> Step {
    let body = r#"{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: verify aksk signature fail"}"#;
    Step::Respond(CannedResponse::new(401, body).header("Retry-After", "1"))
}

fn lost_response_rows(operation: &Operation) -> Vec<Row> {
    let (fine, done) = (|| success(operation), successes::status(operation));
    let pauses = &BACKOFF[..1];
    let mut rows = vec![
        row("closed unread", vec![Step::CloseUnread, fine()], pauses, done).may_have_taken_effect(),
        row("closed after the request", vec![Step::ReadThenClose, fine()], pauses, done)
            .may_have_taken_effect(),
        row("reset after the request", vec![Step::ReadThenReset, fine()], pauses, done)
            .may_have_taken_effect(),
        row("silence", vec![Step::Stall, fine()], pauses, done).may_have_taken_effect(),
        Row {
            ends: None,
            ..row("always reset", vec![Step::ReadThenReset], &BACKOFF, 0).may_have_taken_effect()
        },
        row(
            "one thing after the other",
            vec![Step::ReadThenReset, status(503), Step::Stall, fine()],
            &BACKOFF,
            done,
        )
        .may_have_taken_effect(),
    ];
    let response = || successes::response(operation);
    rows.push(
        row("half of a head", vec![Step::CutHead(response()), fine()], pauses, done)
            .may_have_taken_effect(),
    );
    // Whether the client has handed its request over before it notices is a matter of time, and
    // with that, whether what is not idempotent is tried again.
    if operation.idempotent {
        let closed = vec![Step::CloseOnAccept, fine()];
        rows.push(row("closed on arrival", closed, pauses, done).may_have_taken_effect());
    }
    // What has no body cannot end within it.
    if successes::example(operation).is_some() {
        let half = vec![Step::CutBody(response()), fine()];
        rows.push(row("half of a body", half, pauses, done).may_have_taken_effect());
        let silence = vec![Step::StallInBody(response()), fine()];
        rows.push(
            row("half of a body, then silence", silence, pauses, done).may_have_taken_effect(),
        );
    }
    rows
}

fn retry_after_rows(operation: &Operation) -> Vec<Row> {
    let (fine, done) = (|| success(operation), successes::status(operation));
    let short = RetryPolicy::default().max_retry_after(Duration::from_secs(1));
    let beside = CannedResponse::new(429, "{}")
        .header("Date", "Thu, 01 Jan 2026 05:00:00 GMT")
        .header("Retry-After", "Thu, 01 Jan 2026 05:00:07 GMT");
    let exactly = |seconds: u64| (seconds * 1000, seconds * 1000);
    vec![
        row("seconds", vec![retry_after(429, "3"), fine()], &[exactly(3)], done),
        row("seconds with 503", vec![retry_after(503, "2"), fine()], &[exactly(2)], done)
            .may_have_taken_effect(),
        row("none to wait", vec![retry_after(429, "0"), fine()], &[], done),
        row(
            "a date",
            vec![retry_after(429, "Thu, 01 Jan 2026 00:00:07 GMT"), fine()],
            &[exactly(7)],
            done,
        ),
        row(
            "a date by the service's clock",
            vec![Step::Respond(beside), fine()],
            &[exactly(7)],
            done,
        ),
        row(
            "a date that has passed",
            vec![retry_after(429, "Wed, 31 Dec 2025 23:59:00 GMT"), fine()],
            &[],
            done,
        ),
        row("more than the cap", vec![retry_after(429, "25"), fine()], &[exactly(20)], done),
        row(
            "a far date",
            vec![retry_after(429, "Fri, 01 Jan 2027 00:00:00 GMT"), fine()],
            &[exactly(20)],
            done,
        ),
        // The second pause would end after the call's thirty seconds.
        row("always more than the cap", vec![retry_after(429, "25")], &[exactly(20)], 429),
        row("another cap", vec![retry_after(429, "25")], &[exactly(1); 3], 429).policy(short),
        row("no word", vec![retry_after(429, "soon"), fine()], &BACKOFF[..1], done),
        row("an empty word", vec![retry_after(429, ""), fine()], &BACKOFF[..1], done),
        row("less than nothing", vec![retry_after(429, "-5"), fine()], &BACKOFF[..1], done),
        row("half a second", vec![retry_after(429, "0.5"), fine()], &[(0, 500)], done),
        row("no text", vec![retry_after(429, b"\xff".to_vec()), fine()], &BACKOFF[..1], done),
        row(
            "more than a number holds",
            vec![retry_after(429, "99999999999999999999999"), fine()],
            &[exactly(20)],
            done,
        ),
        row(
            "the most that a number holds",
            vec![retry_after(429, u64::MAX.to_string()), fine()],
            &[exactly(20)],
            done,
        ),
    ]
}

/// What the service asked for is said, also where it is more than the client waits.
#[tokio::test]
async fn reports_what_retry_after_asked_for() {
    for (value, seconds, words) in [
        ("1", 1, "asks to wait 1 second"),
        ("25", 25, "asks to wait 25 seconds"),
        ("3600", 3600, "asks to wait 60 minutes"),
        ("Thu, 01 Jan 2026 01:00:00 GMT", 3600, "asks to wait 60 minutes"),
        ("99999999999999999999999", u64::MAX, "asks to wait more than a year"),
    ] {
        let server = ScriptedServer::always(retry_after(429, value)).await.unwrap();
        let client = builder(server.endpoint(), &FakeClock::default()).retry(RetryPolicy::none());
        let error = stop(&client.build().unwrap()).await.unwrap_err();
        assert!(error.to_string().contains(words), "{value}: {error}");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(seconds)), "{value}");
    }
    let server = ScriptedServer::always(status(429)).await.unwrap();
    let client = builder(server.endpoint(), &FakeClock::default()).retry(RetryPolicy::none());
    let error = stop(&client.build().unwrap()).await.unwrap_err();
    assert!(!error.to_string().contains("asks to wait"), "{error}");
    assert_eq!(error.retry_after(), None);
}

/// An observer is told of each retry before its pause: of which attempt, and why.
#[tokio::test]
async fn tells_observer_of_each_retry() {
    let steps = [Step::ReadThenClose, retry_after(503, "3"), status(429), status(400)];
    let server = ScriptedServer::sequence(steps).await.unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let (log, clock) = (Arc::clone(&told), FakeClock::default());
    let seen = clock.clone();
    let client = builder(server.endpoint(), &clock).on_retry(move |retry| {
        let failed = retry.failed();
        let line = format!("{}: {}, {failed}", failed.number(), failed.kind());
        assert_eq!(retry.peer(), Peer::Service);
        log.lock().unwrap().push((line, failed.status(), retry.pause(), seen.pauses().len()));
    });
    let error = stop(&client.build().unwrap()).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(400), 4), "{error}");
    let told = std::mem::take(&mut *told.lock().unwrap());
    let pauses: Vec<_> = told.iter().map(|(_, _, pause, _)| *pause).collect();
    assert_eq!(pauses, clock.pauses());
    for (index, (begins, status)) in [
        ("1: interrupted, the connection was lost", None),
        ("2: api, 503 Service Unavailable", Some(503)),
        ("3: api, 429 Too Many Requests: C", Some(429)),
    ]
    .into_iter()
    .enumerate()
    {
        let (line, found, _, before) = &told[index];
        assert!(line.starts_with(begins), "{line}");
        assert_eq!((*found, *before), (status, index), "{line}");
    }
    assert_eq!(told.len(), 3);
}

/// Runs every row for an operation of each kind, and shows all that differ at once.
async fn assert_rows(rows: fn(&Operation) -> Vec<Row>) {
    let mut prepared = Vec::new();
    for operation in kinds::representatives() {
        for row in rows(operation) {
            let server = ScriptedServer::sequence(row.steps.clone()).await.unwrap();
            let clock = FakeClock::default();
            let mut client = builder(server.endpoint(), &clock).retry(row.policy.clone());
            if row.steps.iter().any(|step| matches!(step, Step::Stall | Step::StallInBody(_))) {
                client = client.attempt_timeout(calls::SHORT);
            }
            prepared.push((*operation, row, server, client.build().unwrap(), clock));
        }
    }
    // Together, since some of them take their time; to make a client takes the thread's.
    let mut runs = JoinSet::new();
    for (operation, row, server, client, clock) in prepared {
        runs.spawn(async move {
            let outcome = calls::call_once_with(operation, &client, &clock).await;
            assert_row(operation, &row, server.arrivals(), &outcome)
        });
    }
    let mut report: Vec<String> = runs.join_all().await.into_iter().flatten().collect();
    report.sort();
    assert!(report.is_empty(), "\n{}", report.join("\n"));
}

/// The differences from the row.
fn assert_row(
    operation: &Operation,
    row: &Row,
    requests: usize,
    outcome: &CallResult,
) -> Option<String> {
    // What is not retried ends as it begins.
    let tried = !row.unsure || operation.idempotent;
    let wanted = if tried { row.pauses.as_slice() } else { &[] };
    let found = match &outcome.result {
        Ok(response) => Some(response.status()),
        Err(error) => error.status(),
    };
    let fits = outcome.pauses.len() == wanted.len()
        && outcome.pauses.iter().zip(wanted).all(|(pause, (least, most))| {
            (Duration::from_millis(*least)..=Duration::from_millis(*most)).contains(pause)
        });
    // Without a pause there may still be another attempt, at once.
    let attempts = usize::try_from(outcome.attempts()).unwrap();
    (!fits || attempts != requests || (tried && found != row.ends)).then(|| {
        format!(
            "{} of {}: {requests} requests in {attempts} attempts, pauses {:?} and not {wanted:?}, ends with {found:?} and not {:?}",
            row.name, operation.id, outcome.pauses, row.ends
        )
    })
}

#[tokio::test]
async fn counts_attempts() {
    assert_rows(attempt_rows).await;
}

#[tokio::test]
async fn retries_possible_effects_of_idempotent_operations_only() {
    let _alone = real_time::alone().await;
    assert_rows(lost_response_rows).await;
}

#[tokio::test]
async fn follows_retry_after() {
    assert_rows(retry_after_rows).await;
}

#[tokio::test]
async fn retries_failed_connections() {
    for operation in kinds::representatives() {
        let closed = ClosedPort::reserve().unwrap();
        let client = builder(closed.endpoint().unwrap(), &FakeClock::default());
        let outcome = calls::call_once(operation, client).await;
        let error = outcome.result.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 4), "{error}");
        assert!(!error.may_have_reached_service(), "{error}");
        assert_eq!(outcome.pauses.len(), 3);
    }
}

/// Clients that failed at the same time must not retry at the same time.
#[tokio::test]
async fn varies_backoff() {
    let server = ScriptedServer::always(status(429)).await.unwrap();
    let operation = contract::API.operations[0];
    let mut pauses = BTreeSet::new();
    for _ in 0..48 {
        let client = builder(server.endpoint(), &FakeClock::default());
        let outcome = calls::call_once(operation, client).await;
        pauses.insert(outcome.pauses[0]);
    }
    let half = Duration::from_millis(100);
    assert!(pauses.len() > 40, "{pauses:?}");
    assert!(pauses.first().is_some_and(|least| *least < half), "{pauses:?}");
    assert!(pauses.last().is_some_and(|most| *most > half), "{pauses:?}");
}

/// No attempt is made that does not fit into the timeout of the call.
#[tokio::test]
async fn ends_within_timeout() {
    let server = ScriptedServer::always(status(429)).await.unwrap();
    let patient = RetryPolicy::default().max_attempts(90).initial_backoff(Duration::from_secs(5));
    for (limit, most) in [(None, 30), (Some(10), 10), (Some(90), 90)] {
        let clock = FakeClock::default();
        let client = builder(server.endpoint(), &clock).retry(patient.clone()).build().unwrap();
        let mut call = client.stop_audit_instance().instance_id(INSTANCE);
        if let Some(seconds) = limit {
            call = call.timeout(Duration::from_secs(seconds));
        }
        let error = call.await.unwrap_err();
        // The last response is reported, not the timeout.
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(429)), "{error}");
        assert!(error.attempts() > 1, "{error}");
        let passed: Duration = clock.pauses().iter().sum();
        assert!(passed <= Duration::from_secs(most), "{passed:?} of {most} s");
    }
}

/// The same on real time, where the attempts themselves take it.
#[tokio::test]
async fn ends_within_timeout_when_service_does_not_respond() {
    let _alone = real_time::alone().await;
    for step in [Step::Stall, Step::Drip(CannedResponse::new(200, "x".repeat(1 << 16)))] {
        let server = ScriptedServer::always(step).await.unwrap();
        let client = Client::builder()
            .endpoint(server.endpoint())
            .credentials(Credentials::token(TOKEN))
            .project_id(PROJECT)
            .timeout(Duration::from_millis(300))
            .build()
            .unwrap();
        let began = Instant::now();
        let call = client.stop_audit_instance().instance_id(INSTANCE);
        let error = tokio::time::timeout(WAIT_LIMIT, call.send()).await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        assert!(error.may_have_reached_service(), "{error}");
        assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    }
}

/// The policy of a call overrides the client's, in both directions.
#[tokio::test]
async fn overrides_retry_policy_per_call() {
    let server = ScriptedServer::always(status(429)).await.unwrap();
    let (often, once) = (RetryPolicy::default(), RetryPolicy::none());
    for (client, call, attempts) in [(&often, &once, 1), (&once, &often, 4)] {
        let client = builder(server.endpoint(), &FakeClock::default()).retry(client.clone());
        let call = client.build().unwrap().stop_audit_instance().retry(call.clone());
        assert_eq!(call.instance_id(INSTANCE).await.unwrap_err().attempts(), attempts);
    }
    let server = ScriptedServer::always(Step::Stall).await.unwrap();
    let client = builder(server.endpoint(), &FakeClock::default()).retry(once);
    let client = client.attempt_timeout(Duration::from_secs(60)).build().unwrap();
    let call = client.stop_audit_instance().attempt_timeout(Duration::from_millis(100));
    let error = tokio::time::timeout(WAIT_LIMIT, call.instance_id(INSTANCE).send()).await.unwrap();
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Timeout);
}

async fn stop(client: &Client) -> Result<u32, Error> {
    let done = client.stop_audit_instance().instance_id(INSTANCE).await?;
    Ok(done.attempts())
}

/// The retry budget limits the load on a service in trouble.
#[tokio::test]
async fn stops_retrying_when_retry_budget_is_exhausted() {
    const CALLS: usize = 600;
    let server = ScriptedServer::always(status(429)).await.unwrap();
    let client = builder(server.endpoint(), &FakeClock::default())
        .timeout(Duration::from_secs(1 << 20))
        .build()
        .unwrap();
    let mut calls = JoinSet::new();
    for _ in 0..CALLS {
        let client = client.clone();
        calls.spawn(async move { stop(&client).await });
    }
    let outcomes = calls.join_all().await;
    for outcome in outcomes {
        let error = outcome.unwrap_err();
        assert_eq!(error.status(), Some(429), "{error:?}");
    }
    let requests = server.request_count();
    assert!((CALLS + 1..CALLS * 3 / 2).contains(&requests), "{requests} requests");
    // By now there is nothing left to spend, for any clone.
    assert_eq!(stop(&client.clone()).await.unwrap_err().attempts(), 1);
    // Another client has its own.
    let other = builder(server.endpoint(), &FakeClock::default()).build().unwrap();
    assert_eq!(stop(&other).await.unwrap_err().attempts(), 4);
}

/// Successes refill the retry budget.
#[tokio::test]
async fn refills_retry_budget_by_successes() {
    let mut steps = vec![status(429); 200];
    steps.extend(vec![fine(); 200]);
    steps.push(status(429));
    let server = ScriptedServer::sequence(steps).await.unwrap();
    let client = builder(server.endpoint(), &FakeClock::default())
        .timeout(Duration::from_secs(1 << 20))
        .build()
        .unwrap();
    while server.request_count() < 200 {
        stop(&client).await.unwrap_err();
    }
    for _ in 0..200 {
        stop(&client).await.unwrap();
    }
    assert_eq!(stop(&client).await.unwrap_err().attempts(), 4);
}

/// A dropped call sends nothing more.
#[tokio::test]
async fn stops_attempt_when_call_is_dropped() {
    let server = ScriptedServer::sequence([Step::Stall, fine()]).await.unwrap();
    let client = builder(server.endpoint(), &FakeClock::default())
        .attempt_timeout(WAIT_LIMIT)
        .build()
        .unwrap();
    let (copy, call) = (client.clone(), tokio::spawn);
    let call = call(async move { stop(&copy).await });
    assert!(server.wait_for_requests(1).await);
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    // The connection goes with it, and the client is as good as before.
    assert!(server.wait_for_abandoned(1).await);
    assert_eq!(stop(&client).await.unwrap(), 1);
    assert_eq!(server.arrivals(), 2);
}

#[tokio::test]
async fn sends_nothing_after_call_is_dropped_during_backoff() {
    let server = ScriptedServer::sequence([status(429), fine()]).await.unwrap();
    let clock = FakeClock::standing_still();
    let client = builder(server.endpoint(), &clock).build().unwrap();
    let copy = client.clone();
    let call = tokio::spawn(async move { stop(&copy).await });
    tokio::time::timeout(WAIT_LIMIT, clock.paused(1)).await.unwrap();
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    assert_eq!(stop(&client).await.unwrap(), 1);
    assert_eq!(server.arrivals(), 2);
    assert_eq!(clock.pauses().len(), 1);
}

/// A call that is not awaited is not sent.
#[tokio::test]
async fn sends_nothing_unless_awaited() {
    let server = ScriptedServer::always(fine()).await.unwrap();
    let client = builder(server.endpoint(), &FakeClock::default()).build().unwrap();
    drop(client.stop_audit_instance().instance_id(INSTANCE).send());
    assert_eq!(stop(&client).await.unwrap(), 1);
    assert_eq!(server.arrivals(), 1);
}

#[test]
fn rejects_policy_without_attempts() {
    let client = builder("http://127.0.0.1:1", &FakeClock::default());
    let error = client.retry(RetryPolicy::default().max_attempts(0)).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.problems()[0].field(), "retry");
}
