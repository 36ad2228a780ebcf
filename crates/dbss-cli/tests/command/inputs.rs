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

#[tokio::test(flavor = "multi_thread")]
async fn rejects_lists_of_ids_in_another_format() {
    let emulator = emulator().await;
    let [first, second, _] = emulator.scope_ids()[..] else { panic!("three scopes") };
    for (text, line) in [
        ("\"FIRST\"\n", "line 1"),
        ("FIRST\n'SECOND'\n", "line 2"),
        ("`FIRST`", "line 1"),
        ("\u{201c}FIRST\u{201d}", "line 1"),
        ("FIRST,SECOND", "line 1"),
        ("FIRST, SECOND", "line 1"),
        ("FIRST,\r\nSECOND\r\n", "line 1"),
        ("FIRST;SECOND", "line 1"),
        ("FIRST\u{ff0c}SECOND", "line 1"),
        ("FIRST\u{3001}SECOND", "line 1"),
        ("[FIRST SECOND]", "line 1"),
        ("[\n  \"FIRST\"\n]", "line 1"),
        ("{FIRST}", "line 1"),
        ("# all scopes\nFIRST", "line 1"),
        ("FIRST\n\n  # SECOND\n", "line 3"),
        ("FIRST # the first\n", "line 1"),
        ("FIRST\n// SECOND\n", "line 2"),
        ("FIRST\n-- SECOND\n", "line 2"),
        ("FIRST\nSECOND -\n", "line 2"),
        ("FIRST\nids: SECOND\n", "line 2"),
        ("FIRST\nid=SECOND\n", "line 2"),
        ("FIRST | ON\n", "line 1"),
        ("FIRST\nSEC\u{0}OND", "line 2"),
        ("FIRST\nSEC\u{200b}OND", "line 2"),
    ] {
        let text = text.replace("FIRST", first).replace("SECOND", second);
        let line_of = ["policy", "disable", "--instance", emulator.instance_id()];
        let ran = Dbss::with(&emulator, &line_of).and(&["-"]).stdin(text.clone()).json();
        assert_eq!(ran.kind(), ("invalid_input".into(), 2), "{text:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(line), "{text:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("standard input"), "{text:?}: {}", ran.stderr);
        // So is an argument, which has no lines.
        if !text.contains(char::is_whitespace) && !text.contains('\0') {
            let ran = Dbss::with(&emulator, &line_of).and(&[second, &text]).json();
            assert_eq!(ran.kind(), ("invalid_input".into(), 2), "{text:?}: {}", ran.stderr);
            assert!(ran.stderr.contains("SCOPE_ID"), "{text:?}: {}", ran.stderr);
        }
    }
    assert!(emulator.requests().is_empty());
}
