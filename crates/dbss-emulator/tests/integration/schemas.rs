//! Bodies are checked against their schemas: a list is not an object.

use crate::common::{post, send, stop_path, switch_path};
use dbss_emulator::{Emulator, Task};
use serde_json::json;

#[tokio::test]
async fn rejects_lists_in_place_of_objects() {
    let emulator = Emulator::start().await.unwrap();
    let id = emulator.instance_id();
    let stop = stop_path(emulator.project_id());
    let switch = switch_path(emulator.project_id(), id);
    let scope = emulator.scope_ids()[0];
    for (path, body) in [
        (stop.as_str(), json!([id])),
        (&switch, json!([[scope], "OFF"])),
        ("/_emulator/faults", json!(["reset"])),
        ("/_emulator/faults", json!(["response", 200])),
        ("/_emulator/clock", json!([60_000])),
        (
            "/v3/auth/tokens",
            json!([[[
                ["password"],
                [["dbss-operator", "local-password-1", [null, "dbss-account"]]]
            ]]]),
        ),
        (
            "/v3/auth/tokens",
            json!({"auth": {"identity": {"methods": ["password"], "password": {
            "user": ["dbss-operator", "local-password-1", [null, "dbss-account"]]}}}}),
        ),
        (
            "/v3/auth/tokens",
            json!({"auth": {"identity": {"methods": ["password"], "password": {
            "user": {"name": "dbss-operator", "password": "local-password-1", "domain": [null, "dbss-account"]}}}}}),
        ),
        (
            "/v3/auth/tokens",
            json!({"auth": {"identity": {"methods": ["password"], "password": {
            "user": {"name": "dbss-operator", "password": "local-password-1", "domain": {"name": "dbss-account"}}}},
            "scope": [[null, "cn-north-4"]]}}),
        ),
    ] {
        let response = send(&emulator, post(&emulator, path, &body)).await;
        assert_eq!(response.status, 400, "{path} {body}: {}", response.text());
    }
    assert_eq!(emulator.instance(id).unwrap().task, Task::None);
    assert!(emulator.scopes(id).iter().any(|scope| scope.enabled));
    assert!(emulator.faults().is_empty());
}

#[tokio::test]
async fn names_the_place_that_does_not_match_the_contract() {
    let emulator = Emulator::start().await.unwrap();
    let id = emulator.instance_id();
    let stop = stop_path(emulator.project_id());
    let switch = switch_path(emulator.project_id(), id);
    for (path, body, part) in [
        (&stop, json!([id]), "the body is not an object"),
        (&stop, json!({}), "`instance_id` is missing"),
        (&stop, json!({"instance_id": [id]}), "`instance_id` is not a string"),
        (&stop, json!({"instance_id": "short"}), "`instance_id` is shorter than 32 characters"),
        (
            &stop,
            json!({"instance_id": "x".repeat(65)}),
            "`instance_id` is longer than 64 characters",
        ),
        (&switch, json!({"ids": [], "status": "ON"}), "`ids` has fewer than 1 item"),
        (&switch, json!({"ids": [""], "status": "ON"}), "`ids[0]` is shorter than 1 character"),
        (&switch, json!({"ids": ["a", 1], "status": "ON"}), "`ids[1]` is not a string"),
        (&switch, json!({"ids": {}, "status": "ON"}), "`ids` is not a list"),
        (&switch, json!({"ids": ["a"], "status": "on"}), "`status` is not one of OFF, ON"),
        (&switch, json!({"ids": ["a"], "status": false}), "`status` is not one of OFF, ON"),
    ] {
        let response = send(&emulator, post(&emulator, path, &body)).await;
        assert_eq!(response.error(), (400, "DBSS.10000001".to_owned()), "{body}");
        let reason = response.header("x-dbss-emulator-reason");
        assert!(reason.contains(part), "{body}: {reason}");
    }
}
