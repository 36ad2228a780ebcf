//! A call before it is checked: the settings that every generated call has.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::checked::CheckedCall;
use super::progress::CallProgress;
use super::state::Options;
use crate::client::Client;
use crate::descriptor::{ClientValue, Operation};
use crate::error::Error;
use crate::input::{Arguments, InputLocation, Problem, ProblemKind, Problems};
use crate::retry::RetryPolicy;

/// The settings that every generated call has beside its inputs.
pub(crate) struct Call {
    client: Client,
    operation: &'static Operation,
    options: Options,
    problems: Problems,
    progress: Option<CallProgress>,
}

impl Clone for Call {
    /// A call with a progress of its own.
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            operation: self.operation,
            options: self.options.clone(),
            problems: self.problems.clone(),
            progress: None,
        }
    }
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
            problems: Problems::default(),
            progress: None,
        }
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
        self.options.accept_failed_outcome = true;
    }

    pub(crate) fn allow_unlisted_values(&mut self) {
        self.options.allow_unlisted_values = true;
    }

    /// The progress of this call.
    pub(crate) fn progress(&mut self) -> CallProgress {
        self.progress.get_or_insert_default().clone()
    }

    /// Takes over the settings of arguments by name, and what reading them found wrong.
    pub(crate) fn take_over(&mut self, arguments: Arguments) {
        self.options.allow_unlisted_values |= arguments.are_unlisted_values_allowed();
        self.problems = arguments.into_problems();
    }

    /// Starts the timeout of the call. Returns the problems found so far, to which the
    /// checks of the inputs add.
    pub(crate) fn check(self) -> (CallCheck, Problems) {
        let Self { client, operation, options, mut problems, progress } = self;
        problems.allow_unlisted_values(options.allow_unlisted_values);
        let timeout = options.timeout.unwrap_or(client.shared.timeout);
        let deadline = client.shared.clock.elapsed().saturating_add(timeout);
        let limits = [("timeout", options.timeout), ("attempt_timeout", options.attempt_timeout)];
        for (name, limit) in limits {
            if limit.is_some_and(|limit| limit.is_zero()) {
                problems.push(Problem::configuration(name, ProblemKind::ZeroTimeout));
            }
        }
        problems.extend(options.retry.as_ref().and_then(RetryPolicy::problem));
        let project_id = client.shared.project_id.clone();
        let call = CheckedCall { client, operation, options, deadline, project_id, progress };
        (CallCheck(call), problems)
    }
}

/// A call while its inputs are checked.
pub(crate) struct CallCheck(CheckedCall);

impl CallCheck {
    /// The value of a parameter that the client fills in if the call does not set it;
    /// `None` if it has to be looked up, once all inputs are known to be valid.
    #[allow(dead_code, reason = "a contract without projects has no use for it")]
    pub(crate) fn fill_in(
        &mut self,
        value: ClientValue,
        field: &str,
        location: InputLocation,
        given: Option<String>,
        problems: &mut Problems,
    ) -> Option<Arc<str>> {
        let ClientValue::ProjectId = value;
        let call = &mut self.0;
        if let Some(given) = given {
            call.project_id = Some(given.into());
        }
        if call.project_id.is_none() && !call.can_look_up_project() {
            problems.push(Problem::new(field, location, ProblemKind::Missing).with_help(
                "set it on the call, or once for all calls with `ClientBuilder::project_id`; with a region it is looked up",
            ));
        }
        call.project_id.clone()
    }

    /// The checked call, if there are no problems.
    pub(crate) fn finish(self, problems: Problems) -> Result<CheckedCall, Error> {
        if problems.is_empty() { Ok(self.0) } else { Err(self.reject(problems)) }
    }

    /// The error of a call with invalid inputs.
    pub(crate) fn reject(&self, problems: Problems) -> Error {
        self.0.reject(problems)
    }
}
