//! Calls that end without a complete response.

use dbss_client::ErrorKind;
use scripted_server::{CannedResponse, Step};

use super::{Behaviour, Case, Expected, ExpectedText, KeptBody, MakeResponse};
use crate::successes;

/// Calls that end without a complete response, other than by a timeout.
#[must_use]
pub fn connections() -> Vec<Case> {
    vec![
        Case::new("nobody listens", Behaviour::ClosedPort, unread(ErrorKind::Connect)),
        Case::new(
            "no TLS where it is expected",
            Behaviour::NoTls(Step::RespondUnread(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())),
            unread(ErrorKind::Tls),
        ),
        lost("closed before the request is read", |_| Step::CloseUnread, 0),
        lost("closed after the request", |_| Step::ReadThenClose, 1),
        lost("reset after the request", |_| Step::ReadThenReset, 1),
        lost("half of the head", Step::CutHead, 1),
        cut("half of the body", Step::CutBody, |response| response),
        cut("half of the body, then a reset", Step::ResetInBody, |response| response),
        lost("no HTTP", |_| Step::Raw(b"SSH-2.0-OpenSSH_9.9\r\n\r\n".to_vec()), 1),
        cut("half of the chunks", Step::CutBody, CannedResponse::chunked),
    ]
}

/// Calls that a time limit ends, of which there is one for each.
#[must_use]
pub fn timeouts() -> Vec<Case> {
    let behaviour = Behaviour::NoTls(Step::Stall);
    let connecting =
        Case::new("silence where TLS is expected", behaviour, unread(ErrorKind::Connect));
    vec![
        Case { times_out: true, ..connecting },
        timed_out("no response", |_| Step::Stall),
        timed_out("half of the body, then silence", Step::StallInBody),
        timed_out("a body without end", Step::Drip),
    ]
}

fn unread(kind: ErrorKind) -> Expected {
    Expected { requests: 0, ..Expected::no_response(kind) }
}

fn lost(name: &str, step: fn(CannedResponse) -> Step, requests: usize) -> Case {
    let expected =
        Expected { requests, body: KeptBody::Any, ..Expected::no_response(ErrorKind::Interrupted) };
    let make_response: MakeResponse = Box::new(|operation| Some(successes::response(operation)));
    Case::new(name, Behaviour::Step(step, make_response), expected)
}

/// A success that ends within its body, where it has one.
fn cut(
    name: &str,
    step: fn(CannedResponse) -> Step,
    adjust: fn(CannedResponse) -> CannedResponse,
) -> Case {
    let expected =
        Expected { body: KeptBody::Any, ..Expected::no_response(ErrorKind::Interrupted) };
    let make_response: MakeResponse = Box::new(move |operation| {
        Some(adjust(successes::with_body(operation, successes::example(operation)?)?))
    });
    Case::new(name, Behaviour::Step(step, make_response), expected)
}

fn timed_out(name: &str, step: fn(CannedResponse) -> Step) -> Case {
    // The length is larger than what comes in time.
    let body = "x".repeat(1 << 16);
    let make_response: MakeResponse =
        Box::new(move |operation| successes::with_body(operation, body.as_str()));
    let expected = Expected {
        body: KeptBody::Any,
        code: ExpectedText::Any,
        message: ExpectedText::Any,
        ..Expected::no_response(ErrorKind::Timeout)
    };
    Case { times_out: true, ..Case::new(name, Behaviour::Step(step, make_response), expected) }
}
