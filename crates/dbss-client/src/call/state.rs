//! The state of a running call, shared by its parts.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::progress::CallProgress;
use crate::auth::{CredentialsError, Identity};
use crate::client::Shared;
use crate::descriptor::Operation;
use crate::error::FailedAttempt;
use crate::http::{RawResponse, TransportFailure};
use crate::retry::RetryPolicy;

/// The options of a call that override the client's. What few calls have is boxed: the options
/// of every call are moved.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(super) timeout: Option<Duration>,
    pub(super) attempt_timeout: Option<Duration>,
    pub(super) retry: Option<Box<RetryPolicy>>,
    /// Whether a success whose body reports failure is returned.
    pub(super) accept_failed_outcome: bool,
    /// Whether enums may have values that the contract does not list.
    pub(super) allow_unlisted_values: bool,
}

impl Options {
    /// The retry policy of the call, else that of its client.
    pub(super) fn retry_policy<'a>(&'a self, client: &'a Shared) -> &'a RetryPolicy {
        self.retry.as_deref().unwrap_or(&client.retry)
    }
}

/// The log of the attempts of a call. What only failures have is boxed: the log of every
/// call is moved.
#[derive(Debug, Default)]
pub(super) struct AttemptLog {
    pub(super) attempts: u32,
    /// The last response.
    pub(super) response: Option<RawResponse>,
    /// Why the last attempt had no response.
    pub(super) failure: Option<Box<TransportFailure>>,
    /// Why there was no identity for an attempt.
    pub(super) credentials: Option<CredentialsError>,
    /// Whether an attempt may have reached the service.
    pub(super) may_have_reached: bool,
    /// The first attempt that may have taken effect and was followed by another one.
    pub(super) uncertain: Option<Box<FailedAttempt>>,
}

/// The state of one call of the facade.
pub(crate) struct CallState {
    pub(super) operation: &'static Operation,
    pub(super) options: Options,
    /// The deadline, by the clock's elapsed time.
    pub(super) deadline: Duration,
    /// The project, for the path and the signature.
    pub(super) project_id: Option<Arc<str>>,
    pub(super) progress: Option<CallProgress>,
    log: Mutex<AttemptLog>,
    /// The identity of the running or last attempt.
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
        let (log, identity) = (Mutex::default(), Mutex::default());
        Self { operation, options, deadline, project_id, progress, log, identity }
    }

    /// Changes the attempt log.
    pub(super) fn record<T>(&self, change: impl FnOnce(&mut AttemptLog) -> T) -> T {
        change(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The identity of the last attempt.
    pub(super) fn identity(&self) -> Option<Identity> {
        self.identity.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_identity(&self, identity: Identity) {
        *self.identity.lock().unwrap_or_else(PoisonError::into_inner) = Some(identity);
    }
}
