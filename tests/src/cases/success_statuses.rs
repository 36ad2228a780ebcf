//! Responses with a success status, and what their bodies mean.

use dbss_client::ErrorKind;
use dbss_client::descriptor::Operation;
use scripted_server::{CannedResponse, Step};
use serde_json::{Value, json};

use super::{Behaviour, Case, DependsOn, Expected, ExpectedText, KeptBody, MakeResponse};
use crate::successes;

/// Responses with a success status.
#[must_use]
pub fn success_statuses() -> Vec<Case> {
    let mut cases = vec![
        success("the contract's example", |response| response),
        success("with an id", |response| response.header("X-Request-Id", "head-1"))
            .request_id("head-1"),
        success("in chunks", CannedResponse::chunked),
        success("without a type", CannedResponse::without_content_type),
        success("with a charset", |response| {
            response.content_type("application/json;charset=utf-8")
        }),
        success("byte by byte", |response| response).by(Step::Slow),
        body("fields that the contract does not know", r#"{"more":{"deep":[1]}}"#),
        body("an empty object", "{}"),
    ];
    cases.extend(outcomes());
    cases.extend(bodies());
    cases.extend(errors());
    cases.extend(no_errors());
    cases.extend([201, 202, 203, 204, 206, 226].map(undocumented));
    cases
}

/// A case whose status is that of the operation's success.
fn case(
    name: &str,
    expected: Expected,
    make_response: impl Fn(&Operation) -> Option<CannedResponse> + Send + Sync + 'static,
) -> Case {
    let make_response: MakeResponse = Box::new(make_response);
    Case::new(name, Behaviour::Step(Step::Respond, make_response), expected)
        .depending(DependsOn::Status)
}

fn success(name: &str, adjust: fn(CannedResponse) -> CannedResponse) -> Case {
    case(&format!("success: {name}"), Expected::success(200), move |operation| {
        let example = successes::example(operation);
        // What has no body cannot have it in chunks.
        match example {
            Some(example) => successes::with_body(operation, example).map(adjust),
            None => Some(adjust(successes::response(operation)).with_content_length()),
        }
    })
}

/// A success with that body, which is an error unless it is what the contract says.
fn body(name: &str, body: impl Into<Vec<u8>>) -> Case {
    let body = body.into();
    case(&format!("success: {name}"), Expected::success(200), move |operation| {
        successes::with_body(operation, body.clone())
    })
    .depending(DependsOn::StatusAndBody)
}

/// Values that mean failure, in any case of letters, and others that do not.
fn outcomes() -> Vec<Case> {
    let failed = |name: &str, write: fn(&str) -> String| {
        let expected = Expected::response(ErrorKind::FailedOutcome, 200);
        case(&format!("reported failure: {name}"), expected, move |operation| {
            let failures = successes::failure_values(operation)?;
            let response = successes::with_outcome(operation, &json!(write(failures.first()?)))?;
            Some(response.header("X-Request-Id", "failed-1"))
        })
        .request_id("failed-1")
    };
    let fine = |value: &'static str| {
        case(&format!("no reported failure: {value}"), Expected::success(200), move |operation| {
            let failures = successes::failure_values(operation)?;
            let fails = failures.iter().any(|failure| failure.eq_ignore_ascii_case(value));
            if fails { None } else { successes::with_outcome(operation, &json!(value)) }
        })
    };
    let mut cases = vec![
        failed("as the contract writes it", str::to_owned),
        failed("in capitals", str::to_uppercase),
        failed("in small letters", str::to_lowercase),
        failed("with a capital first", |text| {
            let (first, rest) = text.split_at_checked(1).unwrap_or((text, ""));
            first.to_uppercase() + &rest.to_lowercase()
        }),
        failed("in letters of both", |text| {
            let letters = text.chars().enumerate();
            letters
                .map(|(index, letter)| match index % 2 {
                    0 => letter.to_ascii_lowercase(),
                    _ => letter.to_ascii_uppercase(),
                })
                .collect()
        }),
    ];
    cases.extend(["SUCCESS", "success", "PENDING", "FAILED_LATER", ""].map(fine));
    cases.extend([json!(7), json!(true), json!({"a": 1}), json!(["success"])].map(mistyped));
    cases
}

/// Bodies that are for the most part not what the contract says.
fn bodies() -> Vec<Case> {
    let not_text = Expected::response(ErrorKind::InvalidResponse, 200);
    let too_large = Expected::response(ErrorKind::InvalidResponse, 200);
    let padding = format!(r#"{{"padding":"{}"}}"#, "x".repeat(10 << 20)).into_bytes();
    vec![
        body("HTML", "<html>Please log in to the network</html>"),
        body("an empty body", ""),
        body("null", "null"),
        body("a list", "[]"),
        body("a list of the fields' values", r#"["success"]"#),
        body("a string", r#""success""#),
        body("a number", "200"),
        body("JSON that stops in the middle", r#"{"result":"succ"#),
        body("more after the JSON", "{}{}"),
        body("a list that never ends", "[".repeat(100_000)),
        case("success: bytes that are no UTF-8", not_text, |operation| {
            let field = successes::text_field(operation)?;
            let value = b"\":\"\xff\xfe\"}".as_slice();
            successes::with_body(operation, [b"{\"", field.as_bytes(), value].concat())
        }),
        case("success: larger than the limit", too_large, move |operation| {
            successes::documented(operation)?.schema?;
            successes::with_body(operation, padding.clone())
        })
        .keeps(KeptBody::Truncated),
    ]
}

/// Bodies with an error at their top, whatever the status says.
fn errors() -> Vec<Case> {
    let error = |body: &'static str| {
        let expected = Expected::response(ErrorKind::Api, 200);
        case(&format!("an error in a success: {body}"), expected, move |operation| {
            let declared = successes::declares(operation, "error_code")
                || successes::declares(operation, "error");
            successes::with_body(operation, body).filter(|_| !declared)
        })
        .code("DBSS.10020131")
    };
    vec![
        error(r#"{"error_code":"DBSS.10020131","error_msg":"not possible"}"#)
            .message("not possible"),
        error(r#"{"error_code":"DBSS.10020131"}"#),
        error(r#"{"error_msg":null,"error_code":"DBSS.10020131","request_id":"body-1"}"#)
            .request_id("body-1"),
        error(r#"{"result":"success","status":"SUCCESS","error_code":"DBSS.10020131"}"#),
        error(r#"{"error":{"error_code":"DBSS.10020131","error_msg":"not possible"}}"#)
            .message("not possible"),
        error(r#"{"status":"FAILED","error":{"error_code":"DBSS.10020131"}}"#),
        error(r#"{"error":{"code":"DBSS.10020131","message":"not possible"}}"#)
            .message("not possible"),
        error("\u{feff}{\"error_code\":\"DBSS.10020131\"}"),
        error(r#"{"error_code":"DBSS.10020130","error_code":"DBSS.10020131"}"#),
        case(
            "an error in a success: the code is a number",
            Expected::response(ErrorKind::Api, 200),
            |operation| successes::with_body(operation, r#"{"error_code":10020131}"#),
        )
        .code("10020131"),
        case(
            "an error in a success: an undocumented status",
            Expected::response(ErrorKind::Api, 202),
            |operation| {
                let body = r#"{"error_code":"DBSS.10020131"}"#;
                let response = CannedResponse::new(202, body);
                (!successes::documents(operation, 202)).then_some(response)
            },
        )
        .depending(DependsOn::Nothing)
        .code("DBSS.10020131"),
    ]
}

/// Bodies that speak of errors, and are none. Where an operation cannot read one, the error tells
/// what it says.
fn no_errors() -> Vec<Case> {
    use ExpectedText::{Absent, Is};

    [
        (r#"{"error_code":null,"error_msg":"","error":{}}"#, Absent, Absent),
        (r#"{"error_code":""}"#, Absent, Absent),
        (r#"{"error_code":" ","error":null}"#, Absent, Absent),
        (
            r#"{"error_msg":"the error_code of the last job was reset"}"#,
            Absent,
            Is("the error_code of the last job was reset"),
        ),
        (r#"{"code":"0","message":"ok"}"#, Is("0"), Is("ok")),
        (
            r#"{"jobs":[{"error_code":"DBSS.10020131"}],"last":{"error_code":"DBSS.10020131"}}"#,
            Is("DBSS.10020131"),
            Absent,
        ),
    ]
    .map(|(text, code, message)| body(&format!("no error: {text}"), text).mismatch(code, message))
    .into()
}

/// The field that tells success from failure has a value of another type.
fn mistyped(value: Value) -> Case {
    let expected = Expected::response(ErrorKind::InvalidResponse, 200);
    let name = format!("success: a field of another type: {value}");
    case(&name, expected, move |operation| successes::with_outcome(operation, &value))
}

/// A success that the contract does not list.
fn undocumented(status: u16) -> Case {
    let expected = Expected::response(ErrorKind::InvalidResponse, status);
    let name = format!("success: the undocumented status {status}");
    case(&name, expected, move |operation| {
        if successes::documents(operation, status) {
            return None;
        }
        let body = successes::example(operation).filter(|_| status != 204).unwrap_or_default();
        Some(CannedResponse::new(status, body).header("X-Request-Id", "other-1"))
    })
    .depending(DependsOn::Nothing)
    .request_id("other-1")
}
