//! The client, and what its calls share.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::HeaderValue;

use crate::auth::ProviderContext;
use crate::credentials::Credentials;
use crate::http::{Authority, Handover, Peer, Target, TransportFailure};
use crate::note::Note;
use crate::observer::{Retry, RetryObserver};
use crate::project::ProjectLookup;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::time::Clock;

/// A client for the Database Security Service.
///
/// It has one method for each operation of the contract, which returns a call (see
/// [`operations`](crate::operations)): give it the inputs, then await it.
///
/// A client has a connection pool. Make one and clone it: clones share the pool, the
/// credentials, the project that was looked up and the retry budget.
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
///
/// # Panics
///
/// A call panics if it is awaited outside of a Tokio runtime with I/O and time enabled.
/// Nothing else needs a runtime.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    /// Keeps the request of a dry run, instead of sending it.
    pub(crate) dry_run: Option<Arc<DryRun>>,
}

impl Client {
    /// The endpoint that calls go to.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.shared.endpoint
    }

    /// The region that was given.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.shared.provider_context.region()
    }

    /// The project of calls that set none: the one that was given, or found with the
    /// credentials, else that of the region as soon as a call has looked it up. `None` until
    /// then.
    #[must_use]
    pub fn project_id(&self) -> Option<String> {
        let given = self.shared.project_id.as_deref().map(str::to_owned);
        given.or_else(|| self.shared.projects.known())
    }

    /// The address of IAM, for logins and look-ups.
    #[must_use]
    pub fn iam_endpoint(&self) -> &str {
        self.shared.provider_context.iam_endpoint()
    }

    /// What is worth knowing of its configuration, and was no problem.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.shared.notes
    }

    /// The proxy that calls to the [endpoint](Self::endpoint) go through, as a URL without
    /// user name and password. `None` if they go directly, and with an
    /// [`http_client`](crate::ClientBuilder::http_client), which has its own proxies.
    #[must_use]
    pub fn proxy(&self) -> Option<String> {
        let (scheme, proxy) = self.shared.provider_context.proxy_of(&self.shared.endpoint)?;
        Some(format!("{scheme}://{proxy}"))
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
    /// The `Host` header of every request. The HTTP stack would compute it for each
    /// request, and so would signing.
    pub(crate) host: Option<HeaderValue>,
    /// The host and port of the endpoint, which errors name.
    pub(crate) authority: Authority,
    pub(crate) project_id: Option<Arc<str>>,
    pub(crate) credentials: Credentials,
    pub(crate) provider_context: ProviderContext,
    pub(crate) projects: ProjectLookup,
    pub(crate) notes: Vec<Note>,
    pub(crate) http: reqwest::Client,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) timeout: Duration,
    /// The limit of an attempt, if it has one of its own.
    pub(crate) attempt_timeout: Option<Duration>,
    /// The timeout of the HTTP client itself.
    pub(crate) http_timeout: Option<Duration>,
    pub(crate) retry: RetryPolicy,
    pub(crate) budget: RetryBudget,
    pub(crate) on_retry: Option<RetryObserver>,
    pub(crate) max_response_bytes: usize,
}

impl Shared {
    /// The time until a deadline.
    pub(crate) fn left(&self, deadline: Duration) -> Duration {
        deadline.saturating_sub(self.clock.elapsed())
    }

    /// Sets the timeout of a request. If the HTTP client's own is the same, or longer by
    /// less than anybody would notice, nothing is set, which saves the map in which reqwest
    /// keeps a request's own timeout. The latter is so for the first attempt of a call,
    /// after the inputs were checked.
    pub(crate) fn limit(&self, request: &mut reqwest::Request, timeout: Duration) {
        let longer = self.http_timeout.and_then(|own| own.checked_sub(timeout));
        if longer.is_none_or(|longer| longer > UNNOTICED) {
            *request.timeout_mut() = Some(timeout);
        }
    }

    /// How a request to the service failed.
    pub(crate) fn failure(&self, error: &reqwest::Error, handover: &Handover) -> TransportFailure {
        let at = &self.authority;
        let proxy = self.provider_context.proxy_of(&self.endpoint).map(|(_, proxy)| proxy);
        TransportFailure::new(error, handover, Target { peer: Peer::Service, at, proxy })
    }

    /// The pause before another attempt, or `None` if the policy, the deadline or the retry budget
    /// allows none. `asked` is what the response asked for.
    pub(crate) fn pause_before_retry(
        &self,
        policy: &RetryPolicy,
        attempts: u32,
        asked: Option<Duration>,
        deadline: Duration,
    ) -> Option<Duration> {
        if attempts >= policy.max_attempts {
            return None;
        }
        let pause = policy.pause(attempts, asked);
        (pause < self.left(deadline) && self.budget.spend()).then_some(pause)
    }

    /// Waits before a retry, after telling the observer of it.
    pub(crate) async fn wait(&self, retry: Retry) {
        if let Some(observer) = &self.on_retry {
            observer.tell(&retry);
        }
        if !retry.pause().is_zero() {
            self.clock.sleep(retry.pause()).await;
        }
    }
}

/// By how much a request may outlast its timeout.
const UNNOTICED: Duration = Duration::from_millis(10);

/// Keeps the request of a dry run.
#[derive(Default)]
pub(crate) struct DryRun(Mutex<Option<reqwest::Request>>);

impl DryRun {
    pub(crate) fn keep(&self, request: reqwest::Request) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
    }

    pub(crate) fn take(&self) -> Option<reqwest::Request> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Debug for DryRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A request contains secrets.
        f.write_str("DryRun")
    }
}
