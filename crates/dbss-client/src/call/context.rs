//! The inner value of a raw client: the state of the client, and that of one call.
//!
//! progenitor's hooks cannot return anything to the caller. So the facade makes a raw
//! client for each call, whose inner value has the state of that call: the hooks record
//! the attempts there, and the facade reads them when the raw call has ended.

use std::fmt;
use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use super::iam_retries::IamRetries;
use super::state::CallState;
use crate::auth::CredentialsError;
use crate::client::{Client, DryRun, Shared};
use crate::generated::raw;
use crate::retry::RetryPolicy;

/// The inner value of a raw client; made by [`Client::raw`](crate::Client::raw).
#[derive(Clone)]
pub struct Context {
    pub(crate) shared: Arc<Shared>,
    pub(crate) call: Option<Arc<CallState>>,
    /// Keeps the request of a dry run, instead of sending it.
    pub(crate) dry_run: Option<Arc<DryRun>>,
}

impl Client {
    /// A client of the raw layer, with the endpoint, HTTP client and credentials of this
    /// client; see [`raw`](crate::raw). A call makes one attempt, with the attempt timeout
    /// of this client.
    #[must_use]
    pub fn raw(&self) -> raw::Client {
        let context = Context { shared: Arc::clone(&self.shared), call: None, dry_run: None };
        raw::Client::new_with_client(&self.shared.endpoint, self.shared.http.clone(), context)
    }
}

impl Context {
    /// Authenticates a request, and records the identity.
    pub(crate) async fn authenticate(
        &self,
        request: &mut reqwest::Request,
    ) -> Result<(), CredentialsError> {
        let shared = &self.shared;
        let call = self.call.as_ref();
        if self.dry_run.is_some() && shared.credentials.is_login() {
            return Err(CredentialsError::new(
                "nothing is to be sent, and these credentials log in",
            ));
        }
        let ask = || shared.credentials.identity(&shared.provider_context);
        let mut asked = pin!(ask());
        // Usually the identity is cached, and neither a timer nor a retry is needed.
        let identity = match poll_fn(|context| Poll::Ready(asked.as_mut().poll(context))).await {
            Poll::Ready(Ok(identity)) => identity,
            begun => {
                let first = async {
                    match begun {
                        Poll::Ready(result) => result,
                        Poll::Pending => asked.await,
                    }
                };
                Box::pin(self.retries().run(first, ask)).await?
            }
        };
        let project_id = call.map_or(&shared.project_id, |call| &call.project_id);
        identity.authenticate(request, project_id.as_deref(), shared.clock.now())?;
        if let Some(call) = call {
            call.set_identity(identity);
        }
        Ok(())
    }
}

impl Context {
    /// What limits the retries of requests for credentials; those of the raw layer have
    /// none.
    fn retries(&self) -> IamRetries<'_> {
        const NONE: RetryPolicy = RetryPolicy::none();
        let shared = self.shared.as_ref();
        match &self.call {
            Some(call) => {
                let policy = call.options.retry_policy(shared);
                IamRetries { shared, policy, deadline: call.deadline }
            }
            None => {
                let deadline = shared.clock.elapsed().saturating_add(shared.timeout);
                IamRetries { shared, policy: &NONE, deadline }
            }
        }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("endpoint", &self.shared.endpoint)
            .field("credentials", &self.shared.credentials)
            .finish_non_exhaustive()
    }
}
