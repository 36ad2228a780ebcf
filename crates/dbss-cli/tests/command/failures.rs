//! Each kind of failure with its exit code, as text and as JSON.

use dbss_emulator::{Emulator, Fault, RetryAfter, StatusCode};
use scripted_server::ClosedPort;
use serde_json::{Value, json};
use tokio::net::TcpSocket;

use crate::dbss::{Dbss, Finished, STOPPED, assert_snapshot, emulator};

/// Compares a failure, as text and as JSON, with a snapshot.
fn check(name: &str, kind: &str, code: i32, run: impl Fn() -> Dbss) -> (Finished, Value) {
    let people = run().run();
    assert_eq!((people.code, people.stdout.as_str()), (code, ""), "{name}: {}", people.stderr);
    let scripts = run().json();
    assert_eq!(scripts.kind(), (kind.to_owned(), code), "{name}");
    let text = format!("{}{}", people.transcript(), scripts.transcript());
    assert_snapshot(name, &without_cause(&text));
    let error = scripts.error();
    (people, error)
}

/// Cuts the port and the innermost cause, which the operating system words.
fn without_cause(text: &str) -> String {
    [
        ("at 127.0.0.1:", "\";\n"),
        ("before the response was complete: ", "\";\n"),
        ("\"port\":", ",}"),
        ("\"reason\":\"", "\""),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (start, ends)| {
        let mut parts = text.split(start);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| {
            let end = part.find(|c| ends.contains(c)).unwrap_or(part.len());
            format!("{text}{start}…{}", &part[end..])
        })
    })
}

fn stop(emulator: &Emulator) -> impl Fn() -> Dbss {
    || Dbss::with(emulator, &["instance", "stop", emulator.instance_id(), "--retries", "0"])
}

#[tokio::test(flavor = "multi_thread")]
async fn returns_1_for_an_error_response_of_the_service() {
    let emulator = emulator().await;
    let (_, error) =
        check("api", "api", 1, || Dbss::with(&emulator, &["instance", "stop", STOPPED]));
    assert_eq!(error.get("code").unwrap(), "DBSS.10020131");
    assert_eq!(error.get("status").unwrap(), 400);
    assert!(error.get("details").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_the_details_of_an_error_response() {
    let emulator = emulator().await;
    let policy = || {
        Dbss::with(&emulator, &["policy", "disable", "--instance", emulator.instance_id()])
            .and(&emulator.scope_ids()[..2])
            .env("DBSS_TOKEN", "emulator-token-reader")
    };
    let (_, error) = check("api-denied", "api", 1, policy);
    assert!(error.pointer("/details/0/code").is_some());
    assert!(error.get("encoded_authorization_message").is_some());
    assert!(error.get("body").unwrap().is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_the_effect_as_unknown_for_an_html_502() {
    let emulator = emulator().await;
    emulator.add_fault(Fault::html(StatusCode::BAD_GATEWAY).times(2));
    let (people, error) = check("api-html", "api", 5, stop(&emulator));
    assert!(error.get("body").unwrap().is_string());
    // The gateway's 502 does not tell whether the service received the request.
    assert!(people.stderr.contains("unknown"));
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_no_effect_when_throttled() {
    let emulator = emulator().await;
    emulator.add_fault(Fault::throttle(RetryAfter::Absent).times(2));
    let (people, _) = check("api-throttled", "api", 1, stop(&emulator));
    assert!(people.stderr.contains("not stopped"));
}

#[tokio::test(flavor = "multi_thread")]
async fn returns_1_for_a_failed_outcome() {
    let emulator = emulator().await;
    emulator.add_fault(Fault::failed().times(2));
    let (_, error) = check("failed-outcome", "failed_outcome", 1, stop(&emulator));
    assert_eq!(error.get("body").unwrap(), &json!({"result": "failed"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn returns_5_for_an_invalid_response() {
    let emulator = emulator().await;
    emulator.add_fault(Fault::html(StatusCode::OK).times(2));
    check("invalid-response", "invalid_response", 5, stop(&emulator));
}

#[tokio::test(flavor = "multi_thread")]
async fn returns_3_when_the_connection_is_refused() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let endpoint = format!("http://{}", socket.local_addr().unwrap());
    let emulator = emulator().await;
    check("connect", "connect", 3, || stop(&emulator)().env("DBSS_ENDPOINT", &endpoint));
}

#[tokio::test(flavor = "multi_thread")]
async fn returns_3_when_the_server_has_no_tls() {
    let emulator = emulator().await;
    let endpoint = emulator.endpoint().replace("http:", "https:");
    check("tls", "tls", 3, || stop(&emulator)().env("DBSS_ENDPOINT", &endpoint));
    // All that arrived is a handshake, which is recorded as a malformed request.
    assert!(emulator.requests().iter().all(|request| request.method.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn returns_5_after_a_timeout() {
    let emulator = emulator().await;
    emulator.add_fault(Fault::stall().times(2));
    check("timeout", "timeout", 5, || stop(&emulator)().and(&["--timeout", "400ms"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn returns_5_when_the_connection_is_reset() {
    let emulator = emulator().await;
    emulator.add_fault(Fault::reset().times(2));
    check("interrupted", "interrupted", 5, stop(&emulator));
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_all_invalid_inputs_under_their_command_line_names() {
    let emulator = emulator().await;
    check("invalid-input", "invalid_input", 2, || {
        // Too long for an id, and no name.
        let instance = "0".repeat(65);
        Dbss::with(&emulator, &["policy", "enable", "--instance", &instance, "s1", ""])
            .env("DBSS_PROJECT_ID", "p")
    });
    check("invalid-input-api", "invalid_input", 2, || {
        let body = r#"{"ids":[],"statuss":"ON"}"#;
        Dbss::with(&emulator, &["api", "SetAuditScopeRuleSwitch", "--instance-id", "a/b"])
            .and(&["--body", body])
    });
    check("invalid-input-query", "invalid_input", 2, || {
        let line = ["api", "ListAuditRuleScopesNew", "--limit", "0", "--instance-id", "short"];
        Dbss::with(&emulator, &line)
    });
    assert!(emulator.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn returns_4_without_credentials() {
    let emulator = emulator().await;
    let ran = stop(&emulator)().without("DBSS_TOKEN").run();
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(ran.stderr.contains("DBSS_TOKEN") && ran.stderr.contains("HUAWEICLOUD_SDK_AK"));
    let ran = stop(&emulator)().without("DBSS_TOKEN").json();
    assert_eq!(ran.kind(), ("credentials".into(), 4));
    // A token that is no valid header value is rejected, and not printed.
    let ran = stop(&emulator)().env("DBSS_TOKEN", "s3cr\net").json();
    assert_eq!(ran.kind(), ("credentials".into(), 4));
    assert!(!ran.stderr.contains("s3cr"), "{}", ran.stderr);
    assert!(emulator.requests().is_empty());
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn reports_what_was_done_when_the_output_cannot_be_written() {
    let emulator = emulator().await;
    let instance = emulator.instance_id();
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    let ran = Dbss::with(&emulator, &["instance", "stop", instance]).stdout(full());
    assert_eq!(ran.code, 5, "{}", ran.stderr);
    assert!(ran.stderr.contains("standard output"), "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("stopping  {instance}\n")), "{}", ran.stderr);
    assert!(ran.stderr.contains("request id "), "{}", ran.stderr);

    emulator.reset();
    let body = json!({"instance_id": instance}).to_string();
    let ran = Dbss::with(&emulator, &["api", "StopAuditInstance", "--body", &body]).stdout(full());
    assert_eq!(ran.code, 5, "{}", ran.stderr);
    assert!(ran.stderr.contains("done  StopAuditInstance\n"), "{}", ran.stderr);

    emulator.reset();
    let ran = Dbss::with(&emulator, &["instance", "stop", instance, "--output", "json"]);
    let ran = ran.stdout(full());
    assert_eq!(ran.kind(), ("output".into(), 5));
    let error = ran.error();
    for (name, value) in [
        ("operation", json!("StopAuditInstance")),
        ("status", json!(200)),
        ("attempts", json!(1)),
        ("may_have_taken_effect", json!(true)),
        ("body", json!({"result": "success"})),
    ] {
        assert_eq!(error.get(name), Some(&value), "{name}: {}", ran.stderr);
    }
    assert!(error.get("request_id").is_some());

    // Where nothing was called, nothing was done.
    let ran = Dbss::new(&["regions", "--output", "json"]).stdout(full());
    assert_eq!(ran.kind(), ("output".into(), 3));
    assert_eq!(ran.error().get("may_have_taken_effect"), Some(&json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn tells_scripts_what_people_are_told() {
    let emulator = emulator().await;
    let stop = || Dbss::with(&emulator, &["instance", "stop", STOPPED]);
    let error = stop().json().error();
    assert_eq!(error.get("may_have_taken_effect"), Some(&json!(false)));
    assert_eq!(error.get("retryable"), Some(&json!(false)));
    assert_eq!(error.get("advice").unwrap(), "contact the administrator of the service");

    emulator.add_fault(Fault::throttle(RetryAfter::Seconds(7200)));
    let error = stop().and(&["--retries", "0"]).json().error();
    assert_eq!(error.get("retryable"), Some(&json!(true)));
    assert_eq!(error.get("retry_after"), Some(&json!(7200)));

    let closed = ClosedPort::reserve().unwrap();
    let endpoint = closed.endpoint().unwrap();
    let error = stop().env("DBSS_ENDPOINT", &endpoint).and(&["--retries", "0"]).json().error();
    let port = endpoint.rsplit(':').next().unwrap().parse::<u16>().unwrap();
    assert_eq!(error.pointer("/cause/peer"), Some(&json!("service")));
    assert_eq!(error.pointer("/cause/host"), Some(&json!("127.0.0.1")));
    assert_eq!(error.pointer("/cause/port"), Some(&json!(port)));
    assert!(error.pointer("/cause/reason").and_then(Value::as_str).unwrap().len() > 5);

    // The emulator's clock is an hour ahead of the one that signs.
    emulator.advance(std::time::Duration::from_secs(3_600));
    let key = stop()
        .without("DBSS_TOKEN")
        .env("HUAWEICLOUD_SDK_AK", emulator.access_key())
        .env("HUAWEICLOUD_SDK_SK", emulator.secret_key());
    let error = key.json().error();
    let skew = error.get("clock_skew").and_then(Value::as_i64).unwrap();
    assert!((-3_610..=-3_590).contains(&skew), "{skew}");

    // A refusal after an attempt that may have taken effect is told with both.
    emulator.reset();
    emulator.add_fault(Fault::reset().after_effect());
    let line = ["policy", "disable", "--instance", emulator.instance_id(), emulator.scope_ids()[0]];
    let ran = Dbss::with(&emulator, &line).json();
    let error = ran.error();
    assert_eq!(ran.code, 5, "{}", ran.stderr);
    assert_eq!(error.get("kind").unwrap(), "failed_outcome");
    assert_eq!(error.pointer("/uncertain_attempt/number"), Some(&json!(1)));
    assert_eq!(error.pointer("/uncertain_attempt/kind"), Some(&json!("interrupted")));
    assert_eq!(error.pointer("/uncertain_attempt/cause/host"), Some(&json!("127.0.0.1")));
    emulator.reset();
    emulator.add_fault(Fault::reset().after_effect());
    let people = Dbss::with(&emulator, &line).run().stderr;
    assert!(people.contains("attempt 1 may have taken effect"), "{people}");
    assert!(people.contains("unknown  "), "{people}");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_a_missing_project_in_words_of_the_command() {
    let emulator = emulator().await;
    let ran = stop(&emulator)()
        .without("DBSS_TOKEN")
        .without("DBSS_PROJECT_ID")
        .env("DBSS_REGION", "af-north-1")
        .env("HUAWEICLOUD_SDK_AK", emulator.access_key())
        .env("HUAWEICLOUD_SDK_SK", emulator.secret_key())
        .env("HUAWEICLOUD_SDK_IAM_ENDPOINT", emulator.endpoint())
        .run();
    assert!(ran.stderr.contains("--project-id"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("ClientBuilder"), "{}", ran.stderr);
}
