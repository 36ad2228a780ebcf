//! A call that succeeded.

use dbss_client::Response;
use dbss_client::descriptor::Operation;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::action::Action;
use crate::body::Body;
use crate::exit_status::ExitStatus;

/// A call that succeeded. Its serialized form is the output for scripts.
#[derive(Clone, Serialize)]
pub(crate) struct Success {
    #[serde(serialize_with = "id")]
    pub(crate) operation: &'static Operation,
    pub(crate) status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<String>,
    pub(crate) attempts: u32,
    /// None if the response has none.
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
            status: response.status(),
            request_id: response.request_id().map(str::to_owned),
            attempts: response.attempts(),
            body: body.map(Body::read),
            action,
        }
    }

    pub(crate) fn exit_status(&self) -> ExitStatus {
        ExitStatus::Success
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn id<S: Serializer>(operation: &&'static Operation, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(operation.id)
}
