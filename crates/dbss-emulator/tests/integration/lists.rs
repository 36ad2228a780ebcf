//! The lists of instances and audit scopes, and their pages.

use crate::common::{list, post, send, stop_path, switch};
use dbss_client::contract::{LIST_AUDIT_INSTANCES_LAST, LIST_AUDIT_RULE_SCOPES_NEW};
use dbss_emulator::{Emulator, Instance, InstanceStatus, Scope, State};
use serde_json::{Value, json};

const STOPPED: &str = "2e18f717-a3e3-452d-a16d-edb58f291663";

async fn instances(emulator: &Emulator, query: &str) -> Value {
    let response = list(emulator, &LIST_AUDIT_INSTANCES_LAST, "", query).await;
    assert_eq!(response.status, 200, "{}", response.text());
    response.json()
}

async fn scopes(emulator: &Emulator, instance: &str, query: &str) -> Value {
    let response = list(emulator, &LIST_AUDIT_RULE_SCOPES_NEW, instance, query).await;
    assert_eq!(response.status, 200, "{}", response.text());
    response.json()
}

fn ids(entries: &Value) -> Vec<&str> {
    entries.as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn lists_instances_with_what_the_state_knows_of_them() {
    let emulator = Emulator::start().await.unwrap();
    let id = emulator.instance_id();
    assert_eq!(
        instances(&emulator, "").await,
        json!({
            "instances": [
                {
                    "id": id, "name": "audit-running", "status": "ACTIVE", "task": "NO_TASK",
                    "region": "cn-north-4", "version": "23.05.23.193055", "charge_model": "Demand",
                },
                {
                    "id": STOPPED, "name": "audit-stopped", "status": "SHUTOFF", "task": "NO_TASK",
                    "region": "cn-north-4", "version": "23.05.23.193055", "charge_model": "Demand",
                },
            ],
            "total": 2,
        })
    );
}

#[tokio::test]
async fn shows_what_other_operations_have_changed() {
    let emulator = Emulator::start().await.unwrap();
    let id = emulator.instance_id();
    let [first, ..] = emulator.scope_ids()[..] else { panic!("there are no scopes") };
    send(&emulator, switch(&emulator, id, &[first], "OFF")).await;
    let listed = scopes(&emulator, id, "").await;
    assert_eq!(
        listed["scopes"][0],
        json!({"id": first, "name": "full audit", "status": "OFF", "all_audit": true})
    );
    assert_eq!(listed["scopes"][1]["status"], "ON");
    assert_eq!(listed["total"], 3);

    let stop = post(&emulator, &stop_path(emulator.project_id()), &json!({"instance_id": id}));
    send(&emulator, stop).await;
    assert_eq!(instances(&emulator, "").await["instances"][0]["task"], "powering-off");
    // The scopes of an instance are listed whatever state it is in.
    assert_eq!(scopes(&emulator, STOPPED, "").await["total"], 1);
}

#[tokio::test]
async fn leaves_out_deleted_instances_and_those_of_other_projects() {
    let mut state = State::default();
    let deleted = Instance::new("00000000000000000000000000000009");
    state.instances.insert(0, deleted.with_status(InstanceStatus::Deleted));
    let mut elsewhere = Instance::new("00000000000000000000000000000008");
    elsewhere.project_id = state.projects.last().unwrap().id.clone();
    state.instances.push(elsewhere);
    let emulator = Emulator::builder().state(state).start().await.unwrap();
    let listed = instances(&emulator, "").await;
    assert_eq!(listed["total"], 2);
    assert_eq!(listed["instances"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn returns_2500_entries_page_by_page_in_their_order() {
    let emulator = Emulator::start().await.unwrap();
    let id = |number: usize| format!("{number:032}");
    let many = (0..2_500).map(|number| Instance::new(id(number)));
    let scoped = (0..2_500).map(|number| Scope::enabled(id(number)));
    let owner =
        scoped.fold(Instance::new("owner-of-scopes-00000000000000000"), Instance::with_scope);
    emulator.set_instances(many.chain([owner.clone()]).collect()).unwrap();

    for (query, expected) in [
        ("", 0..100),
        ("limit=1000", 0..1_000),
        ("offset=1000&limit=1000", 1_000..2_000),
        ("limit=1&offset=2499", 2_499..2_500),
        ("offset=0&limit=7", 0..7),
        ("offset=%31%30", 10..110),
    ] {
        let expected: Vec<String> = expected.map(id).collect();
        let listed = instances(&emulator, query).await;
        assert_eq!(ids(&listed["instances"]), expected, "{query}");
        assert_eq!(listed["total"], 2_501, "{query}");
        let listed = scopes(&emulator, &owner.id, query).await;
        assert_eq!(ids(&listed["scopes"]), expected, "{query}");
        assert_eq!(listed["total"], 2_500, "{query}");
    }
    for beyond in ["2501", "9223372036854775807", "252331221303102257158992953344"] {
        let query = format!("offset={beyond}");
        let listed = instances(&emulator, &query).await;
        assert_eq!(listed, json!({"instances": [], "total": 2_501}), "{query}");
        let listed = scopes(&emulator, &owner.id, &query).await;
        assert_eq!(listed, json!({"scopes": [], "total": 2_500}), "{query}");
    }
}

#[tokio::test]
async fn rejects_pages_that_the_contract_does_not_allow() {
    let emulator = Emulator::start().await.unwrap();
    for query in [
        "limit=0",
        "limit=1001",
        "limit=-1",
        "limit=",
        "limit",
        "limit=ten",
        "limit=1.5",
        "limit=%201",
        "limit=1&limit=2",
        "offset=-1",
        "offset=true",
        "limit=252331221303102257158992953344",
    ] {
        for operation in [&LIST_AUDIT_INSTANCES_LAST, &LIST_AUDIT_RULE_SCOPES_NEW] {
            let response = list(&emulator, operation, emulator.instance_id(), query).await;
            assert_eq!(response.error(), (400, "DBSS.10000001".to_owned()), "{query}");
            let reason = response.header("x-dbss-emulator-reason");
            assert!(reason.contains(query.split('=').next().unwrap()), "{query}: {reason}");
        }
    }
}

#[tokio::test]
async fn rejects_a_list_of_scopes_of_an_unknown_instance() {
    let emulator = Emulator::start().await.unwrap();
    let unknown = "00000000000000000000000000000007";
    let response = list(&emulator, &LIST_AUDIT_RULE_SCOPES_NEW, unknown, "").await;
    assert_eq!(response.error(), (400, "DBSS.10020021".to_owned()));
}
