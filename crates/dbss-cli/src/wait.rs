//! `--wait`: what was seen of what a call has started.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dbss_client::{Look, Waited};
use serde::Serialize;
use serde_json::Value;

/// What was seen until now. Clones are of the same wait, so that it can still be read after an
/// interrupt has dropped the wait.
#[derive(Clone, Default)]
pub(crate) struct WaitLog(Arc<Mutex<Seen>>);

/// What a wait has seen.
#[derive(Clone, Default)]
pub(crate) struct Seen {
    /// Whether the service accepted the call.
    pub(crate) is_accepted: bool,
    pub(crate) looks: u32,
    /// The time from the response to the last look.
    pub(crate) elapsed: Duration,
    /// The fields that show the state, as they were last seen.
    pub(crate) state: Vec<(&'static str, String)>,
}

impl WaitLog {
    /// The service accepted the call.
    pub(crate) fn accept(&self) {
        self.lock().is_accepted = true;
    }

    /// Somebody looked.
    pub(crate) fn look(&self, look: &Look<'_>) {
        let mut seen = self.lock();
        seen.looks = look.number();
        seen.elapsed = look.elapsed();
        if look.item().is_some() {
            seen.state = look.state().to_vec();
        }
    }

    /// What was seen until now.
    pub(crate) fn seen(&self) -> Seen {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end of a wait. Its serialized form is a part of the output for scripts.
#[derive(Clone, Serialize)]
pub(crate) struct End {
    /// Whether it was done before the call.
    pub(crate) was_already: bool,
    looks: u32,
    /// From the response to the last look.
    seconds: u64,
    item: Value,
}

impl End {
    pub(crate) fn new(waited: &Waited<Value>) -> Self {
        Self {
            was_already: waited.was_already(),
            looks: waited.looks(),
            seconds: waited.elapsed().as_secs(),
            item: waited.item().clone(),
        }
    }
}
