//! What a raw client carries: the client's state, and where it leaves what it saw.
//!
//! progenitor's hooks have no way to hand anything to the caller. So the facade
//! gives each call a raw client of its own, whose context is a mailbox: the hooks
//! put in what each attempt came to, and the facade takes it out when the call has
//! ended.

use std::fmt;
use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use progenitor_client::{ClientHooks, ClientInfo as _, OperationInfo};

use super::{Rehearsal, attempts};
use crate::credentials::{Credentials, CredentialsError, Identity, Surroundings};
use crate::descriptor::Operation;
use crate::iam::Projects;
use crate::raw;
use crate::retry::{Budget, RetryPolicy};
use crate::time::Clock;

/// The header in which progenitor sends the contract's version.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// What all calls of a client share.
pub(crate) struct Shared {
    pub(crate) endpoint: String,
    /// `Host` of every request. The HTTP stack would work it out anew each time,
    /// and a signature would as well.
    pub(crate) host: Option<HeaderValue>,
    pub(crate) project_id: Option<String>,
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

/// An answer as it came.
#[derive(Clone)]
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether there was more of the body than is kept.
    pub(crate) truncated: bool,
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}

/// What a call wants that is not the client's.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) project_id: Option<String>,
}

/// What the attempts of a call came to.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) attempts: u32,
    /// The last answer.
    pub(crate) received: Option<Received>,
    /// Why there is no identity to call with.
    pub(crate) credentials: Option<CredentialsError>,
    /// Whether an attempt may have reached the service without an answer to it.
    pub(crate) may_have_reached: bool,
}

/// One call of the facade.
pub(crate) struct CallState {
    pub(crate) operation: &'static Operation,
    pub(crate) options: Options,
    /// When it has to be over, by the clock's elapsed time.
    pub(crate) deadline: Duration,
    seen: Mutex<Seen>,
    /// Who the request that is under way claims to come from.
    identity: Mutex<Option<Identity>>,
}

impl CallState {
    pub(crate) fn new(operation: &'static Operation, options: Options, deadline: Duration) -> Self {
        Self { operation, options, deadline, seen: Mutex::default(), identity: Mutex::default() }
    }

    /// Changes what was seen.
    pub(crate) fn note<T>(&self, change: impl FnOnce(&mut Seen) -> T) -> T {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Who the last request claimed to come from.
    pub(crate) fn identity(&self) -> Option<Identity> {
        self.identity.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The state of a raw client; made by [`Client::raw`](crate::Client::raw).
#[derive(Clone)]
pub struct Context {
    pub(crate) shared: Arc<Shared>,
    pub(crate) call: Option<Arc<CallState>>,
    /// Where the request is left instead of sent.
    pub(crate) rehearsal: Option<Arc<Rehearsal>>,
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
        let project_id = call.and_then(|call| call.options.project_id.as_deref());
        let project_id = project_id.or(shared.project_id.as_deref());
        identity.authenticate(request, project_id, shared.clock.now())?;
        if let Some(call) = call {
            *call.identity.lock().unwrap_or_else(PoisonError::into_inner) = Some(identity);
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

impl ClientHooks<Context> for raw::Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
    ) -> Result<(), raw::Error<E>> {
        // The service does not ask for it.
        request.headers_mut().remove(API_VERSION);
        let context = self.inner();
        if let Some(host) = &context.shared.host {
            request.headers_mut().insert(HOST, host.clone());
        }
        context.authorize(request).await.map_err(|error| {
            let message = error.to_string();
            if let Some(call) = &context.call {
                call.note(|seen| seen.credentials = Some(error));
            }
            raw::Error::Custom(message)
        })
    }

    async fn exec(
        &self,
        mut request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        let context = self.inner();
        if let Some(rehearsal) = &context.rehearsal {
            rehearsal.keep(request);
            return Ok(http::Response::new(Bytes::new()).into());
        }
        match &context.call {
            Some(call) => attempts::run(context, call, self.client(), request).await,
            None => {
                context.shared.limit(&mut request, context.shared.attempt_timeout);
                self.client().execute(request).await
            }
        }
    }
}
