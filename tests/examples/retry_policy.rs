//! How often a call is tried, for a client and for a single call.
//!
//! Runs against the emulator that is told to throttle. `DBSS_TOKEN` is the
//! token for a real one; see `support/mod.rs` for the other variables.

mod support;

use std::error::Error;
use std::time::Duration;

use dbss_client::types::AuditScopeStatus;
use dbss_client::{Credentials, RetryPolicy};
use dbss_emulator::{Emulator, Fault, RetryAfter};
use support::Service;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::find().await?;
    let patient = RetryPolicy::default()
        .max_attempts(6)
        .initial_backoff(Duration::from_millis(20))
        .max_backoff(Duration::from_secs(2));
    let client = service
        .client()
        .credentials(Credentials::token(service.secret("DBSS_TOKEN", Emulator::token)?))
        .project_id(service.secret("DBSS_PROJECT_ID", Emulator::project_id)?)
        .retry(patient)
        // Whatever the policy says, a call ends within this time.
        .timeout(Duration::from_secs(20))
        .build()?;
    let call = client
        .set_audit_scope_rule_switch()
        .instance_id(&service.instance_id)
        .ids(&service.scope_ids)
        .status(AuditScopeStatus::On);

    throttle(&service, 2);
    let done = call.clone().await?;
    println!("done, after {} attempts", done.attempts());

    // A call whose caller has no time to wait.
    throttle(&service, 1);
    match call.retry(RetryPolicy::none()).accept_failed_outcome().await {
        Ok(done) => println!("done, after {} attempt", done.attempts()),
        Err(error) if error.is_throttled() => println!("{error}"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Makes the emulator refuse so many calls.
fn throttle(service: &Service, times: u32) {
    if let Some(local) = &service.local {
        local.add_fault(Fault::throttle(RetryAfter::Absent).times(times));
    }
}
