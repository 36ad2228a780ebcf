//! The progress of a running call.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::http::Handover;

/// The progress of a call: a handle that can be read while the call runs, and after its
/// future was dropped, as on Ctrl-C.
///
/// Clones refer to the same call. They do not keep it running.
///
/// ```no_run
/// # async fn example(client: dbss_client::Client, interrupted: impl Future<Output = ()>) {
/// let mut call = client.stop_audit_instance_new().instance_id("1d07f606-92d2-441c-b05c-dca47e180552");
/// let progress = call.progress();
/// tokio::select! {
///     outcome = call.send() => println!("{outcome:?}"),
///     () = interrupted => {
///         println!("given up; may have taken effect: {}", progress.may_have_taken_effect());
///     }
/// }
/// # }
/// ```
#[derive(Clone, Default)]
pub struct CallProgress(Arc<Mutex<ProgressState>>);

#[derive(Debug, Default)]
struct ProgressState {
    attempts: u32,
    /// Whether the running attempt was handed to a connection, if one runs.
    under_way: Option<Handover>,
    /// Whether the call only reads.
    is_read: bool,
    may_have_taken_effect: bool,
}

impl ProgressState {
    fn may_have_taken_effect(&self) -> bool {
        let under_way = || self.under_way.as_ref().is_some_and(Handover::happened);
        self.may_have_taken_effect || !self.is_read && under_way()
    }
}

impl CallProgress {
    /// How many attempts were started; 0 if nothing was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.state().attempts
    }

    /// Whether an attempt was started and has not ended. It stays `true` if the call was
    /// dropped during an attempt.
    #[must_use]
    pub fn is_attempt_under_way(&self) -> bool {
        self.state().under_way.is_some()
    }

    /// Whether the operation may have taken effect: the request of the running attempt was
    /// handed to a connection, or an attempt ended in a way after which
    /// [`Error::may_have_taken_effect`](crate::Error::may_have_taken_effect) is true. False for
    /// operations that only read.
    #[must_use]
    pub fn may_have_taken_effect(&self) -> bool {
        self.state().may_have_taken_effect()
    }

    pub(super) fn begin_attempt(&self, handover: Handover, is_read: bool) {
        let mut state = self.state();
        state.attempts += 1;
        state.is_read = is_read;
        state.under_way = Some(handover);
    }

    /// An attempt ended, and another one follows.
    pub(super) fn end_attempt(&self, may_have_taken_effect: bool) {
        let mut state = self.state();
        state.under_way = None;
        state.may_have_taken_effect |= may_have_taken_effect;
    }

    /// The call ended.
    pub(super) fn end_call(&self, may_have_taken_effect: bool) {
        let mut state = self.state();
        state.under_way = None;
        state.may_have_taken_effect = may_have_taken_effect;
    }

    fn state(&self) -> MutexGuard<'_, ProgressState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for CallProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("CallProgress")
            .field("attempts", &state.attempts)
            .field("is_attempt_under_way", &state.under_way.is_some())
            .field("may_have_taken_effect", &state.may_have_taken_effect())
            .finish()
    }
}
