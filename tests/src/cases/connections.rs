//! Calls that end without a whole answer.

use dbss_client::ErrorKind;
use scripted_server::{CannedResponse, Step};

use super::{Answer, Case, Kept, Scene, Text, Want};
use crate::successes;

/// Calls that end without a whole answer, and not for want of time.
#[must_use]
pub fn connections() -> Vec<Case> {
    vec![
        Case::new("nobody listens", Scene::ClosedPort, unread(ErrorKind::Connect)),
        Case::new(
            "no TLS where it is expected",
            Scene::NoTls(Step::RespondUnread(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())),
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
    let scene = Scene::NoTls(Step::Stall);
    let connecting = Case::new("silence where TLS is expected", scene, unread(ErrorKind::Connect));
    vec![
        Case { late: true, ..connecting },
        late("no answer", |_| Step::Stall),
        late("half of the body, then silence", Step::StallInBody),
        late("a body without end", Step::Drip),
    ]
}

fn unread(kind: ErrorKind) -> Want {
    Want { requests: 0, ..Want::unanswered(kind) }
}

fn lost(name: &str, step: fn(CannedResponse) -> Step, requests: usize) -> Case {
    let want = Want { requests, body: Kept::Any, ..Want::unanswered(ErrorKind::Interrupted) };
    let answer: Answer = Box::new(|operation| Some(successes::response(operation)));
    Case::new(name, Scene::Step(step, answer), want)
}

/// A success that ends within its body, where it has one.
fn cut(
    name: &str,
    step: fn(CannedResponse) -> Step,
    dress: fn(CannedResponse) -> CannedResponse,
) -> Case {
    let want = Want { body: Kept::Any, ..Want::unanswered(ErrorKind::Interrupted) };
    let answer: Answer = Box::new(move |operation| {
        Some(dress(successes::with_body(operation, successes::example(operation)?)?))
    });
    Case::new(name, Scene::Step(step, answer), want)
}

fn late(name: &str, step: fn(CannedResponse) -> Step) -> Case {
    // The length is larger than what comes in time.
    let body = "x".repeat(1 << 16);
    let answer: Answer = Box::new(move |operation| successes::with_body(operation, body.as_str()));
    let want = Want {
        body: Kept::Any,
        code: Text::Any,
        message: Text::Any,
        ..Want::unanswered(ErrorKind::Timeout)
    };
    Case { late: true, ..Case::new(name, Scene::Step(step, answer), want) }
}
