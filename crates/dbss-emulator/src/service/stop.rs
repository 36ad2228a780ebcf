//! The behaviour of `StopAuditInstance`: shuts an instance down, and rejects a stop of one that is
//! not running or has a task.

use dbss_client::types::{StopAuditInstanceRequest, StopAuditInstanceResponse};
use http::StatusCode;

use super::call::{Call, to_json};
use crate::app_state::AppState;
use crate::response::ErrorResponse;

/// Shuts an instance down: `powering-off` at once, `SHUTOFF` after the delay.
///
/// Source: document "Stopping an Audit Instance"; the values of `status`, `task`
/// and `result`, and the error code, are those of the official SDK and of the
/// service's error code page.
pub(super) fn stop(app: &AppState, call: &Call<'_>) -> Result<Vec<u8>, ErrorResponse> {
    let request: StopAuditInstanceRequest = call.body()?;
    let project = call.project().unwrap_or_default();
    let options = app.options();
    let now = options.clock.now();
    let off_at = now.checked_add(options.shut_down_delay).unwrap_or(now);
    app.with_store(|store| {
        let Some(instance) = store.instance_in(project, &request.instance_id) else {
            return Err(
                ErrorResponse::invalid_id().with_reason("the project has no instance with that id")
            );
        };
        if !instance.is_idle() {
            return Err(ErrorResponse::service(
                StatusCode::BAD_REQUEST,
                "DBSS.10020131",
                "Failed to stop DBSS instance.",
            )
            .with_reason("the instance is not ACTIVE, or has a task"));
        }
        store.shut_down(&request.instance_id, off_at);
        Ok(())
    })?;
    let mut body = StopAuditInstanceResponse::default();
    body.result = Some("success".to_owned());
    to_json(&body)
}
