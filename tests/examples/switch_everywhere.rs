//! Disables the audit scope rule of one name on every running instance.
//!
//! Runs against the emulator. `DBSS_TOKEN` is the token for a real one; see `support/mod.rs` for
//! the other variables. The argument is the name of the rule; the emulator is
//! asked for `RULE` without one.

mod support;

use std::error::Error;

use dbss_client::types::{AuditInstanceStatus, AuditScopeStatus};
use dbss_client::{Client, Credentials};
use dbss_emulator::Emulator;
use support::Service;

/// The name of the rule that the emulator has.
const RULE: &str = "administrators";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::find_project().await?;
    let local = || service.local.is_some().then(|| RULE.to_owned());
    let rule = std::env::args().nth(1).or_else(local).ok_or("give it as the argument")?;
    let client = service
        .client()
        .credentials(Credentials::token(service.secret("DBSS_TOKEN", Emulator::token)?))
        .project_id(service.secret("DBSS_PROJECT_ID", Emulator::project_id)?)
        .build()?;

    let mut instances = client.list_audit_instances_last().items();
    while let Some(instance) = instances.next().await {
        let instance = instance?;
        // Rules are managed on running instances only.
        let is_running = instance.status == Some(AuditInstanceStatus::Active);
        if let Some(id) = instance.id.filter(|_| is_running) {
            disable(&client, &id.to_string(), &rule).await?;
        }
    }
    Ok(())
}

/// Disables the enabled rules of that name on an instance.
async fn disable(client: &Client, instance: &str, rule: &str) -> Result<(), dbss_client::Error> {
    let mut ids = Vec::new();
    let mut scopes = client.list_audit_rule_scopes_new().instance_id(instance).items();
    while let Some(scope) = scopes.next().await {
        let scope = scope?;
        let is_meant = scope.name.as_deref() == Some(rule);
        if is_meant && scope.status == Some(AuditScopeStatus::On) {
            ids.extend(scope.id.map(|id| id.to_string()));
        }
    }
    if ids.is_empty() {
        println!("{instance}: nothing to disable");
        return Ok(());
    }
    let count = ids.len();
    let switch = client.set_audit_scope_rule_switch().instance_id(instance).ids(ids);
    switch.status(AuditScopeStatus::Off).await?;
    println!("{instance}: {count} disabled");
    Ok(())
}
