//! `list`: tables, filters, pages and ids.

use dbss_emulator::{Emulator, Fault, Instance, InstanceStatus, Scope, StatusCode, Task};
use serde_json::{Value, json};

use crate::dbss::{Dbss, assert_snapshot, emulator};

/// That many instances, the first of them with as many scopes.
async fn crowded(count: usize) -> Emulator {
    let emulator = emulator().await;
    let scopes =
        (0..count).map(|n| Scope::enabled(format!("scope-{n:04}")).with_name(format!("s {n}")));
    let mut instances: Vec<_> = (0..count)
        .map(|n| Instance::new(format!("{n:032}")).with_name(format!("audit {n}")))
        .collect();
    instances[0] = scopes.fold(instances[0].clone(), Instance::with_scope);
    emulator.set_instances(instances).unwrap();
    emulator
}

fn names(result: &Value) -> Vec<&str> {
    let entries = result.get("body").and_then(Value::as_array).unwrap();
    entries.iter().map(|entry| entry.get("name").and_then(Value::as_str).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_instances_and_policies_in_every_format() {
    let emulator = emulator().await;
    let instances = ["instance", "list"];
    let policies = ["policy", "list", "--instance", emulator.instance_id()];
    for (name, line) in [("list-instances", &instances[..]), ("list-policies", &policies)] {
        let formats = [&[][..], &["--wide"], &["--output", "ids"], &["--output", "json"]];
        let transcripts = formats.map(|format| {
            let ran = Dbss::with(&emulator, line).and(format).run();
            assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
            ran.transcript()
        });
        assert_snapshot(name, &transcripts.concat());
    }
    let result = Dbss::with(&emulator, &instances).json().result();
    assert_eq!(names(&result), ["audit-running", "audit-stopped"]);
    assert_eq!(result.get("total"), Some(&json!(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_what_has_a_status_and_a_name() {
    let emulator = emulator().await;
    let instances = [
        ("Orders east", InstanceStatus::Active),
        ("orders west", InstanceStatus::Shutoff),
        ("payroll", InstanceStatus::Error),
        ("審計", InstanceStatus::Active),
    ];
    let instances = instances.into_iter().enumerate().map(|(n, (name, status))| {
        Instance::new(format!("{n:032}")).with_name(name).with_status(status)
    });
    emulator.set_instances(instances.collect()).unwrap();
    for (filter, expected) in [
        (&["--status", "ACTIVE"][..], &["Orders east", "審計"][..]),
        (&["--status", "active", "--status", "ERROR"], &["Orders east", "payroll", "審計"]),
        (&["--name", "orders"], &["Orders east", "orders west"]),
        (&["--name", "計"], &["審計"]),
        (&["--name", "orders", "--status", "SHUTOFF"], &["orders west"]),
        (&["--name", "orders", "--limit", "1"], &["Orders east"]),
        (&["--status", "FROZEN"], &[]),
    ] {
        let result = Dbss::with(&emulator, &["instance", "list"]).and(filter).json().result();
        assert_eq!(names(&result), expected, "{filter:?}");
        // The service has no filter, and counts all.
        assert_eq!(result.get("total"), Some(&json!(4)));
    }
    let none = Dbss::with(&emulator, &["instance", "list", "--name", "none"]).run();
    assert_eq!((none.code, none.stdout.as_str()), (0, ""));
    assert_eq!(none.stderr, "nothing to list; 0 of 4\n");
    let wrong = Dbss::with(&emulator, &["instance", "list", "--status", "RUNNING"]).json();
    assert_eq!(wrong.kind(), ("invalid_input".into(), 2));
    assert!(wrong.stderr.contains("ACTIVE"), "{}", wrong.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_all_pages_unless_there_is_a_limit() {
    let emulator = crowded(2_500).await;
    let first = format!("{:032}", 0);
    for (line, id) in [
        (&["instance", "list"][..], (|n| format!("{n:032}")) as fn(usize) -> String),
        (&["policy", "list", "--instance", &first], |n| format!("scope-{n:04}")),
    ] {
        let all = Dbss::with(&emulator, line).and(&["--output", "ids"]).run();
        assert_eq!((all.code, all.stderr.as_str()), (0, ""));
        let expected: Vec<_> = (0..2_500).map(id).collect();
        assert_eq!(all.stdout.lines().collect::<Vec<_>>(), expected);

        emulator.clear_requests();
        let some = Dbss::with(&emulator, line).and(&["--limit", "3"]).json().result();
        assert_eq!(some.get("body").and_then(Value::as_array).unwrap().len(), 3);
        assert_eq!(some.get("total"), Some(&json!(2_500)));
        // No page is read that is not needed.
        assert_eq!(emulator.requests().len(), 1);

        let some = Dbss::with(&emulator, line).and(&["--limit", "3"]).run();
        assert_eq!(some.stdout.lines().count(), 4);
        assert_eq!(some.stderr, "3 of 2500\n");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pipes_ids_from_a_list_into_a_switch() {
    let emulator = emulator().await;
    let policy = |line: &[&str]| {
        Dbss::with(&emulator, &["policy"]).and(line).and(&["--instance", emulator.instance_id()])
    };
    let ids = policy(&["list", "--status", "on", "--output", "ids"]).run();
    assert_eq!(ids.stdout.lines().count(), 2);
    let switched = policy(&["disable", "-"]).stdin(ids.stdout).run();
    assert_eq!(switched.code, 0, "{}", switched.stderr);
    let scopes = emulator.scopes(emulator.instance_id());
    assert!(scopes.iter().all(|scope| !scope.enabled));
}

#[tokio::test(flavor = "multi_thread")]
async fn rejects_ids_of_what_is_no_list() {
    let emulator = emulator().await;
    let instance = emulator.instance_id();
    let body = json!({"instance_id": instance}).to_string();
    for line in [
        &["instance", "stop", instance][..],
        &["api", "StopAuditInstance", "--body", &body],
        &["completions", "bash"],
    ] {
        let ran = Dbss::with(&emulator, line).and(&["--output", "ids"]).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line:?}");
        assert!(ran.stderr.contains("--output ids is for lists"), "{}", ran.stderr);
    }
    assert!(emulator.requests().is_empty());
    let regions = Dbss::new(&["regions", "--output", "ids"]).run();
    assert!(regions.stdout.lines().any(|line| line == "cn-north-4"));
}

#[tokio::test(flavor = "multi_thread")]
async fn prints_nothing_of_a_list_of_which_a_page_fails() {
    let emulator = crowded(250).await;
    for (fault, kind, code) in [
        (Fault::documented(StatusCode::FORBIDDEN), "api", 1),
        (Fault::documented(StatusCode::INTERNAL_SERVER_ERROR), "api", 1),
        (Fault::reset(), "interrupted", 3),
        (Fault::html(StatusCode::OK), "invalid_response", 3),
    ] {
        let name = format!("{fault:?}");
        // The first page is read.
        emulator.add_fault(Fault::delay(std::time::Duration::ZERO));
        emulator.add_fault(fault);
        let line = ["instance", "list", "--output", "json", "--retries", "0"];
        let ran = Dbss::with(&emulator, &line).run();
        assert_eq!(ran.kind(), (kind.to_owned(), code), "{name}: {}", ran.stderr);
        // Whatever happens: reading changes nothing.
        assert_eq!(ran.error().get("may_have_taken_effect"), Some(&json!(false)));
        assert!(emulator.faults().is_empty(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn shows_the_states_that_the_service_has() {
    let emulator = emulator().await;
    let id = emulator.instance_id();
    let instance = emulator.instance(id).unwrap().with_task(Task::PoweringOff);
    emulator.set_instances(vec![instance]).unwrap();
    let shown = Dbss::with(&emulator, &["instance", "list"]).run();
    assert!(shown.stdout.contains("ACTIVE  powering-off\n"), "{}", shown.stdout);
}
