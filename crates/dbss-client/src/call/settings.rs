//! A call before it is checked: its inputs, and the settings that every call has.

use std::fmt::{self, Display};
use std::str::FromStr;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use super::checked::CheckedCall;
use super::future::InvokeFuture;
use super::inputs::{InputVisitor, Inputs, Sent};
use super::progress::CallProgress;
use super::state::Options;
use crate::client::Client;
use crate::descriptor::Operation;
use crate::error::Error;
use crate::input::{Arguments, InputLocation, Problem, ProblemKind, Problems};
use crate::retry::RetryPolicy;

/// A call of an operation with these inputs.
#[derive(Clone, Debug)]
pub(crate) struct Call<I> {
    pub(crate) settings: Settings,
    pub(crate) inputs: I,
}

impl<I: Inputs> Call<I> {
    pub(crate) fn new(client: &Client) -> Self {
        Self { settings: Settings::new(client, I::OPERATION), inputs: I::default() }
    }

    /// Checks every input, all of them at once, and runs the call.
    pub(crate) async fn send(self) -> Sent<I> {
        let Self { settings, mut inputs } = self;
        let (mut call, mut problems) = settings.check();
        inputs.visit(&mut InputVisitor::Check { call: &mut call, problems: &mut problems });
        let mut call = call.finish(problems)?;
        if call.needs_project {
            let project = call.look_up_project().await?;
            let mut problems = Problems::default();
            let fill_in = &mut InputVisitor::FillIn { project: &project, problems: &mut problems };
            inputs.visit(fill_in);
            if !problems.is_empty() {
                return Err(call.reject(problems.with_help("it is what IAM returned")));
            }
        }
        inputs.send(call).await
    }
}

#[allow(dead_code, reason = "a contract may have neither pages nor completions")]
impl<I: Inputs> Call<I> {
    /// The inputs that were given, by name. Where a parameter and a field of the body have the
    /// same name, that is the parameter.
    pub(crate) fn given(&self) -> Map<String, Value> {
        let mut given = Map::new();
        self.inputs.clone().visit(&mut InputVisitor::Record(&mut given));
        given
    }

    /// The same call with another value of a parameter in the query.
    pub(crate) fn with_parameter(&self, name: &'static str, value: u64) -> Self {
        let mut arguments = Arguments::new().parameter(name, value.to_string());
        let mut call = self.clone();
        call.inputs.visit(&mut InputVisitor::ReadOne { name, arguments: &mut arguments });
        call
    }
}

/// Makes a call from arguments by name.
pub(crate) fn invoke<I>(client: &Client, mut arguments: Arguments) -> InvokeFuture
where
    I: Inputs<Value: Serialize>,
{
    let mut call = Call::<I>::new(client);
    call.inputs.visit(&mut InputVisitor::Read(&mut arguments));
    call.settings.take_over(arguments);
    let progress = call.settings.progress();
    InvokeFuture::new(progress, async move { call.send().await?.into_json() })
}

/// The settings that every call has beside its inputs.
pub(crate) struct Settings {
    client: Client,
    operation: &'static Operation,
    options: Options,
    problems: Problems,
    progress: Option<CallProgress>,
}

impl Clone for Settings {
    /// The settings of a call with a progress of its own.
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

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("operation", &self.operation.id)
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

impl Settings {
    fn new(client: &Client, operation: &'static Operation) -> Self {
        Self {
            client: client.clone(),
            operation,
            options: Options::default(),
            problems: Problems::default(),
            progress: None,
        }
    }

    #[allow(dead_code, reason = "a contract may have no completion")]
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.options.timeout = Some(timeout);
    }

    pub(crate) fn set_attempt_timeout(&mut self, timeout: Duration) {
        self.options.attempt_timeout = Some(timeout);
    }

    pub(crate) fn set_retry(&mut self, policy: RetryPolicy) {
        self.options.retry = Some(Box::new(policy));
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
    fn take_over(&mut self, arguments: Arguments) {
        self.options.allow_unlisted_values |= arguments.are_unlisted_values_allowed();
        if let Some(deadline) = arguments.one_attempt_deadline() {
            let shared = &self.client.shared;
            // None at all is not a timeout that a call may have.
            let left = shared.left(deadline).max(Duration::from_millis(1));
            self.options.retry = Some(Box::new(RetryPolicy::none()));
            self.options.timeout = Some(left.min(shared.timeout));
        }
        self.problems = arguments.into_problems(self.operation);
    }

    /// Starts the timeout of the call. Returns the problems found so far, to which the
    /// checks of the inputs add.
    fn check(self) -> (CallCheck, Problems) {
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
        problems.extend(options.retry.as_deref().and_then(RetryPolicy::problem));
        let project_id = client.shared.project_id.clone();
        let (needs_project, span) = (false, None);
        let call = CheckedCall {
            client,
            operation,
            options,
            deadline,
            project_id,
            needs_project,
            progress,
            span,
        };
        (CallCheck(call), problems)
    }
}

/// A call while its inputs are checked.
pub(crate) struct CallCheck(CheckedCall);

impl CallCheck {
    /// Fills in the project id of the client where the call has none. If the client has none
    /// either, it is looked up once all inputs are known to be valid.
    #[allow(dead_code, reason = "a contract without projects has no use for it")]
    pub(super) fn fill_in_project<T>(
        &mut self,
        name: &'static str,
        value: &mut Option<T>,
        problems: &mut Problems,
    ) where
        T: FromStr<Err: Display> + Display,
    {
        let call = &mut self.0;
        if let Some(given) = value {
            call.project_id = Some(given.to_string().into());
            return;
        }
        match &call.project_id {
            Some(project_id) => *value = problems.convert(name, InputLocation::Path, project_id),
            None if call.can_look_up_project() => call.needs_project = true,
            None => problems.push(
                Problem::new(name, InputLocation::Path, ProblemKind::Missing).with_help(
                    "set it on the call, or once for all calls with `ClientBuilder::project_id`; with a region it is looked up",
                ),
            ),
        }
    }

    /// The checked call, if there are no problems.
    fn finish(self, problems: Problems) -> Result<CheckedCall, Error> {
        if problems.is_empty() { Ok(self.0) } else { Err(self.0.reject(problems)) }
    }
}
