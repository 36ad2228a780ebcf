//! Bodies are checked against their schemas: a list is not an object.

use crate::common::{
    emulated, path_of, post, send, stop_path, switch_path, with_other_kinds, with_token,
};
use dbss_emulator::{Emulator, Task};
use http::Request;
use serde_json::{Value, json};

/// A method, a path and a body that is accepted there, for each emulated operation that has one.
async fn accepted_bodies(emulator: &Emulator) -> Vec<(&'static str, String, Value)> {
    let id = emulator.instance_id();
    let mut bodies: Vec<_> = emulated()
        .await
        .into_iter()
        .filter_map(|operation| {
            let example = operation.body.as_ref()?.examples.first()?;
            let body = serde_json::from_str(example.json).unwrap();
            Some((operation.method, path_of(emulator, operation, id), body))
        })
        .collect();
    for (method, path, body) in [
        (
            "POST",
            "/v3/auth/tokens",
            json!({"auth": {
                "identity": {"methods": ["password"], "password": {"user": {
                    "name": "dbss-operator", "password": "local-password-1", "domain": {"name": "dbss-account"},
                }}},
                "scope": {"project": {"name": "cn-north-4"}},
            }}),
        ),
        (
            "PUT",
            "/_emulator/instances",
            json!({"instances": [{
                "id": id, "name": "n", "project_id": emulator.project_id(), "status": "ACTIVE", "task": "NO_TASK",
                "details": {"cpu": 4},
                "scopes": [{"id": "a", "name": "n", "enabled": true, "details": {"all_audit": true}}],
            }]}),
        ),
        (
            "POST",
            "/_emulator/faults",
            json!({
                "kind": "response", "status": 503, "headers": {"a": "b"}, "operation": "StopAuditInstance",
                "method": "POST", "path": "/v1", "times": 1, "probability": 0.5, "delay_ms": 1, "after_effect": true,
            }),
        ),
        ("POST", "/_emulator/clock", json!({"advance_ms": 60_000})),
    ] {
        bodies.push((method, path.to_owned(), body));
    }
    bodies
}

#[tokio::test]
async fn rejects_values_of_another_kind_at_each_place_of_each_body() {
    let emulator = Emulator::start().await.unwrap();
    let before = emulator.instance(emulator.instance_id());
    let call = async |method: &str, path: &str, body: &Value| {
        let request = with_token(Request::builder().method(method).uri(path), emulator.token());
        send(&emulator, request.body(body.to_string()).unwrap()).await
    };
    for (method, path, body) in accepted_bodies(&emulator).await {
        for other in with_other_kinds(&body) {
            let response = call(method, &path, &other).await;
            assert_eq!(response.status, 400, "{path} {other}: {}", response.text());
            assert_eq!(emulator.instance(emulator.instance_id()), before, "{path} {other}");
            assert!(emulator.faults().is_empty(), "{path} {other}");
        }
    }
    // It is the kind that is rejected: the bodies as they are would be accepted.
    for (method, path, body) in accepted_bodies(&emulator).await {
        emulator.reset();
        emulator.clear_faults();
        let response = call(method, &path, &body).await;
        let reason = response.header("x-dbss-emulator-reason");
        assert!(
            !reason.contains('`') && !path.starts_with("/_") || response.status == 200,
            "{path}: {reason}"
        );
    }
}

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
