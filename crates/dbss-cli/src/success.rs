//! A call that succeeded.

use dbss_client::Response;
use dbss_client::descriptor::Operation;
use serde::Serialize;
use serde_json::Value;

use crate::action::Action;

/// A call that succeeded. Its serialized form is the output for scripts.
#[derive(Serialize)]
pub(crate) struct Success {
    pub(crate) operation: &'static str,
    pub(crate) status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<String>,
    pub(crate) attempts: u32,
    pub(crate) body: Value,
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
        let body = serde_json::from_slice(response.body()).ok();
        Self {
            operation: operation.id,
            status: response.status(),
            request_id: response.request_id().map(str::to_owned),
            attempts: response.attempts(),
            body: body.unwrap_or_else(|| response.value().clone()),
            action,
        }
    }
}
