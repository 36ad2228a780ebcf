//! Calls that succeed.

use dbss_emulator::{Emulator, Fault, RetryAfter, Task};
use serde_json::json;

use crate::dbss::{Dbss, assert_snapshot, emulator};

fn enabled(emulator: &Emulator) -> Vec<bool> {
    emulator.scopes(emulator.instance_id()).iter().map(|scope| scope.enabled).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn stops_an_instance() {
    let emulator = emulator().await;
    let line = ["instance", "stop", emulator.instance_id()];
    let ran = Dbss::with(&emulator, &line).run();
    assert_snapshot("instance-stop", &ran.transcript());
    let instance = emulator.instance(emulator.instance_id()).unwrap();
    assert_eq!(instance.task, Task::PoweringOff);

    emulator.reset();
    let ran = Dbss::with(&emulator, &line).json();
    assert_snapshot("instance-stop-json", &ran.transcript());
    let mut result = ran.result();
    let request_id = result.as_object_mut().unwrap().remove("request_id").unwrap();
    assert_eq!(request_id, emulator.requests().last().unwrap().request_id);
    assert_eq!(
        result,
        json!({
            "operation": "StopAuditInstance",
            "status": 200,
            "attempts": 1,
            "outcome": "succeeded",
            "body": {"result": "success"},
        })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn enables_and_disables_policies() {
    let emulator = emulator().await;
    let scopes = emulator.scope_ids();
    let [first, second, third] = scopes.as_slice() else { panic!("three scopes") };
    assert_eq!(enabled(&emulator), [true, true, false]);
    let instance = ["--instance", emulator.instance_id()];
    let ran = Dbss::with(&emulator, &["policy", "disable", first, second]).and(&instance).run();
    assert_snapshot("policy-disable", &ran.transcript());
    assert_eq!(enabled(&emulator), [false, false, false]);
    let ran = Dbss::with(&emulator, &["policy", "enable", third]).and(&instance).json();
    assert_snapshot("policy-enable-json", &ran.transcript());
    assert_eq!(enabled(&emulator), [false, false, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_ids_from_standard_input_without_duplicates() {
    let emulator = emulator().await;
    let [first, second, _] = emulator.scope_ids()[..] else { panic!("three scopes") };
    let text = format!("\u{feff}{first}\r\n\n  {second}\t{first}\n");
    let ran = Dbss::with(&emulator, &["policy", "disable", "--instance", emulator.instance_id()])
        .and(&["-", second])
        .stdin(text)
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(enabled(&emulator), [false, false, false]);
    // One call carries them all, each once.
    let requests = emulator.requests();
    assert_eq!(requests.len(), 1);
    let expected = json!({"ids": [first, second], "status": "OFF"}).to_string();
    assert_eq!(requests[0].body, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_an_operation_with_a_body_from_each_source() {
    let emulator = emulator().await;
    let scope = emulator.scope_ids()[0].to_owned();
    let body = |status: &str| json!({"ids": [&scope], "status": status}).to_string();
    let line = ["api", "SetAuditScopeRuleSwitch", "--instance-id", emulator.instance_id()];
    let ran = Dbss::with(&emulator, &line).and(&["--body", &body("OFF")]).run();
    assert_snapshot("api-switch", &ran.transcript());

    let ran = Dbss::with(&emulator, &line).and(&["--body", "-"]).stdin(body("ON")).json();
    assert_eq!(ran.result().get("body").unwrap(), &json!({"status": "SUCCESS"}));

    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("body.json");
    std::fs::write(&file, body("OFF")).unwrap();
    let file = format!("@{}", file.display());
    let ran = Dbss::with(&emulator, &line).and(&["--body", &file]).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!enabled(&emulator)[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_attempts() {
    let emulator = emulator().await;
    emulator.add_fault(Fault::throttle(RetryAfter::Seconds(0)).times(2));
    let ran = Dbss::with(&emulator, &["instance", "stop", emulator.instance_id()]).json();
    assert_eq!(ran.result().get("attempts").unwrap(), 3);

    // Without retries there is one attempt.
    emulator.add_fault(Fault::throttle(RetryAfter::Seconds(0)));
    let line = ["instance", "stop", emulator.instance_id(), "--retries", "0"];
    let ran = Dbss::with(&emulator, &line).json();
    assert_eq!(ran.error().get("attempts").unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_an_accepted_call_that_the_service_did_not_call_done() {
    let emulator = emulator().await;
    let instance = emulator.instance_id();
    let scope = emulator.scope_ids()[0];
    let policy = ["policy", "disable", "--instance", instance, scope];
    let stop = ["instance", "stop", instance];
    let body = json!({"instance_id": instance}).to_string();
    let api = ["api", "StopAuditInstance", "--body", &body];
    for (line, body, outcome, value) in [
        (&policy[..], json!({"status": "PENDING"}), "unlisted", "PENDING"),
        (&policy, json!({}), "missing", ""),
        (&stop, json!({"result": "queued"}), "unlisted", "queued"),
        (&stop, json!({}), "missing", ""),
        (&api, json!({"result": "queued"}), "unlisted", "queued"),
    ] {
        let fault = || Fault::response(dbss_emulator::StatusCode::OK).body(body.to_string());
        emulator.add_fault(fault());
        let people = Dbss::with(&emulator, line).run();
        assert_eq!(people.code, 6, "{}", people.stderr);
        let said = "accepted; the service did not say that it was done";
        assert!(people.stderr.contains(said), "{}", people.stderr);
        assert!(people.stderr.contains(value), "{}", people.stderr);
        assert!(people.stdout.starts_with("accepted  "), "{}", people.stdout);
        for word in ["disabled", "stopping", "done  "] {
            assert!(!people.stdout.contains(word), "{}", people.stdout);
        }
        emulator.add_fault(fault());
        let scripts = Dbss::with(&emulator, line).json();
        assert_eq!((scripts.code, scripts.stderr.as_str()), (6, ""));
        let result: serde_json::Value = serde_json::from_str(&scripts.stdout).unwrap();
        assert_eq!(result.get("outcome").unwrap(), outcome);
        assert_eq!(result.get("body"), Some(&body));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn prints_lists_of_objects_as_tables() {
    let emulator = emulator().await;
    let ran = Dbss::with(&emulator, &["api", "ListAuditInstancesLast"]).run();
    assert_snapshot("api-list", &ran.transcript());
    // A column for each field that one of the objects has; what is no list stays above.
    let body = json!({
        "total": 2,
        "rows": [{"name": "first", "id": "a"}, {"id": "bb", "count": 3, "name": null}],
        "empty": [],
        "words": ["x", "y"],
    });
    let line = ["api", "ListAuditInstancesLast"];
    let answered = |body: &serde_json::Value| {
        let fault = Fault::response(dbss_emulator::StatusCode::OK).body(body.to_string());
        emulator.add_fault(fault);
        Dbss::with(&emulator, &line).run().stdout
    };
    let shown = answered(&body);
    let table = "rows:\nID  NAME   COUNT\na   first  -\nbb  null   3\n";
    assert!(shown.contains(table), "{shown}");
    assert!(shown.contains("total  2\nempty  []\nwords  [\"x\",\"y\"]\n"), "{shown}");
}
