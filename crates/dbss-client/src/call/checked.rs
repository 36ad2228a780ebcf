//! A call whose inputs are valid.

use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use tracing::Instrument as _;

use super::context::Context;
use super::iam_retries::IamRetries;
use super::progress::CallProgress;
use super::running::RunningCall;
use super::span::CallSpan;
use super::state::{CallState, Options};
use crate::client::Client;
use crate::descriptor::Operation;
use crate::error::Error;
use crate::generated::raw;
use crate::input::{Input, InputLocation, InputPath, Problems};

/// A call whose inputs are valid.
pub(crate) struct CheckedCall {
    pub(super) client: Client,
    pub(super) operation: &'static Operation,
    pub(super) options: Options,
    /// The deadline of the call, by the clock's elapsed time.
    pub(super) deadline: Duration,
    /// The project of the call, for its path and its signature.
    pub(super) project_id: Option<Arc<str>>,
    pub(super) progress: Option<CallProgress>,
    /// Open from the first request on.
    pub(super) span: Option<CallSpan>,
}

impl CheckedCall {
    /// Whether IAM can be asked for the project.
    pub(super) fn can_look_up_project(&self) -> bool {
        self.client.dry_run.is_none() && self.client.shared.provider_context.region().is_some()
    }

    /// The project of the call; if it has none yet, IAM is asked for that of the client's region,
    /// once for all calls.
    #[allow(dead_code, reason = "a contract without projects has no use for it")]
    pub(crate) async fn project<T>(
        &mut self,
        name: &'static str,
        given: Option<T>,
    ) -> Result<T, Error>
    where
        T: Input + FromStr<Err: Display>,
    {
        if let Some(given) = given {
            return Ok(given);
        }
        let shared = Arc::clone(&self.client.shared);
        let policy = self.options.retry_policy(&shared);
        let retries = IamRetries { shared: &shared, policy, deadline: self.deadline };
        let ask = || shared.projects.id(&shared.provider_context, &shared.credentials);
        let span = self.span.insert(CallSpan::new(self.operation.id));
        // Boxed, so that the futures of all other calls are not larger for it.
        let found = Box::pin(retries.run(ask(), ask)).instrument(span.span()).await;
        let found = found.map_err(|error| {
            let error = Error::credentials(self.operation.id, error);
            span.record_error(&error);
            error
        })?;
        let mut problems = Problems::default();
        let converted: Option<T> = problems.convert(name, InputLocation::Path, &found);
        if let Some(converted) = &converted {
            converted.check(&InputPath::root(name, InputLocation::Path), &mut problems);
        }
        self.project_id = Some(found.into());
        converted
            .filter(|_| problems.is_empty())
            .ok_or_else(|| self.reject(problems.with_help("it is what IAM returned")))
    }

    /// The error of a call with invalid inputs.
    pub(super) fn reject(&self, problems: Problems) -> Error {
        Error::invalid_input(Some(self.operation.id), problems.into_vec())
    }

    /// Starts the call: the running call, and its raw client.
    pub(crate) fn start(self) -> (RunningCall, raw::Client) {
        let Self { client: Client { shared, dry_run }, operation, options, .. } = self;
        let (project_id, progress) = (self.project_id, self.progress);
        let state = CallState::new(operation, options, self.deadline, project_id, progress);
        let state = Arc::new(state);
        let context =
            Context { shared: Arc::clone(&shared), call: Some(Arc::clone(&state)), dry_run };
        let raw = raw::Client::new_with_client(&shared.endpoint, shared.http.clone(), context);
        let span = self.span.unwrap_or_else(|| CallSpan::new(operation.id));
        (RunningCall::new(shared, state, span), raw)
    }
}
