//! The client, and what its calls share.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::HeaderValue;

use crate::auth::Surroundings;
use crate::credentials::Credentials;
use crate::project::Projects;
use crate::retry::{Budget, RetryPolicy};
use crate::time::Clock;

/// A client for the Database Security Service.
///
/// It holds a pool of connections: make one and clone it, clones share the pool,
/// the credentials and the retry budget. Its methods, one for each operation, are
/// generated from the contract.
///
/// ```no_run
/// # async fn example() -> Result<(), dbss_client::Error> {
/// use dbss_client::{Client, Credentials, types::AuditScopeStatus};
///
/// let client = Client::builder()
///     .region("cn-north-4")
///     .credentials(Credentials::from_env()?)
///     .build()?;
/// client
///     .set_audit_scope_rule_switch()
///     .instance_id("1d07f606-92d2-441c-b05c-dca47e180552")
///     .ids(["ne-pwZgBxmBODPrxTO7F"])
///     .status(AuditScopeStatus::Off)
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    /// Where requests go instead of to the service.
    pub(crate) rehearsal: Option<Arc<Rehearsal>>,
}

impl Client {
    /// The address that calls go to.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.shared.endpoint
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", &self.shared.endpoint)
            .field("project_id", &self.shared.project_id)
            .field("credentials", &self.shared.credentials)
            .finish_non_exhaustive()
    }
}

/// What all calls of a client share.
pub(crate) struct Shared {
    pub(crate) endpoint: String,
    /// `Host` of every request. The HTTP stack would work it out anew each time,
    /// and a signature would as well.
    pub(crate) host: Option<HeaderValue>,
    pub(crate) project_id: Option<Arc<str>>,
    pub(crate) credentials: Credentials,
    pub(crate) surroundings: Surroundings,
    pub(crate) projects: Projects,
    pub(crate) http: reqwest::Client,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    /// The time limit that the HTTP client has by itself.
    pub(crate) http_timeout: Option<Duration>,
    pub(crate) retry: RetryPolicy,
    pub(crate) budget: Budget,
    pub(crate) answer_limit: usize,
}

impl Shared {
    /// The time that is left until then.
    pub(crate) fn left(&self, deadline: Duration) -> Duration {
        deadline.saturating_sub(self.clock.elapsed())
    }

    /// Sets the time limit of a request. Where it is the HTTP client's own there
    /// is nothing to do, which saves the map that reqwest keeps another one in.
    pub(crate) fn limit(&self, request: &mut reqwest::Request, timeout: Duration) {
        if self.http_timeout != Some(timeout) {
            *request.timeout_mut() = Some(timeout);
        }
    }
}

/// Where a call of a client that sends nothing leaves its request.
#[derive(Default)]
pub(crate) struct Rehearsal(Mutex<Option<reqwest::Request>>);

impl Rehearsal {
    pub(crate) fn keep(&self, request: reqwest::Request) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
    }

    pub(crate) fn take(&self) -> Option<reqwest::Request> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Debug for Rehearsal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A request holds secrets.
        f.write_str("Rehearsal")
    }
}
