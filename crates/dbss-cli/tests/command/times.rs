//! Time limits, and what is said while the command waits.

use std::time::Duration;

use dbss_emulator::Fault;
use serde_json::json;

use crate::dbss::{Dbss, emulator};

#[tokio::test(flavor = "multi_thread")]
async fn limits_each_attempt_by_flag_or_variable() {
    let emulator = emulator().await;
    let policy = || {
        emulator.reset();
        emulator.add_fault(Fault::stall().times(1));
        let line = ["policy", "disable", "--instance", emulator.instance_id()];
        Dbss::with(&emulator, &line).and(&emulator.scope_ids()[..1])
    };
    let done = policy().and(&["--attempt-timeout", "300ms"]).json().result();
    assert_eq!(done.get("attempts"), Some(&json!(2)));
    let done = policy().env("DBSS_ATTEMPT_TIMEOUT", "300ms").json().result();
    assert_eq!(done.get("attempts"), Some(&json!(2)));
    let ran = policy().env("DBSS_ATTEMPT_TIMEOUT", "1h").and(&["--attempt-timeout", "300ms"]);
    assert_eq!(ran.json().result().get("attempts"), Some(&json!(2)));

    let wrong = Dbss::new(&["instance", "stop", "x"]).env("DBSS_ATTEMPT_TIMEOUT", "soon").json();
    assert_eq!(wrong.kind(), ("invalid_input".into(), 2));
    assert!(wrong.stderr.contains("DBSS_ATTEMPT_TIMEOUT"), "{}", wrong.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn waits_for_one_answer_as_long_as_for_the_call() {
    if std::env::var("DBSS_SLOW_TESTS").as_deref() != Ok("1") {
        eprintln!("skipped: takes twelve seconds; DBSS_SLOW_TESTS=1 runs it");
        return;
    }
    let emulator = emulator().await;
    emulator.add_fault(Fault::delay(Duration::from_secs(12)).forever());
    let line = ["instance", "stop", emulator.instance_id(), "--timeout", "40s"];
    let done = Dbss::with(&emulator, &line).json().result();
    assert_eq!(done.get("attempts"), Some(&json!(1)));
}
