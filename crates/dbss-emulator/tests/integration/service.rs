//! Both operations as documented, over sockets: success, each documented error,
//! and the rules of the service.

use std::time::Duration;

use crate::common::{send, stop, stop_path, switch, switch_path, with_token};
use dbss_client::descriptor::Operation;
use dbss_client::descriptors::API;
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
async fn stopping_is_answered_at_once_and_takes_effect_after_the_delay() {
    let emulator =
        Emulator::builder().shut_down_delay(Duration::from_secs(60)).start().await.unwrap();
    let id = emulator.instance_id().to_owned();
    let answer = send(&emulator, stop(&emulator, &id)).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"result": "success"})));

    let now = |emulator: &Emulator| {
        let instance = emulator.instance(&id).unwrap();
        (instance.status, instance.task)
    };
    assert_eq!(now(&emulator), (InstanceStatus::Active, Task::PoweringOff));
    emulator.advance(Duration::from_secs(59));
    assert_eq!(now(&emulator), (InstanceStatus::Active, Task::PoweringOff));
    emulator.advance(Duration::from_secs(1));
    assert_eq!(now(&emulator), (InstanceStatus::Shutoff, Task::None));
    emulator.reset();
    assert_eq!(now(&emulator), (InstanceStatus::Active, Task::None));
}

#[tokio::test]
async fn only_a_running_instance_can_be_stopped() {
    let mut state = State::default();
    let statuses = [
        InstanceStatus::Shutoff,
        InstanceStatus::Build,
        InstanceStatus::Deleting,
        InstanceStatus::Hawait,
        InstanceStatus::Error,
        InstanceStatus::Frozen,
        InstanceStatus::Upgrading,
    ];
    state.instances = (0_u32..)
        .zip(statuses)
        .map(|(number, status)| Instance::new(format!("{number:032}")).with_status(status))
        .collect();
    let emulator = Emulator::builder().state(state.clone()).start().await.unwrap();
    for instance in &state.instances {
        let answer = send(&emulator, stop(&emulator, &instance.id)).await;
        let expected = json!({"error": {
            "error_code": "DBSS.10020131",
            "error_msg": "Failed to stop DBSS instance.",
        }});
        assert_eq!((answer.status, answer.json()), (400, expected), "{:?}", instance.status);
    }
}

#[tokio::test]
async fn an_instance_that_is_shutting_down_cannot_be_stopped_or_changed() {
    let emulator = emulator().await;
    let id = emulator.instance_id();
    assert_eq!(send(&emulator, stop(&emulator, id)).await.status, 200);
    let again = send(&emulator, stop(&emulator, id)).await;
    assert_eq!(again.error(), (400, "DBSS.10020131".to_owned()));
    let switched = send(&emulator, switch(&emulator, id, &[SCOPE], "OFF")).await;
    assert_eq!((switched.status, switched.json()), (200, json!({"status": "FAILED"})));
    assert_eq!(enabled(&emulator, id), [true, true, false]);
}

#[tokio::test]
async fn scopes_are_switched_all_or_none() {
    let emulator = emulator().await;
    let id = emulator.instance_id();
    let ids = emulator.scope_ids();
    let [first, second, third] = ids[..] else { panic!("{ids:?}") };
    for (ids, status, expected, after) in [
        (vec![first, second], "OFF", "SUCCESS", [false, false, false]),
        (vec![first, first, third], "ON", "SUCCESS", [true, false, true]),
        // One of them is what it should become.
        (vec![first, second], "OFF", "FAILED", [true, false, true]),
        (vec![second, third], "ON", "FAILED", [true, false, true]),
        (vec![third], "OFF", "SUCCESS", [true, false, false]),
    ] {
        let answer = send(&emulator, switch(&emulator, id, &ids, status)).await;
        assert_eq!((answer.status, answer.json()), (200, json!({"status": expected})), "{ids:?}");
        assert_eq!(enabled(&emulator, id), after, "{ids:?}");
    }
    let unknown = send(&emulator, switch(&emulator, id, &[first, "unknown"], "OFF")).await;
    assert_eq!(unknown.error(), (400, "DBSS.10020021".to_owned()));
    assert_eq!(enabled(&emulator, id), [true, false, false]);
}

#[tokio::test]
async fn scopes_of_a_stopped_instance_cannot_be_switched() {
    let emulator = emulator().await;
    let scope = emulator.scopes(STOPPED).first().unwrap().id.clone();
    let answer = send(&emulator, switch(&emulator, STOPPED, &[&scope], "OFF")).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"status": "FAILED"})));
    assert_eq!(enabled(&emulator, STOPPED), [true]);
}

#[tokio::test]
async fn what_does_not_exist_is_an_invalid_id() {
    let mut state = State::default();
    let gone = Instance::new("00000000000000000000000000000009");
    state.instances.push(gone.clone().with_status(InstanceStatus::Deleted));
    let mut elsewhere = Instance::new("00000000000000000000000000000008");
    elsewhere.project_id = state.projects.last().unwrap().id.clone();
    state.instances.push(elsewhere.clone().with_scope(Scope::enabled("one")));
    let emulator = Emulator::builder().state(state).start().await.unwrap();
    for id in [gone.id.as_str(), &elsewhere.id, "00000000000000000000000000000007"] {
        let answer = send(&emulator, stop(&emulator, id)).await;
        assert_eq!(answer.error(), (400, "DBSS.10020021".to_owned()), "{id}");
        assert_eq!(answer.message(), "Invalid request parameter ID.");
        let answer = send(&emulator, switch(&emulator, id, &["one"], "OFF")).await;
        assert_eq!(answer.error(), (400, "DBSS.10020021".to_owned()), "{id}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_fit_is_an_invalid_request() {
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
        let answer = send(&emulator, request).await;
        assert_eq!(answer.error(), (400, "DBSS.10000001".to_owned()), "{path} {body}");
        assert_eq!(answer.message(), "Enter a valid request message");
        assert!(!answer.header("x-dbss-emulator-reason").is_empty(), "{path} {body}");
    }
    assert_eq!(emulator.instance(id).unwrap().task, Task::None);
}

#[tokio::test]
async fn a_body_must_be_said_to_be_json() {
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
        let answer = send(&emulator, request.body(body.clone()).unwrap()).await;
        assert_eq!(answer.status, status, "{content_type:?}: {}", answer.text());
    }
}

#[tokio::test]
async fn whoever_may_not_is_forbidden_in_the_shape_of_the_operation() {
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
    let answer = send(&emulator, stop(&path, "emulator-token-reader")).await;
    let fields = answer.json();
    assert_eq!(answer.error(), (403, "DBSS.10020100".to_owned()));
    assert_eq!(fields["details"][0]["error_code"], "DBSS.10020100");
    assert!(fields["encoded_authorization_message"].is_string());
}

#[tokio::test]
async fn the_shape_of_errors_can_be_set() {
    for (shape, nested) in [(ErrorShape::Nested, true), (ErrorShape::Flat, false)] {
        let emulator = Emulator::builder().error_shape(shape).start().await.unwrap();
        for request in [
            stop(&emulator, STOPPED),
            switch(&emulator, emulator.instance_id(), &["unknown"], "ON"),
        ] {
            let answer = send(&emulator, request).await;
            assert_eq!(answer.status, 400);
            assert_eq!(
                answer.json().get("error").is_some(),
                nested,
                "{shape:?}: {}",
                answer.text()
            );
        }
    }
}

/// The path of an operation with the contract's own examples in it.
fn example_path(operation: &Operation) -> String {
    operation.parameters.iter().fold(operation.path.to_owned(), |path, parameter| {
        let example: Value = serde_json::from_str(parameter.example.unwrap_or("\"x\"")).unwrap();
        let text = example.as_str().map_or_else(|| example.to_string(), ToOwned::to_owned);
        path.replace(&format!("{{{}}}", parameter.name), &text)
    })
}

#[tokio::test]
async fn every_documented_answer_can_be_had() {
    let emulator = emulator().await;
    for operation in API.operations {
        for documented in operation.answers {
            let (Ok(status), Some(example)) =
                (documented.status.parse::<StatusCode>(), documented.examples.first())
            else {
                continue;
            };
            emulator.add_fault(Fault::documented(status).on(operation.id));
            let request = Request::builder().method(operation.method).uri(example_path(operation));
            let answer = send(&emulator, request.body(String::new()).unwrap()).await;
            assert_eq!(answer.status, status.as_u16(), "{} {status}", operation.id);
            let example: Value = serde_json::from_str(example.json).unwrap();
            assert_eq!(answer.json(), example, "{} {status}", operation.id);
        }
    }
    assert!(emulator.faults().is_empty());
}

#[tokio::test]
async fn every_operation_of_the_contract_is_answered() {
    let emulator = emulator().await;
    for operation in API.operations {
        let body = operation.body.as_ref().and_then(|body| body.examples.first());
        let request = Request::builder().method(operation.method).uri(example_path(operation));
        let request = with_token(request, emulator.token())
            .body(body.map_or("", |example| example.json).to_owned())
            .unwrap();
        let answer = send(&emulator, request).await;
        assert!([200, 400, 501].contains(&answer.status), "{}: {}", operation.id, answer.text());
        assert_eq!(emulator.requests().last().unwrap().operation, Some(operation.id));
    }
}
