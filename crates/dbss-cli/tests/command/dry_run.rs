//! `--dry-run`: the request is shown, signed and masked, and nothing is sent.

use serde_json::Value;

use crate::dbss::{Dbss, assert_snapshot, emulator};

#[tokio::test(flavor = "multi_thread")]
async fn prints_the_request_without_sending_it() {
    let emulator = emulator().await;
    let [first, second, _] = emulator.scope_ids()[..] else { panic!("three scopes") };
    let line =
        ["policy", "disable", "--dry-run", "--instance", emulator.instance_id(), first, second];
    let address = emulator.address().to_string();
    let people = Dbss::with(&emulator, &line).run();
    let scripts = Dbss::with(&emulator, &line).json();
    assert_eq!(scripts.result().get("dry_run").unwrap(), true);
    let text = format!("{}{}", people.transcript(), scripts.transcript());
    // Names and values in two columns.
    let column = people.stdout.find("POST\n").unwrap();
    for name in ["method", "url", "host", "x-auth-token", "body"] {
        let line = people.stdout.lines().find(|line| line.starts_with(name)).unwrap();
        let (before, value) = line.split_at(column);
        assert_eq!(before.trim_end(), name);
        assert!(!value.starts_with(' '), "{line}");
    }
    assert_snapshot("dry-run", &text.replace(&address, "127.0.0.1:8599"));
    assert!(!text.contains(emulator.token()));
    assert!(emulator.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn masks_the_signature_but_shows_which_headers_are_signed() {
    let emulator = emulator().await;
    let run = || {
        Dbss::with(&emulator, &["instance", "stop", emulator.instance_id(), "--dry-run"])
            .without("DBSS_TOKEN")
            .env("HUAWEICLOUD_SDK_AK", "EMULATORTEMPAK012345")
            .env("HUAWEICLOUD_SDK_SK", "emulator-temporary-secret-key-not-real-0")
            .env("HUAWEICLOUD_SDK_SECURITY_TOKEN", "emulator-security-token-not-real")
    };
    let ran = run().json();
    let request = ran.result();
    let header = |name: &str| request.pointer(&format!("/headers/{name}")).and_then(Value::as_str);
    let signature = header("authorization").unwrap();
    assert!(signature.starts_with("SDK-HMAC-SHA256 Access=***, SignedHeaders="), "{signature}");
    assert!(signature.ends_with(", Signature=***"), "{signature}");
    assert_eq!(header("x-security-token"), Some("***"));
    assert!(header("x-sdk-date").is_some());
    assert!(!ran.stdout.contains("not-real"), "{}", ran.stdout);
    assert!(!run().run().stdout.contains("not-real"));
    // A dry run does not ask IAM either: without a project it fails.
    let ran = run().without("DBSS_PROJECT_ID").and(&["--region", "cn-north-4"]);
    let ran = ran.env("HUAWEICLOUD_SDK_IAM_ENDPOINT", emulator.endpoint()).json();
    assert_eq!(ran.kind(), ("invalid_input".into(), 2));
    assert!(ran.stderr.contains("dry run"), "{}", ran.stderr);
    assert!(emulator.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn rejects_invalid_input_in_a_dry_run() {
    let emulator = emulator().await;
    let ran = Dbss::with(&emulator, &["instance", "stop", "short", "--dry-run"]).json();
    assert_eq!(ran.kind(), ("invalid_input".into(), 2));
}
