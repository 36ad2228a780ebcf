//! The login of an IAM user: from flags and the environment.

use dbss_emulator::Emulator;

use crate::dbss::{Dbss, emulator};

/// The user and the password of the emulator's default state.
const USER: &str = "dbss-operator";
const ACCOUNT: &str = "dbss-account";
const PASSWORD: &str = "local-password-1";

/// Without credentials and without a project.
fn stop(emulator: &Emulator) -> Dbss {
    emulator.reset();
    Dbss::with(emulator, &["instance", "stop", emulator.instance_id()])
        .without("DBSS_TOKEN")
        .without("DBSS_PROJECT_ID")
        .env("DBSS_REGION", "cn-north-4")
        .env("HUAWEICLOUD_SDK_IAM_ENDPOINT", emulator.endpoint())
}

fn login(run: Dbss) -> Dbss {
    run.env("DBSS_USER", USER).env("DBSS_ACCOUNT", ACCOUNT).env("DBSS_PASSWORD", PASSWORD)
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_in_with_the_user_of_the_environment_or_of_flags() {
    let emulator = emulator().await;
    let ran = login(stop(&emulator)).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // Flags name another user than the environment; the password is the environment's.
    let ran = stop(&emulator)
        .env("DBSS_USER", "nobody")
        .env("DBSS_ACCOUNT", "nowhere")
        .env("DBSS_PASSWORD", PASSWORD)
        .and(&["--user", USER, "--account", ACCOUNT])
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // With a project, no region is needed.
    let ran = login(stop(&emulator))
        .without("DBSS_REGION")
        .env("DBSS_PROJECT_ID", emulator.project_id())
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn takes_the_first_credentials_of_the_documented_order() {
    let emulator = emulator().await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("profiles");
    std::fs::write(&file, "[basic]\nak = PROFILEKEY\nsk = wrong\n").unwrap();
    let file = file.to_str().unwrap();
    // The first is wrong, or the only right one.
    let key = |run: Dbss, sk: &str| {
        run.env("HUAWEICLOUD_SDK_AK", emulator.access_key()).env("HUAWEICLOUD_SDK_SK", sk)
    };
    let right = emulator.secret_key();
    let flags = ["--user", USER, "--account", ACCOUNT];
    let cases: [(&str, Dbss, bool); 8] = [
        ("token flag", login(stop(&emulator)).and(&["--token", "unknown"]), false),
        ("profile flag", login(stop(&emulator)).and(&["--profile", file]), false),
        (
            "user flag",
            stop(&emulator).env("DBSS_TOKEN", "unknown").env("DBSS_PASSWORD", PASSWORD).and(&flags),
            true,
        ),
        ("token", login(stop(&emulator)).env("DBSS_TOKEN", "unknown"), false),
        ("login before the key", key(login(stop(&emulator)), "wrong"), true),
        ("wrong login before the key", key(stop(&emulator), right).env("DBSS_USER", "u"), false),
        (
            "key before the profile",
            key(stop(&emulator), right).env("HUAWEICLOUD_SDK_CREDENTIALS_FILE", file),
            true,
        ),
        ("profile", stop(&emulator).env("HUAWEICLOUD_SDK_CREDENTIALS_FILE", file), false),
    ];
    for (name, run, accepted) in cases {
        let ran = run.env("DBSS_PROJECT_ID", emulator.project_id()).run();
        emulator.reset();
        assert_eq!(ran.code == 0, accepted, "{name}: {}", ran.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_what_a_login_lacks() {
    let emulator = emulator().await;
    for (missing, expected) in
        [("DBSS_USER", ["DBSS_USER", "--user"]), ("DBSS_ACCOUNT", ["DBSS_ACCOUNT", "--account"])]
    {
        let ran = login(stop(&emulator)).without(missing).json();
        assert_eq!(ran.kind(), ("credentials".into(), 4), "{missing}: {}", ran.stderr);
        for part in expected {
            assert!(ran.stderr.contains(part), "{missing}: {}", ran.stderr);
        }
        assert!(!ran.stderr.contains(PASSWORD), "{}", ran.stderr);
    }
    // An empty variable counts as not set.
    let ran = login(stop(&emulator)).env("DBSS_ACCOUNT", "").json();
    assert_eq!(ran.kind(), ("credentials".into(), 4));
    let ran = login(stop(&emulator)).env("DBSS_PASSWORD", "wr0ng-pa55").and(&["-vv"]).run();
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(!ran.stderr.contains("wr0ng-pa55"), "{}", ran.stderr);
    assert!(
        emulator.requests().iter().all(|request| request.operation != Some("StopAuditInstance"))
    );
}
