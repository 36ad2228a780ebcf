//! A running emulator.

mod builder;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use self::builder::EmulatorBuilder;
use crate::app_state::AppState;
use crate::error::StartError;
use crate::faults::Fault;
use crate::observer::Observer;
use crate::record::RecordedRequest;
use crate::state::{Instance, InvalidState, Scope, State};

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
/// client.stop_audit_instance_new().instance_id(emulator.instance_id()).await?;
///
/// let instance = emulator.instance(emulator.instance_id()).ok_or("no such instance")?;
/// assert_eq!(instance.task, Task::PoweringOff);
/// # Ok(())
/// # }
/// ```
pub struct Emulator {
    address: SocketAddr,
    endpoint: String,
    initial: State,
    app: AppState,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Emulator {
    /// Starts an emulator with default options: on a free port of the loopback
    /// address, with the default [`State`].
    ///
    /// # Errors
    ///
    /// [`StartError`] if it cannot listen on a port.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// A builder for an emulator with other options.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    fn new(
        address: SocketAddr,
        initial: State,
        app: AppState,
        stop: watch::Sender<bool>,
        server: JoinHandle<()>,
    ) -> Self {
        // Nobody can call the address of all interfaces; this machine is one of them.
        let callable = match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        let endpoint = format!("http://{}", SocketAddr::new(callable, address.port()));
        Self { address, endpoint, initial, app, stop, server }
    }

    /// The address on which it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of the service for a client on this machine, such as `http://127.0.0.1:1234`,
    /// also if it listens on all interfaces. IAM has the same URL.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The URL of the admin path; `None` if it is off.
    #[must_use]
    pub fn admin_url(&self) -> Option<String> {
        let enabled = self.app.options().admin;
        enabled.then(|| format!("{}{}", self.endpoint, crate::admin::PREFIX))
    }

    /// The state at the start.
    #[must_use]
    pub fn initial_state(&self) -> &State {
        &self.initial
    }

    /// The first token of the initial state; empty if there is none.
    #[must_use]
    pub fn token(&self) -> &str {
        self.initial.tokens.first().map(|token| token.token.expose_secret()).unwrap_or_default()
    }

    /// The access key (AK) of the first key pair of the initial state; empty if there
    /// is none.
    #[must_use]
    pub fn access_key(&self) -> &str {
        self.initial.access_keys.first().map(|key| key.access_key.as_str()).unwrap_or_default()
    }

    /// The secret key (SK) of the first key pair of the initial state; empty if there
    /// is none.
    #[must_use]
    pub fn secret_key(&self) -> &str {
        self.initial
            .access_keys
            .first()
            .map(|key| key.secret_key.expose_secret())
            .unwrap_or_default()
    }

    /// The id of the first project of the initial state.
    #[must_use]
    pub fn project_id(&self) -> &str {
        self.initial.projects.first().map(|project| project.id.as_str()).unwrap_or_default()
    }

    /// The id of the first instance of the initial state; empty if there is none.
    #[must_use]
    pub fn instance_id(&self) -> &str {
        self.initial.instances.first().map(|instance| instance.id.as_str()).unwrap_or_default()
    }

    /// The ids of the audit scopes of the first instance of the initial state.
    #[must_use]
    pub fn scope_ids(&self) -> Vec<&str> {
        let first = self.initial.instances.first();
        first
            .into_iter()
            .flat_map(|instance| &instance.scopes)
            .map(|scope| scope.id.as_str())
            .collect()
    }

    /// The current state of the instance with that id.
    #[must_use]
    pub fn instance(&self, id: &str) -> Option<Instance> {
        self.app.with_store(|store| store.instance(id).cloned())
    }

    /// The current state of an instance's audit scopes; empty if there is no such
    /// instance.
    #[must_use]
    pub fn scopes(&self, instance_id: &str) -> Vec<Scope> {
        self.instance(instance_id).map(|instance| instance.scopes).unwrap_or_default()
    }

    /// The last requests to the service and to IAM, oldest first, secrets masked. How
    /// many are kept is set by
    /// [`Limits::recorded_requests`](crate::Limits::recorded_requests).
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.app.log().all()
    }

    /// Clears the recorded requests.
    pub fn clear_requests(&self) {
        self.app.log().clear();
    }

    /// How many requests the callback of
    /// [`on_response`](EmulatorBuilder::on_response) was not called for, because it had
    /// fallen behind.
    #[must_use]
    pub fn unobserved_responses(&self) -> u64 {
        self.app.observer().map_or(0, Observer::unobserved)
    }

    /// Adds a fault behind those that are pending.
    pub fn add_fault(&self, fault: Fault) {
        self.app.faults().add(fault);
    }

    /// The pending faults, in order.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.app.faults().all().to_vec()
    }

    /// Removes the pending faults.
    pub fn clear_faults(&self) {
        self.app.faults().clear();
    }

    /// Restores the initial state. Clock, faults and recorded requests stay as they
    /// are.
    pub fn reset(&self) {
        self.app.with_store(crate::store::Store::reset);
    }

    /// Replaces the instances; [`reset`](Self::reset) restores those of the start. A task that one
    /// of them has does not end.
    ///
    /// # Errors
    ///
    /// [`InvalidState`] if the state is not consistent with them. It is as before then.
    pub fn set_instances(&self, instances: Vec<Instance>) -> Result<(), InvalidState> {
        self.app.with_store(|store| store.set_instances(instances))
    }

    /// Moves the emulator's clock forward, so that a test need not wait for the end of
    /// a task, of a token or of a lock.
    pub fn advance(&self, by: Duration) {
        self.app.options().clock.advance(by);
    }

    /// Shuts the emulator down: it accepts no more connections, and the responses under
    /// way get the time of [`Limits::grace`](crate::Limits::grace) to finish. The callback of
    /// [`on_response`](EmulatorBuilder::on_response) gets another second to catch up.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        let _ = (&mut self.server).await;
        if let Some(observer) = self.app.observer() {
            observer.drain().await;
        }
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
