//! What the parts of a call share while it is under way.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::progress::CallProgress;
use crate::auth::{CredentialsError, Identity};
use crate::descriptor::Operation;
use crate::http::Received;
use crate::retry::RetryPolicy;

/// What a call wants that is not the client's.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(super) timeout: Option<Duration>,
    pub(super) attempt_timeout: Option<Duration>,
    pub(super) retry: Option<RetryPolicy>,
    /// Whether a success whose body reports failure is taken as it is.
    pub(super) accept_failed_outcome: bool,
}

/// What the attempts of a call came to.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) attempts: u32,
    /// The last answer.
    pub(super) received: Option<Received>,
    /// Why there is no identity to call with.
    pub(super) credentials: Option<CredentialsError>,
    /// Whether an attempt may have reached the service.
    pub(super) may_have_reached: bool,
    /// Whether an attempt may have been carried out.
    pub(super) may_have_taken_effect: bool,
}

/// One call of the facade.
pub(crate) struct CallState {
    pub(super) operation: &'static Operation,
    pub(super) options: Options,
    /// When it has to be over, by the clock's elapsed time.
    pub(super) deadline: Duration,
    /// The project that it is for, in its path and in its signature.
    pub(super) project_id: Option<Arc<str>>,
    pub(super) progress: Option<CallProgress>,
    seen: Mutex<Seen>,
    /// Who the request that is under way claims to come from.
    identity: Mutex<Option<Identity>>,
}

impl CallState {
    pub(super) fn new(
        operation: &'static Operation,
        options: Options,
        deadline: Duration,
        project_id: Option<Arc<str>>,
        progress: Option<CallProgress>,
    ) -> Self {
        let (seen, identity) = (Mutex::default(), Mutex::default());
        Self { operation, options, deadline, project_id, progress, seen, identity }
    }

    /// Changes what was seen.
    pub(super) fn note<T>(&self, change: impl FnOnce(&mut Seen) -> T) -> T {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Who the last request claimed to come from.
    pub(super) fn identity(&self) -> Option<Identity> {
        self.identity.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_identity(&self, identity: Identity) {
        *self.identity.lock().unwrap_or_else(PoisonError::into_inner) = Some(identity);
    }
}
