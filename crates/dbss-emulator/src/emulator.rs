//! A running emulator.

mod builder;

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use self::builder::EmulatorBuilder;
use crate::error::StartError;
use crate::faults::Fault;
use crate::record::RecordedRequest;
use crate::shared::Shared;
use crate::state::{Instance, Scope, State};

/// A running emulator. It stops when it is dropped.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use dbss_client::{Client, Credentials};
/// use dbss_emulator::{Emulator, Task};
///
/// let emulator = Emulator::start().await?;
/// let client = Client::builder()
///     .endpoint(emulator.endpoint())
///     .credentials(Credentials::token(emulator.token()))
///     .project_id(emulator.project_id())
///     .build()?;
/// client.stop_audit_instance().instance_id(emulator.instance_id()).await?;
///
/// let instance = emulator.instance(emulator.instance_id()).ok_or("it is there")?;
/// assert_eq!(instance.task, Task::PoweringOff);
/// # Ok(())
/// # }
/// ```
pub struct Emulator {
    address: SocketAddr,
    endpoint: String,
    initial: State,
    shared: Shared,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Emulator {
    /// Starts an emulator with default options: on a free port of the loopback
    /// address, with the default [`State`].
    ///
    /// # Errors
    ///
    /// [`StartError`] if no port can be listened on.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Starts to set options.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    fn new(
        address: SocketAddr,
        initial: State,
        shared: Shared,
        stop: watch::Sender<bool>,
        server: JoinHandle<()>,
    ) -> Self {
        Self { address, endpoint: format!("http://{address}"), initial, shared, stop, server }
    }

    /// The address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as a client takes it, as in `http://127.0.0.1:1234`. IAM is
    /// at the same one.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The address of the admin path, if there is one.
    #[must_use]
    pub fn admin_url(&self) -> Option<String> {
        let there = self.shared.options().admin;
        there.then(|| format!("{}{}", self.endpoint, crate::admin::PREFIX))
    }

    /// The state that it started with.
    #[must_use]
    pub fn initial_state(&self) -> &State {
        &self.initial
    }

    /// The first token that it started with; empty if it had none.
    #[must_use]
    pub fn token(&self) -> &str {
        self.initial.tokens.first().map(|token| token.token.expose_secret()).unwrap_or_default()
    }

    /// The access key (AK) of the first key pair that it started with; empty if
    /// it had none.
    #[must_use]
    pub fn access_key(&self) -> &str {
        self.initial.access_keys.first().map(|key| key.access_key.as_str()).unwrap_or_default()
    }

    /// The secret key (SK) of the first key pair that it started with; empty if
    /// it had none.
    #[must_use]
    pub fn secret_key(&self) -> &str {
        self.initial
            .access_keys
            .first()
            .map(|key| key.secret_key.expose_secret())
            .unwrap_or_default()
    }

    /// The first project.
    #[must_use]
    pub fn project_id(&self) -> &str {
        self.initial.projects.first().map(|project| project.id.as_str()).unwrap_or_default()
    }

    /// The first instance that it started with; empty if it had none.
    #[must_use]
    pub fn instance_id(&self) -> &str {
        self.initial.instances.first().map(|instance| instance.id.as_str()).unwrap_or_default()
    }

    /// The audit scopes of the first instance that it started with.
    #[must_use]
    pub fn scope_ids(&self) -> Vec<&str> {
        let first = self.initial.instances.first();
        first
            .into_iter()
            .flat_map(|instance| &instance.scopes)
            .map(|scope| scope.id.as_str())
            .collect()
    }

    /// The instance of that id as it is now.
    #[must_use]
    pub fn instance(&self, id: &str) -> Option<Instance> {
        self.shared.with_store(|store| store.instance(id).cloned())
    }

    /// The audit scopes of the instance of that id as they are now; empty if
    /// there is no such instance.
    #[must_use]
    pub fn scopes(&self, instance_id: &str) -> Vec<Scope> {
        self.instance(instance_id).map(|instance| instance.scopes).unwrap_or_default()
    }

    /// The last requests to the service, oldest first, with their secrets masked.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.log().all()
    }

    /// Forgets the requests received so far.
    pub fn clear_requests(&self) {
        self.shared.log().clear();
    }

    /// Adds a fault, behind those that wait already.
    pub fn add_fault(&self, fault: Fault) {
        self.shared.faults().add(fault);
    }

    /// The faults that still wait for their calls.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.shared.faults().all().to_vec()
    }

    /// Takes away the faults that still wait for their calls.
    pub fn clear_faults(&self) {
        self.shared.faults().clear();
    }

    /// Puts back the state that it started with. The clock stays where it is.
    pub fn reset(&self) {
        self.shared.with_store(crate::store::Store::reset);
    }

    /// Moves the emulator's clock forward, so that no test has to wait for a
    /// shut-down, an expiry or a lock to end.
    pub fn advance(&self, by: Duration) {
        self.shared.options().clock.advance(by);
    }

    /// Stops it: no more connections, then the answers under way, within the
    /// time of [`Limits::grace`](crate::Limits::grace).
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        let _ = (&mut self.server).await;
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}
