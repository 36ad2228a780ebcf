//! The options of an emulator.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use fastrand::Rng;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::Emulator;
use crate::clock::Clock;
use crate::error::StartError;
use crate::faults::{Fault, Faults};
use crate::limits::Limits;
use crate::record::RecordedRequest;
use crate::reply::ErrorShape;
use crate::router::router;
use crate::server::{self, Stop};
use crate::shared::{Observer, Options, Shared};
use crate::state::{State, Token};
use crate::store::Store;

/// How long an instance takes to shut down unless told otherwise.
const SHUT_DOWN_DELAY: Duration = Duration::from_secs(2);

/// How long an issued token is good for. Source: IAM's page `iam_30_0001`.
const TOKEN_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// The options of an [`Emulator`].
#[derive(Clone, Debug)]
#[must_use = "options do nothing until the emulator is started"]
pub struct EmulatorBuilder {
    address: SocketAddr,
    state: State,
    token: Option<SecretString>,
    clock: Clock,
    limits: Limits,
    shut_down_delay: Duration,
    token_life: Duration,
    error_shape: ErrorShape,
    admin: Option<bool>,
    observer: Option<Observer>,
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
            shut_down_delay: SHUT_DOWN_DELAY,
            token_life: TOKEN_LIFE,
            error_shape: ErrorShape::default(),
            admin: None,
            observer: None,
            faults: Vec::new(),
            random_faults: 0.0,
            seed: None,
        }
    }
}

impl EmulatorBuilder {
    /// Where to listen; a free port of the loopback address unless told otherwise.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// What there is at the start.
    pub fn state(mut self, state: State) -> Self {
        self.state = state;
        self
    }

    /// One more token, for the first user and the first project; it is the one that
    /// [`Emulator::token`] gives.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The clock; the machine's unless told otherwise.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// What a client may take up.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How long an instance takes to shut down; two seconds unless told otherwise.
    pub fn shut_down_delay(mut self, delay: Duration) -> Self {
        self.shut_down_delay = delay;
        self
    }

    /// How long a token from a login is good for; 24 hours unless told otherwise.
    pub fn token_life(mut self, life: Duration) -> Self {
        self.token_life = life;
        self
    }

    /// The shape of the service's errors; as the contract says unless told otherwise.
    pub fn error_shape(mut self, shape: ErrorShape) -> Self {
        self.error_shape = shape;
        self
    }

    /// Whether the admin path `/_emulator` is there. It asks for no credentials, so
    /// that it is there on a loopback address only unless told otherwise.
    pub fn admin(mut self, admin: bool) -> Self {
        self.admin = Some(admin);
        self
    }

    /// Is told of every request to the service once it is answered, secrets masked.
    /// It is called where answers are made: it must not block.
    pub fn on_answer(
        mut self,
        observer: impl Fn(&RecordedRequest) + Send + Sync + 'static,
    ) -> Self {
        self.observer = Some(Observer::new(observer));
        self
    }

    /// A fault that waits for its call from the start.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// The share of calls, between 0 and 1, that a fault of any kind hits: server
    /// errors, throttling, HTML, failed outcomes, resets, half answers, delays.
    /// None unless told otherwise.
    pub fn random_faults(mut self, share: f64) -> Self {
        self.random_faults = share;
        self
    }

    /// What randomness starts from, so that a run can be repeated.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Starts the emulator on the runtime of the caller.
    ///
    /// # Errors
    ///
    /// [`StartError`] if the state does not hold together or the address cannot
    /// be listened on.
    pub async fn start(mut self) -> Result<Emulator, StartError> {
        if let Some(token) = self.token {
            let user = self.state.users.first().map(|user| user.name.clone());
            let project = self.state.projects.first().map(|project| project.id.clone());
            let token = Token::new(token, user.unwrap_or_default(), project.unwrap_or_default());
            self.state.tokens.insert(0, token);
        }
        let state = self.state.checked()?;
        let limits = self.limits.bounded();
        let failed = |source| StartError::Listen { address: self.address, source };
        let listener = TcpListener::bind(self.address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let options = Options {
            clock: self.clock,
            limits: limits.clone(),
            shut_down_delay: self.shut_down_delay,
            token_life: self.token_life,
            error_shape: self.error_shape,
            admin: self.admin.unwrap_or_else(|| address.ip().is_loopback()),
            observer: self.observer,
        };
        let (stop, stopping) = watch::channel(false);
        let stopping = Stop::new(stopping);
        let mut dice = self.seed.map_or_else(Rng::new, Rng::with_seed);
        let faults = Faults::new(self.faults, self.random_faults, dice.fork());
        let store = Store::new(state.clone());
        let shared = Shared::new(options, store, faults, dice, stopping.clone());
        let server = server::serve(listener, router(&shared), limits, stopping);
        let server = tokio::spawn(server);
        Ok(Emulator::new(address, state, shared, stop, server))
    }
}
