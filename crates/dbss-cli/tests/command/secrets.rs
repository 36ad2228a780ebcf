//! Secrets are never printed, however a command ends and however much it logs.

use dbss_emulator::{Fault, StatusCode};

use crate::dbss::{Dbss, STOPPED, emulator};

#[tokio::test(flavor = "multi_thread")]
async fn prints_no_secrets_in_any_output_or_log() {
    let emulator = emulator().await;
    let secrets = [emulator.token(), emulator.secret_key(), "emulator-token-expired"];
    let instance = emulator.instance_id();
    for arguments in [
        &["instance", "stop", instance][..],
        &["instance", "stop", STOPPED],
        &["instance", "stop", "short"],
        &["instance", "start", "audit-stopped"],
        &["instance", "stop", "audit-running", "--wait", "--wait-timeout", "10ms"],
        &["instance", "stop", STOPPED, "--wait"],
        &["instance", "list", "--wide"],
        &["policy", "list", "--instance", instance],
        &["whoami"],
        &["instance", "stop", instance, "--dry-run"],
        &["instance", "stop", instance, "--token", "emulator-token-expired"],
        &["instance", "stop", instance, "--token", emulator.token(), "--no-such-option"],
        &["instance", "stop", instance, "--", &format!("--token={}", emulator.token())],
    ] {
        for output in ["table", "json"] {
            let with_token = Dbss::with(&emulator, arguments);
            let with_key = Dbss::with(&emulator, arguments)
                .without("DBSS_TOKEN")
                .env("HUAWEICLOUD_SDK_AK", emulator.access_key())
                .env("HUAWEICLOUD_SDK_SK", emulator.secret_key());
            for run in [with_token, with_key] {
                emulator.reset();
                let ran = run.and(&["-vv", "--output", output]).run();
                for secret in secrets {
                    assert!(!ran.stdout.contains(secret), "{}", ran.stdout);
                    assert!(!ran.stderr.contains(secret), "{}", ran.stderr);
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn prints_no_password_of_a_login_or_a_proxy() {
    let emulator = emulator().await;
    let passwords = ["local-password-1", "wr0ng-pa55", "pr0xy-pa55"];
    let login = |password: &str| {
        Dbss::with(&emulator, &["instance", "stop", emulator.instance_id()])
            .without("DBSS_TOKEN")
            .env("DBSS_USER", "dbss-operator")
            .env("DBSS_ACCOUNT", "dbss-account")
            .env("DBSS_PASSWORD", password)
            .env("DBSS_REGION", "cn-north-4")
            .env("HUAWEICLOUD_SDK_IAM_ENDPOINT", emulator.endpoint())
            .env("HTTPS_PROXY", "http://somebody:pr0xy-pa55@127.0.0.1:9")
    };
    let right = || login("local-password-1");
    let https = ["--endpoint", "https://198.51.100.1", "--retries", "0", "--token", "t"];
    for (name, run) in [
        ("accepted", &right as &dyn Fn() -> Dbss),
        ("dry run", &|| right().and(&["--dry-run"])),
        ("help", &|| right().and(&["--help"])),
        ("wrong usage", &|| right().and(&["--no-such-option"])),
        ("refused", &|| login("wr0ng-pa55")),
        ("no header", &|| login("wr0ng-pa55\n")),
        ("no user", &|| right().without("DBSS_USER")),
        ("no account", &|| right().without("DBSS_ACCOUNT")),
        ("no IAM", &|| right().env("HUAWEICLOUD_SDK_IAM_ENDPOINT", "http://127.0.0.1:9")),
        ("proxy refuses", &|| right().and(&https)),
        ("proxy flag", &|| {
            right().and(&https).and(&["--proxy", "http://u:pr0xy-pa55@127.0.0.1:9"])
        }),
        ("socks", &|| right().and(&https).and(&["--proxy", "socks5://u:pr0xy-pa55@127.0.0.1"])),
        ("not a proxy", &|| right().and(&https).and(&["--proxy", "http://u:pr0xy-pa55@[::1"])),
        ("password in a path", &|| {
            right().and(&https).and(&["--proxy", "http://u:a/pr0xy-pa55@h"])
        }),
    ] {
        for output in ["table", "json"] {
            emulator.reset();
            let ran = run().and(&["-vv", "--output", output]).run();
            for password in passwords {
                assert!(!ran.stdout.contains(password), "{name}: {}", ran.stdout);
                assert!(!ran.stderr.contains(password), "{name}: {}", ran.stderr);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn warns_about_a_token_in_the_arguments() {
    let emulator = emulator().await;
    let line = ["instance", "stop", emulator.instance_id(), "--token", emulator.token()];
    emulator.add_fault(Fault::documented(StatusCode::FORBIDDEN));
    // Standard error stays one object: the warning is in it.
    let failed = Dbss::with(&emulator, &line).json();
    assert_eq!(failed.kind(), ("api".into(), 1));
    assert!(failed.stderr.contains("\"warnings\":[\"--token shows"), "{}", failed.stderr);
    let done = Dbss::with(&emulator, &line).json();
    assert_eq!(done.code, 0);
    assert!(done.stderr.starts_with("warning: --token shows"), "{}", done.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_calls_with_v_and_attempts_with_vv() {
    let emulator = emulator().await;
    let run = |flag: &[&str]| {
        emulator.reset();
        Dbss::with(&emulator, &["instance", "stop", emulator.instance_id()]).and(flag).run().stderr
    };
    assert_eq!(run(&[]), "");
    let calls = run(&["-v"]);
    assert!(calls.contains("dbss_call") && !calls.contains("dbss_attempt"), "{calls}");
    assert!(run(&["-vv"]).contains("dbss_attempt"));
}
