//! Profiles: listed without their secrets, and what they set besides a key.

use dbss_emulator::Emulator;
use serde_json::json;
use tempfile::TempDir;

use crate::dbss::{Dbss, emulator};

const SECRETS: [&str; 4] = ["s3cret-of-ops", "t0ken-of-ops", "s3cret-of-half", "pa55-of-iam"];

const PROFILES: &str = "\
# comment
[basic]
ak = BASICKEY0123456789AB
sk = s3cret-of-basic

[ops]
ak = OPSKEY0123456789ABCD
sk = s3cret-of-ops
security_token = t0ken-of-ops
region = cn-north-4
project_id = 0123456789abcdef0123456789abcdef
endpoint = dbss.example.com
iam_endpoint = https://user:pa55-of-iam@iam.example.com

[half]
sk = s3cret-of-half

[short]
ak = KEY
sk = x
";

/// A folder with a profile file, which only its owner can read.
fn written(text: &str) -> (TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("profiles");
    std::fs::write(&path, text).unwrap();
    permit(&path, 0o600);
    let path = path.to_str().unwrap().to_owned();
    (directory, path)
}

#[cfg(unix)]
fn permit(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;

    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn permit(_: &std::path::Path, _: u32) {}

#[test]
fn lists_profiles_without_their_secrets() {
    let (directory, path) = written(PROFILES);
    let home = directory.path().to_str().unwrap();
    std::fs::create_dir(directory.path().join(".huaweicloud")).unwrap();
    let default = directory.path().join(".huaweicloud/credentials");
    std::fs::copy(&path, &default).unwrap();
    for run in [
        Dbss::new(&["profiles", "--profile", &path]),
        Dbss::new(&["profiles"]).env("HUAWEICLOUD_SDK_CREDENTIALS_FILE", &path),
        Dbss::new(&["profiles"]).env("HOME", home).env("USERPROFILE", home),
        Dbss::new(&["profiles", "--profile=~/profiles"]).env("HOME", home).env("USERPROFILE", home),
    ] {
        let ran = run.and(&["-vv"]).run();
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
        let lines: Vec<Vec<&str>> =
            ran.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0][..2], ["NAME", "ACCESS_KEY"], "{}", ran.stdout);
        assert_eq!(lines[1][..2], ["basic", "BASI***"]);
        assert_eq!(lines[2][..3], ["ops", "OPSK***", "temporary"]);
        assert!(ran.stdout.contains("dbss.example.com"), "{}", ran.stdout);
        // Why a profile cannot be used.
        assert!(ran.stdout.contains("has no `ak`"), "{}", ran.stdout);
        assert_eq!(lines[4][..2], ["short", "***"]);
        for secret in SECRETS {
            assert!(!ran.stdout.contains(secret), "{}", ran.stdout);
        }
    }
    let ran = Dbss::new(&["profiles", "--profile", &path]).json();
    let result = ran.result();
    assert_eq!(result.get("path").unwrap(), path.as_str());
    assert_eq!(
        result.pointer("/profiles/1").unwrap(),
        &json!({
            "name": "ops",
            "line": 6,
            "access_key": "OPSK***",
            "temporary": true,
            "region": "cn-north-4",
            "project_id": "0123456789abcdef0123456789abcdef",
            "endpoint": "dbss.example.com",
            "iam_endpoint": "https://***@iam.example.com",
        })
    );
    assert!(result.pointer("/profiles/2/problem").is_some());
    for secret in SECRETS {
        assert!(!ran.stdout.contains(secret), "{}", ran.stdout);
    }
    let ids = Dbss::new(&["profiles", "--profile", &path, "--output", "ids"]).run();
    assert_eq!((ids.code, ids.stdout.as_str()), (0, "basic\nops\nhalf\nshort\n"));
}

#[test]
fn reports_why_profiles_cannot_be_listed() {
    let (directory, path) = written("[basic]\nak s3cret-of-ops\n");
    let folder = directory.path().to_str().unwrap();
    for (profile, part) in
        [(path.as_str(), ":2: "), (folder, "directory"), ("./no-such-file", "no profile file")]
    {
        let ran = Dbss::new(&["profiles", "--profile", profile]).json();
        assert_eq!(ran.kind(), ("credentials".into(), 4), "{profile}: {}", ran.stderr);
        assert!(ran.stderr.contains(part), "{profile}: {}", ran.stderr);
        assert!(!ran.stderr.contains("s3cret"), "{}", ran.stderr);
    }
}

fn profile_of(emulator: &Emulator, more: &str) -> String {
    let (ak, sk) = (emulator.access_key(), emulator.secret_key());
    format!("[basic]\nak = {ak}\nsk = {sk}\n{more}\n")
}

fn stop(emulator: &Emulator, profile: &str) -> Dbss {
    emulator.reset();
    Dbss::new(&["instance", "stop", emulator.instance_id(), "--profile", profile])
}

#[tokio::test(flavor = "multi_thread")]
async fn takes_address_and_project_of_the_profile() {
    let emulator = emulator().await;
    let (project, endpoint) = (emulator.project_id(), emulator.endpoint());
    let (_directory, path) =
        written(&profile_of(&emulator, &format!("project_id = {project}\nendpoint = {endpoint}")));
    let ran = stop(&emulator, &path).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    // The region of a profile is enough to look its project up.
    let more = format!("region = cn-north-4\nendpoint = {endpoint}\niam_endpoint = {endpoint}");
    let (_directory, path) = written(&profile_of(&emulator, &more));
    let ran = stop(&emulator, &path).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // Flags come before it.
    let ran = stop(&emulator, &path).and(&["--endpoint", "http://127.0.0.1:9", "--retries", "0"]);
    assert_eq!(ran.run().code, 3);
    // Without any address, what can be done is named.
    let (_directory, path) = written(&profile_of(&emulator, ""));
    let ran = stop(&emulator, &path).json();
    assert_eq!(ran.kind(), ("invalid_input".into(), 2), "{}", ran.stderr);
    assert!(ran.stderr.contains("--region"), "{}", ran.stderr);
    // What is wrong in a profile is named as that.
    let (_directory, path) = written(&profile_of(&emulator, "endpoint = ftp://dbss.example.com"));
    let ran = stop(&emulator, &path).json();
    assert!(ran.stderr.contains("`endpoint` of the profile"), "{}", ran.stderr);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn warns_about_a_profile_file_that_others_can_read() {
    let emulator = emulator().await;
    let (project, endpoint) = (emulator.project_id(), emulator.endpoint());
    let (_directory, path) =
        written(&profile_of(&emulator, &format!("project_id = {project}\nendpoint = {endpoint}")));
    for (mode, is_warned) in [(0o600, false), (0o640, true), (0o604, true)] {
        permit(path.as_ref(), mode);
        for run in [stop(&emulator, &path), Dbss::new(&["profiles", "--profile", &path])] {
            let ran = run.run();
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            let warned = ran.stderr.starts_with("warning: others can read");
            assert_eq!(warned, is_warned, "{mode:o}: {}", ran.stderr);
            assert!(!is_warned || ran.stderr.contains("chmod 600"), "{}", ran.stderr);
        }
    }
    // In JSON a failure has it beside the error.
    let failed = stop(&emulator, &path).and(&["--endpoint", "http://127.0.0.1:9"]);
    let failed = failed.and(&["--retries", "0"]).json();
    assert!(failed.stderr.contains("\"warnings\":[\"others can read"), "{}", failed.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn tells_with_v_which_of_several_addresses_is_used() {
    let emulator = emulator().await;
    let several = format!("{}, https://second.example.com", emulator.endpoint());
    let run = || {
        emulator.reset();
        Dbss::with(&emulator, &["instance", "stop", emulator.instance_id()])
            .without("DBSS_ENDPOINT")
            .env("DBSS_REGION", "cn-north-4")
            .env("HUAWEICLOUD_SDK_REGION_DBSS_CN_NORTH_4", &several)
    };
    let quiet = run().run();
    assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""));
    let told = run().and(&["-v"]).run();
    for part in ["HUAWEICLOUD_SDK_REGION_DBSS_CN_NORTH_4", emulator.endpoint(), "first"] {
        assert!(told.stderr.contains(part), "{part}: {}", told.stderr);
    }
    assert!(!told.stderr.contains("second"), "{}", told.stderr);
}

#[cfg(unix)]
#[test]
fn ends_at_the_time_limit_while_it_reads_profiles() {
    let directory = tempfile::tempdir().unwrap();
    let pipe = directory.path().join("pipe");
    let path = pipe.to_str().unwrap();
    assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    let ran = Dbss::new(&["profiles", "--profile", path, "--timeout", "300ms"]).json();
    assert_eq!(ran.kind(), ("timeout".into(), 3), "{}", ran.stderr);
    assert!(ran.stderr.contains("the profile"), "{}", ran.stderr);
}
