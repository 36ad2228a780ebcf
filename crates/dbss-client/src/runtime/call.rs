//! One call of the facade, from its inputs to its outcome.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tracing::Instrument as _;

use super::context::{CallState, Options};
use super::{Arguments, Context, FailedValue, Problems, Received, Shared};
use crate::descriptor::{Operation, Schema, Shape};
use crate::error::{Problem, Source};
use crate::retry::RetryPolicy;
use crate::{Client, Error, ErrorKind, Response, raw};

/// The parameter that a client can fill in for all calls.
pub(crate) const PROJECT_ID: &str = "project_id";

/// What every generated call holds beside its inputs.
#[derive(Clone)]
pub(crate) struct Call {
    client: Client,
    operation: &'static Operation,
    options: Options,
    accept_failed_outcome: bool,
    problems: Problems,
    state: Option<Arc<CallState>>,
    /// When the call has to be over, by the clock's elapsed time.
    deadline: Duration,
    span: tracing::Span,
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
            options: Options::default(),
            accept_failed_outcome: false,
            problems: Problems::default(),
            state: None,
            deadline: Duration::MAX,
            span: tracing::Span::none(),
        }
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.client.shared
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.options.timeout = Some(timeout);
    }

    pub(crate) fn set_attempt_timeout(&mut self, timeout: Duration) {
        self.options.attempt_timeout = Some(timeout);
    }

    pub(crate) fn set_retry(&mut self, policy: RetryPolicy) {
        self.options.retry = Some(policy);
    }

    pub(crate) fn accept_failed_outcome(&mut self) {
        self.accept_failed_outcome = true;
    }

    /// Takes over what reading arguments by name found wrong.
    pub(crate) fn begin(&mut self, arguments: Arguments) {
        self.problems = arguments.into_problems();
    }

    /// Starts the call's time. The problems so far, to which the checks of the
    /// inputs add theirs.
    pub(crate) fn problems(&mut self) -> Problems {
        let timeout = self.options.timeout.unwrap_or(self.shared().timeout);
        self.deadline = self.shared().clock.elapsed().saturating_add(timeout);
        let mut problems = std::mem::take(&mut self.problems);
        let limits =
            [("timeout", self.options.timeout), ("attempt_timeout", self.options.attempt_timeout)];
        for (name, limit) in limits {
            if limit.is_some_and(|limit| limit.is_zero()) {
                problems.push(Problem::new(name, Source::Configuration, "is zero", ""));
            }
        }
        problems.extend(self.options.retry.as_ref().and_then(RetryPolicy::fault));
        problems
    }

    /// The project of the call, or the client's.
    #[allow(dead_code, reason = "a contract without projects has no use for it")]
    pub(crate) fn or_project_id(&mut self, given: Option<String>) -> Option<String> {
        // The client's own is at hand wherever a call's is not.
        self.options.project_id.clone_from(&given);
        given.or_else(|| self.shared().project_id.clone())
    }

    /// Whether IAM can be asked for the project.
    #[allow(dead_code, reason = "a contract without projects has no use for it")]
    pub(crate) fn can_look_up_project(&self) -> bool {
        self.client.rehearsal.is_none() && self.shared().surroundings.region().is_some()
    }

    /// Asks IAM for the project of the client's region, once for all calls.
    #[allow(dead_code, reason = "a contract without projects has no use for it")]
    pub(crate) async fn look_up_project<T>(&mut self) -> Result<T, Error>
    where
        T: TryFrom<String>,
        T::Error: fmt::Display,
    {
        let shared = Arc::clone(self.shared());
        let asked = shared.projects.id(&shared.surroundings, &shared.credentials);
        let found = match tokio::time::timeout(shared.left(self.deadline), asked).await {
            Ok(found) => found.map_err(|error| Error::credentials(self.operation.id, error))?,
            Err(_) => return Err(Error::out_of_time(self.operation.id)),
        };
        self.options.project_id = Some(found.clone());
        T::try_from(found).map_err(|error| {
            let mut problems = Problems::default();
            problems.add(PROJECT_ID, Source::Path, format!("as IAM has it, is {error}"));
            self.refuse(problems)
        })
    }

    /// The error of a call that is not sent.
    pub(crate) fn refuse(&self, problems: Problems) -> Error {
        Error::invalid_input(Some(self.operation.id), problems.into_vec())
    }

    /// The raw client of this call.
    pub(crate) fn start(&mut self) -> raw::Client {
        let options = std::mem::take(&mut self.options);
        let state = Arc::new(CallState::new(self.operation, options, self.deadline));
        self.state = Some(Arc::clone(&state));
        self.span = tracing::info_span!(
            "dbss_call",
            operation = self.operation.id,
            status = tracing::field::Empty,
            request_id = tracing::field::Empty,
            attempts = tracing::field::Empty,
            outcome = tracing::field::Empty,
        );
        let rehearsal = self.client.rehearsal.clone();
        let context = Context { shared: Arc::clone(self.shared()), call: Some(state), rehearsal };
        raw::Client::new_with_client(&self.shared().endpoint, self.shared().http.clone(), context)
    }

    /// The raw call as part of this one's span.
    pub(crate) fn traced<F: Future>(&self, call: F) -> impl Future<Output = F::Output> + use<F> {
        call.instrument(self.span.clone())
    }

    /// The outcome of the raw call, joined with what its attempts saw.
    pub(crate) fn finish<T, E>(
        self,
        result: Result<raw::ResponseValue<T>, raw::Error<E>>,
        failure: Option<fn(&T) -> Option<FailedValue>>,
    ) -> Result<Response<T>, Error> {
        let seen = self.state.as_ref().map(|state| state.note(std::mem::take)).unwrap_or_default();
        let attempts = seen.attempts;
        let outcome = match (result, seen.received) {
            (Ok(value), Some(received)) => {
                self.succeed(value.into_inner(), failure, received, attempts)
            }
            (Ok(value), None) => {
                let (status, headers) = (value.status(), value.headers().clone());
                let body = bytes::Bytes::new();
                let received = Received { status, headers, body, truncated: false };
                Ok(Response::new(value.into_inner(), received, self.operation.id, attempts))
            }
            (Err(error), Some(received)) => {
                let clock = &self.shared().clock;
                let described = Error::answered(self.operation, received, seen.credentials, clock);
                Err(match error {
                    raw::Error::InvalidResponsePayload(_, cause)
                        if described.kind() == ErrorKind::InvalidResponse =>
                    {
                        described.caused_by(cause)
                    }
                    _ => described,
                })
            }
            (Err(error), None) => Err(Error::unanswered(
                self.operation.id,
                error,
                seen.credentials,
                seen.may_have_reached,
            )),
        };
        let outcome = outcome.map_err(|error| error.after(attempts));
        self.record(&outcome);
        outcome
    }

    fn succeed<T>(
        &self,
        value: T,
        failure: Option<fn(&T) -> Option<FailedValue>>,
        received: Received,
        attempts: u32,
    ) -> Result<Response<T>, Error> {
        let operation = self.operation.id;
        if !self.fits(&received) {
            return Err(Error::misshapen(operation, received));
        }
        if !self.accept_failed_outcome
            && let Some(found) = failure.and_then(|failure| failure(&value))
        {
            return Err(Error::failed_outcome(operation, found, received));
        }
        Ok(Response::new(value, received, operation, attempts))
    }

    /// Whether the body is an object where the contract says so. serde takes a
    /// list for a struct, and an empty one for a struct of optional fields.
    fn fits(&self, received: &Received) -> bool {
        let answers = self.operation.answers;
        let success = answers.iter().find(|answer| answer.success).or(answers.last());
        let Some(schema) = success.and_then(|answer| answer.schema) else { return true };
        let first = received.body.iter().find(|byte| !byte.is_ascii_whitespace());
        !is_object(schema) || first == Some(&b'{')
    }

    fn record<T>(&self, outcome: &Result<Response<T>, Error>) {
        if self.span.is_disabled() {
            return;
        }
        let (status, request_id, attempts, word) = match outcome {
            Ok(response) => {
                (Some(response.status()), response.request_id(), response.attempts(), "success")
            }
            Err(error) => {
                (error.status(), error.request_id(), error.attempts(), error.kind().as_str())
            }
        };
        self.span.record("status", status);
        self.span.record("request_id", request_id);
        self.span.record("attempts", attempts);
        self.span.record("outcome", word);
    }
}

fn is_object(schema: &Schema) -> bool {
    match schema.shape {
        Shape::Object(_) => !schema.nullable,
        Shape::Named(named) => !schema.nullable && is_object(named),
        _ => false,
    }
}
