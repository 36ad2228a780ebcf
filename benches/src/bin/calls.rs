//! Makes calls of one operation, one after the other, and prints the calls per second.
//!
//! `calls MODE ADDRESS COUNT`, where the mode is one of
//!
//! - `bare`: reqwest and serde, written by hand,
//! - `raw`: the raw layer,
//! - `client`: the client with a token,
//! - `client-aksk`: the client with an access key,
//! - `sign`: only the signature, without sending anything,
//! - `error`: the client with a token, and an error response to each call.

use std::error::Error;
use std::time::{Instant, SystemTime};

use dbss_benches::{ACCESS_KEY, INSTANCE, PROJECT, SCOPES, SECRET_KEY, UNKNOWN_INSTANCE, token};
use dbss_client::types::{AuditScopeStatus, SetAuditScopeRuleSwitchRequest};
use dbss_client::{Client, Credentials, Identity};

type BenchResult = Result<(), Box<dyn Error>>;

fn main() -> BenchResult {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [mode, address, count] = arguments.as_slice() else {
        return Err("usage: calls MODE ADDRESS COUNT".into());
    };
    let count = count.parse()?;
    // One thread, so that the instructions of a call do not depend on which
    // thread wakes up first.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let started = Instant::now();
    runtime.block_on(async {
        match mode.as_str() {
            "bare" => bare(address, count).await,
            "raw" => raw(&client(address, Credentials::token(token()))?, count).await,
            "client" => facade(&client(address, Credentials::token(token()))?, count).await,
            "client-aksk" => {
                let credentials = Credentials::access_key(ACCESS_KEY, SECRET_KEY);
                facade(&client(address, credentials)?, count).await
            }
            "sign" => sign(address, count),
            "error" => error_responses(&client(address, Credentials::token(token()))?, count).await,
            _ => Err(format!("there is no mode `{mode}`").into()),
        }
    })?;
    println!("{:.0}", f64::from(count) / started.elapsed().as_secs_f64());
    Ok(())
}

fn client(address: &str, credentials: Credentials) -> Result<Client, dbss_client::Error> {
    Client::builder().endpoint(address).project_id(PROJECT).credentials(credentials).build()
}

async fn facade(client: &Client, count: u32) -> BenchResult {
    for _ in 0..count {
        client
            .set_audit_scope_rule_switch()
            .instance_id(INSTANCE)
            .ids(SCOPES)
            .status(AuditScopeStatus::Off)
            .await?;
    }
    Ok(())
}

async fn error_responses(client: &Client, count: u32) -> BenchResult {
    for _ in 0..count {
        let call = client
            .set_audit_scope_rule_switch()
            .instance_id(UNKNOWN_INSTANCE)
            .ids(SCOPES)
            .status(AuditScopeStatus::Off);
        let Err(error) = call.await else { return Err("the call was not error_responses".into()) };
        if error.code().is_none() {
            return Err("the refusal has no code".into());
        }
    }
    Ok(())
}

/// Signs one request repeatedly. The previous signature is removed before each, as the
/// client does before each attempt.
fn sign(address: &str, count: u32) -> BenchResult {
    let identity = Identity::access_key(ACCESS_KEY, SECRET_KEY)?;
    let mut request = reqwest::Client::new()
        .post(url(address))
        .header("accept", "application/json")
        .json(&switch())
        .build()?;
    for _ in 0..count {
        identity.authenticate(&mut request, Some(PROJECT), SystemTime::now())?;
    }
    Ok(())
}

async fn raw(client: &Client, count: u32) -> BenchResult {
    for _ in 0..count {
        let ids = SCOPES.into_iter().map(str::parse).collect::<Result<Vec<_>, _>>()?;
        let body = SetAuditScopeRuleSwitchRequest::builder().ids(ids).status(AuditScopeStatus::Off);
        client
            .raw()
            .set_audit_scope_rule_switch()
            .project_id(PROJECT)
            .instance_id(INSTANCE)
            .body(body)
            .send()
            .await?;
    }
    Ok(())
}

#[derive(serde::Serialize)]
struct Switch {
    ids: Vec<String>,
    status: String,
}

#[derive(serde::Deserialize)]
struct Switched {
    status: Option<String>,
}

fn url(address: &str) -> String {
    format!("{address}/v2/{PROJECT}/audit/{INSTANCE}/rule/scopes/switch")
}

fn switch() -> Switch {
    Switch { ids: SCOPES.into_iter().map(str::to_owned).collect(), status: "OFF".to_owned() }
}

async fn bare(address: &str, count: u32) -> BenchResult {
    // The headers that the client sets by default, at no cost per call.
    let client = reqwest::Client::builder()
        .user_agent("dbss-client/0.1.0")
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()?;
    let token = token();
    for _ in 0..count {
        let answer = client
            .post(url(address))
            .header("accept", "application/json")
            .header("x-auth-token", token.as_str())
            .json(&switch())
            .send()
            .await?
            .error_for_status()?;
        let switched: Switched = answer.json().await?;
        if switched.status.as_deref() != Some("SUCCESS") {
            return Err("the switch failed".into());
        }
    }
    Ok(())
}
