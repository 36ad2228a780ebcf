//! `dbss whoami`: what it shows of credentials and addresses, and what it says is to be done.

use std::time::Duration;

use dbss_emulator::{Emulator, Fault, StatusCode};
use scripted_server::ClosedPort;
use serde_json::{Value, json};

use crate::dbss::{Dbss, emulator};

/// With an access key, and a project that has to be looked up.
fn signed(emulator: &Emulator) -> Dbss {
    Dbss::with(emulator, &["whoami", "--retries", "0"])
        .without("DBSS_TOKEN")
        .without("DBSS_PROJECT_ID")
        .env("DBSS_REGION", "cn-north-4")
        .env("HUAWEICLOUD_SDK_AK", emulator.access_key())
        .env("HUAWEICLOUD_SDK_SK", emulator.secret_key())
        .env("HUAWEICLOUD_SDK_IAM_ENDPOINT", emulator.endpoint())
}

fn with_token(emulator: &Emulator) -> Dbss {
    Dbss::with(emulator, &["whoami", "--retries", "0"])
}

/// The line of that subject, without what pads it.
fn line<'a>(text: &'a str, subject: &str) -> &'a str {
    let is_of = |line: &&str| line.get(5..).is_some_and(|rest| rest.starts_with(subject));
    text.lines().find(is_of).unwrap_or_else(|| panic!("{subject}: {text}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn shows_what_a_call_is_made_with_and_that_it_works() {
    let emulator = emulator().await;
    let ran = signed(&emulator).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    let (endpoint, project) = (emulator.endpoint(), emulator.project_id());
    for expected in [
        "credentials     access key EMUL***, from HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK",
        "region          cn-north-4",
        &format!("address         {endpoint}"),
        &format!("address of IAM  {endpoint}"),
        "proxy           none",
        &format!("project         {project}"),
        "list            allowed: there are 2 instances",
    ] {
        assert!(
            ran.stdout.lines().any(|line| line == format!("ok   {expected}")),
            "{}",
            ran.stdout
        );
    }
    assert!(line(&ran.stdout, "clock").starts_with("ok "), "{}", ran.stdout);
    assert!(!ran.stdout.contains(emulator.access_key()), "{}", ran.stdout);
    assert_eq!(ran.stdout.lines().count(), 8);
    // Nothing is changed.
    let methods: Vec<_> = emulator.requests().into_iter().map(|request| request.method).collect();
    assert_eq!(methods, ["GET", "GET"]);

    let mut report = signed(&emulator).json().result();
    let clock = report.pointer("/clock/seconds_ahead").and_then(Value::as_i64).unwrap();
    assert!(clock.abs() <= 2, "{clock}");
    report.as_object_mut().unwrap().remove("clock");
    assert_eq!(
        report,
        json!({
            "ok": true,
            "credentials":
                {"source": "environment", "kind": "access_key", "access_key": "EMUL***", "ok": true},
            "region": {"value": "cn-north-4", "ok": true},
            "endpoint": {"value": endpoint, "ok": true},
            "iam_endpoint": {"value": endpoint, "ok": true},
            "proxy": {"value": null, "ok": true},
            "project": {"value": project, "ok": true},
            "list": {"total": 2, "ok": true},
        })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn names_the_place_where_credentials_were_found() {
    let emulator = emulator().await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("profiles");
    let (ak, sk) = (emulator.access_key(), emulator.secret_key());
    std::fs::write(&file, format!("[basic]\nak = {ak}\nsk = {sk}\n")).unwrap();
    let file = file.to_str().unwrap();
    let temporary = |run: Dbss| {
        run.env("HUAWEICLOUD_SDK_AK", "EMULATORTEMPAK012345")
            .env("HUAWEICLOUD_SDK_SK", "emulator-temporary-secret-key-not-real-0")
            .env("HUAWEICLOUD_SDK_SECURITY_TOKEN", "emulator-security-token-not-real")
    };
    let bare = || with_token(&emulator).without("DBSS_TOKEN");
    for (run, expected) in [
        (with_token(&emulator), "a token, from DBSS_TOKEN".to_owned()),
        (bare().and(&["--token", emulator.token()]), "a token, from --token".to_owned()),
        (
            bare().and(&["--token", "-"]).stdin(emulator.token()),
            "a token, from standard input".to_owned(),
        ),
        (
            bare().and(&["--profile", file]),
            format!("access key EMUL***, from section [basic] of {file}"),
        ),
        (
            bare().env("HUAWEICLOUD_SDK_CREDENTIALS_FILE", file),
            format!("access key EMUL***, from section [basic] of {file}"),
        ),
        (
            temporary(bare()),
            "temporary access key EMUL***, from HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK"
                .to_owned(),
        ),
        (
            bare().env("DBSS_METADATA", emulator.endpoint()),
            "temporary access key of an agency, from the metadata service of this ECS instance"
                .to_owned(),
        ),
        (
            bare()
                .env("DBSS_REGION", "cn-north-4")
                .env("HUAWEICLOUD_SDK_IAM_ENDPOINT", emulator.endpoint())
                .env("DBSS_USER", "dbss-operator")
                .env("DBSS_ACCOUNT", "dbss-account")
                .env("DBSS_PASSWORD", "local-password-1"),
            "login of an IAM user, from DBSS_USER and DBSS_ACCOUNT".to_owned(),
        ),
    ] {
        let ran = run.run();
        assert_eq!(ran.code, 0, "{expected}: {}{}", ran.stdout, ran.stderr);
        assert_eq!(line(&ran.stdout, "credentials"), format!("ok   credentials     {expected}"));
    }
}

/// What is wrong, the subject that says it, a part of what it says, and the exit code.
type Case = (Dbss, &'static str, &'static str, i32);

#[tokio::test(flavor = "multi_thread")]
async fn says_what_is_to_be_done() {
    let emulator = emulator().await;
    let closed = ClosedPort::reserve().unwrap().endpoint().unwrap();
    let cases: [Case; 10] = [
        (with_token(&emulator).without("DBSS_TOKEN"), "credentials", "HUAWEICLOUD_SDK_AK", 4),
        (
            with_token(&emulator).and(&["--profile", "./no-such-file"]),
            "credentials",
            "there is no profile file ./no-such-file",
            4,
        ),
        (
            with_token(&emulator).without("DBSS_ENDPOINT"),
            "address",
            "give --region or --endpoint",
            2,
        ),
        (
            with_token(&emulator).without("DBSS_ENDPOINT").env("DBSS_REGION", "nowhere"),
            "region",
            "`dbss regions` lists them",
            2,
        ),
        (with_token(&emulator).and(&["--proxy", "socks5://proxy"]), "proxy", "", 2),
        (with_token(&emulator).without("DBSS_PROJECT_ID"), "project", "DBSS_PROJECT_ID", 2),
        (
            with_token(&emulator).env("DBSS_TOKEN", "emulator-token-expired"),
            "list",
            "still valid?",
            1,
        ),
        (
            with_token(&emulator).env("DBSS_TOKEN", "emulator-token-reader"),
            "list",
            "ask for the permission to list audit instances",
            1,
        ),
        (
            with_token(&emulator).env("DBSS_ENDPOINT", &closed),
            "list",
            "check the address, the proxy and the network",
            3,
        ),
        (
            signed(&emulator).env("DBSS_REGION", "af-north-1"),
            "project",
            "--project-id or DBSS_PROJECT_ID gives it",
            4,
        ),
    ];
    for (run, subject, part, code) in cases {
        let ran = run.run();
        assert_eq!(ran.code, code, "{subject}: {}{}", ran.stdout, ran.stderr);
        let said = line(&ran.stdout, subject);
        assert!(said.starts_with("fix  ") && said.contains(part), "{part}: {}", ran.stdout);
        let wrong = ran.stdout.lines().filter(|line| line.starts_with("fix"));
        assert_eq!(wrong.count(), 1, "{}", ran.stdout);
        assert!(!ran.stdout.contains("ClientBuilder"), "{}", ran.stdout);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_how_far_the_clocks_are_apart() {
    let emulator = emulator().await;
    // Within what is tolerated.
    emulator.advance(Duration::from_secs(600));
    let ran = signed(&emulator).run();
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let said = line(&ran.stdout, "clock");
    assert!(said.starts_with("ok ") && said.contains(" s behind the service's"), "{said}");
    // And beyond it: the signature is refused.
    emulator.advance(Duration::from_secs(600));
    let ran = signed(&emulator).env("DBSS_PROJECT_ID", emulator.project_id()).run();
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    let said = line(&ran.stdout, "clock");
    assert!(said.starts_with("fix ") && said.ends_with("from 15 minutes on: set it"), "{said}");
    // A token does not depend on it.
    let ran = with_token(&emulator).json();
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report.pointer("/ok"), Some(&json!(false)));
    assert_eq!(report.pointer("/clock/ok"), Some(&json!(false)));
    assert_eq!(report.pointer("/list/ok"), Some(&json!(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn tells_scripts_what_is_wrong() {
    let emulator = emulator().await;
    emulator.add_fault(Fault::documented(StatusCode::FORBIDDEN));
    let ran = with_token(&emulator).json();
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report.get("ok"), Some(&json!(false)));
    assert_eq!(report.pointer("/list/ok"), Some(&json!(false)));
    assert_eq!(report.pointer("/list/kind"), Some(&json!("api")));
    assert!(report.pointer("/list/message").and_then(Value::as_str).unwrap().contains("403"));

    // What was not looked at is neither.
    let ran = with_token(&emulator).without("DBSS_TOKEN").json();
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report.get("list"), Some(&json!({})));
}

#[tokio::test(flavor = "multi_thread")]
async fn shows_the_proxy_without_its_password() {
    let closed = ClosedPort::reserve().unwrap().endpoint().unwrap();
    let proxy = closed.replace("http://", "http://user:pa55-of-a-proxy@");
    for output in ["table", "json"] {
        let ran =
            Dbss::new(&["whoami", "--retries", "0", "--endpoint", "https://dbss.example.com"])
                .env("DBSS_TOKEN", "t0ken")
                .env("DBSS_PROJECT_ID", "0123456789abcdef0123456789abcdef")
                .and(&["--proxy", &proxy, "--output", output])
                .run();
        assert_eq!(ran.code, 3, "{}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains(&closed), "{}", ran.stdout);
        assert!(!ran.stdout.contains("pa55"), "{}", ran.stdout);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sends_nothing_in_a_dry_run() {
    let emulator = emulator().await;
    let ran = signed(&emulator).and(&["--dry-run"]).run();
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    for subject in ["project", "clock", "list"] {
        assert!(line(&ran.stdout, subject).ends_with("not looked at"), "{}", ran.stdout);
    }
    assert!(emulator.requests().is_empty());
}
