//! The admin path.

use std::net::SocketAddr;

use crate::common::{Answer, get, send, stop};
use dbss_emulator::Emulator;
use http::Request;
use serde_json::{Value, json};

async fn ask(emulator: &Emulator, method: &str, name: &str, body: &Value) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(format!("/_emulator{name}"))
        .header("content-type", "application/json");
    let body = if body.is_null() { String::new() } else { body.to_string() };
    send(emulator, request.body(body).unwrap()).await
}

#[tokio::test]
async fn state_is_read_and_put_back() {
    let emulator = Emulator::start().await.unwrap();
    send(&emulator, stop(&emulator, emulator.instance_id())).await;
    let read = ask(&emulator, "GET", "/state", &Value::Null).await;
    assert_eq!(read.json()["instances"][0]["task"], "powering-off");
    assert_eq!(read.json()["instances"][0]["scopes"][0]["enabled"], true);
    for secret in ["emulator-token", "not-real", "local-password"] {
        assert!(!read.text().contains(secret), "{secret}");
    }
    ask(&emulator, "POST", "/clock", &json!({"advance_ms": 2_000})).await;
    let read = ask(&emulator, "GET", "/state", &Value::Null).await;
    assert_eq!(read.json()["instances"][0]["status"], "SHUTOFF");
    let back = ask(&emulator, "DELETE", "/state", &Value::Null).await;
    assert_eq!((back.status, &back.json()["instances"][0]["status"]), (200, &json!("ACTIVE")));
}

#[tokio::test]
async fn requests_are_read_and_forgotten_and_do_not_include_those_of_the_admin() {
    let emulator = Emulator::start().await.unwrap();
    send(&emulator, stop(&emulator, emulator.instance_id())).await;
    let read = ask(&emulator, "GET", "/requests", &Value::Null).await.json();
    assert_eq!(read["requests"].as_array().unwrap().len(), 1);
    assert_eq!(read["requests"][0]["operation"], "StopAuditInstance");
    assert_eq!(read["requests"][0]["status"], 200);
    let none = ask(&emulator, "DELETE", "/requests", &Value::Null).await;
    assert_eq!(none.json(), json!({"requests": []}));
}

#[tokio::test]
async fn faults_are_added_and_taken_away() {
    let emulator = Emulator::start().await.unwrap();
    let fault = json!({"kind": "answer", "status": 503, "body": {"a": 1}, "operation": "StopAuditInstance", "times": 2});
    let added = ask(&emulator, "POST", "/faults", &fault).await;
    assert_eq!((added.status, &added.json()["faults"][0]["times"]), (200, &json!(2)));
    let hit = send(&emulator, stop(&emulator, emulator.instance_id())).await;
    assert_eq!((hit.status, hit.json()), (503, json!({"a": 1})));
    let left = ask(&emulator, "GET", "/faults", &Value::Null).await;
    assert_eq!(left.json()["faults"][0]["times"], 1);
    let none = ask(&emulator, "DELETE", "/faults", &Value::Null).await;
    assert_eq!(none.json(), json!({"faults": []}));
    assert_eq!(send(&emulator, stop(&emulator, emulator.instance_id())).await.status, 200);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_a_reason() {
    let emulator = Emulator::start().await.unwrap();
    for (name, body, part) in [
        ("/faults", json!({"kind": "explode"}), "`explode` is no fault"),
        ("/faults", json!({"kind": "reset", "operation": "Stop"}), "`Stop` is no operation"),
        ("/clock", json!({"advance_ms": -1}), "expected u64"),
        ("/clock", json!({}), "missing field"),
    ] {
        let answer = ask(&emulator, "POST", name, &body).await;
        assert_eq!(answer.error(), (400, "EMULATOR.0400".to_owned()));
        assert!(answer.message().contains(part), "{}", answer.text());
    }
    // What a page in a browser can send without being asked.
    let plain = Request::post("/_emulator/faults").header("content-type", "text/plain");
    let answer = send(&emulator, plain.body(json!({"kind": "reset"}).to_string()).unwrap()).await;
    assert_eq!(answer.status, 400);
    assert!(emulator.faults().is_empty());
}

#[tokio::test]
async fn it_is_not_there_when_it_is_switched_off_or_others_can_reach_it() {
    let emulator = Emulator::builder().admin(false).start().await.unwrap();
    assert_eq!(emulator.admin_url(), None);
    for path in ["/_emulator", "/_emulator/state"] {
        assert_eq!(get(&emulator, path).await.error(), (404, "APIGW.0101".to_owned()), "{path}");
    }
    let everywhere = SocketAddr::from(([0, 0, 0, 0], 0));
    let emulator = Emulator::builder().address(everywhere).start().await.unwrap();
    assert_eq!(emulator.admin_url(), None);
    let emulator = Emulator::start().await.unwrap();
    assert_eq!(emulator.admin_url(), Some(format!("{}/_emulator", emulator.endpoint())));
    assert_eq!(get(&emulator, "/_emulator").await.json()["name"], "dbss-emulator");
}
