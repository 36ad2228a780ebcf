//! A clock that moves when a test says so, to the end of the next pause.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use dbss_client::Clock;
use tokio::sync::{oneshot, watch};

/// Virtual time for several pauses at once. Clones share the time.
#[derive(Clone, Debug)]
pub struct StepClock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    sleepers: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct State {
    now: Duration,
    /// The pauses, by their ends and numbers.
    pauses: BTreeMap<(Duration, u64), oneshot::Sender<()>>,
    begun: u64,
}

impl Default for StepClock {
    fn default() -> Self {
        Self(Arc::new(Inner { state: Mutex::default(), sleepers: watch::channel(0).0 }))
    }
}

impl StepClock {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, state: &State) {
        self.0.sleepers.send_replace(state.pauses.len());
    }

    /// How many pauses are under way.
    #[must_use]
    pub fn sleepers(&self) -> usize {
        *self.0.sleepers.borrow()
    }

    /// Waits until that many pauses are under way.
    pub async fn sleeping(&self, count: usize) {
        let mut sleepers = self.0.sleepers.subscribe();
        let _ = sleepers.wait_for(|sleepers| *sleepers >= count).await;
    }

    /// Moves on to the end of the pause that ends next, and ends it.
    pub fn step(&self) {
        let mut state = self.lock();
        if let Some(((end, _), ended)) = state.pauses.pop_first() {
            state.now = state.now.max(end);
            let _ = ended.send(());
        }
        self.count(&state);
    }
}

/// A pause; it goes when it is dropped.
struct Pause {
    clock: StepClock,
    key: (Duration, u64),
}

impl Drop for Pause {
    fn drop(&mut self) {
        let mut state = self.clock.lock();
        state.pauses.remove(&self.key);
        self.clock.count(&state);
    }
}

impl Clock for StepClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600) + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        self.lock().now
    }

    fn sleep(&self, pause: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let clock = self.clone();
        Box::pin(async move {
            let (ends, ended) = oneshot::channel();
            let pause = {
                let mut state = clock.lock();
                state.begun += 1;
                let key = (state.now.saturating_add(pause), state.begun);
                state.pauses.insert(key, ends);
                clock.count(&state);
                Pause { clock: clock.clone(), key }
            };
            let _ = ended.await;
            drop(pause);
        })
    }
}
