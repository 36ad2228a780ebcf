//! Thousands of calls at once, by one client, through a server that fails by a fixed
//! pattern: none is lost, none gets the response of another.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use dbss_client::{Client, Credentials, Error, ErrorKind, Response, RetryPolicy, types};
use dbss_tests::calls::{PROJECT, TOKEN};
use dbss_tests::{real_time, slow};
use scripted_server::{CannedResponse, Request, ScriptedServer, Step};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Idle connections that the client keeps.
const IDLE: usize = 64;

/// A guard against hanging, not a measure.
const LIMIT: Duration = Duration::from_secs(60);

type Stopped = Result<Response<types::StopAuditInstanceResponse>, Error>;

/// What the server did for each instance, in order.
type Ledger = Arc<Mutex<HashMap<String, Vec<u16>>>>;

/// The same text gives the same number everywhere (FNV-1a, mixed).
fn number(text: &str) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd) >> 16
}

/// What the server does with an attempt of a call, and what it notes of it: a
/// status, or 0 for a response that does not arrive.
fn flap(id: &str, attempt: usize) -> (u16, Step) {
    let response = |status: u16, body: &str| {
        CannedResponse::new(status, body)
            .header("X-Request-Id", format!("{id}/{attempt}"))
            .keep_alive()
    };
    let done = r#"{"result":"success"}"#;
    match number(&format!("{id}/{attempt}")) % 100 {
        0..8 => (503, Step::Respond(response(503, "{}"))),
        8..14 => (0, Step::ReadThenReset),
        14..17 => (0, Step::CutBody(response(200, done))),
        17..20 => (0, Step::ReadThenClose),
        20..22 => (500, Step::Respond(response(500, "<html>"))),
        22..24 => (429, Step::Respond(response(429, "{}"))),
        24..26 => (201, Step::Respond(response(200, r#"{"result":"failed"}"#))),
        _ => (200, Step::Respond(response(200, done))),
    }
}

fn instance(request: &Request) -> String {
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap_or_default();
    body["instance_id"].as_str().unwrap_or_default().to_owned()
}

async fn server(ledger: &Ledger) -> ScriptedServer {
    let ledger = Arc::clone(ledger);
    ScriptedServer::with_script(move |request| {
        let id = instance(request);
        let mut ledger = ledger.lock().unwrap_or_else(PoisonError::into_inner);
        let attempts = ledger.entry(id.clone()).or_default();
        let (noted, step) = flap(&id, attempts.len() + 1);
        attempts.push(noted);
        step
    })
    .await
    .unwrap()
}

fn client(endpoint: &str) -> Client {
    // The HTTP client may have been built to want a provider of the process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().pool_max_idle_per_host(IDLE).no_proxy().build().unwrap();
    let policy = RetryPolicy::default()
        .initial_backoff(Duration::from_millis(1))
        .max_backoff(Duration::from_millis(4));
    Client::builder()
        .endpoint(endpoint)
        .credentials(Credentials::token(TOKEN))
        .project_id(PROJECT)
        .http_client(http)
        .retry(policy)
        .timeout(LIMIT)
        .attempt_timeout(LIMIT)
        .build()
        .unwrap()
}

/// How many calls may hold a socket at a time: each takes two of the process's
/// files, since the server is in it too.
fn sockets() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().nth(3)?.parse().ok());
    (soft.unwrap_or(256_usize).saturating_sub(128) / 3).clamp(16, 1000)
}

fn id(index: usize) -> String {
    format!("instance-{index:023}")
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_the_right_result_of_each_concurrent_call() {
    let _alone = real_time::alone().await;
    let calls_made = slow::rounds("no_call_is_lost", 10_000, 1_000);
    let ledger = Ledger::default();
    let server = server(&ledger).await;
    let client = client(&server.endpoint());
    let sockets = Arc::new(Semaphore::new(sockets()));
    let began = Instant::now();
    let mut calls = JoinSet::new();
    for index in 0..calls_made {
        let (client, sockets) = (client.clone(), Arc::clone(&sockets));
        calls.spawn(async move {
            let _socket = sockets.acquire_owned().await;
            let stopped = client.stop_audit_instance().instance_id(id(index)).await;
            (id(index), stopped)
        });
    }
    let outcomes = tokio::time::timeout(LIMIT, calls.join_all()).await.unwrap();
    assert!(began.elapsed() < LIMIT, "{:?}", began.elapsed());

    // A panic in a task would have shown; so each call has exactly one outcome.
    let outcomes: HashMap<String, Stopped> = outcomes.into_iter().collect();
    assert_eq!(outcomes.len(), calls_made);
    let ledger = std::mem::take(&mut *ledger.lock().unwrap());
    let mut count = BTreeMap::new();
    for (id, outcome) in &outcomes {
        let seen = ledger.get(id).map(Vec::as_slice).unwrap_or_default();
        *count.entry(examine(id, outcome, seen)).or_insert(0_usize) += 1;
    }
    assert_eq!(count.values().sum::<usize>(), calls_made);
    // The pattern is such that nearly all succeed, and some of every other end.
    assert!(count["success"] > calls_made * 3 / 4, "{count:?}");
    assert!(count["failed_outcome"] > 0 && count["500"] > 0, "{count:?}");
    assert_eq!(server.request_count(), ledger.values().map(Vec::len).sum::<usize>());
}

/// Whether what the caller was told is what the server did; and what it was.
fn examine(id: &str, outcome: &Stopped, seen: &[u16]) -> &'static str {
    let (attempts, request_id) = match outcome {
        Ok(response) => (response.attempts(), response.request_id()),
        Err(error) => (error.attempts(), error.request_id()),
    };
    // An attempt may fail before the server reads anything.
    assert!(attempts >= 1 && usize::try_from(attempts).unwrap() >= seen.len(), "{id}: {seen:?}");
    if let Some(request_id) = request_id {
        // The response is that to the last request of this call.
        assert_eq!(request_id, format!("{id}/{}", seen.len()));
    }
    let last = seen.last().copied();
    match outcome {
        Ok(response) => {
            assert_eq!(response.value().result.as_deref(), Some("success"));
            assert_eq!(last, Some(200), "{id}: {seen:?}");
            "success"
        }
        Err(error) => match (error.kind(), error.status()) {
            (ErrorKind::FailedOutcome, Some(200)) => {
                assert_eq!(last, Some(201), "{id}: {seen:?}");
                "failed_outcome"
            }
            (ErrorKind::Api, Some(500)) => {
                assert_eq!(last, Some(500), "{id}: {seen:?}");
                "500"
            }
            (ErrorKind::Api, Some(status)) => {
                assert_eq!(last, Some(status), "{id}: {seen:?}");
                assert!(status == 503 || status == 429, "{id}: {error}");
                "other status"
            }
            (ErrorKind::Interrupted, None) => "interrupted",
            (ErrorKind::Connect, None) => "connect",
            _ => unreachable!("{id}: {error}"),
        },
    }
}
