//! One call of the facade, from its inputs to its outcome.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{Arguments, Context, FailedValue, Problems, Shared};
use crate::descriptor::Operation;
use crate::{Client, Error, Response, raw};

/// The parameter that a client can fill in for all calls.
pub(crate) const PROJECT_ID: &str = "project_id";

/// What every generated call holds beside its inputs.
#[derive(Clone)]
pub(crate) struct Call {
    client: Client,
    operation: &'static Operation,
    context: Option<Context>,
    timeout: Option<Duration>,
    accept_failed_outcome: bool,
    problems: Problems,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation.id)
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

impl Call {
    pub(crate) fn new(client: &Client, operation: &'static Operation) -> Self {
        Self {
            client: client.clone(),
            operation,
            context: None,
            timeout: None,
            accept_failed_outcome: false,
            problems: Problems::default(),
        }
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.client.shared
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    pub(crate) fn accept_failed_outcome(&mut self) {
        self.accept_failed_outcome = true;
    }

    /// Takes over what reading arguments by name found wrong.
    pub(crate) fn begin(&mut self, arguments: Arguments) {
        self.problems = arguments.into_problems();
    }

    /// The problems so far, to which the checks of the inputs add theirs.
    pub(crate) fn problems(&mut self) -> Problems {
        std::mem::take(&mut self.problems)
    }

    /// The project of the call, or the client's.
    #[allow(dead_code, reason = "a contract without projects has no use for it")]
    pub(crate) fn or_project_id(&self, given: Option<String>) -> Option<String> {
        given.or_else(|| self.shared().project_id.clone())
    }

    /// The error of a call that is not sent.
    pub(crate) fn refuse(&self, problems: Problems) -> Error {
        Error::invalid_input(Some(self.operation.id), problems.into_vec())
    }

    /// The raw client of this call.
    pub(crate) fn start(&mut self) -> raw::Client {
        let context = Context::for_call(self.shared(), self.timeout);
        self.context = Some(context.clone());
        raw::Client::new_with_client(&self.shared().endpoint, self.shared().http.clone(), context)
    }

    /// The outcome of the raw call, joined with what its context saw.
    pub(crate) fn finish<T, E>(
        self,
        result: Result<raw::ResponseValue<T>, raw::Error<E>>,
        failure: Option<fn(&T) -> Option<FailedValue>>,
    ) -> Result<Response<T>, Error> {
        let operation = self.operation.id;
        let received = self.context.as_ref().and_then(Context::take);
        match (result, received) {
            (Ok(value), Some(received)) => {
                let value = value.into_inner();
                if !self.accept_failed_outcome
                    && let Some(found) = failure.and_then(|failure| failure(&value))
                {
                    return Err(Error::failed_outcome(operation, found, received));
                }
                let super::Received { status, headers, body } = received;
                Ok(Response::new(value, status, headers, body, operation))
            }
            (Ok(value), None) => {
                let (status, headers) = (value.status(), value.headers().clone());
                Ok(Response::new(
                    value.into_inner(),
                    status,
                    headers,
                    bytes::Bytes::new(),
                    operation,
                ))
            }
            (Err(error), received) => Err(Error::of_call(operation, error, received)),
        }
    }
}
