//! The state of a running emulator that all request handlers share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fastrand::Rng;

use crate::clock::Clock;
use crate::faults::FaultQueue;
use crate::host::AllowedHosts;
use crate::large_responses::LargeResponses;
use crate::limits::Limits;
use crate::observer::Observer;
use crate::record::RequestLog;
use crate::request_body::BodyBudget;
use crate::response::ErrorShape;
use crate::shutdown::ShutdownSignal;
use crate::store::Store;

/// The options, which do not change while the emulator runs.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) clock: Clock,
    pub(crate) limits: Limits,
    pub(crate) task_duration: Duration,
    pub(crate) token_lifetime: Duration,
    pub(crate) error_shape: ErrorShape,
    pub(crate) admin: bool,
    pub(crate) allowed_hosts: AllowedHosts,
}

/// The shared state; clones refer to the same one.
#[derive(Clone, Debug)]
pub(crate) struct AppState(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    options: Options,
    observer: Option<Observer>,
    store: Mutex<Store>,
    log: Mutex<RequestLog>,
    body_budget: BodyBudget,
    large_responses: LargeResponses,
    faults: Mutex<FaultQueue>,
    shutdown: ShutdownSignal,
    ids: Mutex<Rng>,
}

impl AppState {
    pub(crate) fn new(
        options: Options,
        observer: Option<Observer>,
        store: Store,
        faults: FaultQueue,
        ids: Rng,
        shutdown: ShutdownSignal,
    ) -> Self {
        Self(Arc::new(Inner {
            store: Mutex::new(store),
            log: Mutex::new(RequestLog::new(&options.limits)),
            body_budget: BodyBudget::default(),
            large_responses: LargeResponses::default(),
            faults: Mutex::new(faults),
            shutdown,
            ids: Mutex::new(ids),
            options,
            observer,
        }))
    }

    pub(crate) fn options(&self) -> &Options {
        &self.0.options
    }

    /// The callback for responses, if there is one.
    pub(crate) fn observer(&self) -> Option<&Observer> {
        self.0.observer.as_ref()
    }

    /// Reads or changes the state at the current time.
    pub(crate) fn with_store<T>(&self, operate: impl FnOnce(&mut Store) -> T) -> T {
        let now = self.options().clock.now();
        operate(lock(&self.0.store).advance_to(now))
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, RequestLog> {
        lock(&self.0.log)
    }

    /// The memory for request bodies.
    pub(crate) fn body_budget(&self) -> &BodyBudget {
        &self.0.body_budget
    }

    /// Writes responses that can be large.
    pub(crate) fn large_responses(&self) -> &LargeResponses {
        &self.0.large_responses
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, FaultQueue> {
        lock(&self.0.faults)
    }

    /// Completes when the emulator is to shut down.
    pub(crate) fn shutdown_signal(&self) -> ShutdownSignal {
        self.0.shutdown.clone()
    }

    /// A new id of 32 hexadecimal digits.
    pub(crate) fn new_id(&self) -> String {
        format!("{:032x}", lock(&self.0.ids).u128(..))
    }
}

/// Locks, and ignores poisoning: each change is a single assignment, so a panic
/// while the lock is held cannot leave the data inconsistent.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
