//! A failure, for people and for scripts.

use std::borrow::Cow;
use std::fmt::Write as _;

use dbss_client::{Error, ErrorDetail, ErrorKind};
use serde::Serialize;
use serde_json::Value;

use super::escape::escape_control;
use super::{problems, usage};
use crate::action::{Action, Verb};
use crate::body::json_or_text;
use crate::colour::{DIM, ERROR, WARNING};
use crate::failure::{Cause, FailedCall, Failure, Input, InputSource, ReadError, TokenSource};

/// The `error` object for scripts.
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
        let error = client_error(failure);
        let message = error.and_then(Error::message).map(Cow::Borrowed);
        Self {
            kind: failure.kind().as_str(),
            operation: call.map(|call| call.operation.id),
            status: error.and_then(Error::status),
            code: error.and_then(Error::code),
            message: message.unwrap_or_else(|| self::message(failure).into()),
            request_id: error.and_then(Error::request_id),
            details: details(error).iter().map(Detail::new).collect(),
            encoded_authorization_message: error.and_then(Error::encoded_authorization_message),
            attempts: call.map(|call| call.attempts),
            body: error.and_then(Error::body).filter(|body| !body.is_empty()).map(json_or_text),
        }
    }
}

impl<'a> Detail<'a> {
    fn new(detail: &'a ErrorDetail) -> Self {
        Self { code: detail.code.as_deref(), message: detail.message.as_deref() }
    }
}

/// The client's error, which has the error response of the service if one arrived.
fn client_error(failure: &Failure) -> Option<&Error> {
    match &failure.cause {
        Cause::Client(error) => Some(error),
        _ => None,
    }
}

fn details(error: Option<&Error>) -> &[ErrorDetail] {
    error.map(Error::details).unwrap_or_default()
}

/// The message, the details of an error response, and a line for each id with what
/// became of it.
pub(super) fn text(failure: &Failure) -> String {
    if let Cause::Usage(error) = &failure.cause {
        return error.render().ansi().to_string();
    }
    let mut text = format!("{ERROR}error:{ERROR:#} {}\n", escape_control(&message(failure)));
    for ErrorDetail { code, message, .. } in details(client_error(failure)) {
        let parts: Vec<_> = code.iter().chain(message).map(|text| escape_control(text)).collect();
        let _ = writeln!(text, "{DIM}detail{DIM:#}  {}", parts.join(": "));
    }
    if let Some(message) = client_error(failure).and_then(Error::encoded_authorization_message) {
        let message = escape_control(message);
        let _ = writeln!(text, "{DIM}encoded authorization message{DIM:#}  {message}");
    }
    let call = failure.call.as_deref();
    let Some(FailedCall { action: Some(Action { verb, ids }), .. }) = call else { return text };
    let may_have_taken_effect = call.is_some_and(|call| call.may_have_taken_effect);
    let (style, label) = match (failure.kind(), may_have_taken_effect) {
        (_, true) => (WARNING, "unknown"),
        (ErrorKind::FailedOutcome, _) => (ERROR, "failed"),
        (_, false) => (ERROR, not_done(*verb)),
    };
    for id in ids {
        let _ = writeln!(text, "{style}{label}{style:#}  {}", escape_control(id));
    }
    text
}

fn not_done(verb: Verb) -> &'static str {
    match verb {
        Verb::Stop => "not stopped",
        Verb::Enable => "not enabled",
        Verb::Disable => "not disabled",
    }
}

/// What went wrong and what can be done about it, on one line.
fn message(failure: &Failure) -> String {
    let call = failure.call.as_deref();
    match &failure.cause {
        Cause::Usage(error) => usage::summary(error),
        Cause::UnknownOperation { name, suggestion } => {
            usage::unknown_operation(name, suggestion.as_deref())
        }
        Cause::StdinReadTwice { first, second } => format!(
            "standard input cannot be both {} and {}: give one of them in another way",
            input_name(*first),
            input_name(*second)
        ),
        Cause::UnreadableInput { input, source, error } => {
            let (input, source) = (input_name(*input), source_name(source));
            format!("cannot read {input} from {source}: {}", read_error(error))
        }
        Cause::BodyNotJson { source: InputSource::Argument, error } => {
            format!("--body is not JSON: {error}")
        }
        Cause::BodyNotJson { source: InputSource::Stdin, error } => {
            format!("the body on standard input is not JSON: {error}")
        }
        Cause::BodyNotJson { source: InputSource::File(path), error } => {
            format!("the body in {} is not JSON: {error}", path.escape_debug())
        }
        Cause::NoIds => "there is no id on standard input".to_owned(),
        Cause::NoEndpoint => "there is no address to call: give --region or --endpoint, or set \
                             DBSS_REGION or DBSS_ENDPOINT"
            .to_owned(),
        Cause::EmptyToken(source) => format!("{} is empty", token_name(*source)),
        Cause::NoCredentials(error) => format!("{error}; DBSS_TOKEN is not set either"),
        Cause::Profile(error) => error.to_string(),
        Cause::Runtime(error) => format!("cannot start: {error}"),
        Cause::Interrupted => interrupted(call).to_owned(),
        Cause::Client(error) => client_message(error, call),
        Cause::OutputNotWritten(error) => {
            format!("the result cannot be written to standard output: {error}")
        }
    }
}

fn input_name(input: Input) -> &'static str {
    match input {
        Input::Token => "the token",
        Input::Ids => "the ids",
        Input::Body => "the body",
    }
}

fn source_name(source: &InputSource) -> Cow<'static, str> {
    match source {
        InputSource::Stdin => "standard input".into(),
        InputSource::File(path) => path.escape_debug().to_string().into(),
        InputSource::Argument => "the command line".into(),
    }
}

fn read_error(error: &ReadError) -> Cow<'static, str> {
    match error {
        ReadError::Io(error) => error.to_string().into(),
        ReadError::TooLarge => "it is larger than 12 MiB".into(),
        ReadError::NotUtf8 => "it is not UTF-8".into(),
    }
}

fn token_name(source: TokenSource) -> &'static str {
    match source {
        TokenSource::Stdin => "the token on standard input",
        TokenSource::Argument => "--token",
        TokenSource::Environment => "DBSS_TOKEN",
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

/// The client's message; problems with inputs get the names of the command line.
fn client_message(error: &Error, call: Option<&FailedCall>) -> String {
    if error.kind() == ErrorKind::InvalidInput && !error.problems().is_empty() {
        return problems::text(error.problems(), call);
    }
    error.to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use dbss_client::contract::API;

    use super::*;

    #[test]
    fn reports_whether_an_interrupted_call_may_have_taken_effect() {
        let operation = *API.operations.first().unwrap();
        for (attempts, may_have_taken_effect, expected) in [
            (0, false, "error: interrupted before the request was sent\nnot enabled  a\n"),
            (1, false, "error: interrupted; no request has taken effect\nnot enabled  a\n"),
            (2, true, "error: interrupted; the request may have taken effect\nunknown  a\n"),
        ] {
            let action = Action { verb: Verb::Enable, ids: vec!["a".to_owned()] };
            let call = FailedCall {
                operation,
                input_names: &[],
                action: Some(action),
                dry_run: false,
                attempts,
                may_have_taken_effect,
            };
            let failure = Failure { cause: Cause::Interrupted, call: Some(Box::new(call)) };
            assert_eq!(anstream::adapter::strip_str(&text(&failure)).to_string(), expected);
        }
    }
}
