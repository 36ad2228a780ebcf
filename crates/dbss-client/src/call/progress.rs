//! A view of a call under way.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// What a call has come to so far: to be asked from elsewhere while it is under
/// way, or when it was given up, as after Ctrl-C.
///
/// Clones are views of the same call. They do not keep it going.
///
/// ```no_run
/// # async fn example(client: dbss_client::Client, interrupted: impl Future<Output = ()>) {
/// let mut call = client.stop_audit_instance().instance_id("1d07f606-92d2-441c-b05c-dca47e180552");
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
pub struct CallProgress(Arc<Mutex<Seen>>);

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    attempts: u32,
    under_way: bool,
    may_have_taken_effect: bool,
}

impl CallProgress {
    /// How many attempts were begun; 0 if nothing was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.seen().attempts
    }

    /// Whether an attempt was begun and has not ended. It stays so where the call
    /// was given up during an attempt.
    #[must_use]
    pub fn is_attempt_under_way(&self) -> bool {
        self.seen().under_way
    }

    /// Whether the operation may have taken effect: an attempt is under way, or
    /// one that ended may have been carried out, which
    /// [`Error::may_have_taken_effect`](crate::Error::may_have_taken_effect)
    /// decides by the same rule.
    #[must_use]
    pub fn may_have_taken_effect(&self) -> bool {
        let seen = self.seen();
        seen.under_way || seen.may_have_taken_effect
    }

    pub(super) fn begin_attempt(&self) {
        self.change(|seen| {
            seen.attempts += 1;
            seen.under_way = true;
        });
    }

    pub(super) fn end_attempt(&self, may_have_taken_effect: bool) {
        self.change(|seen| {
            seen.under_way = false;
            seen.may_have_taken_effect |= may_have_taken_effect;
        });
    }

    fn seen(&self) -> Seen {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl fmt::Debug for CallProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Seen { attempts, under_way, may_have_taken_effect } = self.seen();
        f.debug_struct("CallProgress")
            .field("attempts", &attempts)
            .field("is_attempt_under_way", &under_way)
            .field("may_have_taken_effect", &(under_way || may_have_taken_effect))
            .finish()
    }
}
