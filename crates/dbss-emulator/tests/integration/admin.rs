//! The admin path.

use std::net::SocketAddr;

use crate::common::{TestResponse, get, send, stop};
use dbss_emulator::Emulator;
use http::Request;
use serde_json::{Value, json};

async fn call_admin(emulator: &Emulator, method: &str, name: &str, body: &Value) -> TestResponse {
    let request = Request::builder()
        .method(method)
        .uri(format!("/_emulator{name}"))
        .header("content-type", "application/json");
    let body = if body.is_null() { String::new() } else { body.to_string() };
    send(emulator, request.body(body).unwrap()).await
}

#[tokio::test]
async fn reads_and_restores_the_state() {
    let emulator = Emulator::start().await.unwrap();
    send(&emulator, stop(&emulator, emulator.instance_id())).await;
    let read = call_admin(&emulator, "GET", "/state", &Value::Null).await;
    assert_eq!(read.json()["instances"][0]["task"], "powering-off");
    assert_eq!(read.json()["instances"][0]["scopes"][0]["enabled"], true);
    for secret in ["emulator-token", "not-real", "local-password"] {
        assert!(!read.text().contains(secret), "{secret}");
    }
    call_admin(&emulator, "POST", "/clock", &json!({"advance_ms": 2_000})).await;
    let read = call_admin(&emulator, "GET", "/state", &Value::Null).await;
    assert_eq!(read.json()["instances"][0]["status"], "SHUTOFF");
    let restored = call_admin(&emulator, "DELETE", "/state", &Value::Null).await;
    assert_eq!(
        (restored.status, &restored.json()["instances"][0]["status"]),
        (200, &json!("ACTIVE"))
    );
}

#[tokio::test]
async fn replaces_the_instances() {
    let emulator = Emulator::start().await.unwrap();
    let id = "00000000000000000000000000000001";
    let instances = json!({"instances": [
        {"id": id, "status": "SHUTOFF", "details": {"cpu": 4}, "scopes": [{"id": "a", "enabled": true}]},
    ]});
    let set = call_admin(&emulator, "PUT", "/instances", &instances).await;
    assert_eq!((set.status, &set.json()["instances"][0]["status"]), (200, &json!("SHUTOFF")));
    let only = emulator.instance(id).unwrap();
    assert_eq!((only.details.cpu, only.project_id.as_str()), (Some(4), emulator.project_id()));
    assert_eq!(emulator.instance(emulator.instance_id()), None);
    call_admin(&emulator, "DELETE", "/state", &Value::Null).await;
    assert!(emulator.instance(emulator.instance_id()).is_some());

    let before = emulator.instance(emulator.instance_id());
    for (body, part) in [
        (json!({"instances": [{"id": "short"}]}), "shorter than 32 characters"),
        (json!({"instances": [{"id": id}, {"id": id}]}), "occurs twice"),
        (json!({"instances": [{"id": id, "project_id": "none"}]}), "there is no project"),
        (json!({"instances": [{"id": id, "details": {"cpus": 4}}]}), "unknown field `cpus`"),
        (json!({"instance": []}), "unknown field"),
    ] {
        let response = call_admin(&emulator, "PUT", "/instances", &body).await;
        assert_eq!(response.error(), (400, "EMULATOR.0400".to_owned()));
        assert!(response.message().contains(part), "{part}: {}", response.text());
    }
    assert_eq!(emulator.instance(emulator.instance_id()), before);
}

#[tokio::test]
async fn reads_and_clears_requests_without_those_to_the_admin_path() {
    let emulator = Emulator::start().await.unwrap();
    send(&emulator, stop(&emulator, emulator.instance_id())).await;
    let read = call_admin(&emulator, "GET", "/requests", &Value::Null).await.json();
    assert_eq!(read["requests"].as_array().unwrap().len(), 1);
    assert_eq!(read["requests"][0]["operation"], "StopAuditInstance");
    assert_eq!(read["requests"][0]["status"], 200);
    let none = call_admin(&emulator, "DELETE", "/requests", &Value::Null).await;
    assert_eq!(none.json(), json!({"requests": []}));
}

#[tokio::test]
async fn adds_and_removes_faults() {
    let emulator = Emulator::start().await.unwrap();
    let fault = json!({"kind": "response", "status": 503, "body": {"a": 1}, "operation": "StopAuditInstance", "times": 2});
    let added = call_admin(&emulator, "POST", "/faults", &fault).await;
    assert_eq!((added.status, &added.json()["faults"][0]["times"]), (200, &json!(2)));
    let faulty = send(&emulator, stop(&emulator, emulator.instance_id())).await;
    assert_eq!((faulty.status, faulty.json()), (503, json!({"a": 1})));
    let left = call_admin(&emulator, "GET", "/faults", &Value::Null).await;
    assert_eq!(left.json()["faults"][0]["times"], 1);
    let none = call_admin(&emulator, "DELETE", "/faults", &Value::Null).await;
    assert_eq!(none.json(), json!({"faults": []}));
    assert_eq!(send(&emulator, stop(&emulator, emulator.instance_id())).await.status, 200);
}

#[tokio::test]
async fn rejects_invalid_requests_with_a_reason() {
    let emulator = Emulator::start().await.unwrap();
    for (name, body, part) in [
        ("/faults", json!({"kind": "explode"}), "`explode` is not a fault"),
        ("/faults", json!({"kind": "reset", "operation": "Stop"}), "`Stop` is not an operation"),
        ("/clock", json!({"advance_ms": -1}), "expected u64"),
        ("/clock", json!({}), "missing field"),
    ] {
        let response = call_admin(&emulator, "POST", name, &body).await;
        assert_eq!(response.error(), (400, "EMULATOR.0400".to_owned()));
        assert!(response.message().contains(part), "{}", response.text());
    }
    // A content type that a web page can send to another origin without a preflight.
    let plain = Request::post("/_emulator/faults").header("content-type", "text/plain");
    let response = send(&emulator, plain.body(json!({"kind": "reset"}).to_string()).unwrap()).await;
    assert_eq!(response.status, 400);
    assert!(emulator.faults().is_empty());
}

#[tokio::test]
async fn is_off_when_disabled_or_not_on_loopback() {
    let emulator = Emulator::builder().admin(false).start().await.unwrap();
    assert_eq!(emulator.admin_url(), None);
    for path in ["/_emulator", "/_emulator/state"] {
        assert_eq!(get(&emulator, path).await.error(), (404, "APIGW.0101".to_owned()), "{path}");
    }
    let all_interfaces = SocketAddr::from(([0, 0, 0, 0], 0));
    let emulator = Emulator::builder().address(all_interfaces).start().await.unwrap();
    assert_eq!(emulator.admin_url(), None);
    let emulator = Emulator::start().await.unwrap();
    assert_eq!(emulator.admin_url(), Some(format!("{}/_emulator", emulator.endpoint())));
    assert_eq!(get(&emulator, "/_emulator").await.json()["name"], "dbss-emulator");
}
