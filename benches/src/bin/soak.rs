//! Keeps calling an emulator that injects faults at random, and checks every call: its result, its
//! number of attempts, and whether a fault or a rule explains them.
//!
//! `benches/soak.sh` starts the emulator, with a state made for this, and
//! watches its memory. Usage: `soak SECONDS CALLERS`, with `DBSS_ENDPOINT`,
//! `DBSS_PROJECT_ID`, `DBSS_TOKEN` and `DBSS_INSTANCE_ID` set. Caller N owns the
//! scope `soak-scope-N` of that instance, and an instance of its own to stop.
//!
//! Exit code 1 if a call was lost, ended in a way that no fault explains, or returned a
//! success without the effect.

#![allow(deprecated, reason = "StopAuditInstance is one of the two documented operations")]

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use dbss_client::types::{AuditScopeStatus, AuditScopeSwitchResult};
use dbss_client::{Client, Credentials, ErrorKind, Response, RetryPolicy};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Well beyond the client's own time limit: a call that has not ended by then is lost.
const LOST_AFTER: Duration = Duration::from_secs(90);

/// Statuses of the responses that the emulator's random faults cause.
const FAULT_STATUSES: [u16; 4] = [429, 500, 502, 503];

/// The results of the calls of one caller.
#[derive(Default)]
struct Results {
    started: u64,
    counts: BTreeMap<String, u64>,
    attempts: u64,
    slowest: Duration,
    /// Results that no fault explains.
    unexplained: Vec<String>,
    /// Whether the caller's scope is on, if the responses tell.
    scope: Option<bool>,
}

impl Results {
    fn count(&mut self, result: String, attempts: u32) {
        *self.counts.entry(result).or_default() += 1;
        self.attempts += u64::from(attempts);
    }

    /// Records the end of a call. Returns the response if it was a success.
    fn record<T>(
        &mut self,
        name: &str,
        result: Result<Result<Response<T>, dbss_client::Error>, tokio::time::error::Elapsed>,
        expected_code: Option<&str>,
    ) -> Option<Response<T>> {
        match result {
            Ok(Ok(response)) => {
                self.count(format!("{name} done"), response.attempts());
                return Some(response);
            }
            Ok(Err(error)) => {
                let kind = error.kind();
                let known = match kind {
                    ErrorKind::FailedOutcome | ErrorKind::Interrupted => true,
                    ErrorKind::Api => {
                        error.status().is_some_and(|status| FAULT_STATUSES.contains(&status))
                            || (expected_code.is_some() && error.code() == expected_code)
                            // Only the status is known of a truncated error response.
                            || (expected_code.is_some() && error.is_body_truncated())
                    }
                    _ => false,
                };
                if !known {
                    self.unexplained.push(format!("{name}: {error}"));
                }
                let status = error.status().map(|status| format!(" {status}")).unwrap_or_default();
                self.count(format!("{name} {kind}{status}"), error.attempts());
            }
            Err(_) => {
                self.unexplained.push(format!("{name}: no result within {LOST_AFTER:?}"));
                self.count(format!("{name} lost"), 0);
            }
        }
        None
    }

    fn add(&mut self, other: Self) {
        self.started += other.started;
        for (result, count) in other.counts {
            *self.counts.entry(result).or_default() += count;
        }
        self.attempts += other.attempts;
        self.slowest = self.slowest.max(other.slowest);
        self.unexplained.extend(other.unexplained);
    }
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<u64> =
        env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
    let [seconds, callers] = arguments.as_slice() else {
        return Err("usage: soak SECONDS CALLERS".into());
    };
    let variable = |name: &str| env::var(name).map_err(|_| format!("set {name}"));
    let endpoint = variable("DBSS_ENDPOINT")?;
    let instance = variable("DBSS_INSTANCE_ID")?;
    let client = Client::builder()
        .endpoint(&endpoint)
        .credentials(Credentials::token(variable("DBSS_TOKEN")?))
        .project_id(variable("DBSS_PROJECT_ID")?)
        // Short pauses, for many calls.
        .retry(RetryPolicy::default().initial_backoff(Duration::from_millis(50)))
        .build()?;
    let end = Instant::now() + Duration::from_secs(*seconds);
    let mut running = JoinSet::new();
    for number in 0..*callers {
        let (client, instance) = (client.clone(), instance.clone());
        running.spawn(async move { (number, caller(&client, &instance, number, end).await) });
    }
    let mut total = Results::default();
    let mut scopes = BTreeMap::new();
    while let Some(ended) = running.join_next().await {
        let (number, results) = ended?;
        scopes.insert(format!("soak-scope-{number}"), results.scope);
        total.add(results);
    }
    let compared = compare(&endpoint, &instance, &scopes, &mut total.unexplained).await?;
    Ok(report(&total, compared))
}

/// Makes calls until the end: nine switches of its scope, then a stop of its instance.
async fn caller(client: &Client, instance: &str, number: u64, end: Instant) -> Results {
    let scope = format!("soak-scope-{number}");
    let own_instance = format!("soak-instance-{number:0>32}");
    let mut results = Results { scope: Some(false), ..Results::default() };
    let mut target = true;
    while Instant::now() < end {
        let began = Instant::now();
        results.started += 1;
        if results.started.is_multiple_of(10) {
            let call = client.stop_audit_instance().instance_id(&own_instance);
            let result = tokio::time::timeout(LOST_AFTER, call.send()).await;
            // An instance that is already stopped cannot be stopped.
            results.record("stop", result, Some("DBSS.10020131"));
        } else {
            let status = if target { AuditScopeStatus::On } else { AuditScopeStatus::Off };
            let call = client.set_audit_scope_rule_switch().instance_id(instance);
            let call = call.ids([&scope]).status(status);
            let result = tokio::time::timeout(LOST_AFTER, call.send()).await;
            let done = results.record("switch", result, None);
            // After any other result, the call may or may not have taken effect.
            results.scope = done.map(|response| {
                if response.value().status != Some(AuditScopeSwitchResult::Success) {
                    results.unexplained.push(format!(
                        "switch: a success with the status {:?}",
                        response.value().status
                    ));
                }
                target
            });
            target = !target;
        }
        results.slowest = results.slowest.max(began.elapsed());
    }
    results
}

/// Compares the emulator's scopes with the last success responses. Returns how many scopes
/// could be compared.
async fn compare(
    endpoint: &str,
    instance: &str,
    scopes: &BTreeMap<String, Option<bool>>,
    unexplained: &mut Vec<String>,
) -> Result<usize, Box<dyn Error>> {
    let state = state(endpoint).await?;
    let list = |value: &Value, name: &str| {
        value.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let id = |value: &Value| value.get("id").and_then(Value::as_str).map(str::to_owned);
    let mut compared = 0;
    for each in list(&state, "instances") {
        if id(&each).as_deref() != Some(instance) {
            continue;
        }
        for scope in list(&each, "scopes") {
            let name = id(&scope).unwrap_or_default();
            let Some(Some(expected)) = scopes.get(&name) else { continue };
            compared += 1;
            if scope.get("enabled").and_then(Value::as_bool) != Some(*expected) {
                unexplained.push(format!("{name} differs from the last success response"));
            }
        }
    }
    Ok(compared)
}

/// The state of the emulator, from its admin path.
async fn state(endpoint: &str) -> Result<Value, Box<dyn Error>> {
    let address = endpoint.strip_prefix("http://").ok_or("the emulator speaks plain HTTP")?;
    let request =
        format!("GET /_emulator/state HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut response = String::new();
    stream.read_to_string(&mut response).await?;
    let (_, body) = response.split_once("\r\n\r\n").ok_or("the emulator sent no response")?;
    Ok(serde_json::from_str(body)?)
}

fn report(total: &Results, compared: usize) -> ExitCode {
    let ended: u64 = total.counts.values().sum();
    for (result, count) in &total.counts {
        println!("{count:>10}  {result}");
    }
    println!("calls={} ended={ended} attempts={}", total.started, total.attempts);
    println!("slowest_call_ms={} scopes_compared={compared}", total.slowest.as_millis());
    for unexplained in total.unexplained.iter().take(20) {
        println!("UNEXPLAINED {unexplained}");
    }
    println!("unexplained={}", total.unexplained.len());
    if ended == total.started && total.unexplained.is_empty() && compared > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
