//! Bodies of responses: as they came, and text of the service that a terminal must not act
//! on.

use dbss_emulator::{Emulator, Fault, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::dbss::{Dbss, emulator};

/// A JSON body with what is easily lost: a number beyond 64 bits, digits at the end of a
/// fraction, a repeated key, the order of keys, blanks and line breaks.
const BODY: &str = "\u{feff}{\n \"result\": \"success\",\r\n \"n\": 123456789012345678901234567890,\n \"n\": 1.10, \"a\": {\"z\": 1E400, \"z\": \"a b\\\" c\"} }\n";
const COMPACT: &str = r#"{"result":"success","n":123456789012345678901234567890,"n":1.10,"a":{"z":1E400,"z":"a b\" c"}}"#;

fn response(status: StatusCode, body: &str) -> Fault {
    let json = HeaderValue::from_static("application/json");
    Fault::response(status).header(HeaderName::from_static("content-type"), json).body(body)
}

fn stop(emulator: &Emulator, fault: Fault) -> Dbss {
    emulator.add_fault(fault);
    Dbss::with(emulator, &["instance", "stop", emulator.instance_id(), "--retries", "0"])
}

#[tokio::test(flavor = "multi_thread")]
async fn prints_bodies_as_they_came() {
    let emulator = emulator().await;
    let done = stop(&emulator, response(StatusCode::OK, BODY)).json();
    assert!(done.stdout.contains(&format!("\"body\":{COMPACT}")), "{}", done.stdout);
    assert_eq!(done.stdout.lines().count(), 1, "{}", done.stdout);
    let body = BODY.replace("\"result\": \"success\"", "\"error_code\":\"X.1\"");
    let failed = stop(&emulator, response(StatusCode::BAD_REQUEST, &body)).json();
    let compact = COMPACT.replace("\"result\":\"success\"", "\"error_code\":\"X.1\"");
    assert!(failed.stderr.contains(&format!("\"body\":{compact}")), "{}", failed.stderr);
    // For people, a line for each field, repeated ones too.
    emulator.add_fault(response(StatusCode::OK, BODY));
    let body = json!({"instance_id": emulator.instance_id()}).to_string();
    let people = Dbss::with(&emulator, &["api", "StopAuditInstance", "--body", &body]).run();
    for line in ["n       123456789012345678901234567890", "n       1.10"] {
        assert!(people.stdout.contains(&format!("{line}\n")), "{}", people.stdout);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_the_beginning_of_a_body_that_is_no_json() {
    let emulator = emulator().await;
    let page = format!("<html><title>Blocked</title>\n{}</html>", "é".repeat(5_000));
    for status in [StatusCode::OK, StatusCode::FORBIDDEN] {
        let error = stop(&emulator, response(status, &page)).json().error();
        assert_eq!(error.get("page_title").unwrap(), "Blocked");
        let body = error.get("body").and_then(Value::as_str).unwrap();
        assert!(page.starts_with(body) && body.chars().count() == 2_000, "{body}");
        assert_eq!(error.get("body_truncated"), Some(&Value::Bool(true)));
    }
    let wrong = json!({"result": {"nested": 1}}).to_string();
    let error = stop(&emulator, response(StatusCode::OK, &wrong)).json().error();
    assert_eq!(error.pointer("/mismatch/path").unwrap(), "result");
    let reason = error.pointer("/mismatch/reason").and_then(Value::as_str).unwrap();
    assert!(reason.contains("expected a string"), "{reason}");
    let error = stop(&emulator, response(StatusCode::OK, "<html>")).json().error();
    assert_eq!(error.get("body").unwrap(), "<html>");
    assert!(error.get("body_truncated").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn shows_the_body_and_the_reason_of_the_emulator_with_v() {
    let emulator = emulator().await;
    let with_v = |flag: &[&str]| {
        // The message has the beginning.
        let page = format!("<html>\r\n{}\r\n<p>too big\u{1b}[31m", "x".repeat(300));
        stop(&emulator, response(StatusCode::OK, &page)).and(flag).run().stderr
    };
    assert!(!with_v(&[]).contains("too big"));
    let shown = with_v(&["-v"]);
    assert!(shown.contains("\nbody  <p>too big\\u{1b}[31m\n"), "{shown}");
    // What stands in the message already is not repeated.
    let error = json!({"error_code": "X.1", "error_msg": "no"}).to_string();
    let shown = stop(&emulator, response(StatusCode::BAD_REQUEST, &error)).and(&["-v"]).run();
    assert!(!shown.stderr.contains("body  "), "{}", shown.stderr);

    let reason = "reason of the emulator  ";
    let wrong = ["instance", "stop", "00000000-0000-0000-0000-000000000000"];
    assert!(!Dbss::with(&emulator, &wrong).run().stderr.contains(reason));
    let shown = Dbss::with(&emulator, &wrong).and(&["-v"]).run();
    assert!(shown.stderr.contains(reason), "{}", shown.stderr);
    // IAM's too.
    let shown = Dbss::with(&emulator, &wrong)
        .without("DBSS_PROJECT_ID")
        .env("DBSS_TOKEN", "a-token-that-iam-does-not-know")
        .env("DBSS_REGION", "cn-north-4")
        .env("HUAWEICLOUD_SDK_IAM_ENDPOINT", emulator.endpoint())
        .and(&["-v"])
        .run();
    assert!(shown.stderr.contains(reason), "{}", shown.stderr);
}

/// Characters that a terminal acts on, that reorder what is shown, or that are not shown.
const HOSTILE: &str = "\u{1b}[2J\u{7f}\u{85}\u{9b}31m\u{200b}\u{200e}\u{202e}\u{2028}\u{2066}\u{feff}\u{ad}\u{61c}\u{3164}\u{fe0f}\u{e0041}\u{e0100}";

fn assert_harmless(text: &str) {
    let harmless = |c: char| c == '\n' || c.is_ascii_graphic();
    let found = text.chars().find(|c| !harmless(*c) && HOSTILE.contains(*c));
    assert_eq!(found, None, "{text:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn escapes_what_a_terminal_acts_on_or_does_not_show() {
    let emulator = emulator().await;
    let error = json!({
        "error_code": format!("X{HOSTILE}"),
        "error_msg": format!("a\nb{HOSTILE}"),
        "encoded_authorization_message": HOSTILE,
        "details": [{"error_code": HOSTILE, "error_msg": HOSTILE}],
        "request_id": HOSTILE,
    });
    let success = json!({
        "result": "success",
        HOSTILE: HOSTILE,
        "nested": {HOSTILE: [HOSTILE, {"deep": HOSTILE}]},
    });
    let unlisted = json!({"result": HOSTILE});
    let bodies = [
        (StatusCode::BAD_REQUEST, error.to_string()),
        (StatusCode::OK, success.to_string()),
        (StatusCode::OK, unlisted.to_string()),
        (StatusCode::OK, json!([HOSTILE]).to_string()),
        (StatusCode::OK, format!("<html><title>{HOSTILE}</title>{HOSTILE}")),
        (StatusCode::BAD_GATEWAY, format!("<html><title>{HOSTILE}</title>{HOSTILE}")),
    ];
    let body = json!({"instance_id": emulator.instance_id()}).to_string();
    for (status, text) in bodies {
        for line in [
            &["instance", "stop", emulator.instance_id()][..],
            &["api", "StopAuditInstance", "--body", &body],
        ] {
            for output in ["table", "json"] {
                emulator.add_fault(response(status, &text));
                let ran = Dbss::with(&emulator, line)
                    .and(&["-v", "--retries", "0", "--output", output])
                    .run();
                assert_harmless(&ran.stdout);
                assert_harmless(&ran.stderr);
                // Nothing is lost for scripts.
                if output == "json" && status == StatusCode::BAD_REQUEST {
                    let report = ran.stderr.lines().last().unwrap();
                    let report: Value = serde_json::from_str(report).unwrap();
                    assert_eq!(report.pointer("/error/body"), Some(&error));
                }
            }
        }
    }
    // So is what was typed.
    let ran = Dbss::with(&emulator, &["instance", "stop", HOSTILE]).run();
    assert_harmless(&ran.stderr);
    assert_harmless(&Dbss::new(&[HOSTILE]).run().stderr);
    assert_harmless(&Dbss::new(&["api", HOSTILE]).run().stderr);
}
