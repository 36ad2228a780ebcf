//! What a raw client carries: the client's state, and where it leaves what it saw.
//!
//! progenitor's hooks have no way to hand anything to the caller. So the facade
//! gives each call a raw client of its own, whose context is a mailbox: the hooks
//! put in what each attempt came to, and the facade takes it out when the call has
//! ended.

use std::fmt;
use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use super::state::CallState;
use crate::auth::CredentialsError;
use crate::client::{Client, Rehearsal, Shared};
use crate::generated::raw;

/// The state of a raw client; made by [`Client::raw`](crate::Client::raw).
#[derive(Clone)]
pub struct Context {
    pub(crate) shared: Arc<Shared>,
    pub(crate) call: Option<Arc<CallState>>,
    /// Where the request is left instead of sent.
    pub(crate) rehearsal: Option<Arc<Rehearsal>>,
}

impl Client {
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

impl Context {
    /// Puts proof of who calls on a request, and remembers who that is.
    pub(crate) async fn authorize(
        &self,
        request: &mut reqwest::Request,
    ) -> Result<(), CredentialsError> {
        let shared = &self.shared;
        let call = self.call.as_ref();
        if self.rehearsal.is_some() && shared.credentials.is_login() {
            return Err(CredentialsError::new(
                "nothing is to be sent, and these credentials log in",
            ));
        }
        let mut identity = pin!(shared.credentials.identity(&shared.surroundings));
        // Most of the time it is at hand, and needs no timer.
        let identity = match poll_fn(|context| Poll::Ready(identity.as_mut().poll(context))).await {
            Poll::Ready(identity) => identity?,
            Poll::Pending => {
                let left = call.map_or(shared.timeout, |call| shared.left(call.deadline));
                match tokio::time::timeout(left, identity).await {
                    Ok(identity) => identity?,
                    Err(_) => {
                        let message = "no credentials within the time limit of the call";
                        return Err(CredentialsError::new(message).retryable());
                    }
                }
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

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("endpoint", &self.shared.endpoint)
            .field("credentials", &self.shared.credentials)
            .finish_non_exhaustive()
    }
}
