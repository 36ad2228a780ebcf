//! Calls that end without a whole answer.

use dbss_client::ErrorKind;

use super::{Answer, Case, Kept, Scene, Text, Want, example};
use crate::fault_server::{Reply, Step};

/// Calls that end without a whole answer, and not for want of time.
#[must_use]
pub fn connections() -> Vec<Case> {
    vec![
        Case::new("nobody listens", Scene::Deserted, unread(ErrorKind::Connect)),
        Case::new(
            "no TLS where it is expected",
            Scene::NoTls(Step::Blurt(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())),
            unread(ErrorKind::Tls),
        ),
        lost("closed before the request is read", |_| Step::CloseUnread, 0),
        lost("closed after the request", |_| Step::ReadThenClose, 1),
        lost("reset after the request", |_| Step::ReadThenReset, 1),
        lost("half of the head", Step::CutHead, 1),
        lost("half of the body", Step::CutBody, 1),
        lost("half of the body, then a reset", Step::ResetInBody, 1),
        lost("no HTTP", |_| Step::Raw(b"SSH-2.0-OpenSSH_9.9\r\n\r\n".to_vec()), 1),
        in_chunks(),
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

fn answer(dress: fn(Reply) -> Reply) -> Answer {
    Box::new(move |operation| Some(dress(Reply::new(200, example(operation)?))))
}

fn lost(name: &str, step: fn(Reply) -> Step, requests: usize) -> Case {
    let want = Want { requests, body: Kept::Any, ..Want::unanswered(ErrorKind::Interrupted) };
    Case::new(name, Scene::Step(step, answer(|reply| reply)), want)
}

fn in_chunks() -> Case {
    let want = Want { body: Kept::Any, ..Want::unanswered(ErrorKind::Interrupted) };
    Case::new("half of the chunks", Scene::Step(Step::CutBody, answer(Reply::chunked)), want)
}

fn late(name: &str, step: fn(Reply) -> Step) -> Case {
    // The length is larger than what comes in time.
    let body = "x".repeat(1 << 16);
    let answer: Answer = Box::new(move |_| Some(Reply::new(200, body.clone())));
    let want = Want {
        body: Kept::Any,
        code: Text::Any,
        message: Text::Any,
        ..Want::unanswered(ErrorKind::Timeout)
    };
    Case { late: true, ..Case::new(name, Scene::Step(step, answer), want) }
}
