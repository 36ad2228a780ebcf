//! Both operations, called by the generated client over a socket.
//!
//! Without configuration it starts the emulator and shows what it holds
//! before and after. With `DBSS_ENDPOINT` and `DBSS_TOKEN` set (and
//! `DBSS_PROJECT_ID`, `DBSS_INSTANCE_ID`, `DBSS_SCOPE_IDS`, separated by commas)
//! it calls that service instead: beware, it disables the scopes and then stops
//! the instance.

#![allow(deprecated, reason = "StopAuditInstance is one of the two documented operations")]

use std::env;
use std::error::Error;
use std::time::Duration;

use dbss_client::contract::{SET_AUDIT_SCOPE_RULE_SWITCH, STOP_AUDIT_INSTANCE};
use dbss_client::descriptor::Operation;
use dbss_client::types::AuditScopeStatus;
use dbss_client::{Client, Credentials, Response};
use dbss_emulator::Emulator;
use serde_json::json;

/// Where to call, as whom, and on what.
struct Target {
    endpoint: String,
    token: String,
    project_id: String,
    instance_id: String,
    scope_ids: Vec<String>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (target, local) = match env::var("DBSS_ENDPOINT") {
        Ok(endpoint) => (configured(endpoint)?, None),
        Err(_) => {
            let emulator = Emulator::start().await?;
            (emulated(&emulator), Some(emulator))
        }
    };
    let client = Client::builder()
        .endpoint(&target.endpoint)
        .credentials(Credentials::token(&target.token))
        .project_id(&target.project_id)
        .build()?;
    println!("service: {}{}", client.endpoint(), if local.is_some() { " (local)" } else { "" });
    show_state(local.as_ref(), &target, "before");

    println!("\ndisable the scopes {}", target.scope_ids.join(", "));
    show_request(&SET_AUDIT_SCOPE_RULE_SWITCH, &json!({"ids": target.scope_ids, "status": "OFF"}));
    let switched = client
        .set_audit_scope_rule_switch()
        .instance_id(&target.instance_id)
        .ids(&target.scope_ids)
        .status(AuditScopeStatus::Off)
        .await?;
    show_response(&switched);

    println!("\nstop the instance {}", target.instance_id);
    show_request(&STOP_AUDIT_INSTANCE, &json!({"instance_id": target.instance_id}));
    let stopped = client.stop_audit_instance().instance_id(&target.instance_id).await?;
    show_response(&stopped);
    show_state(local.as_ref(), &target, "right after");
    if let Some(emulator) = &local {
        // Its clock can be moved on, so nobody has to wait for the shutdown.
        emulator.advance(Duration::from_secs(600));
        show_state(local.as_ref(), &target, "ten minutes later");
    }

    println!("\nstop it once more: an instance that is stopped cannot be stopped");
    match client.stop_audit_instance().instance_id(&target.instance_id).await {
        Ok(response) => show_response(&response),
        Err(error) => {
            println!("  error: {error}");
            println!("  code: {}", error.code().unwrap_or("none"));
        }
    }
    println!("\nboth operations were called");
    Ok(())
}

fn configured(endpoint: String) -> Result<Target, String> {
    let variable =
        |name: &str| env::var(name).map_err(|_| format!("with DBSS_ENDPOINT, set {name} too"));
    Ok(Target {
        endpoint,
        token: variable("DBSS_TOKEN")?,
        project_id: variable("DBSS_PROJECT_ID")?,
        instance_id: variable("DBSS_INSTANCE_ID")?,
        scope_ids: variable("DBSS_SCOPE_IDS")?.split(',').map(|id| id.trim().to_owned()).collect(),
    })
}

fn emulated(emulator: &Emulator) -> Target {
    Target {
        endpoint: emulator.endpoint().to_owned(),
        token: emulator.token().to_owned(),
        project_id: emulator.project_id().to_owned(),
        instance_id: emulator.instance_id().to_owned(),
        scope_ids: emulator.scope_ids().first().map(ToString::to_string).into_iter().collect(),
    }
}

fn show_request(operation: &Operation, body: &serde_json::Value) {
    println!("  request: {} {} {body}", operation.method, operation.path);
}

fn show_response<T>(response: &Response<T>) {
    let body = String::from_utf8_lossy(response.body());
    println!("  answer: {} {body}", response.status());
    println!("  request id: {}", response.request_id().unwrap_or("none"));
}

/// What the emulator holds; a remote one does not tell.
fn show_state(local: Option<&Emulator>, target: &Target, when: &str) {
    let Some(instance) = local.and_then(|emulator| emulator.instance(&target.instance_id)) else {
        return;
    };
    println!("\n{when}: instance {} is {} (task {})", instance.id, instance.status, instance.task);
    for scope in &instance.scopes {
        println!("  scope {} is {}", scope.id, if scope.enabled { "ON" } else { "OFF" });
    }
}
