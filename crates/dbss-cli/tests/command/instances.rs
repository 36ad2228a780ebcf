//! Instances by id or name, and the path that the service is retiring.

use dbss_emulator::{Emulator, Fault, Instance, InstanceStatus, StatusCode, Task};
use serde_json::{Value, json};

use crate::dbss::{Dbss, emulator};

const EAST: &str = "0000000000000000000000000000000e";

/// Running instances: `orders`, `審計 east`, `twice` and `twice`.
async fn named() -> Emulator {
    let emulator = emulator().await;
    let ids = ["a", "e", "1", "2"].map(|end| format!("{end:0>32}"));
    let names = ["orders", "審計 east", "twice", "twice"];
    let instances = ids.iter().zip(names).map(|(id, name)| Instance::new(id).with_name(name));
    emulator.set_instances(instances.collect()).unwrap();
    emulator
}

fn operations(emulator: &Emulator) -> Vec<String> {
    let requests = emulator.requests().into_iter();
    requests.filter_map(|request| request.operation.map(str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn finds_an_instance_by_its_name() {
    let emulator = named().await;
    let ran = Dbss::with(&emulator, &["instance", "stop", "審計 east"]).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.starts_with(&format!("stopping  {EAST}  審計 east\n")), "{}", ran.stdout);
    assert_eq!(emulator.instance(EAST).unwrap().task, Task::PoweringOff);
    assert_eq!(operations(&emulator), ["ListAuditInstancesLast", "StopAuditInstance"]);

    let ran = Dbss::with(&emulator, &["instance", "reboot", "orders"]).run();
    assert!(ran.stdout.starts_with("rebooting  "), "{}", ran.stdout);
    for line in [&["policy", "list"][..], &["policy", "enable", "x"]] {
        emulator.clear_requests();
        Dbss::with(&emulator, line).and(&["--instance", "orders"]).run();
        let paths: Vec<_> = emulator.requests().into_iter().map(|request| request.path).collect();
        assert_eq!(paths.len(), 2, "{paths:?}");
        assert!(paths[1].contains("0000000000a/"), "{paths:?}");
    }
    // An id is not looked up.
    emulator.clear_requests();
    let ran = Dbss::with(&emulator, &["instance", "reboot", &format!("{:0>32}", "1")]).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(operations(&emulator), ["RebootAuditInstanceNew"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_what_there_is_if_a_name_is_unknown_or_ambiguous() {
    let emulator = named().await;
    for (name, said, listed) in [
        ("none", "no instance has the id or name `none`", 4),
        ("twice", "2 instances have the name `twice`", 2),
        ("Orders", "no instance has the id or name `Orders`", 4),
    ] {
        for line in [
            &["instance", "stop", name][..],
            &["instance", "start", name, "--wait"],
            &["policy", "list", "--instance", name],
            &["policy", "disable", "--instance", name, "x"],
        ] {
            emulator.clear_requests();
            let people = Dbss::with(&emulator, line).run();
            assert_eq!((people.code, people.stdout.as_str()), (2, ""), "{}", people.stderr);
            assert!(people.stderr.contains(said), "{}", people.stderr);
            let rows = people.stderr.lines().filter(|line| line.starts_with("00000000"));
            assert_eq!(rows.count(), listed, "{}", people.stderr);
            let scripts = Dbss::with(&emulator, line).json();
            assert_eq!(scripts.kind(), ("invalid_input".into(), 2));
            let instances = scripts.error().get("instances").cloned().unwrap();
            assert_eq!(instances.as_array().unwrap().len(), listed);
            assert!(instances[0].get("id").is_some_and(Value::is_string));
            assert!(operations(&emulator).iter().all(|id| id == "ListAuditInstancesLast"));
        }
    }
    emulator.set_instances(Vec::new()).unwrap();
    let ran = Dbss::with(&emulator, &["instance", "stop", "none"]).run();
    assert!(ran.stderr.contains("the project has none"), "{}", ran.stderr);

    let crowd = (0..100).map(|n| Instance::new(format!("{n:032}")));
    emulator.set_instances(crowd.collect()).unwrap();
    let ran = Dbss::with(&emulator, &["instance", "stop", "none"]).run();
    assert!(ran.stderr.contains("and 80 more; `dbss instance list` has them"), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_nothing_if_the_name_cannot_be_looked_up() {
    let emulator = named().await;
    for fault in [
        Fault::documented(StatusCode::FORBIDDEN),
        Fault::documented(StatusCode::INTERNAL_SERVER_ERROR),
    ] {
        emulator.clear_requests();
        emulator.add_fault(fault.on("ListAuditInstancesLast").times(2));
        let line = ["instance", "stop", "orders", "--retries", "0"];
        let people = Dbss::with(&emulator, &line).run();
        assert_eq!(people.code, 1, "{}", people.stderr);
        assert!(
            people.stderr.contains("cannot look up the instance `orders`"),
            "{}",
            people.stderr
        );
        assert!(people.stderr.contains("not stopped  orders\n"), "{}", people.stderr);
        let scripts = Dbss::with(&emulator, &line).json();
        assert_eq!(scripts.kind(), ("api".into(), 1));
        assert_eq!(scripts.error().get("may_have_taken_effect"), Some(&json!(false)));
        assert_eq!(operations(&emulator), ["ListAuditInstancesLast"; 2]);
    }
    // A dry run sends nothing.
    emulator.clear_requests();
    let ran = Dbss::with(&emulator, &["instance", "stop", "orders", "--dry-run"]).run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("give the id"), "{}", ran.stderr);
    assert!(emulator.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_the_new_path_where_the_documented_one_is_offline() {
    let emulator = named().await;
    emulator.add_fault(Fault::offline().on("StopAuditInstance").forever());
    let said = "the service does not have the path of StopAuditInstance any more (404 \
                APIGW.0101); StopAuditInstanceNew was called instead";
    let people = Dbss::with(&emulator, &["instance", "stop", EAST]).run();
    assert_eq!(people.code, 0, "{}", people.stderr);
    assert_eq!(people.stderr, format!("warning: {said}\n"));
    assert!(people.stdout.starts_with(&format!("stopping  {EAST}\n")), "{}", people.stdout);
    assert_eq!(operations(&emulator), ["StopAuditInstance", "StopAuditInstanceNew"]);
    assert_eq!(emulator.instance(EAST).unwrap().task, Task::PoweringOff);

    // What fails then is told of the operation that was called last.
    let scripts = Dbss::with(&emulator, &["instance", "stop", EAST]).json();
    assert_eq!(scripts.kind(), ("api".into(), 1));
    let report: Value = serde_json::from_str(&scripts.stderr).unwrap();
    assert_eq!(report.pointer("/error/operation"), Some(&json!("StopAuditInstanceNew")));
    assert_eq!(report.pointer("/warnings/0"), Some(&json!(said)));
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_the_documented_path_alone_otherwise() {
    let emulator = named().await;
    let other = format!(r#"{{"error_code":"{}","error_msg":"m"}}"#, "APIGW.0106");
    for fault in [
        Fault::response(StatusCode::NOT_FOUND).body(other),
        Fault::documented(StatusCode::BAD_REQUEST),
        Fault::documented(StatusCode::INTERNAL_SERVER_ERROR),
        Fault::reset(),
    ] {
        emulator.clear_requests();
        emulator.add_fault(fault);
        let ran = Dbss::with(&emulator, &["instance", "stop", EAST, "--retries", "0"]).run();
        assert_ne!(ran.code, 0);
        assert_eq!(operations(&emulator), ["StopAuditInstance"]);
    }
    // A 404 after an attempt that may have taken effect leaves it in doubt.
    emulator.clear_requests();
    emulator.add_fault(Fault::reset().after_effect());
    emulator.add_fault(Fault::offline());
    let ran = Dbss::with(&emulator, &["instance", "stop", EAST]).run();
    assert_eq!(ran.code, 5, "{}", ran.stderr);
    assert_eq!(operations(&emulator), ["StopAuditInstance"; 2]);
    assert_eq!(emulator.instance(EAST).unwrap().status, InstanceStatus::Active);
}
