//! An error says why: which field does not fit, what an answer is that is not JSON, and what
//! the contract allows.

use dbss_client::types::AuditScopeStatus;
use dbss_client::{Arguments, Client, Error, ErrorKind, Outcome, Response, contract};
use dbss_tests::calls::{INSTANCE, builder};
use dbss_tests::fake_clock::FakeClock;
use scripted_server::{CannedResponse, ScriptedServer, Step};
use serde_json::json;

async fn client(response: CannedResponse) -> (ScriptedServer, Client) {
    let server = ScriptedServer::always(Step::Respond(response)).await.unwrap();
    let client = builder(server.endpoint(), &FakeClock::default()).build().unwrap();
    (server, client)
}

/// The error of a stop that is responded to in this way.
async fn stop(response: CannedResponse) -> Error {
    let (_server, client) = client(response).await;
    client.stop_audit_instance().instance_id(INSTANCE).await.unwrap_err()
}

#[tokio::test]
async fn reports_the_field_that_does_not_fit() {
    for (body, path, had) in [
        (r#"{"result":7}"#, "result", "integer `7`, expected a string"),
        (r#"{"more":[],"result":{"a":1}}"#, "result", "map, expected a string"),
        (r#"{"result":["success"]}"#, "result", "sequence, expected a string"),
        (r#"["success"]"#, "", "expected an object"),
        ("[]", "", "expected an object"),
        (r#" ["success","more"]"#, "", "expected an object"),
        ("null", "", "null"),
        (r#"{"result":"succ"#, "result", "not JSON: EOF"),
        ("{} trailing", "", "not JSON: trailing characters"),
        ("", "", "EOF"),
    ] {
        let error = stop(CannedResponse::new(200, body)).await;
        let shown = error.to_string();
        assert!(shown.contains(had), "{body}: {shown}");
        assert!(path.is_empty() || shown.contains(&format!("`{path}`: ")), "{body}: {shown}");
        assert!(shown.contains("(status 200"), "{shown}");
    }
    // A list in place of an object with required fields.
    let (_server, lists) = client(CannedResponse::new(200, "[]")).await;
    let shown = lists.list_audit_instances_last().await.unwrap_err().to_string();
    assert!(shown.contains("the contract: expected an object (status 200"), "{shown}");
    let (_server, client) = client(CannedResponse::new(200, r#"{"status":true}"#)).await;
    let switch = client.set_audit_scope_rule_switch().instance_id(INSTANCE).ids(["scope"]);
    let shown = switch.status(AuditScopeStatus::On).await.unwrap_err().to_string();
    assert!(shown.contains("`status`: invalid type: boolean `true`"), "{shown}");
}

#[tokio::test]
async fn reports_a_success_of_undocumented_status_as_such() {
    let shown = stop(CannedResponse::new(202, r#"{"result":"success"}"#)).await.to_string();
    assert!(shown.contains("no success with this status (status 202"), "{shown}");
}

/// What is left of a body that was cut may be valid by itself.
#[tokio::test]
async fn reports_a_success_beyond_the_response_limit_as_such() {
    let body = r#"{"result":"success"}"#;
    let stop = async |body: String, limit| {
        let server = ScriptedServer::always(Step::Respond(CannedResponse::new(200, body)));
        let server = server.await.unwrap();
        let client = builder(server.endpoint(), &FakeClock::default()).max_response_bytes(limit);
        client.build().unwrap().stop_audit_instance().instance_id(INSTANCE).await
    };
    assert!(stop(body.to_owned(), body.len()).await.is_ok());
    for (body, limit) in [(format!("{body}\n"), body.len()), (body.to_owned(), body.len() - 1)] {
        let error = stop(body, limit).await.unwrap_err();
        let shown = error.to_string();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{shown}");
        assert!(error.is_body_truncated() && error.may_have_taken_effect(), "{shown}");
        assert!(shown.contains("the body is longer than the response limit"), "{shown}");
        assert!(shown.contains(&format!("cut at {limit} bytes")), "{shown}");
    }
}

/// What a body without JSON is: its page's title, its beginning, its encoding.
#[tokio::test]
async fn reports_what_a_body_is_that_is_not_json() {
    let page =
        "<!DOCTYPE html>\n<HTML><head>\n<Title>403 &ndash; Not\n for you</Title></head></HTML>";
    let gzip: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xabV*J-.\xcd)Q\xb2R*.MNN-.V\xaa\x05\0";
    let text =
        "upstream connect error or disconnect/reset before headers\r\nreset reason: overflow";
    let html = |status| CannedResponse::new(status, page).content_type("text/html");
    for (response, expected) in [
        (html(403), "a page titled `403 – Not for you`"),
        (html(200), "a page titled `403 – Not for you`"),
        (CannedResponse::new(403, page), "a page titled `403 – Not for you`"),
        (
            CannedResponse::new(403, "<html></html>").content_type("text/html"),
            "a body of type text/html that begins with `<html></html>`",
        ),
        (
            CannedResponse::new(502, text).content_type("text/plain"),
            "text/plain that begins with `upstream connect error or disconnect/reset before headers",
        ),
        (
            CannedResponse::new(200, gzip).header("Content-Encoding", "gzip"),
            "a body in the encoding gzip, which was not asked for",
        ),
        (
            CannedResponse::new(403, gzip).header("Content-Encoding", "GZIP"),
            "a body in the encoding gzip, which was not asked for",
        ),
    ] {
        let shown = stop(response).await.to_string();
        assert!(shown.contains(expected), "{shown}");
        assert!(!shown.contains(char::is_control), "{shown}");
    }
}

#[tokio::test]
async fn accepts_a_byte_order_mark_in_a_success() {
    let body = "\u{feff}{\"result\":\"success\"}";
    let (_server, client) = client(CannedResponse::new(200, body)).await;
    let stopped: Response<_> = client.stop_audit_instance().instance_id(INSTANCE).await.unwrap();
    assert_eq!(stopped.outcome(), Some(&Outcome::Succeeded));
    assert_eq!(stopped.body(), body.as_bytes());
}

/// An input of the wrong type is one problem, which says what the contract allows.
#[tokio::test]
async fn reports_what_is_allowed_for_an_input_of_the_wrong_type() {
    let (_server, client) = client(CannedResponse::new(200, "{}")).await;
    let status = "must be a string, one of `OFF`, `ON`, and is";
    for (body, expected) in [
        (
            json!({"ids": ["x"], "status": "Off"}),
            vec!["`status` is `Off`, and must be one of `OFF`, `ON`".to_owned()],
        ),
        (json!({"ids": ["x"], "status": false}), vec![format!("`status` {status} a boolean")]),
        (json!({"ids": ["x"], "status": ["OFF"]}), vec![format!("`status` {status} a list")]),
        (json!({"ids": ["x"]}), vec!["`status` is missing".to_owned()]),
        (json!({"ids": ["x"], "status": null}), vec!["`status` is missing".to_owned()]),
        (
            json!({"ids": "x", "status": 1}),
            vec![
                "`ids` must be a list of strings, at least 1 item, each at least 1 character, and is a string".to_owned(),
                format!("`status` {status} a number"),
            ],
        ),
        (
            json!({"ids": ["x", 7], "status": "ON"}),
            vec!["`ids[1]` must be a string, at least 1 character, and is a number".to_owned()],
        ),
        (json!(["ON"]), vec!["`body` must be an object, and is a list".to_owned()]),
    ] {
        let arguments = Arguments::new().parameter("instance_id", INSTANCE).body(body.clone());
        let error = contract::SET_AUDIT_SCOPE_RULE_SWITCH.invoke(&client, arguments).await;
        let error = error.unwrap_err();
        let found: Vec<_> = error.problems().iter().map(ToString::to_string).collect();
        assert_eq!(found, expected, "{body}");
        assert_eq!(error.attempts(), 0);
    }
}

/// Nothing that the service sends makes a terminal act, changes the order of what is shown, or
/// hides in it.
#[tokio::test]
async fn escapes_what_a_terminal_acts_on_or_does_not_show() {
    const ODD: &str = "\u{202e}\u{2066}\u{200b}\u{ad}\u{feff}\u{9b}\u{85}\u{1b}\u{3164}\u{e0041}";
    let api = json!({"error_code": format!("A{ODD}"), "error_msg": format!("B{ODD}\n")});
    let page = format!("<title>C{ODD}</title>");
    for response in [
        CannedResponse::new(400, api.to_string()),
        CannedResponse::new(200, api.to_string()),
        CannedResponse::new(400, json!({"request_id": format!("D{ODD}")}).to_string()),
        CannedResponse::new(403, page).content_type("text/html"),
        CannedResponse::new(502, format!("E{ODD}")).content_type("text/plain"),
        CannedResponse::new(200, json!({"result": {format!("F{ODD}"): 1}}).to_string()),
    ] {
        let shown = stop(response).await.to_string();
        let found: Vec<char> = shown.chars().filter(|c| ODD.contains(*c) || *c == '\n').collect();
        assert!(found.is_empty(), "{found:?} in {shown:?}");
    }
}

/// Whichever way a success says that nothing was done, it is believed.
#[tokio::test]
async fn reports_no_effect_of_a_success_that_says_so() {
    for (body, kind) in [
        (r#"{"result":"failed"}"#, ErrorKind::FailedOutcome),
        (r#"{"error_code":"DBSS.10020131"}"#, ErrorKind::Api),
        (r#"{"result":7}"#, ErrorKind::InvalidResponse),
    ] {
        let error = stop(CannedResponse::new(200, body)).await;
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.may_have_reached_service() && !error.is_retryable(), "{error}");
        let is_unknown = kind == ErrorKind::InvalidResponse;
        assert_eq!(error.may_have_taken_effect(), is_unknown, "{error}");
    }
}
