//! A call whose inputs are valid.

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
use crate::input::Problems;

/// A call whose inputs are valid.
pub(crate) struct CheckedCall {
    pub(super) client: Client,
    pub(super) operation: &'static Operation,
    pub(super) options: Options,
    /// The deadline of the call, by the clock's elapsed time.
    pub(super) deadline: Duration,
    /// The project of the call, for its path and its signature.
    pub(super) project_id: Option<Arc<str>>,
    /// Whether an input takes the project, which has to be looked up.
    pub(super) needs_project: bool,
    pub(super) progress: Option<CallProgress>,
    /// Open from the first request on.
    pub(super) span: Option<CallSpan>,
}

impl CheckedCall {
    /// Whether IAM can be asked for the project.
    pub(super) fn can_look_up_project(&self) -> bool {
        self.client.dry_run.is_none() && self.client.shared.provider_context.region().is_some()
    }

    /// Asks IAM for the project of the client's region, once for all calls.
    pub(super) async fn look_up_project(&mut self) -> Result<Arc<str>, Error> {
        let shared = Arc::clone(&self.client.shared);
        let policy = self.options.retry_policy(&shared);
        let retries = IamRetries { shared: &shared, policy, deadline: self.deadline };
        let ask = || shared.projects.id(&shared.provider_context, &shared.credentials);
        let span = self.span.insert(CallSpan::new(self.operation.id));
        // Boxed, so that the futures of all other calls are not larger for it.
        let found = Box::pin(retries.run(ask(), ask)).instrument(span.span()).await;
        let found: Arc<str> = match found {
            Ok(found) => found.into(),
            Err(error) => {
                let error = Error::credentials(self.operation.id, error);
                span.record_error(&error);
                return Err(error);
            }
        };
        self.project_id = Some(Arc::clone(&found));
        Ok(found)
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
