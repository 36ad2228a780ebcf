//! The options of an emulator.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use secrecy::SecretString;
use tokio::sync::watch;

use super::Emulator;
use crate::app_state::{AppState, Options};
use crate::clock::Clock;
use crate::error::StartError;
use crate::faults::{Fault, FaultQueue};
use crate::host::AllowedHosts;
use crate::limits::Limits;
use crate::observer::{Callbacks, Observer};
use crate::record::RecordedRequest;
use crate::response::ErrorShape;
use crate::router::router;
use crate::server;
use crate::shutdown::ShutdownSignal;
use crate::state::{State, Token};
use crate::store::Store;

/// How long an instance takes to start, to reboot and to shut down by default.
const TASK_DURATION: Duration = Duration::from_secs(2);

/// How long an issued token is valid by default. Source: IAM's page `iam_30_0001`.
const TOKEN_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// The options of an [`Emulator`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
/// use dbss_emulator::{Emulator, Fault, StatusCode};
///
/// let emulator = Emulator::builder()
///     .task_duration(Duration::ZERO)
///     .fault(Fault::html(StatusCode::BAD_GATEWAY).times(2))
///     .start()
///     .await?;
/// assert_eq!(emulator.faults().len(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "options do nothing until the emulator is started"]
pub struct EmulatorBuilder {
    address: SocketAddr,
    state: State,
    token: Option<SecretString>,
    clock: Clock,
    limits: Limits,
    task_duration: Duration,
    token_lifetime: Duration,
    error_shape: ErrorShape,
    admin: Option<bool>,
    allowed_hosts: Vec<String>,
    callbacks: Callbacks,
    faults: Vec<Fault>,
    random_faults: f64,
    seed: Option<u64>,
}

impl Default for EmulatorBuilder {
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            state: State::default(),
            token: None,
            clock: Clock::default(),
            limits: Limits::default(),
            task_duration: TASK_DURATION,
            token_lifetime: TOKEN_LIFETIME,
            error_shape: ErrorShape::default(),
            admin: None,
            allowed_hosts: Vec::new(),
            callbacks: Callbacks::default(),
            faults: Vec::new(),
            random_faults: 0.0,
            seed: None,
        }
    }
}

impl EmulatorBuilder {
    /// The address to listen on. Default: a free port of `127.0.0.1`.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// The initial state. Default: [`State::default`].
    pub fn state(mut self, state: State) -> Self {
        self.state = state;
        self
    }

    /// Adds a token for the first user and the first project of the state, in front of
    /// the others: [`Emulator::token`] returns it.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The clock. Default: [`Clock::system`].
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The limits for clients. Default: [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How long an instance takes to start, to reboot and to shut down, by the emulator's clock.
    /// Default: 2 s.
    pub fn task_duration(mut self, duration: Duration) -> Self {
        self.task_duration = duration;
        self
    }

    /// How long a token from a login is valid. Default: 24 h.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// The shape of the service's error responses. Default:
    /// [`ErrorShape::Documented`].
    pub fn error_shape(mut self, shape: ErrorShape) -> Self {
        self.error_shape = shape;
        self
    }

    /// Accepts requests with that name in the header `Host`. Others are refused unless it is
    /// `localhost`, a name below it, or an address: one of the loopback addresses or the one
    /// that the emulator listens on, and any if it listens on all. A web page could otherwise
    /// reach a local emulator under a name that its author controls (DNS rebinding).
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.allowed_hosts.push(name.into());
        self
    }

    /// Whether the admin path `/_emulator` is on. It requires no credentials, so by
    /// default it is on only if the emulator listens on a loopback address.
    pub fn admin(mut self, admin: bool) -> Self {
        self.admin = Some(admin);
        self
    }

    /// A callback for every request to the service or to IAM once its response is
    /// ready; secrets are masked. It runs on a thread of its own, in the order of the
    /// responses, and no request waits for it: while it falls behind by more than 1,024
    /// requests or 4 MiB, it is not called for further ones. These are counted, see
    /// [`Emulator::unobserved_responses`].
    pub fn on_response(
        mut self,
        observer: impl Fn(&RecordedRequest) + Send + Sync + 'static,
    ) -> Self {
        self.callbacks.on_response = Some(Arc::new(observer));
        self
    }

    /// A callback that is told how many requests the one of
    /// [`on_response`](Self::on_response) was not called for, on the same thread and as soon
    /// as it has caught up.
    pub fn on_unobserved(mut self, observer: impl Fn(u64) + Send + Sync + 'static) -> Self {
        self.callbacks.on_unobserved = Some(Arc::new(observer));
        self
    }

    /// Adds a fault that is pending from the start.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// The share of calls, between 0 and 1, that get a random fault: a server error,
    /// throttling, HTML, a failed outcome, a reset, a truncated body, a delay.
    /// Default: 0. Values outside of that range count as 0 or 1.
    pub fn random_faults(mut self, share: f64) -> Self {
        self.random_faults = share;
        self
    }

    /// The seed of the random numbers (faults and ids), so that a run can be repeated.
    /// Default: a different one for each emulator.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Starts the emulator on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`StartError`] if the state is not consistent, or if it cannot listen on the
    /// address.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    #[allow(
        clippy::unused_async,
        reason = "it needs a runtime, which the type of a function that is awaited says"
    )]
    pub async fn start(mut self) -> Result<Emulator, StartError> {
        if let Some(token) = self.token {
            let user = self.state.users.first().map(|user| user.name.clone());
            let project = self.state.projects.first().map(|project| project.id.clone());
            let token = Token::new(token, user.unwrap_or_default(), project.unwrap_or_default());
            self.state.tokens.insert(0, token);
        }
        let state = self.state.validated()?;
        let limits = self.limits.bounded();
        let listen_error = |source| StartError::Listen { address: self.address, source };
        let listener = server::listen(self.address).map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;
        let options = Options {
            clock: self.clock,
            limits,
            task_duration: self.task_duration,
            token_lifetime: self.token_lifetime,
            error_shape: self.error_shape,
            allowed_hosts: AllowedHosts::new(address, &self.allowed_hosts),
            admin: self.admin.unwrap_or_else(|| address.ip().is_loopback()),
        };
        let observer = Observer::start(self.callbacks).map_err(StartError::Thread)?;
        let (stop, receiver) = watch::channel(false);
        let shutdown = ShutdownSignal::new(receiver);
        let mut rng = self.seed.map_or_else(Rng::new, Rng::with_seed);
        let faults = FaultQueue::new(self.faults, self.random_faults, rng.fork());
        let store = Store::new(state.clone());
        let app = AppState::new(options, observer, store, faults, rng, shutdown);
        let server = tokio::spawn(server::serve(listener, router(&app), app.clone()));
        Ok(Emulator::new(address, state, app, stop, server))
    }
}
