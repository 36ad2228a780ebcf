//! The table of exit codes: the same in help and README.

use dbss_emulator::{Fault, StatusCode};
use scripted_server::ClosedPort;
use serde_json::Value;

use crate::dbss::{Dbss, emulator};

/// The codes and meanings of the README's table.
fn readme() -> Vec<(u8, String)> {
    let rows = include_str!("../../README.md").lines().filter_map(|line| {
        let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
        let code = cells.next()?.parse().ok()?;
        Some((code, cells.nth(1)?.to_owned()))
    });
    rows.collect()
}

#[test]
fn documents_the_same_exit_codes_in_help_and_readme() {
    let readme = readme();
    assert!(readme.len() >= 6, "{readme:?}");
    for line in [&["--help"][..], &["-h"]] {
        let help = Dbss::new(line).run().stdout;
        let (_, table) = help.split_once("Exit codes:\n").unwrap();
        let mut codes: Vec<(u8, String)> = Vec::new();
        for line in table.lines().take_while(|line| !line.is_empty()) {
            match line.trim_start().split_once("  ") {
                Some((code, meaning)) if line.starts_with("  ") && code.parse::<u8>().is_ok() => {
                    codes.push((code.parse().unwrap(), meaning.to_owned()));
                }
                // The rest of a meaning that takes more than one line.
                _ => {
                    let (_, meaning) = codes.last_mut().unwrap();
                    *meaning = format!("{meaning} {}", line.trim());
                }
            }
        }
        assert_eq!(codes, readme, "{line:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn chooses_the_exit_code_for_unknown_by_the_effect_alone() {
    let emulator = emulator().await;
    let statuses = [400, 401, 403, 404, 408, 409, 429, 500, 502, 503, 504];
    let statuses = statuses.map(|status| StatusCode::from_u16(status).unwrap());
    let faults = statuses.map(Fault::response).into_iter().chain([
        Fault::reset(),
        Fault::reset().after_effect(),
        Fault::half_body(),
        Fault::html(StatusCode::OK),
        Fault::failed(),
    ]);
    for fault in faults {
        emulator.reset();
        let name = format!("{fault:?}");
        emulator.add_fault(fault.forever());
        let ran = Dbss::with(&emulator, &["instance", "stop", emulator.instance_id()])
            .and(&["--retries", "0"])
            .json();
        let unknown = ran.error().get("may_have_taken_effect").and_then(Value::as_bool).unwrap();
        assert_eq!(ran.code, if unknown { 5 } else { 1 }, "{name}: {}", ran.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tells_an_unreachable_iam_from_missing_credentials() {
    let emulator = emulator().await;
    let closed = ClosedPort::reserve().unwrap();
    let signed = |iam: &str| {
        Dbss::with(&emulator, &["instance", "stop", emulator.instance_id(), "--retries", "0"])
            .without("DBSS_TOKEN")
            .without("DBSS_PROJECT_ID")
            .env("DBSS_REGION", "cn-north-4")
            .env("HUAWEICLOUD_SDK_AK", "UNKNOWNACCESSKEY")
            .env("HUAWEICLOUD_SDK_SK", "secret")
            .env("HUAWEICLOUD_SDK_IAM_ENDPOINT", iam)
            .json()
    };
    let unreachable = signed(&closed.endpoint().unwrap());
    assert_eq!(unreachable.code, 3, "{}", unreachable.stderr);
    assert_ne!(unreachable.kind().0, "credentials");
    // IAM refuses this key.
    let refused = signed(emulator.endpoint());
    assert_eq!(refused.kind(), ("credentials".into(), 4), "{}", refused.stderr);
}
