//! `StopAuditInstance`.

use dbss_client::types::{StopAuditInstanceRequest, StopAuditInstanceResponse};
use http::StatusCode;

use super::call::{Call, encoded};
use crate::reply::Refusal;
use crate::shared::Shared;

/// Shuts an instance down: `powering-off` at once, `SHUTOFF` after the delay.
///
/// Source: document "Stopping an Audit Instance"; the values of `status`, `task`
/// and `result`, and the error code, are those of the official SDK and of the
/// service's error code page.
pub(super) fn stop(shared: &Shared, call: &Call<'_>) -> Result<Vec<u8>, Refusal> {
    let request: StopAuditInstanceRequest = call.body()?;
    let project = call.project().unwrap_or_default();
    let options = shared.options();
    let now = options.clock.now();
    let off_at = now.checked_add(options.shut_down_delay).unwrap_or(now);
    shared.with_store(|store| {
        let Some(instance) = store.instance_in(project, &request.instance_id) else {
            return Err(Refusal::invalid_id().because("the project has no instance of that id"));
        };
        if !instance.is_free() {
            return Err(Refusal::service(
                StatusCode::BAD_REQUEST,
                "DBSS.10020131",
                "Failed to stop DBSS instance.",
            )
            .because("the instance is not ACTIVE, or something is being done to it"));
        }
        store.shut_down(&request.instance_id, off_at);
        Ok(())
    })?;
    let mut body = StopAuditInstanceResponse::default();
    body.result = Some("success".to_owned());
    encoded(&body)
}
