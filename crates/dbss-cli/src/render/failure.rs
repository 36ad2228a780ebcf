//! A failure, for people and for scripts.

use std::borrow::Cow;
use std::fmt::Write as _;

use dbss_client::{Error, ErrorDetail, ErrorKind};
use serde::Serialize;
use serde_json::Value;

use super::plain::plain;
use super::{problems, usage};
use crate::body::json_or_text;
use crate::colour::{ASIDE, BAD, CAREFUL};
use crate::effect::{Action, Effect};
use crate::failure::{Cause, FailedCall, Failure, Input, Place, ReadError, TokenPlace};

/// The `error` that scripts get.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    message: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<Detail<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoded_authorization_message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
}

#[derive(Serialize)]
struct Detail<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
}

impl<'a> Report<'a> {
    pub(super) fn new(failure: &'a Failure) -> Self {
        let call = failure.call.as_deref();
        let answered = answered(failure);
        let message = answered.and_then(Error::message).map(Cow::Borrowed);
        Self {
            kind: failure.kind().as_str(),
            operation: call.map(|call| call.operation.id),
            status: answered.and_then(Error::status),
            code: answered.and_then(Error::code),
            message: message.unwrap_or_else(|| sentence(failure).into()),
            request_id: answered.and_then(Error::request_id),
            details: details(answered).iter().map(Detail::new).collect(),
            encoded_authorization_message: answered.and_then(Error::encoded_authorization_message),
            attempts: call.map(|call| call.attempts),
            body: answered.and_then(Error::body).filter(|body| !body.is_empty()).map(json_or_text),
        }
    }
}

impl<'a> Detail<'a> {
    fn new(detail: &'a ErrorDetail) -> Self {
        Self { code: detail.code.as_deref(), message: detail.message.as_deref() }
    }
}

/// The client's error, which has what the service answered if it did.
fn answered(failure: &Failure) -> Option<&Error> {
    match &failure.cause {
        Cause::Client(error) => Some(error),
        _ => None,
    }
}

fn details(answered: Option<&Error>) -> &[ErrorDetail] {
    answered.map(Error::details).unwrap_or_default()
}

/// The sentence, and what became of what was to be done; styled.
pub(super) fn text(failure: &Failure) -> String {
    if let Cause::Usage(error) = &failure.cause {
        return error.render().ansi().to_string();
    }
    let mut text = format!("{BAD}error:{BAD:#} {}\n", plain(&sentence(failure)));
    for ErrorDetail { code, message, .. } in details(answered(failure)) {
        let known: Vec<_> = code.iter().chain(message).map(|text| plain(text)).collect();
        let _ = writeln!(text, "{ASIDE}detail{ASIDE:#}  {}", known.join(": "));
    }
    if let Some(message) = answered(failure).and_then(Error::encoded_authorization_message) {
        let message = plain(message);
        let _ = writeln!(text, "{ASIDE}encoded authorization message{ASIDE:#}  {message}");
    }
    let call = failure.call.as_deref();
    let Some(FailedCall { effect: Some(Effect { action, ids }), .. }) = call else { return text };
    let may_have_taken_effect = call.is_some_and(|call| call.may_have_taken_effect);
    let (style, word) = match (failure.kind(), may_have_taken_effect) {
        (ErrorKind::FailedOutcome, _) => (BAD, "failed"),
        (_, true) => (CAREFUL, "unknown"),
        (_, false) => (BAD, not_done(*action)),
    };
    for id in ids {
        let _ = writeln!(text, "{style}{word}{style:#}  {}", plain(id));
    }
    text
}

fn not_done(action: Action) -> &'static str {
    match action {
        Action::Stop => "not stopped",
        Action::Enable => "not enabled",
        Action::Disable => "not disabled",
    }
}

/// What went wrong and what can be done about it, on one line.
fn sentence(failure: &Failure) -> String {
    let call = failure.call.as_deref();
    match &failure.cause {
        Cause::Usage(error) => usage::summary(error),
        Cause::UnknownOperation { given, meant } => {
            usage::unknown_operation(given, meant.as_deref())
        }
        Cause::StdinTwice { first, second } => format!(
            "standard input cannot be both {} and {}: give one of them another way",
            input(*first),
            input(*second)
        ),
        Cause::Unreadable { input: wanted, place, error } => {
            format!("cannot read {} from {}: {}", input(*wanted), source(place), read_error(error))
        }
        Cause::BodyNotJson { place: Place::Argument, error } => {
            format!("--body is not JSON: {error}")
        }
        Cause::BodyNotJson { place: Place::Stdin, error } => {
            format!("the body on standard input is not JSON: {error}")
        }
        Cause::BodyNotJson { place: Place::File(path), error } => {
            format!("the body in {} is not JSON: {error}", path.escape_debug())
        }
        Cause::NoIds => "there is no id on standard input".to_owned(),
        Cause::NoAddress => "there is no address to call: give --region or --endpoint, or set \
                             DBSS_REGION or DBSS_ENDPOINT"
            .to_owned(),
        Cause::EmptyToken(place) => format!("{} is empty", token(*place)),
        Cause::NoCredentials(error) => format!("{error}; DBSS_TOKEN is not set either"),
        Cause::Profile(error) => error.to_string(),
        Cause::Runtime(error) => format!("cannot start: {error}"),
        Cause::Interrupted => interrupted(call).to_owned(),
        Cause::Client(error) => client(error, call),
        Cause::Unwritten(error) => {
            format!("the result cannot be written to standard output: {error}")
        }
    }
}

fn input(input: Input) -> &'static str {
    match input {
        Input::Token => "the token",
        Input::Ids => "the ids",
        Input::Body => "the body",
    }
}

fn source(place: &Place) -> Cow<'static, str> {
    match place {
        Place::Stdin => "standard input".into(),
        Place::File(path) => path.escape_debug().to_string().into(),
        Place::Argument => "the command line".into(),
    }
}

fn read_error(error: &ReadError) -> Cow<'static, str> {
    match error {
        ReadError::Io(error) => error.to_string().into(),
        ReadError::TooLarge => "it is larger than 12 MiB".into(),
        ReadError::NotUtf8 => "it is not UTF-8".into(),
    }
}

fn token(place: TokenPlace) -> &'static str {
    match place {
        TokenPlace::Stdin => "the token on standard input",
        TokenPlace::Argument => "--token",
        TokenPlace::Environment => "DBSS_TOKEN",
    }
}

fn interrupted(call: Option<&FailedCall>) -> &'static str {
    match call {
        Some(FailedCall { may_have_taken_effect: true, .. }) => {
            "interrupted; the request may have taken effect"
        }
        Some(FailedCall { attempts: 1.., .. }) => "interrupted; no request has taken effect",
        _ => "interrupted before the request was sent",
    }
}

/// The client's error in its own words, or its problems in those of the command
/// line.
fn client(error: &Error, call: Option<&FailedCall>) -> String {
    if error.kind() == ErrorKind::InvalidInput && !error.problems().is_empty() {
        return problems::text(error.problems(), call);
    }
    match cause(error) {
        Some(cause) => format!("{error}; cause: {cause}"),
        None => error.to_string(),
    }
}

/// The last cause of a call without an answer, where it says more than the kind.
fn cause(error: &Error) -> Option<String> {
    if !matches!(error.kind(), ErrorKind::Connect | ErrorKind::Tls | ErrorKind::Interrupted) {
        return None;
    }
    let first = std::error::Error::source(error)?;
    let last = std::iter::successors(Some(first), |cause| cause.source()).last()?;
    Some(last.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use dbss_client::descriptors::API;

    use super::*;

    #[test]
    fn says_whether_an_interrupted_call_may_have_taken_effect() {
        let operation = *API.operations.first().unwrap();
        for (attempts, may_have_taken_effect, expected) in [
            (0, false, "error: interrupted before the request was sent\nnot enabled  a\n"),
            (1, false, "error: interrupted; no request has taken effect\nnot enabled  a\n"),
            (2, true, "error: interrupted; the request may have taken effect\nunknown  a\n"),
        ] {
            let effect = Effect { action: Action::Enable, ids: vec!["a".to_owned()] };
            let call = FailedCall {
                operation,
                names: &[],
                effect: Some(effect),
                dry_run: false,
                attempts,
                may_have_taken_effect,
            };
            let failure = Failure { cause: Cause::Interrupted, call: Some(Box::new(call)) };
            assert_eq!(anstream::adapter::strip_str(&text(&failure)).to_string(), expected);
        }
    }
}
