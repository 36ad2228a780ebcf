//! Where region, address, project and credentials come from.

use dbss_emulator::Emulator;

use crate::dbss::{Dbss, emulator};

/// With an access key, and without a project id.
fn signed(emulator: &Emulator) -> Dbss {
    Dbss::with(emulator, &["instance", "stop", emulator.instance_id()])
        .without("DBSS_TOKEN")
        .without("DBSS_PROJECT_ID")
        .env("HUAWEICLOUD_SDK_AK", emulator.access_key())
        .env("HUAWEICLOUD_SDK_SK", emulator.secret_key())
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_the_environment_variables_of_the_official_sdks() {
    let emulator = emulator().await;
    let ran = signed(&emulator).env("HUAWEICLOUD_SDK_PROJECT_ID", emulator.project_id()).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // The project is looked up, and the region's address is that of the environment.
    emulator.reset();
    let ran = signed(&emulator)
        .without("DBSS_ENDPOINT")
        .env("DBSS_REGION", "cn-north-4")
        .env("HUAWEICLOUD_SDK_REGION_DBSS_CN_NORTH_4", emulator.endpoint())
        .env("HUAWEICLOUD_SDK_IAM_ENDPOINT", emulator.endpoint())
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // The project id applies to a token as well.
    emulator.reset();
    let ran = signed(&emulator)
        .env("DBSS_TOKEN", emulator.token())
        .env("HUAWEICLOUD_SDK_PROJECT_ID", emulator.project_id())
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn prefers_flags_to_the_environment() {
    let emulator = emulator().await;
    let wrong = |run: Dbss| {
        run.env("DBSS_ENDPOINT", "http://127.0.0.1:1")
            .env("DBSS_REGION", "nowhere")
            .env("DBSS_PROJECT_ID", "fedcba9876543210fedcba9876543210")
            .env("DBSS_TOKEN", "emulator-token-expired")
    };
    let ran = wrong(Dbss::with(&emulator, &["instance", "stop", emulator.instance_id()]))
        .and(&["--endpoint", emulator.endpoint(), "--region", "cn-north-4"])
        .and(&["--project-id", emulator.project_id(), "--token", emulator.token()])
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.starts_with("warning: --token"), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_credentials_from_profiles() {
    let emulator = emulator().await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("profiles");
    let section = |name: &str, sk: &str| {
        let (ak, project) = (emulator.access_key(), emulator.project_id());
        format!("[{name}]\nak = {ak}\nsk = {sk}\nproject_id = {project}\n")
    };
    let wrong = section("basic", "wrong");
    std::fs::write(&file, format!("{wrong}{}", section("ops", emulator.secret_key()))).unwrap();
    let file = file.to_str().unwrap();
    let with_file = format!("{file}#ops");
    let run = || {
        emulator.reset();
        Dbss::with(&emulator, &["instance", "stop", emulator.instance_id()])
            .without("DBSS_TOKEN")
            .without("DBSS_PROJECT_ID")
    };
    let named = "HUAWEICLOUD_SDK_CREDENTIALS_FILE";
    assert_eq!(run().and(&["--profile", &with_file]).run().code, 0);
    assert_eq!(run().env(named, file).and(&["--profile", "ops"]).run().code, 0);
    // Naming a profile is a flag, and beats the environment.
    let ran = run().and(&["--profile", &with_file]).env("DBSS_TOKEN", "unknown").run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // The environment is preferred to a profile that no flag names.
    let ran = run().env(named, file).env("DBSS_TOKEN", emulator.token());
    let ran = ran.env("DBSS_PROJECT_ID", emulator.project_id()).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // So is its project id, even to that of a profile named by a flag.
    let other = "fedcba9876543210fedcba9876543210";
    let ran = run().and(&["--profile", &with_file]).env("HUAWEICLOUD_SDK_PROJECT_ID", other);
    assert_eq!(ran.json().error().get("status").unwrap(), 403);
    // The default one is `[basic]`, whose key is wrong.
    let ran = run().env(named, file).json();
    assert_eq!(ran.kind(), ("api".into(), 1));
    assert!(!ran.stderr.contains("wrong"), "{}", ran.stderr);
    let ran = run().and(&["--profile", "./no-such-file"]).json();
    assert_eq!(ran.kind(), ("credentials".into(), 4));
    let ran = run().env(named, file).and(&["--profile", "none"]).json();
    assert_eq!(ran.kind(), ("credentials".into(), 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn takes_the_key_of_the_instance_when_there_are_no_others() {
    let emulator = emulator().await;
    let run = || {
        Dbss::with(&emulator, &["instance", "stop", emulator.instance_id()])
            .without("DBSS_TOKEN")
            .without("DBSS_METADATA")
            .env("DBSS_METADATA", emulator.endpoint())
    };
    let ran = run().run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let asked = |path: &str| {
        emulator.requests().iter().filter(|request| request.path.starts_with(path)).count()
    };
    assert_eq!(asked("/openstack/latest/securitykey"), 1);
    // A token is all that is needed.
    let ran = run().env("DBSS_TOKEN", emulator.token()).and(&["--dry-run"]).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(asked("/openstack/latest/securitykey"), 1);
    let ran = run().env("DBSS_METADATA", "off").json();
    assert_eq!(ran.kind(), ("credentials".into(), 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn rejects_invalid_configuration() {
    let emulator = emulator().await;
    let stop = || Dbss::with(&emulator, &["instance", "stop", emulator.instance_id()]);
    for (run, part) in [
        (stop().without("DBSS_ENDPOINT"), "--region"),
        (stop().and(&["--endpoint", "ftp://dbss.example.com"]), "--endpoint"),
        (stop().and(&["--endpoint", "http://dbss.example.com"]), "clear text"),
        (stop().without("DBSS_ENDPOINT").and(&["--region", "nowhere"]), "`dbss regions`"),
        (stop().without("DBSS_PROJECT_ID"), "--project-id"),
    ] {
        let ran = run.json();
        assert_eq!(ran.kind(), ("invalid_input".into(), 2), "{part}: {}", ran.stderr);
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
        assert!(!ran.stderr.contains("ClientBuilder"), "{}", ran.stderr);
    }
    assert!(emulator.requests().is_empty());
}
