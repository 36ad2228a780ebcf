//! The behaviours of starting, rebooting and stopping: an instance gets a task, and the
//! status that follows from it once the task has ended.

use dbss_client::types::{
    AuditInstanceActionRequest, AuditInstanceActionResponse, AuditInstanceActionResult,
    StopAuditInstanceRequest, StopAuditInstanceResponse,
};
use http::StatusCode;

use super::call::{Call, to_json};
use crate::app_state::AppState;
use crate::response::ErrorResponse;
use crate::state::{InstanceStatus, Task};

/// What can be done to an instance, and how it is refused.
///
/// Source: the values of `status` and `task` and what each of them allows are those of the
/// official SDK (`AuditInstanceBean`), codes and messages those of the service's error code page.
struct Action {
    /// The status that the instance must have, without a task.
    from: InstanceStatus,
    task: Task,
    error_code: &'static str,
    error_message: &'static str,
}

const START: Action = Action {
    from: InstanceStatus::Shutoff,
    task: Task::PoweringOn,
    error_code: "DBSS.10020130",
    error_message: "Failed to start DBSS instance.",
};

const REBOOT: Action = Action {
    from: InstanceStatus::Active,
    task: Task::Rebooting,
    error_code: "DBSS.10020132",
    error_message: "Restarting DBSS instance failed.",
};

const STOP: Action = Action {
    from: InstanceStatus::Active,
    task: Task::PoweringOff,
    error_code: "DBSS.10020131",
    error_message: "Failed to stop DBSS instance.",
};

/// `StopAuditInstance`, at the documented path.
///
/// Source: document "Stopping an Audit Instance"; `success` is from the page of the path that
/// replaces it.
pub(super) fn stop(app: &AppState, call: &Call<'_>) -> Result<Vec<u8>, ErrorResponse> {
    let request: StopAuditInstanceRequest = call.body()?;
    STOP.begin(app, call, &request.instance_id)?;
    let mut body = StopAuditInstanceResponse::default();
    body.result = Some("success".to_owned());
    to_json(&body)
}

/// `StartAuditInstanceNew`.
pub(super) fn start_new(app: &AppState, call: &Call<'_>) -> Result<Vec<u8>, ErrorResponse> {
    START.respond(app, call)
}

/// `RebootAuditInstanceNew`.
pub(super) fn reboot_new(app: &AppState, call: &Call<'_>) -> Result<Vec<u8>, ErrorResponse> {
    REBOOT.respond(app, call)
}

/// `StopAuditInstanceNew`.
pub(super) fn stop_new(app: &AppState, call: &Call<'_>) -> Result<Vec<u8>, ErrorResponse> {
    STOP.respond(app, call)
}

impl Action {
    fn respond(&self, app: &AppState, call: &Call<'_>) -> Result<Vec<u8>, ErrorResponse> {
        let request: AuditInstanceActionRequest = call.body()?;
        self.begin(app, call, &request.instance_id)?;
        let mut body = AuditInstanceActionResponse::default();
        body.result = Some(AuditInstanceActionResult::Success);
        to_json(&body)
    }

    /// Gives the instance the task at once; the task ends after the time of the options.
    fn begin(&self, app: &AppState, call: &Call<'_>, id: &str) -> Result<(), ErrorResponse> {
        let options = app.options();
        let now = options.clock.now();
        let end = now.checked_add(options.task_duration).unwrap_or(now);
        app.with_store(|store| {
            let instance = call.instance(store, id)?;
            let (status, task) = (instance.status, instance.task);
            if status != self.from || task != Task::None {
                let Self { from, error_code, error_message, .. } = self;
                return Err(ErrorResponse::service(
                    StatusCode::BAD_REQUEST,
                    error_code,
                    error_message,
                )
                .with_reason(format!(
                    "the instance is {status} with task {task}, and must be {from} with {}",
                    Task::None
                )));
            }
            store.begin_task(id, self.task, end);
            Ok(())
        })
    }
}
