//! What every part of a running emulator holds on to.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fastrand::Rng;

use crate::clock::Clock;
use crate::faults::Faults;
use crate::limits::Limits;
use crate::record::{Log, RecordedRequest};
use crate::reply::ErrorShape;
use crate::server::Stop;
use crate::store::Store;

/// What does not change while an emulator runs.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) clock: Clock,
    pub(crate) limits: Limits,
    pub(crate) shut_down_delay: Duration,
    pub(crate) token_life: Duration,
    pub(crate) error_shape: ErrorShape,
    pub(crate) admin: bool,
    pub(crate) observer: Option<Observer>,
}

/// Who is told of every answer.
#[derive(Clone)]
pub(crate) struct Observer(Arc<dyn Fn(&RecordedRequest) + Send + Sync>);

impl Observer {
    pub(crate) fn new(observer: impl Fn(&RecordedRequest) + Send + Sync + 'static) -> Self {
        Self(Arc::new(observer))
    }

    pub(crate) fn tell(&self, answered: &RecordedRequest) {
        (self.0)(answered);
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer(…)")
    }
}

/// A running emulator; clones are one.
#[derive(Clone, Debug)]
pub(crate) struct Shared(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    options: Options,
    store: Mutex<Store>,
    log: Mutex<Log>,
    faults: Mutex<Faults>,
    stop: Stop,
    ids: Mutex<Rng>,
}

impl Shared {
    pub(crate) fn new(
        options: Options,
        store: Store,
        faults: Faults,
        ids: Rng,
        stop: Stop,
    ) -> Self {
        Self(Arc::new(Inner {
            store: Mutex::new(store),
            log: Mutex::new(Log::new(options.limits.recorded_requests)),
            faults: Mutex::new(faults),
            stop,
            ids: Mutex::new(ids),
            options,
        }))
    }

    pub(crate) fn options(&self) -> &Options {
        &self.0.options
    }

    /// Reads or changes the state as it is now.
    pub(crate) fn with_store<T>(&self, work: impl FnOnce(&mut Store) -> T) -> T {
        let now = self.options().clock.now();
        work(lock(&self.0.store).at(now))
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        lock(&self.0.log)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.0.faults)
    }

    /// Tells when the emulator is to stop.
    pub(crate) fn stop(&self) -> Stop {
        self.0.stop.clone()
    }

    /// 32 hexadecimal digits that have not been given before.
    pub(crate) fn new_id(&self) -> String {
        format!("{:032x}", lock(&self.0.ids).u128(..))
    }
}

/// Whoever panicked while holding the lock left the data as good as it was:
/// each change is one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
