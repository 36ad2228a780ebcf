//! A program without async that lists the instances of a project: it has a runtime, and enters it
//! for each call.
//!
//! Runs against the emulator. `DBSS_TOKEN` is the token for a real one; see `support/mod.rs` for
//! the other variables.

mod support;

use std::error::Error;

use dbss_client::Credentials;
use dbss_emulator::Emulator;
use support::Service;
use tokio::runtime::Runtime;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Runtime::new()?;
    let service = runtime.block_on(Service::find_project())?;
    let client = service
        .client()
        .credentials(Credentials::token(service.secret("DBSS_TOKEN", Emulator::token)?))
        .project_id(service.secret("DBSS_PROJECT_ID", Emulator::project_id)?)
        .build()?;

    let mut instances = client.list_audit_instances_last().items();
    while let Some(instance) = runtime.block_on(instances.next()) {
        let instance = instance?;
        let name = instance.name.unwrap_or_default();
        println!(
            "{name}: {}",
            instance.status.map(|status| status.to_string()).unwrap_or_default()
        );
    }
    // A service that the example started stops within the runtime.
    runtime.block_on(async { drop(service) });
    Ok(())
}
