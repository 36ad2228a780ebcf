//! The client.

use std::fmt;
use std::sync::Arc;

use crate::raw;
use crate::runtime::{Context, Rehearsal, Shared};

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

    /// The raw layer: progenitor's client with this client's address, connections
    /// and credentials. It makes one attempt within the client's time limit of one,
    /// checks no limits beyond those of the types, and returns progenitor's own
    /// results.
    #[must_use]
    pub fn raw(&self) -> raw::Client {
        let context = Context { shared: Arc::clone(&self.shared), call: None, rehearsal: None };
        raw::Client::new_with_client(&self.shared.endpoint, self.shared.http.clone(), context)
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
