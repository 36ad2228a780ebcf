//! Calls of several tasks with one login at IAM.
//!
//! Runs against the emulator. For a real one set `DBSS_ACCOUNT`, `DBSS_USER`
//! and `DBSS_PASSWORD`; see `support/mod.rs` for the other variables.

mod support;

use std::error::Error;

use dbss_client::types::AuditScopeStatus;
use dbss_client::{Credentials, PasswordLogin};
use support::Service;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::find().await?;
    let login = PasswordLogin::new(
        service.secret("DBSS_ACCOUNT", |_| "dbss-account")?,
        service.secret("DBSS_USER", |_| "dbss-operator")?,
        service.secret("DBSS_PASSWORD", |_| "local-password-1")?,
    );

    // The login is made by the first call; the others wait for it. Its token is
    // renewed before it ends.
    let client = service.client().credentials(Credentials::iam_password(login)).build()?;
    let tasks: Vec<_> = (0..3)
        .map(|_| {
            let call = client
                .set_audit_scope_rule_switch()
                .instance_id(&service.instance_id)
                .ids(&service.scope_ids)
                .status(AuditScopeStatus::On)
                // All but the first find the scopes enabled, which the service calls FAILED.
                .accept_failed_outcome();
            tokio::spawn(async move { call.await })
        })
        .collect();
    for task in tasks {
        println!("{:?}", task.await??.value().status);
    }

    if let Some(local) = &service.local {
        let logins = local.requests().into_iter().filter(|r| r.path.starts_with("/v3/auth/"));
        println!("logins: {}", logins.count());
    }
    Ok(())
}
