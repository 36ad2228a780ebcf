//! The operations over sockets: success, the documented errors, and the rules of the
//! service.

use crate::common::{send, stop, stop_path, switch, switch_path, with_token};
use dbss_client::contract::API;
use dbss_client::descriptor::Operation;
use dbss_emulator::{
    Emulator, ErrorShape, Fault, Instance, InstanceStatus, Scope, State, StatusCode, Task,
};
use http::Request;
use serde_json::{Value, json};

const STOPPED: &str = "2e18f717-a3e3-452d-a16d-edb58f291663";
const SCOPE: &str = "ne-pwZgBxmBODPrxTO7F";

async fn emulator() -> Emulator {
    Emulator::start().await.unwrap()
}

fn enabled(emulator: &Emulator, instance: &str) -> Vec<bool> {
    emulator.scopes(instance).iter().map(|scope| scope.enabled).collect()
}

#[tokio::test]
async fn returns_failed_for_scopes_of_an_instance_with_a_task() {
    let emulator = emulator().await;
    let id = emulator.instance_id();
    assert_eq!(send(&emulator, stop(&emulator, id)).await.status, 200);
    let switched = send(&emulator, switch(&emulator, id, &[SCOPE], "OFF")).await;
    assert_eq!((switched.status, switched.json()), (200, json!({"status": "FAILED"})));
    assert_eq!(enabled(&emulator, id), [true, true, false]);
}

#[tokio::test]
async fn switches_all_scopes_or_none() {
    let emulator = emulator().await;
    let id = emulator.instance_id();
    let ids = emulator.scope_ids();
    let [first, second, third] = ids[..] else { panic!("{ids:?}") };
    for (ids, status, expected, after) in [
        (vec![first, second], "OFF", "SUCCESS", [false, false, false]),
        (vec![first, first, third], "ON", "SUCCESS", [true, false, true]),
        // One of the scopes has the requested status already.
        (vec![first, second], "OFF", "FAILED", [true, false, true]),
        (vec![second, third], "ON", "FAILED", [true, false, true]),
        (vec![third], "OFF", "SUCCESS", [true, false, false]),
    ] {
        let response = send(&emulator, switch(&emulator, id, &ids, status)).await;
        assert_eq!(
            (response.status, response.json()),
            (200, json!({"status": expected})),
            "{ids:?}"
        );
        assert_eq!(enabled(&emulator, id), after, "{ids:?}");
    }
    let unknown = send(&emulator, switch(&emulator, id, &[first, "unknown"], "OFF")).await;
    assert_eq!(unknown.error(), (400, "DBSS.10020021".to_owned()));
    assert_eq!(enabled(&emulator, id), [true, false, false]);
}

#[tokio::test]
async fn returns_failed_for_scopes_of_a_stopped_instance() {
    let emulator = emulator().await;
    let scope = emulator.scopes(STOPPED).first().unwrap().id.clone();
    let response = send(&emulator, switch(&emulator, STOPPED, &[&scope], "OFF")).await;
    assert_eq!((response.status, response.json()), (200, json!({"status": "FAILED"})));
    assert_eq!(enabled(&emulator, STOPPED), [true]);
}

#[tokio::test]
async fn returns_invalid_id_for_unknown_instances() {
    let mut state = State::default();
    let deleted = Instance::new("00000000000000000000000000000009");
    state.instances.push(deleted.clone().with_status(InstanceStatus::Deleted));
    let mut elsewhere = Instance::new("00000000000000000000000000000008");
    elsewhere.project_id = state.projects.last().unwrap().id.clone();
    state.instances.push(elsewhere.clone().with_scope(Scope::enabled("one")));
    let emulator = Emulator::builder().state(state).start().await.unwrap();
    for id in [deleted.id.as_str(), &elsewhere.id, "00000000000000000000000000000007"] {
        let response = send(&emulator, stop(&emulator, id)).await;
        assert_eq!(response.error(), (400, "DBSS.10020021".to_owned()), "{id}");
        assert_eq!(response.message(), "Invalid request parameter ID.");
        let response = send(&emulator, switch(&emulator, id, &["one"], "OFF")).await;
        assert_eq!(response.error(), (400, "DBSS.10020021".to_owned()), "{id}");
    }
}

#[tokio::test]
async fn rejects_invalid_bodies() {
    let emulator = emulator().await;
    let stop = stop_path(emulator.project_id());
    let switch = switch_path(emulator.project_id(), emulator.instance_id());
    let id = emulator.instance_id();
    for (path, body) in [
        (&stop, String::new()),
        (&stop, "{".into()),
        (&stop, "[]".into()),
        (&stop, "{}".into()),
        (&stop, json!({"instance_id": null}).to_string()),
        (&stop, json!({"instance_id": 1}).to_string()),
        (&stop, json!({"instance_id": "short"}).to_string()),
        (&stop, json!({"instance_id": "x".repeat(65)}).to_string()),
        (&stop, format!("{} x", json!({"instance_id": id}))),
        (&switch, json!({"ids": [SCOPE]}).to_string()),
        (&switch, json!({"status": "OFF"}).to_string()),
        (&switch, json!({"ids": [], "status": "OFF"}).to_string()),
        (&switch, json!({"ids": [""], "status": "OFF"}).to_string()),
        (&switch, json!({"ids": SCOPE, "status": "OFF"}).to_string()),
        (&switch, json!({"ids": [SCOPE], "status": "off"}).to_string()),
        (&switch, json!({"ids": [SCOPE], "status": false}).to_string()),
        (&switch, "[".repeat(100_000)),
    ] {
        let request = with_token(Request::post(path), emulator.token()).body(body.clone()).unwrap();
        let response = send(&emulator, request).await;
        assert_eq!(response.error(), (400, "DBSS.10000001".to_owned()), "{path} {body}");
        assert_eq!(response.message(), "Enter a valid request message");
        assert!(!response.header("x-dbss-emulator-reason").is_empty(), "{path} {body}");
    }
    assert_eq!(emulator.instance(id).unwrap().task, Task::None);
}

#[tokio::test]
async fn rejects_bodies_without_the_json_content_type() {
    let emulator = emulator().await;
    let path = stop_path(emulator.project_id());
    let body = json!({"instance_id": emulator.instance_id()}).to_string();
    for (content_type, status) in [
        (None, 400),
        (Some("text/plain"), 400),
        (Some("application/x-www-form-urlencoded"), 400),
        (Some("Application/JSON; charset=UTF8"), 200),
    ] {
        let mut request = Request::post(&path).header("x-auth-token", emulator.token());
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let response = send(&emulator, request.body(body.clone()).unwrap()).await;
        assert_eq!(response.status, status, "{content_type:?}: {}", response.text());
    }
}

#[tokio::test]
async fn returns_403_in_the_shape_of_the_operation() {
    let emulator = emulator().await;
    let project = emulator.project_id();
    let body = json!({"instance_id": emulator.instance_id()});
    let stop = |path: &str, token: &str| {
        with_token(Request::post(path), token).body(body.to_string()).unwrap()
    };
    let elsewhere = stop_path("ffffffffffffffffffffffffffffffff");
    let other = send(&emulator, stop(&elsewhere, emulator.token())).await;
    assert_eq!(other.error(), (403, "DBSS.10020100".to_owned()));
    assert!(other.json()["error"].is_object());

    let reader = send(&emulator, stop(&stop_path(project), "emulator-token-reader")).await;
    assert_eq!(reader.error(), (403, "DBSS.10020100".to_owned()));

    let path = switch_path(project, emulator.instance_id());
    let response = send(&emulator, stop(&path, "emulator-token-reader")).await;
    let fields = response.json();
    assert_eq!(response.error(), (403, "DBSS.10020100".to_owned()));
    assert_eq!(fields["details"][0]["error_code"], "DBSS.10020100");
    assert!(fields["encoded_authorization_message"].is_string());
}

#[tokio::test]
async fn returns_errors_in_the_configured_shape() {
    for (shape, nested) in [(ErrorShape::Nested, true), (ErrorShape::Flat, false)] {
        let emulator = Emulator::builder().error_shape(shape).start().await.unwrap();
        for request in [
            stop(&emulator, STOPPED),
            switch(&emulator, emulator.instance_id(), &["unknown"], "ON"),
        ] {
            let response = send(&emulator, request).await;
            assert_eq!(response.status, 400);
            assert_eq!(
                response.json().get("error").is_some(),
                nested,
                "{shape:?}: {}",
                response.text()
            );
        }
    }
}

/// The path of an operation with the contract's examples as parameters.
fn example_path(operation: &Operation) -> String {
    operation.parameters.iter().fold(operation.path.to_owned(), |path, parameter| {
        let example: Value = serde_json::from_str(parameter.example.unwrap_or("\"x\"")).unwrap();
        let text = example.as_str().map_or_else(|| example.to_string(), ToOwned::to_owned);
        path.replace(&format!("{{{}}}", parameter.name), &text)
    })
}

#[tokio::test]
async fn returns_every_documented_example() {
    let emulator = emulator().await;
    for operation in API.operations {
        for documented in operation.responses() {
            let (Ok(status), Some(example)) =
                (documented.status.parse::<StatusCode>(), documented.examples.first())
            else {
                continue;
            };
            emulator.add_fault(Fault::documented(status).on(operation.id));
            let request = Request::builder().method(operation.method).uri(example_path(operation));
            let response = send(&emulator, request.body(String::new()).unwrap()).await;
            assert_eq!(response.status, status.as_u16(), "{} {status}", operation.id);
            let example: Value = serde_json::from_str(example.json).unwrap();
            assert_eq!(response.json(), example, "{} {status}", operation.id);
        }
    }
    assert!(emulator.faults().is_empty());
}

#[tokio::test]
async fn responds_to_every_operation_of_the_contract() {
    let emulator = emulator().await;
    for operation in API.operations {
        let body = operation.body.as_ref().and_then(|body| body.examples.first());
        let request = Request::builder().method(operation.method).uri(example_path(operation));
        let request = with_token(request, emulator.token())
            .body(body.map_or("", |example| example.json).to_owned())
            .unwrap();
        let response = send(&emulator, request).await;
        assert!(
            [200, 400, 501].contains(&response.status),
            "{}: {}",
            operation.id,
            response.text()
        );
        assert_eq!(emulator.requests().last().unwrap().operation, Some(operation.id));
    }
}
