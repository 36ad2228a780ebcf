//! The whole job, over a socket: list the instances, disable audit scopes and see them disabled,
//! stop an instance, wait and see it stopped, start it again.
//!
//! Without configuration it starts the emulator. With `DBSS_ENDPOINT` and `DBSS_TOKEN` set (and
//! `DBSS_PROJECT_ID`, `DBSS_INSTANCE_ID`, `DBSS_SCOPE_IDS`, separated by commas) it calls that
//! service instead: beware, it disables the scopes, and stops and starts the instance.

#![allow(deprecated, reason = "StopAuditInstance is one of the two documented operations")]

use std::env;
use std::error::Error;
use std::fmt::Display;
use std::time::Duration;

use dbss_client::types::{AuditInstance, AuditScopeStatus};
use dbss_client::{Client, Credentials, Look, Response, Waited, Waiting};
use dbss_emulator::Emulator;

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
    let Target { instance_id, scope_ids, .. } = &target;
    let client = Client::builder()
        .endpoint(&target.endpoint)
        .credentials(Credentials::token(&target.token))
        .project_id(&target.project_id)
        .build()?;
    println!("service: {}{}", client.endpoint(), if local.is_some() { " (local)" } else { "" });

    step("list the instances", "instance list");
    show_instances(&client).await?;
    step("list the scopes of one", &format!("policy list --instance {instance_id}"));
    show_scopes(&client, instance_id).await?;

    let ids = scope_ids.join(" ");
    step("disable scopes", &format!("policy disable --instance {instance_id} {ids}"));
    let switched = client
        .set_audit_scope_rule_switch()
        .instance_id(instance_id)
        .ids(scope_ids)
        .status(AuditScopeStatus::Off)
        .await?;
    show_response(&switched);
    step("see them disabled", &format!("policy list --instance {instance_id}"));
    show_scopes(&client, instance_id).await?;

    step("stop the instance, and wait", &format!("instance stop {instance_id} --wait"));
    let stop = client.stop_audit_instance().instance_id(instance_id).and_wait();
    show_end(&in_steps(stop, local.is_some()).await?);
    step("see it stopped", "instance list");
    show_instances(&client).await?;

    step("stop it once more: an instance that is stopped cannot be stopped", "");
    match client.stop_audit_instance().instance_id(instance_id).await {
        Ok(response) => show_response(&response),
        Err(error) => println!("  {error}\n  code: {}", error.code().unwrap_or("none")),
    }

    step("start it again, and wait", &format!("instance start {instance_id} --wait"));
    let start = client.start_audit_instance_new().instance_id(instance_id).and_wait();
    show_end(&in_steps(start, local.is_some()).await?);
    step("see it running", "instance list");
    show_instances(&client).await?;
    println!("\nlisted, disabled, stopped and started");
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

/// What comes, and what it is as a command.
fn step(what: &str, command: &str) {
    println!("\n{what}");
    if !command.is_empty() {
        println!("  $ dbss {command}");
    }
}

/// All instances, whatever the number of pages.
async fn show_instances(client: &Client) -> Result<(), dbss_client::Error> {
    let mut instances = client.list_audit_instances_last().items();
    while let Some(instance) = instances.next().await {
        let AuditInstance { id, name, status, task, .. } = instance?;
        println!("  {}  {}  {}  {}", or_none(id), or_none(name), or_none(status), or_none(task));
    }
    Ok(())
}

async fn show_scopes(client: &Client, instance_id: &str) -> Result<(), dbss_client::Error> {
    let mut scopes = client.list_audit_rule_scopes_new().instance_id(instance_id).items();
    while let Some(scope) = scopes.next().await {
        let scope = scope?;
        println!("  {}  {}  {}", or_none(scope.id), or_none(scope.name), or_none(scope.status));
    }
    Ok(())
}

/// The wait, which prints what it sees. The local service takes seconds and no minutes.
fn in_steps(wait: Waiting<AuditInstance>, is_local: bool) -> Waiting<AuditInstance> {
    let wait = wait.on_look(|look: &Look<'_>| {
        let state = look.state().iter().map(|(field, value)| format!("{field} {value}"));
        println!("  {:.1?}  {}", look.elapsed(), state.collect::<Vec<_>>().join(", "));
    });
    if is_local { wait.first_look(Duration::from_millis(700)) } else { wait }
}

fn show_end(waited: &Waited<AuditInstance>) {
    println!("  done after {:.1?}, looks: {}", waited.elapsed(), waited.looks());
}

fn show_response<T>(response: &Response<T>) {
    let body = String::from_utf8_lossy(response.body());
    println!("  response: {} {body}", response.status());
    println!("  request id: {}", response.request_id().unwrap_or("none"));
}

fn or_none(value: Option<impl Display>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}
