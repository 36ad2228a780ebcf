//! A call with a token from IAM.
//!
//! Runs against the emulator. `DBSS_TOKEN` is the token for a real one; see
//! `support/mod.rs` for the other variables.

mod support;

use std::error::Error;

use dbss_client::Credentials;
use dbss_client::types::AuditScopeStatus;
use dbss_emulator::Emulator;
use support::Service;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::find().await?;
    let token = service.secret("DBSS_TOKEN", Emulator::token)?;

    let client = service
        .client()
        .credentials(Credentials::token(token))
        // A token is for one project, which it cannot be asked for.
        .project_id(service.secret("DBSS_PROJECT_ID", Emulator::project_id)?)
        .build()?;
    let done = client
        .set_audit_scope_rule_switch()
        .instance_id(&service.instance_id)
        .ids(&service.scope_ids)
        .status(AuditScopeStatus::On)
        .await?;

    println!("enabled {}: {:?}", service.scope_ids.join(", "), done.value().status);
    println!("request id: {}", done.request_id().unwrap_or("none"));
    Ok(())
}
