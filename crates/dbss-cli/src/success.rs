//! A call that succeeded.

use dbss_client::descriptor::Operation;
use dbss_client::{Error, Outcome, Response, Waited};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::action::Action;
use crate::body::Body;
use crate::exit_status::ExitStatus;
use crate::operations;
use crate::wait::End;

/// A call that succeeded. Its serialized form is the output for scripts.
#[derive(Clone, Serialize)]
pub(crate) struct Success {
    #[serde(serialize_with = "operations::serialize_id")]
    pub(crate) operation: &'static Operation,
    /// None if the call had no response, and what it was for is done nevertheless.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<String>,
    pub(crate) attempts: u32,
    /// None if the operation reports none.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "word")]
    pub(crate) outcome: Option<Outcome>,
    /// None if nobody waited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wait: Option<End>,
    /// None if the response has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<Body>,
    #[serde(skip)]
    pub(crate) action: Option<Action>,
}

impl Success {
    pub(crate) fn new(
        operation: &'static Operation,
        response: &Response<Value>,
        action: Option<Action>,
    ) -> Self {
        // The raw body: the decoded value lacks fields that are not in the contract.
        let body = Some(response.body()).filter(|body| !body.is_empty());
        Self {
            operation,
            status: Some(response.status()),
            request_id: response.request_id().map(str::to_owned),
            attempts: response.attempts(),
            outcome: response.outcome().cloned(),
            body: body.map(Body::read),
            wait: None,
            action,
        }
    }

    /// The end of a wait.
    pub(crate) fn waited(
        operation: &'static Operation,
        waited: &Waited<Value>,
        action: Option<Action>,
    ) -> Self {
        let wait = Some(End::new(waited));
        match waited.response() {
            Some(response) => Self { wait, ..Self::new(operation, response, action) },
            None => Self {
                operation,
                status: None,
                request_id: None,
                attempts: waited.start_error().map_or(0, Error::attempts),
                outcome: None,
                wait,
                body: None,
                action,
            },
        }
    }

    /// Whether the service accepted the request, and did not say that it was done.
    pub(crate) fn is_only_accepted(&self) -> bool {
        self.wait.is_none() && !matches!(self.outcome, None | Some(Outcome::Succeeded))
    }

    pub(crate) fn exit_status(&self) -> ExitStatus {
        if self.is_only_accepted() { ExitStatus::Accepted } else { ExitStatus::Success }
    }
}

#[allow(clippy::ref_option, reason = "serde calls it with a reference")]
fn word<S: Serializer>(outcome: &Option<Outcome>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match outcome {
        Some(Outcome::Succeeded) => "succeeded",
        Some(Outcome::Failed) => "failed",
        Some(Outcome::Missing) => "missing",
        _ => "unlisted",
    })
}
