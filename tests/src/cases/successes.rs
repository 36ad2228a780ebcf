//! Answers with a status of success, and what their bodies make of them.

use dbss_client::ErrorKind;
use serde_json::{Value, json};

use super::{Answer, Case, Kept, Scene, Want, example, outcome_of};
use crate::fault_server::{Reply, Step};

/// Answers with a status of success.
#[must_use]
pub fn successes() -> Vec<Case> {
    let mut cases = vec![
        success("the contract's example", |reply| reply),
        success("with an id", |reply| reply.header("X-Request-Id", "head-1")).request_id("head-1"),
        success("in chunks", Reply::chunked),
        success("without a type", Reply::untyped),
        success("with a charset", |reply| reply.content_type("application/json;charset=utf-8")),
        slow(),
        fixed("fields that the contract does not know", None, r#"{"more":{"deep":[1]}}"#.into()),
        fixed("an empty object", None, "{}".into()),
    ];
    cases.extend(failures());
    cases.extend(undecodable());
    cases.extend([201, 202, 203, 204, 206, 226].map(undocumented));
    cases
}

fn case(name: &str, want: Want, answer: Answer) -> Case {
    Case::new(name, Scene::Step(Step::Answer, answer), want)
}

fn success(name: &str, dress: fn(Reply) -> Reply) -> Case {
    let answer: Answer =
        Box::new(move |operation| Some(dress(Reply::new(200, example(operation)?))));
    case(&format!("success: {name}"), Want::success(200), answer)
}

fn slow() -> Case {
    let answer: Answer = Box::new(|operation| Some(Reply::new(200, example(operation)?)));
    Case::new("success: byte by byte", Scene::Step(Step::Slow, answer), Want::success(200))
}

fn fixed(name: &str, kind: Option<ErrorKind>, body: Vec<u8>) -> Case {
    let want = kind.map_or(Want::success(200), |kind| Want::answered(kind, 200));
    let answer: Answer = Box::new(move |_| Some(Reply::new(200, body.clone())));
    case(&format!("success: {name}"), want, answer)
}

/// Values that mean failure, in any case of letters.
fn failures() -> Vec<Case> {
    let failed = |value: &'static str| {
        let answer: Answer = Box::new(move |operation| {
            let reply = Reply::new(200, outcome_of(operation, &json!(value))?);
            Some(reply.header("X-Request-Id", "failed-1"))
        });
        let want = Want::answered(ErrorKind::FailedOutcome, 200);
        case(&format!("reported failure: {value}"), want, answer).request_id("failed-1")
    };
    let fine = |value: &'static str| {
        let answer: Answer =
            Box::new(move |operation| Some(Reply::new(200, outcome_of(operation, &json!(value))?)));
        case(&format!("no reported failure: {value}"), Want::success(200), answer)
    };
    ["FAILED", "failed", "Failed", "fAiLeD"]
        .into_iter()
        .map(failed)
        .chain(["SUCCESS", "success", "PENDING", "FAILED_LATER", ""].into_iter().map(fine))
        .collect()
}

/// Bodies that are not what the contract says.
fn undecodable() -> Vec<Case> {
    let wrong = |name: &str, body: &str| {
        fixed(name, Some(ErrorKind::InvalidResponse), body.as_bytes().to_vec())
    };
    let mut cases = vec![
        wrong("HTML", "<html>Please log in to the network</html>"),
        wrong("an empty body", ""),
        wrong("null", "null"),
        wrong("a list", "[]"),
        wrong("a list of the fields' values", r#"["success"]"#),
        wrong("a string", r#""success""#),
        wrong("a number", "200"),
        wrong("JSON that stops in the middle", r#"{"result":"succ"#),
        wrong("more after the JSON", "{}{}"),
        wrong("a list that never ends", &"[".repeat(100_000)),
        fixed("bytes that are no UTF-8", Some(ErrorKind::InvalidResponse), {
            b"{\"result\":\"\xff\xfe\",\"status\":\"\xff\xfe\"}".to_vec()
        }),
        fixed("larger than the limit", Some(ErrorKind::InvalidResponse), {
            format!(r#"{{"padding":"{}"}}"#, "x".repeat(10 << 20)).into_bytes()
        })
        .keeps(Kept::Bounded),
    ];
    for value in [json!(7), json!(true), json!({"a": 1}), json!(["success"])] {
        cases.push(mistyped(value));
    }
    cases
}

/// The field that tells success from failure has a value of another type.
fn mistyped(value: Value) -> Case {
    let name = format!("success: a field of another type: {value}");
    let answer: Answer =
        Box::new(move |operation| Some(Reply::new(200, outcome_of(operation, &value)?)));
    case(&name, Want::answered(ErrorKind::InvalidResponse, 200), answer)
}

/// A success that the contract does not list.
fn undocumented(status: u16) -> Case {
    let answer: Answer = Box::new(move |operation| {
        let body = if status == 204 { String::new() } else { example(operation)? };
        Some(Reply::new(status, body).header("X-Request-Id", "other-1"))
    });
    let name = format!("success: the undocumented status {status}");
    case(&name, Want::answered(ErrorKind::InvalidResponse, status), answer).request_id("other-1")
}
