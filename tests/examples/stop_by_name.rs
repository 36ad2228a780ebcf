//! Stops all running instances whose names begin in some way, three at a time, and waits until
//! they are off.
//!
//! Runs against the emulator. `DBSS_TOKEN` is the token for a real one; see `support/mod.rs` for
//! the other variables. The argument is the beginning of the names; the emulator is
//! asked for `NAMES` without one.

mod support;

use std::error::Error;
use std::time::Duration;

use dbss_client::types::{AuditInstance, AuditInstanceStatus};
use dbss_client::{Client, Credentials, WaitError, Waited};
use dbss_emulator::Emulator;
use support::Service;
use tokio::task::JoinSet;

/// How many instances are stopped at a time.
const AT_A_TIME: usize = 3;

/// The beginning of the names that the emulator has.
const NAMES: &str = "audit-";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::find_project().await?;
    let local = || service.local.is_some().then(|| NAMES.to_owned());
    let names = std::env::args().nth(1).or_else(local).ok_or("give it as the argument")?;
    let client = service
        .client()
        .credentials(Credentials::token(service.secret("DBSS_TOKEN", Emulator::token)?))
        .project_id(service.secret("DBSS_PROJECT_ID", Emulator::project_id)?)
        .build()?;

    let (mut stops, mut failed) = (JoinSet::new(), 0);
    let mut instances = client.list_audit_instances_last().items();
    while let Some(instance) = instances.next().await {
        let Some(id) = id_to_stop(&instance?, &names) else { continue };
        while stops.len() >= AT_A_TIME {
            failed += report(stops.join_next().await.transpose()?);
        }
        stops.spawn(stop(client.clone(), id));
    }
    while let Some(ended) = stops.join_next().await {
        failed += report(Some(ended?));
    }
    if failed > 0 {
        return Err(format!("{failed} instances are not known to be off").into());
    }
    Ok(())
}

/// The id of an instance that is running and has such a name.
fn id_to_stop(instance: &AuditInstance, names: &str) -> Option<String> {
    let has_name = instance.name.as_deref().is_some_and(|name| name.starts_with(names));
    let is_running = instance.status == Some(AuditInstanceStatus::Active);
    instance.id.as_ref().filter(|_| has_name && is_running).map(ToString::to_string)
}

async fn stop(client: Client, id: String) -> (String, Result<Waited<AuditInstance>, WaitError>) {
    let wait = client
        .stop_audit_instance_new()
        .instance_id(&id)
        .and_wait()
        // The emulator takes no minutes.
        .first_look(Duration::from_millis(100));
    let ended = wait.await;
    (id, ended)
}

/// Prints how a stop ended. Returns how many failed.
fn report(ended: Option<(String, Result<Waited<AuditInstance>, WaitError>)>) -> usize {
    match ended {
        None => 0,
        Some((id, Ok(waited))) => {
            println!("{id} is off, after {} looks", waited.looks());
            0
        }
        Some((id, Err(error))) => {
            eprintln!("{id}: {error}");
            1
        }
    }
}
