//! What a client tells its user while a call runs.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::FailedAttempt;
use crate::http::Peer;

/// A retry that is about to be made, after a pause; see
/// [`ClientBuilder::on_retry`](crate::ClientBuilder::on_retry).
#[derive(Clone, Debug)]
pub struct Retry {
    peer: Peer,
    failed: FailedAttempt,
    pause: Duration,
}

impl Retry {
    pub(crate) fn new(peer: Peer, failed: FailedAttempt, pause: Duration) -> Self {
        Self { peer, failed, pause }
    }

    /// Who is asked again: the service, or IAM for a login or a project.
    #[must_use]
    pub fn peer(&self) -> Peer {
        self.peer
    }

    /// The attempt that failed.
    #[must_use]
    pub fn failed(&self) -> &FailedAttempt {
        &self.failed
    }

    /// The pause before the next attempt, which begins now.
    #[must_use]
    pub fn pause(&self) -> Duration {
        self.pause
    }
}

/// The function that is told of retries.
#[derive(Clone)]
pub(crate) struct RetryObserver(Arc<dyn Fn(&Retry) + Send + Sync>);

impl RetryObserver {
    pub(crate) fn new(observer: impl Fn(&Retry) + Send + Sync + 'static) -> Self {
        Self(Arc::new(observer))
    }

    pub(crate) fn tell(&self, retry: &Retry) {
        (self.0)(retry);
    }
}

impl fmt::Debug for RetryObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RetryObserver")
    }
}
