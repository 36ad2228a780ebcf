//! Starting, rebooting and stopping instances: what is allowed when, and what becomes of it.

use std::time::Duration;

use crate::common::{TestResponse, path_of, post, send};
use dbss_client::contract::{
    REBOOT_AUDIT_INSTANCE_NEW, START_AUDIT_INSTANCE_NEW, STOP_AUDIT_INSTANCE,
    STOP_AUDIT_INSTANCE_NEW,
};
use dbss_client::descriptor::Operation;
use dbss_emulator::{Emulator, Fault, Instance, InstanceStatus, State, Task};
use serde_json::json;

/// An action: the status that it needs, the task that it gives, the status after the task, and
/// the code with which it is refused.
struct Action {
    operation: &'static Operation,
    from: InstanceStatus,
    task: Task,
    to: InstanceStatus,
    refused: &'static str,
}

const ACTIONS: [Action; 4] = [
    Action {
        operation: &STOP_AUDIT_INSTANCE,
        from: InstanceStatus::Active,
        task: Task::PoweringOff,
        to: InstanceStatus::Shutoff,
        refused: "DBSS.10020131",
    },
    Action {
        operation: &STOP_AUDIT_INSTANCE_NEW,
        from: InstanceStatus::Active,
        task: Task::PoweringOff,
        to: InstanceStatus::Shutoff,
        refused: "DBSS.10020131",
    },
    Action {
        operation: &START_AUDIT_INSTANCE_NEW,
        from: InstanceStatus::Shutoff,
        task: Task::PoweringOn,
        to: InstanceStatus::Active,
        refused: "DBSS.10020130",
    },
    Action {
        operation: &REBOOT_AUDIT_INSTANCE_NEW,
        from: InstanceStatus::Active,
        task: Task::Rebooting,
        to: InstanceStatus::Active,
        refused: "DBSS.10020132",
    },
];

const STATUSES: [InstanceStatus; 9] = [
    InstanceStatus::Active,
    InstanceStatus::Shutoff,
    InstanceStatus::Build,
    InstanceStatus::Deleting,
    InstanceStatus::Deleted,
    InstanceStatus::Hawait,
    InstanceStatus::Error,
    InstanceStatus::Frozen,
    InstanceStatus::Upgrading,
];

const TASKS: [Task; 5] =
    [Task::None, Task::PoweringOn, Task::PoweringOff, Task::Rebooting, Task::DeleteWait];

const ID: &str = "00000000000000000000000000000001";

async fn act(emulator: &Emulator, operation: &Operation) -> TestResponse {
    let path = path_of(emulator, operation, ID);
    send(emulator, post(emulator, &path, &json!({"instance_id": ID}))).await
}

/// An emulator with one instance, whose tasks take a minute.
async fn emulator_with(status: InstanceStatus, task: Task) -> Emulator {
    let mut state = State::default();
    state.instances = vec![Instance::new(ID).with_status(status).with_task(task)];
    let builder = Emulator::builder().state(state).task_duration(Duration::from_secs(60));
    builder.start().await.unwrap()
}

fn now(emulator: &Emulator) -> (InstanceStatus, Task) {
    let instance = emulator.instance(ID).unwrap();
    (instance.status, instance.task)
}

#[tokio::test]
async fn changes_the_status_when_the_task_ends() {
    for Action { operation, from, task, to, .. } in ACTIONS {
        let emulator = emulator_with(from, Task::None).await;
        let response = act(&emulator, operation).await;
        assert_eq!((response.status, response.json()), (200, json!({"result": "success"})));
        assert_eq!(now(&emulator), (from, task), "{}", operation.id);
        emulator.advance(Duration::from_secs(59));
        assert_eq!(now(&emulator), (from, task), "{}", operation.id);
        emulator.advance(Duration::from_secs(1));
        assert_eq!(now(&emulator), (to, Task::None), "{}", operation.id);
        emulator.reset();
        assert_eq!(now(&emulator), (from, Task::None), "{}", operation.id);
    }
}

#[tokio::test]
async fn rejects_what_status_or_task_does_not_allow() {
    for Action { operation, from, refused, .. } in ACTIONS {
        for (status, task) in STATUSES.iter().flat_map(|status| TASKS.map(|task| (*status, task))) {
            if (status, task) == (from, Task::None) {
                continue;
            }
            let emulator = emulator_with(status, task).await;
            let response = act(&emulator, operation).await;
            // A deleted instance is as if it had never been there.
            let deleted = status == InstanceStatus::Deleted;
            let code = if deleted { "DBSS.10020021" } else { refused };
            let subject = format!("{} of {status} with {task}", operation.id);
            assert_eq!(response.error(), (400, code.to_owned()), "{subject}");
            let nested = operation.id == "StopAuditInstance";
            assert_eq!(response.json().get("error").is_some(), nested, "{subject}");
            assert!(!response.header("x-dbss-emulator-reason").is_empty(), "{subject}");
            assert_eq!(now(&emulator), (status, task), "{subject}");
        }
    }
}

#[tokio::test]
async fn rejects_every_action_while_one_is_under_way() {
    for Action { operation: first, from, .. } in ACTIONS {
        let emulator = emulator_with(from, Task::None).await;
        assert_eq!(act(&emulator, first).await.status, 200);
        let before = now(&emulator);
        for Action { operation, refused, .. } in ACTIONS {
            let response = act(&emulator, operation).await;
            let subject = format!("{} after {}", operation.id, first.id);
            assert_eq!(response.error(), (400, refused.to_owned()), "{subject}");
        }
        assert_eq!(now(&emulator), before, "{}", first.id);
    }
}

#[tokio::test]
async fn keeps_a_task_that_the_state_began_with() {
    let emulator = emulator_with(InstanceStatus::Active, Task::PoweringOff).await;
    emulator.advance(Duration::from_secs(3_600));
    assert_eq!(now(&emulator), (InstanceStatus::Active, Task::PoweringOff));
    // So does one that came later.
    let later = Instance::new(ID).with_task(Task::Rebooting);
    emulator.set_instances(vec![later]).unwrap();
    emulator.advance(Duration::from_secs(3_600));
    assert_eq!(now(&emulator), (InstanceStatus::Active, Task::Rebooting));
}

#[tokio::test]
async fn returns_that_there_is_no_api_while_a_path_is_offline() {
    let emulator = emulator_with(InstanceStatus::Active, Task::None).await;
    emulator.add_fault(Fault::offline().on("StopAuditInstance").forever());
    for _ in 0..2 {
        let response = act(&emulator, &STOP_AUDIT_INSTANCE).await;
        assert_eq!(response.error(), (404, "APIGW.0101".to_owned()));
        assert_eq!(
            response.message(),
            "The API does not exist or has not been published in the environment."
        );
    }
    assert_eq!(now(&emulator), (InstanceStatus::Active, Task::None));
    assert_eq!(act(&emulator, &STOP_AUDIT_INSTANCE_NEW).await.status, 200);
    assert_eq!(now(&emulator), (InstanceStatus::Active, Task::PoweringOff));
}
