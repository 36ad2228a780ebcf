//! Time limits, and what is said while the command waits.

use std::time::Duration;

use dbss_emulator::{Fault, RetryAfter};
use scripted_server::ClosedPort;
use serde_json::json;

use crate::dbss::{Dbss, emulator};
#[cfg(target_os = "linux")]
use crate::terminal;

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

#[tokio::test(flavor = "multi_thread")]
async fn reports_each_retry_with_v() {
    let emulator = emulator().await;
    let stop = || {
        emulator.reset();
        emulator.add_fault(Fault::throttle(RetryAfter::Seconds(0)).times(2));
        Dbss::with(&emulator, &["instance", "stop", emulator.instance_id()])
    };
    // Standard error is no terminal here: nothing is said without `-v`.
    assert_eq!(stop().run().stderr, "");
    let ran = stop().and(&["-v"]).run();
    for attempt in [1, 2] {
        let said = format!("attempt {attempt} failed");
        let line = ran.stderr.lines().find(|line| line.contains(&said)).unwrap_or_default();
        assert!(line.contains("429"), "{}", ran.stderr);
        assert!(line.contains("next attempt"), "{}", ran.stderr);
    }
    let ran = stop().and(&["-v", "--quiet"]).run();
    assert!(!ran.stderr.contains("next attempt"), "{}", ran.stderr);
    // Those of IAM too.
    let closed = ClosedPort::reserve().unwrap();
    let ran = stop()
        .without("DBSS_PROJECT_ID")
        .env("DBSS_REGION", "cn-north-4")
        .env("HUAWEICLOUD_SDK_IAM_ENDPOINT", &closed.endpoint().unwrap())
        .and(&["-v", "--retries", "1"])
        .run();
    assert!(ran.stderr.contains("retry: attempt 1 at IAM failed: "), "{}", ran.stderr);
    assert!(ran.stderr.contains("connection refused; next attempt "), "{}", ran.stderr);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn reports_each_retry_on_a_terminal() {
    let emulator = emulator().await;
    let on_terminal = |flag: &str| {
        emulator.reset();
        emulator.add_fault(Fault::throttle(RetryAfter::Seconds(0)).times(1));
        let line = format!("instance stop {} {flag}", emulator.instance_id());
        terminal::shown(&emulator, 200, &line)
    };
    let Some(shown) = on_terminal("") else { return };
    assert!(shown.contains("attempt 1 failed") && shown.contains("429"), "{shown}");
    assert!(shown.contains("stopping"), "{shown}");
    let quiet = on_terminal("--quiet").unwrap();
    assert!(!quiet.contains("attempt 1") && quiet.contains("stopping"), "{quiet}");
}
