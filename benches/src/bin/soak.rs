//! Keeps calling an emulator that misbehaves at random, and accounts for every
//! call: what became of it, in how many attempts, and whether that can be.
//!
//! `benches/soak.sh` starts the emulator, with a state made for this, and
//! watches its memory. Usage: `soak SECONDS CALLERS`, with `DBSS_ENDPOINT`,
//! `DBSS_PROJECT_ID`, `DBSS_TOKEN` and `DBSS_INSTANCE_ID` set. Caller N owns the
//! scope `soak-scope-N` of that instance, and an instance of its own to stop.
//!
//! Exit code 1 if a call was lost, ended in a way that no fault explains, or was
//! told a success that did not happen.

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

/// Well beyond the client's own limit: a call that has not ended by then is lost.
const LOST: Duration = Duration::from_secs(90);

/// Statuses that the emulator's random faults answer with.
const FAULTY: [u16; 4] = [429, 500, 502, 503];

/// What became of the calls of one caller.
#[derive(Default)]
struct Account {
    started: u64,
    outcomes: BTreeMap<String, u64>,
    attempts: u64,
    slowest: Duration,
    /// What no fault explains.
    wrong: Vec<String>,
    /// Whether the caller's scope is on, as far as the answers tell.
    scope: Option<bool>,
}

impl Account {
    fn note(&mut self, outcome: String, attempts: u32) {
        *self.outcomes.entry(outcome).or_default() += 1;
        self.attempts += u64::from(attempts);
    }

    /// Books the end of a call. Gives the answer back if it was a success.
    fn book<T>(
        &mut self,
        name: &str,
        result: Result<Result<Response<T>, dbss_client::Error>, tokio::time::error::Elapsed>,
        refusal: Option<&str>,
    ) -> Option<Response<T>> {
        match result {
            Ok(Ok(answer)) => {
                self.note(format!("{name} done"), answer.attempts());
                return Some(answer);
            }
            Ok(Err(error)) => {
                let kind = error.kind();
                let known = match kind {
                    ErrorKind::FailedOutcome | ErrorKind::Interrupted => true,
                    ErrorKind::Api => {
                        error.status().is_some_and(|status| FAULTY.contains(&status))
                            || (refusal.is_some() && error.code() == refusal)
                            // Of a refusal that breaks off, the status is left.
                            || (refusal.is_some() && error.is_body_truncated())
                    }
                    _ => false,
                };
                if !known {
                    self.wrong.push(format!("{name}: {error}"));
                }
                let status = error.status().map(|status| format!(" {status}")).unwrap_or_default();
                self.note(format!("{name} {kind}{status}"), error.attempts());
            }
            Err(_) => {
                self.wrong.push(format!("{name}: no outcome within {LOST:?}"));
                self.note(format!("{name} lost"), 0);
            }
        }
        None
    }

    fn add(&mut self, other: Self) {
        self.started += other.started;
        for (outcome, count) in other.outcomes {
            *self.outcomes.entry(outcome).or_default() += count;
        }
        self.attempts += other.attempts;
        self.slowest = self.slowest.max(other.slowest);
        self.wrong.extend(other.wrong);
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
    let mut total = Account::default();
    let mut scopes = BTreeMap::new();
    while let Some(ended) = running.join_next().await {
        let (number, account) = ended?;
        scopes.insert(format!("soak-scope-{number}"), account.scope);
        total.add(account);
    }
    let compared = compare(&endpoint, &instance, &scopes, &mut total.wrong).await?;
    Ok(report(&total, compared))
}

/// Calls until the end: nine switches of its scope, then a stop of its instance.
async fn caller(client: &Client, instance: &str, number: u64, end: Instant) -> Account {
    let scope = format!("soak-scope-{number}");
    let own_instance = format!("soak-instance-{number:0>32}");
    let mut account = Account { scope: Some(false), ..Account::default() };
    let mut wanted = true;
    while Instant::now() < end {
        let began = Instant::now();
        account.started += 1;
        if account.started.is_multiple_of(10) {
            let call = client.stop_audit_instance().instance_id(&own_instance);
            let result = tokio::time::timeout(LOST, call.send()).await;
            // One that is stopped already cannot be stopped.
            account.book("stop", result, Some("DBSS.10020131"));
        } else {
            let status = if wanted { AuditScopeStatus::On } else { AuditScopeStatus::Off };
            let call = client.set_audit_scope_rule_switch().instance_id(instance);
            let call = call.ids([&scope]).status(status);
            let result = tokio::time::timeout(LOST, call.send()).await;
            let done = account.book("switch", result, None);
            // After anything else, the effect may be there or not.
            account.scope = done.map(|answer| {
                if answer.value().status != Some(AuditScopeSwitchResult::Success) {
                    account
                        .wrong
                        .push(format!("switch: a success that says {:?}", answer.value().status));
                }
                wanted
            });
            wanted = !wanted;
        }
        account.slowest = account.slowest.max(began.elapsed());
    }
    account
}

/// Whether the emulator's scopes are as the last answers had it; returns how many
/// could be compared.
async fn compare(
    endpoint: &str,
    instance: &str,
    scopes: &BTreeMap<String, Option<bool>>,
    wrong: &mut Vec<String>,
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
                wrong.push(format!("{name} is not as its last answer said"));
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
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or("the emulator did not answer")?;
    Ok(serde_json::from_str(body)?)
}

fn report(total: &Account, compared: usize) -> ExitCode {
    let ended: u64 = total.outcomes.values().sum();
    for (outcome, count) in &total.outcomes {
        println!("{count:>10}  {outcome}");
    }
    println!("calls={} ended={ended} attempts={}", total.started, total.attempts);
    println!("slowest_call_ms={} scopes_compared={compared}", total.slowest.as_millis());
    for wrong in total.wrong.iter().take(20) {
        println!("WRONG {wrong}");
    }
    println!("wrong={}", total.wrong.len());
    if ended == total.started && total.wrong.is_empty() && compared > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
