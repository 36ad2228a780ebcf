//! What a raw client carries: credentials, and where it leaves what it saw.
//!
//! progenitor's hooks have no way to hand anything to the caller. So the facade
//! gives each call a raw client of its own, whose context is a mailbox: `exec`
//! puts the answer in, and the facade takes it out when the call has ended.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use progenitor_client::{ClientHooks, ClientInfo as _, OperationInfo};

use crate::{Credentials, raw};

/// What all calls of a client share.
pub(crate) struct Shared {
    pub(crate) endpoint: String,
    pub(crate) project_id: Option<String>,
    pub(crate) credentials: Credentials,
    pub(crate) http: reqwest::Client,
}

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The state of a raw client; made by [`Client::raw`](crate::Client::raw).
#[derive(Clone)]
pub struct Context {
    shared: Arc<Shared>,
    timeout: Option<Duration>,
    mailbox: Option<Arc<Mutex<Option<Received>>>>,
}

impl Context {
    /// For the raw layer by itself: nothing is kept.
    pub(crate) fn plain(shared: &Arc<Shared>) -> Self {
        Self { shared: Arc::clone(shared), timeout: None, mailbox: None }
    }

    /// For one call of the facade.
    pub(crate) fn for_call(shared: &Arc<Shared>, timeout: Option<Duration>) -> Self {
        Self { shared: Arc::clone(shared), timeout, mailbox: Some(Arc::default()) }
    }

    /// What the call received, if it came to that.
    pub(crate) fn take(&self) -> Option<Received> {
        self.mailbox.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner).take()
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

impl ClientHooks<Context> for raw::Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
    ) -> Result<(), raw::Error<E>> {
        let context = self.inner();
        // progenitor sends the contract's version, which the service does not ask for.
        request.headers_mut().remove("api-version");
        if let Some((name, value)) = context.shared.credentials.header() {
            request.headers_mut().insert(name, value);
        }
        if let Some(timeout) = context.timeout {
            *request.timeout_mut() = Some(timeout);
        }
        Ok(())
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        let response = self.client().execute(request).await?;
        let Some(mailbox) = &self.inner().mailbox else { return Ok(response) };
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await?;
        let received = Received { status, headers: headers.clone(), body: body.clone() };
        *mailbox.lock().unwrap_or_else(PoisonError::into_inner) = Some(received);

        let mut copy = http::Response::new(body);
        *copy.status_mut() = status;
        *copy.headers_mut() = headers;
        Ok(copy.into())
    }
}
