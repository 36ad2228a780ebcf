//! Inputs from standard input and files.

use crate::dbss::{Dbss, emulator};

#[tokio::test(flavor = "multi_thread")]
async fn rejects_unreadable_and_missing_inputs() {
    let emulator = emulator().await;
    let policy = ["policy", "disable", "--instance", emulator.instance_id(), "-"];
    let api = ["api", "StopAuditInstance", "--body"];
    let missing_file = "@no-such-file.json";
    for (run, part) in [
        (Dbss::with(&emulator, &policy).stdin(" \n\t "), "no id"),
        (Dbss::with(&emulator, &policy).stdin([b'a', 0xff]), "UTF-8"),
        (
            Dbss::with(&emulator, &policy).and(&["--token", "-"]).stdin("t"),
            "standard input cannot be both",
        ),
        (Dbss::with(&emulator, &api).and(&["-"]).stdin("{"), "is not JSON"),
        (Dbss::with(&emulator, &api).and(&["{"]), "--body is not JSON"),
        (Dbss::with(&emulator, &api).and(&[missing_file]), "no-such-file.json"),
        (Dbss::with(&emulator, &api[..2]), "instance_id"),
    ] {
        let ran = run.json();
        assert_eq!(ran.kind(), ("invalid_input".into(), 2), "{part}: {}", ran.stderr);
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
    assert!(emulator.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_a_token_from_standard_input() {
    let emulator = emulator().await;
    let line = ["instance", "stop", emulator.instance_id(), "--token", "-"];
    let ran = Dbss::with(&emulator, &line)
        .without("DBSS_TOKEN")
        .stdin(format!("{}\n", emulator.token()))
        .run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let ran = Dbss::with(&emulator, &line).stdin("\n").json();
    assert_eq!(ran.kind(), ("credentials".into(), 4));
}
