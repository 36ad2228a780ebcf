//! A password in an address is never echoed, wherever the address was given.

use dbss_emulator::Emulator;

use crate::dbss::{Dbss, emulator};

const PASSWORD: &str = "pa55-of-an-address";

/// Addresses with a password, well formed or not.
fn addresses() -> Vec<String> {
    [
        "https://user:PASSWORD@dbss.example.com",
        "https://user:PASSWORD@dbss.example.com:8443/path",
        "https://PASSWORD@dbss.example.com",
        "https://PASSWORD:@dbss.example.com",
        "https://user:PASSWORD@",
        "https://user:PASSWORD@[::1",
        "https://user:PASSWORD@dbss.example.com:port",
        "https://user:a b\"PASSWORD@dbss.example.com",
        "https://user:a@b/PASSWORD@dbss.example.com",
        "https://user:PASSWORD@dbss.example.com?token=1",
        "http://user:PASSWORD@dbss.example.com",
        "ftp://user:PASSWORD@dbss.example.com",
        "https:user:PASSWORD@dbss.example.com",
        "//user:PASSWORD@dbss.example.com",
        "user:PASSWORD@dbss.example.com",
        "user:PASSWORD@",
        "unix:user:PASSWORD@dbss",
    ]
    .map(|address| address.replace("PASSWORD", PASSWORD))
    .into()
}

/// The command with an address in each place that takes, or does not take, one.
fn places(emulator: &Emulator, address: &str) -> Vec<Dbss> {
    let stop = || Dbss::with(emulator, &["instance", "stop", emulator.instance_id()]);
    let file = format!("@{address}");
    let option = |name: &str| format!("{name}={address}");
    vec![
        Dbss::with(emulator, &["whoami", "--endpoint", address]),
        Dbss::with(emulator, &["whoami", "--region", address]).without("DBSS_ENDPOINT"),
        Dbss::with(emulator, &["whoami", "--project-id", address]),
        Dbss::with(emulator, &["whoami", "--profile", address]),
        Dbss::with(emulator, &["whoami"]).env("HUAWEICLOUD_SDK_IAM_ENDPOINT", address),
        stop().and(&["--endpoint", address]),
        stop().and(&[&option("--endpoint")]),
        stop().env("DBSS_ENDPOINT", address),
        stop().without("DBSS_ENDPOINT").and(&["--region", address]),
        stop().without("DBSS_ENDPOINT").env("DBSS_REGION", address),
        stop()
            .without("DBSS_ENDPOINT")
            .env("DBSS_REGION", "cn-north-4")
            .env("HUAWEICLOUD_SDK_REGION_DBSS_CN_NORTH_4", address),
        stop().env("HUAWEICLOUD_SDK_IAM_ENDPOINT", address),
        stop().and(&["--iam-endpoint", address]),
        stop().and(&["--proxy", address]),
        stop().env("HTTPS_PROXY", address).and(&[
            "--endpoint",
            "https://198.51.100.1",
            "--dry-run",
        ]),
        stop().env("ALL_PROXY", address).and(&["--endpoint", "https://198.51.100.1", "--dry-run"]),
        stop().and(&["--ca-file", address]),
        stop().env("SSL_CERT_FILE", address),
        stop()
            .and(&["--user", address, "--account", address, "--iam-endpoint", emulator.endpoint()])
            .env("DBSS_PASSWORD", "secret"),
        stop().env("DBSS_RETRIES", address),
        stop().env("DBSS_PLAIN_HTTP", address),
        stop().and(&["--connect-timeout", address]),
        stop().and(&["--project-id", address]),
        stop().and(&["--profile", address]),
        stop().and(&["--profile", "none"]).env("HUAWEICLOUD_SDK_CREDENTIALS_FILE", address),
        stop().and(&["--timeout", address]),
        stop().and(&["--retries", address]),
        stop().and(&["--output", address]),
        stop().and(&[&option("--no-such-option")]),
        stop().and(&[address]),
        Dbss::with(emulator, &["instance", "stop", address]),
        Dbss::with(emulator, &["policy", "disable", "--instance", address, address]),
        Dbss::with(emulator, &["instance", address]),
        Dbss::with(emulator, &["api", address]),
        Dbss::with(emulator, &["completions", address]),
        Dbss::with(emulator, &["api", "StopAuditInstance", "--body", address]),
        Dbss::with(emulator, &["api", "StopAuditInstance", "--body", &file]),
        Dbss::with(emulator, &["api", "StopAuditInstance", &option("--body=@")]),
        Dbss::with(emulator, &[address]),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn prints_no_password_of_an_address() {
    let emulator = emulator().await;
    for address in addresses() {
        for output in ["table", "json"] {
            for (place, run) in places(&emulator, &address).into_iter().enumerate() {
                let ran = run.and(&["-vv", "--timeout", "5s", "--output", output]).run();
                let printed = format!("{}{}", ran.stdout, ran.stderr);
                assert!(!printed.contains(PASSWORD), "place {place}: {address}: {printed}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn prints_no_password_of_an_address_in_a_profile() {
    let emulator = emulator().await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("profiles");
    for address in addresses() {
        let text = format!("[basic]\nak = AK\nsk = secret\niam_endpoint = {address}\n");
        std::fs::write(&file, text).unwrap();
        let ran = Dbss::with(&emulator, &["instance", "stop", emulator.instance_id()])
            .without("DBSS_TOKEN")
            .without("DBSS_PROJECT_ID")
            .env("DBSS_REGION", "cn-north-4")
            .and(&["--profile", file.to_str().unwrap(), "-vv", "--timeout", "5s"])
            .run();
        assert_ne!(ran.code, 0);
        assert!(!ran.stderr.contains(PASSWORD), "{address}: {}", ran.stderr);
    }
}
