//! Calls, and changes from outside, at the same time.

use std::sync::Arc;
use std::time::Duration;

use crate::common::{get, list, path_of, post, send, switch};
use dbss_client::contract::{
    LIST_AUDIT_INSTANCES_LAST, REBOOT_AUDIT_INSTANCE_NEW, START_AUDIT_INSTANCE_NEW,
    STOP_AUDIT_INSTANCE, STOP_AUDIT_INSTANCE_NEW,
};
use dbss_emulator::{Emulator, Fault, Instance, InstanceStatus, Scope, StatusCode, Task};
use serde_json::json;

/// With `DBSS_SLOW_TESTS`, which CI sets, as many rounds as take some seconds.
fn rounds() -> usize {
    let slow = std::env::var_os("DBSS_SLOW_TESTS").is_some_and(|value| !value.is_empty());
    if slow { 60 } else { 3 }
}

fn instances() -> Vec<Instance> {
    let of = |number: usize| {
        Instance::new(format!("{number:032}"))
            .with_scope(Scope::enabled("a"))
            .with_scope(Scope::disabled("b"))
    };
    (0..20).map(of).collect()
}

/// The calls of one caller, who also changes something from outside now and then.
async fn call_and_change(emulator: Arc<Emulator>, number: usize) {
    let id = format!("{:032}", number % 20);
    for operation in [
        &STOP_AUDIT_INSTANCE,
        &START_AUDIT_INSTANCE_NEW,
        &REBOOT_AUDIT_INSTANCE_NEW,
        &STOP_AUDIT_INSTANCE_NEW,
    ] {
        let path = path_of(&emulator, operation, &id);
        let response = send(&emulator, post(&emulator, &path, &json!({"instance_id": id}))).await;
        assert!([200, 400, 503].contains(&response.status), "{}", response.text());
        assert_eq!(response.header("x-request-id").len(), 32);
        let status = if number.is_multiple_of(2) { "OFF" } else { "ON" };
        let response = send(&emulator, switch(&emulator, &id, &["a", "b"], status)).await;
        assert!([200, 400, 503].contains(&response.status), "{}", response.text());
        let page = list(&emulator, &LIST_AUDIT_INSTANCES_LAST, "", "limit=100").await;
        assert!([200, 503].contains(&page.status), "{}", page.text());
        match number % 8 {
            0 => emulator.reset(),
            1 => emulator.set_instances(instances()).unwrap(),
            2 => emulator.advance(Duration::from_secs(1)),
            3 => emulator.add_fault(Fault::response(StatusCode::SERVICE_UNAVAILABLE).times(3)),
            4 => emulator.clear_faults(),
            5 => emulator.clear_requests(),
            6 => assert!(emulator.requests().len() <= 1_000),
            _ => {
                for path in ["/_emulator/state", "/_emulator/requests", "/_emulator/faults"] {
                    assert_eq!(get(&emulator, path).await.status, 200, "{path}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn stays_consistent_when_calls_resets_faults_and_changes_meet() {
    let emulator = Arc::new(Emulator::start().await.unwrap());
    for round in 0..rounds() {
        let mut callers = tokio::task::JoinSet::new();
        for number in 0..16 {
            callers.spawn(call_and_change(Arc::clone(&emulator), number));
        }
        while let Some(ended) = callers.join_next().await {
            ended.unwrap_or_else(|error| panic!("round {round}: {error}"));
        }
        emulator.clear_faults();
        // Whatever came last: each task ends, and each instance can be used again.
        emulator.set_instances(instances()).unwrap();
        let id = &instances()[0].id;
        let stop = path_of(&emulator, &STOP_AUDIT_INSTANCE_NEW, id);
        let response = send(&emulator, post(&emulator, &stop, &json!({"instance_id": id}))).await;
        assert_eq!(response.status, 200, "round {round}: {}", response.text());
        assert_eq!(emulator.instance(id).unwrap().task, Task::PoweringOff);
        emulator.advance(Duration::from_secs(2));
        let page = list(&emulator, &LIST_AUDIT_INSTANCES_LAST, "", "limit=100").await;
        assert_eq!(page.json()["total"], 20, "{}", page.text());
        assert_eq!(emulator.instance(id).unwrap().status, InstanceStatus::Shutoff);
        emulator.reset();
        let initial = &emulator.initial_state().instances[0];
        assert_eq!(emulator.instance(&initial.id).as_ref(), Some(initial), "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn grants_one_of_many_that_ask_for_the_same_instance_at_once() {
    let emulator = Arc::new(Emulator::start().await.unwrap());
    for round in 0..rounds() {
        emulator.reset();
        let mut callers = tokio::task::JoinSet::new();
        for number in 0..24 {
            let emulator = Arc::clone(&emulator);
            callers.spawn(async move {
                let operation =
                    [&STOP_AUDIT_INSTANCE, &REBOOT_AUDIT_INSTANCE_NEW, &STOP_AUDIT_INSTANCE_NEW]
                        [number % 3];
                let id = emulator.instance_id();
                let path = path_of(&emulator, operation, id);
                let request = post(&emulator, &path, &json!({"instance_id": id}));
                send(&emulator, request).await.status
            });
        }
        let mut granted = 0;
        while let Some(status) = callers.join_next().await {
            granted += usize::from(status.unwrap() == 200);
        }
        assert_eq!(granted, 1, "round {round}");
    }
}
