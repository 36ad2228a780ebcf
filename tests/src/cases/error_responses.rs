//! Error responses.

use scripted_server::{CannedResponse, Step};

use super::{Case, ExpectedText, KeptBody};

const CODE: &str = "DBSS.10000001";
const MESSAGE: &str = "Enter a valid request message";
const FLAT: &str = r#"{"error_code":"DBSS.10000001","error_msg":"Enter a valid request message"}"#;

/// Every class of status, documented or not, with one body.
#[must_use]
pub fn statuses() -> Vec<Case> {
    let statuses = [
        300, 301, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 408, 409, 413, 414, 418, 422,
        429, 431, 494, 500, 501, 502, 503, 504, 507, 520, 599, 600, 999,
    ];
    let case = |status: u16| {
        let name = format!("status {status}");
        if status == 304 {
            // By definition it has no body.
            return Case::error(&name, status, CannedResponse::new(status, ""));
        }
        Case::error(&name, status, CannedResponse::new(status, FLAT)).code(CODE).message(MESSAGE)
    };
    statuses.into_iter().map(case).collect()
}

fn json(name: &str, body: &str) -> Case {
    Case::error(name, 400, CannedResponse::new(400, body))
}

/// Every shape of a JSON body, and where its request id comes from.
#[must_use]
pub fn error_formats() -> Vec<Case> {
    let mut cases = documented();
    cases.extend(variations());
    cases.extend(request_ids());
    cases
}

fn documented() -> Vec<Case> {
    vec![
        json(
            "nested, as the v1 operation documents it",
            r#"{"error":{"error_code":"DBSS.10020131","error_msg":"Failed to stop DBSS instance."}}"#,
        )
        .code("DBSS.10020131")
        .message("Failed to stop DBSS instance."),
        Case::error(
            "flat with details, as the v2 operation documents it",
            403,
            CannedResponse::new(
                403,
                r#"{"details":[{"error_code":"DBSS.1","error_msg":"one"},{"error_code":"DBSS.2","error_msg":"two"}],
                    "encoded_authorization_message":"AQICAHh","error_code":"DBSS.10020100",
                    "error_msg":"Failed to authenticate the token in the request"}"#,
            ),
        )
        .code("DBSS.10020100")
        .message("Failed to authenticate the token in the request")
        .details(&[(Some("DBSS.1"), Some("one")), (Some("DBSS.2"), Some("two"))])
        .encoded("AQICAHh"),
        Case::error(
            "the gateway's",
            404,
            CannedResponse::new(
                404,
                r#"{"error_msg":"The API does not exist.","error_code":"APIGW.0101","request_id":"gw-1"}"#,
            ),
        )
        .code("APIGW.0101")
        .message("The API does not exist.")
        .request_id("gw-1"),
        Case::error(
            "IAM's, with a number as its code",
            401,
            CannedResponse::new(
                401,
                r#"{"error":{"code":401,"message":"The username or password is wrong.","title":"Unauthorized"}}"#,
            ),
        )
        .code("401")
        .message("The username or password is wrong."),
    ]
}

fn variations() -> Vec<Case> {
    vec![
        json("camelCase", r#"{"errorCode":"DBSS.1","errorMsg":"wrong"}"#)
            .code("DBSS.1")
            .message("wrong"),
        json("camelCase, nested", r#"{"error":{"errorCode":"DBSS.1","errorMsg":"wrong"}}"#)
            .code("DBSS.1")
            .message("wrong"),
        json("code and message", r#"{"code":"DBSS.1","message":"wrong"}"#)
            .code("DBSS.1")
            .message("wrong"),
        json("a number as its code", r#"{"error_code":12345,"error_msg":"wrong"}"#)
            .code("12345")
            .message("wrong"),
        json("flat and nested: the outer one counts", {
            r#"{"error":{"error_code":"DBSS.2","error_msg":"inner"},"error_code":"DBSS.1","error_msg":"outer"}"#
        })
        .code("DBSS.1")
        .message("outer"),
        json("nested, with the rest beside it", {
            r#"{"error":{"error_code":"DBSS.1","error_msg":"wrong"},"details":[{"error_code":"D","error_msg":"d"}],
                "encoded_authorization_message":"AQ","request_id":"body-1"}"#
        })
        .code("DBSS.1")
        .message("wrong")
        .details(&[(Some("D"), Some("d"))])
        .encoded("AQ")
        .request_id("body-1"),
        json("nested, with the rest within it", {
            r#"{"error":{"error_code":"DBSS.1","error_msg":"wrong","details":[{"error_code":"D","error_msg":"d"}],
                "encoded_authorization_message":"AQ"}}"#
        })
        .code("DBSS.1")
        .message("wrong")
        .details(&[(Some("D"), Some("d"))])
        .encoded("AQ"),
        json("the code outside, the message inside", {
            r#"{"error_code":"DBSS.1","error":{"error_msg":"wrong"}}"#
        })
        .code("DBSS.1")
        .message("wrong"),
        json("a code alone", r#"{"error_code":"DBSS.1"}"#).code("DBSS.1"),
        json("a message alone", r#"{"error_msg":"wrong"}"#).message("wrong"),
        json("an empty code", r#"{"error_code":"","error_msg":"wrong"}"#).message("wrong"),
        json("null where texts belong", r#"{"error_code":null,"error_msg":null,"details":null}"#),
        json("an empty code outside, a full one inside", {
            r#"{"error_code":"","error":{"error_code":"DBSS.1","error_msg":"wrong"}}"#
        })
        .code("DBSS.1")
        .message("wrong"),
        json("a text as the error", r#"{"error":"a string"}"#).message("a string"),
        json("details alone", {
            r#"{"details":[{"error_code":"DBSS.1","error_msg":"one"},{"error_code":7},{"error_msg":"only this"}]}"#
        })
        .details(&[
            (Some("DBSS.1"), Some("one")),
            (Some("7"), None),
            (None, Some("only this")),
        ]),
        json("details that are no list", r#"{"error_code":"DBSS.1","details":{"a":1}}"#)
            .code("DBSS.1"),
        json("other letters in the message", {
            r#"{"error_code":"DBSS.1","error_msg":"实例不存在 – \u00e9"}"#
        })
        .code("DBSS.1")
        .message("实例不存在 – é"),
        json("line breaks in the message", r#"{"error_code":"DBSS.1","error_msg":"a\r\nb"}"#)
            .code("DBSS.1")
            .message("a\r\nb"),
        json("a byte order mark", "\u{feff}{\"error_code\":\"DBSS.1\",\"error_msg\":\"wrong\"}")
            .code("DBSS.1")
            .message("wrong"),
        json("an empty object", "{}"),
        json("a list", r#"[{"error_code":"DBSS.1"}]"#).texts(ExpectedText::Any, ExpectedText::Any),
        json("null", "null"),
        json("a JSON string", r#""something went wrong""#).texts(ExpectedText::Absent, ExpectedText::Any),
        json("a very deep body", &"[".repeat(100_000)).texts(ExpectedText::Absent, ExpectedText::Any),
    ]
}

fn request_ids() -> Vec<Case> {
    let known = |name, response: CannedResponse| {
        Case::error(name, 400, response).code(CODE).message(MESSAGE)
    };
    let with_id = r#"{"error_code":"DBSS.10000001","error_msg":"Enter a valid request message","request_id":"body-1"}"#;
    vec![
        known("id in the header", CannedResponse::new(400, FLAT).header("X-Request-Id", "head-1"))
            .request_id("head-1"),
        known("id in both", CannedResponse::new(400, with_id).header("x-request-id", "head-1"))
            .request_id("head-1"),
        known(
            "an empty id in the header",
            CannedResponse::new(400, with_id).header("X-Request-Id", ""),
        )
        .request_id("body-1"),
        known(
            "an id that is no text in the header",
            CannedResponse::new(400, with_id).header("X-Request-Id", b"\xff\xfe".to_vec()),
        )
        .request_id("body-1"),
    ]
}

/// Bodies that are no JSON, too long, or not in the encoding that they claim.
#[must_use]
pub fn other_bodies() -> Vec<Case> {
    let mut cases = vec![
        Case::error(
            "HTML",
            502,
            CannedResponse::new(502, "<html><body><h1>502 Bad Gateway</h1></body></html>")
                .content_type("text/html"),
        )
        .texts(ExpectedText::Absent, ExpectedText::Any),
        Case::error(
            "HTML that says it is JSON",
            500,
            CannedResponse::new(500, "<!DOCTYPE html><title>error</title>"),
        )
        .texts(ExpectedText::Absent, ExpectedText::Any),
        Case::error(
            "plain text",
            500,
            CannedResponse::new(500, "no such thing").content_type("text/plain"),
        )
        .texts(ExpectedText::Absent, ExpectedText::Any),
        Case::error("an empty body", 500, CannedResponse::new(500, "")),
        Case::error(
            "an empty body without a type",
            503,
            CannedResponse::new(503, "").without_content_type(),
        ),
        Case::error(
            "JSON without a type",
            400,
            CannedResponse::new(400, FLAT).without_content_type(),
        )
        .code(CODE)
        .message(MESSAGE),
        Case::error("JSON that says it is HTML", 400, {
            CannedResponse::new(400, FLAT).content_type("text/html; charset=utf-8")
        })
        .code(CODE)
        .message(MESSAGE),
        Case::error("in chunks", 400, CannedResponse::new(400, FLAT).chunked())
            .code(CODE)
            .message(MESSAGE),
        // As far as they go, such bodies may tell more.
        json("JSON that stops in the middle", &FLAT[..40])
            .texts(ExpectedText::Any, ExpectedText::Any),
    ];
    cases.extend(encodings());
    cases.extend(lengths());
    cases.extend([
        cut("an error that ends in the middle of its body", 400, Step::CutBody, |response| {
            response
        }),
        cut("an error that ends between its chunks", 403, Step::CutBody, CannedResponse::chunked),
        cut("an error that is reset in the middle", 500, Step::ResetInBody, |response| response),
        cut("a gateway's error that ends in the middle", 503, Step::CutBody, |response| response),
    ]);
    cases
}

/// A response that is cut off: its status and headers are reported.
fn cut(
    name: &str,
    status: u16,
    step: fn(CannedResponse) -> Step,
    adjust: fn(CannedResponse) -> CannedResponse,
) -> Case {
    let response = adjust(CannedResponse::new(status, FLAT).header("X-Request-Id", "cut-1"));
    let case = Case::error(name, status, response)
        .texts(ExpectedText::Any, ExpectedText::Any)
        .keeps(KeptBody::Truncated);
    case.by(step).request_id("cut-1")
}

fn encodings() -> Vec<Case> {
    let around = |bytes: &[u8]| {
        [br#"{"error_code":"DBSS.1","error_msg":"wrong: "#.as_slice(), bytes, br#""}"#].concat()
    };
    vec![
        Case::error("bytes that are no UTF-8", 400, CannedResponse::new(400, around(b"\xff\xfe")))
            .texts(ExpectedText::Is("DBSS.1"), ExpectedText::Begins("wrong: ")),
        Case::error("a charset that is not the JSON one", 400, {
            CannedResponse::new(400, around(b"\xca\xb5\xc0\xfd"))
                .content_type("application/json; charset=GBK")
        })
        .texts(ExpectedText::Is("DBSS.1"), ExpectedText::Begins("wrong: ")),
        Case::error("UTF-8 that says it is Latin-1", 400, {
            CannedResponse::new(400, around("é".as_bytes()))
                .content_type("application/json; charset=iso-8859-1")
        })
        .texts(ExpectedText::Is("DBSS.1"), ExpectedText::Begins("wrong: ")),
        Case::error("a charset that does not exist", 400, {
            CannedResponse::new(400, FLAT).content_type("application/json; charset=no-such-thing")
        })
        .code(CODE)
        .message(MESSAGE),
    ]
}

/// A body that is longer than any limit.
const LONG: usize = 10 << 20;

fn lengths() -> Vec<Case> {
    let padded = format!(
        r#"{{"error_code":"DBSS.1","error_msg":"wrong","padding":"{}"}}"#,
        "x".repeat(LONG)
    );
    let long_message =
        format!(r#"{{"error_code":"DBSS.1","error_msg":"wrong{}"}}"#, "!".repeat(30_000));
    vec![
        Case::error("10 MB of HTML", 500, {
            CannedResponse::new(500, "<p>".repeat(LONG / 3)).content_type("text/html")
        })
        .texts(ExpectedText::Absent, ExpectedText::Any)
        .keeps(KeptBody::Truncated),
        Case::error("10 MB of HTML in chunks", 400, {
            CannedResponse::new(400, "<p>".repeat(LONG / 12)).content_type("text/html").chunked()
        })
        .texts(ExpectedText::Absent, ExpectedText::Any)
        .keeps(KeptBody::Truncated),
        // As far as they go, such bodies may tell more.
        Case::error("10 MB of JSON", 500, CannedResponse::new(500, padded))
            .texts(ExpectedText::Any, ExpectedText::Any)
            .keeps(KeptBody::Truncated),
        Case::error("a message of 30 kB", 400, CannedResponse::new(400, long_message))
            .texts(ExpectedText::Is("DBSS.1"), ExpectedText::Begins("wrong!!!")),
    ]
}
