//! A failure, for people and for scripts.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use dbss_client::text::{escaped, without_logins};
use dbss_client::{
    ClockSkew, Error, ErrorDetail, ErrorKind, FailedAttempt, Mismatch, Peer, TransportFailure,
    WaitErrorKind,
};
use serde::Serialize;

use super::body::ABSENT;
use super::table::table;
use super::words::words;
use super::{problems, shown_word, success, usage, wait};
use crate::action::Action;
use crate::body::Body;
use crate::colour::{DIM, ERROR, WARNING};
use crate::failure::{
    Cause, ContractKey, FailedCall, Failure, FailureKind, IdPosition, Input, InputSource,
    LoginPart, ReadError, TokenSource,
};
use crate::instances::{KnownInstance, NotOneInstance};
use crate::wait::Seen;

/// The `error` object for scripts.
#[derive(Serialize)]
#[allow(clippy::struct_excessive_bools, reason = "each is a field of the object")]
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
    may_have_taken_effect: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    accepted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    wait: Option<WaitReport<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instances: Option<&'a [KnownInstance]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uncertain_attempt: Option<UncertainAttempt<'a>>,
    retryable: bool,
    /// In seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'static str>,
    /// In seconds; positive if this machine's clock is ahead.
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_skew: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<FailedConnection<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mismatch: Option<FieldMismatch<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    emulator_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Body>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    body_truncated: bool,
}

#[derive(Serialize)]
struct Detail<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
}

/// The attempt that may have taken effect, before those that did not.
#[derive(Serialize)]
struct UncertainAttempt<'a> {
    number: u32,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<FailedConnection<'a>>,
}

/// Why there was no response.
#[derive(Serialize)]
struct FailedConnection<'a> {
    peer: &'static str,
    host: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    reason: &'a str,
}

/// What was seen of what the call started.
#[derive(Serialize)]
struct WaitReport<'a> {
    looks: u32,
    /// From the response to the last look.
    seconds: u64,
    state: BTreeMap<&'static str, &'a str>,
}

impl<'a> WaitReport<'a> {
    fn new(seen: &'a Seen) -> Self {
        let state = seen.state.iter().map(|(field, value)| (*field, value.as_str())).collect();
        Self { looks: seen.looks, seconds: seen.elapsed.as_secs(), state }
    }
}

/// Where a success response does not match the contract.
#[derive(Serialize)]
struct FieldMismatch<'a> {
    /// Empty for the body itself.
    path: &'a str,
    reason: &'a str,
}

impl<'a> FieldMismatch<'a> {
    fn new(mismatch: &'a Mismatch) -> Self {
        Self { path: mismatch.path(), reason: mismatch.reason() }
    }
}

impl<'a> UncertainAttempt<'a> {
    fn new(attempt: &'a FailedAttempt) -> Self {
        Self {
            number: attempt.number(),
            kind: attempt.kind().as_str(),
            status: attempt.status(),
            code: attempt.code(),
            cause: attempt.transport_failure().map(FailedConnection::new),
        }
    }
}

impl<'a> FailedConnection<'a> {
    fn new(failure: &'a TransportFailure) -> Self {
        let peer = match failure.peer() {
            Peer::Iam => "iam",
            Peer::Proxy => "proxy",
            _ => "service",
        };
        Self { peer, host: failure.host(), port: failure.port(), reason: failure.reason() }
    }
}

fn seconds_ahead(skew: ClockSkew) -> i64 {
    let seconds = i64::try_from(skew.difference().as_secs()).unwrap_or(i64::MAX);
    if skew.is_ahead() { seconds } else { -seconds }
}

impl<'a> Report<'a> {
    pub(super) fn new(failure: &'a Failure) -> Self {
        let call = failure.call.as_deref();
        let done = call.and_then(|call| call.done.as_ref());
        let error = failure.client_error();
        // What the service says may be about something else than the call.
        let is_of_call =
            !matches!(failure.cause, Cause::Wait(_) | Cause::InstanceNotLookedUp { .. });
        let message = error.filter(|_| is_of_call).and_then(Error::message).map(Cow::Borrowed);
        let bytes = error.and_then(Error::body).filter(|body| !body.is_empty());
        let body = bytes.map(Body::read);
        let is_beginning = |body: &Body| {
            error.is_some_and(Error::is_body_truncated)
                || bytes.is_some_and(|bytes| body.is_beginning_of(bytes))
        };
        Self {
            kind: failure.kind().as_str(),
            operation: call.map(|call| call.operation.id),
            status: error.and_then(Error::status).or(done.and_then(|done| done.status)),
            code: error.and_then(Error::code),
            message: message.unwrap_or_else(|| self::message(failure).into()),
            request_id: error
                .and_then(Error::request_id)
                .or(done.and_then(|done| done.request_id.as_deref())),
            details: details(error).iter().map(Detail::new).collect(),
            encoded_authorization_message: error.and_then(Error::encoded_authorization_message),
            may_have_taken_effect: failure.may_have_taken_effect(),
            accepted: failure.is_accepted(),
            wait: call.and_then(|call| call.wait.as_ref()).map(WaitReport::new),
            instances: match &failure.cause {
                Cause::NotOneInstance(found) => Some(&found.instances),
                _ => None,
            },
            uncertain_attempt: error.and_then(Error::uncertain_attempt).map(UncertainAttempt::new),
            retryable: error.is_some_and(Error::is_retryable),
            retry_after: error.and_then(Error::retry_after).map(|wait| wait.as_secs()),
            advice: error.and_then(Error::advice),
            clock_skew: error.and_then(Error::clock_skew).map(seconds_ahead),
            cause: error.and_then(Error::transport_failure).map(FailedConnection::new),
            mismatch: error.and_then(Error::mismatch).map(FieldMismatch::new),
            page_title: error.and_then(Error::page_title),
            emulator_reason: error.and_then(emulator_reason),
            attempts: call.map(|call| call.attempts),
            body_truncated: body.as_ref().is_some_and(is_beginning),
            body: body.or_else(|| done?.body.clone()),
        }
    }
}

impl<'a> Detail<'a> {
    fn new(detail: &'a ErrorDetail) -> Self {
        Self { code: detail.code.as_deref(), message: detail.message.as_deref() }
    }
}

fn details(error: Option<&Error>) -> &[ErrorDetail] {
    error.map(Error::details).unwrap_or_default()
}

/// What dbss-emulator says about its response, beyond what the service would say.
fn emulator_reason(error: &Error) -> Option<&str> {
    error.header("x-dbss-emulator-reason").filter(|reason| !reason.is_empty())
}

/// The message, the details of an error response, and a line for each id with what
/// became of it.
pub(super) fn text(failure: &Failure, verbose: bool) -> String {
    if let Cause::Usage { error, words } = &failure.cause {
        return usage::text(error, words);
    }
    let mut text = format!("{ERROR}error:{ERROR:#} {}\n", escaped(&message(failure)));
    if let Some(error) = failure.client_error() {
        write_details(error, verbose, &mut text);
    }
    if let Cause::NotOneInstance(found) = &failure.cause
        && !found.instances.is_empty()
    {
        text.push_str(&instances_table(&found.instances));
    }
    let Some(call) = failure.call.as_deref() else { return text };
    if let Some(done) = &call.done {
        return text + &success::text(done, None).stdout;
    }
    let Some(Action { verb, ids, name }) = &call.action else { return text };
    let (style, label) = match (failure.kind(), call.may_have_taken_effect) {
        (_, true) if failure.is_accepted() => (WARNING, "accepted"),
        (_, true) => (WARNING, "unknown"),
        (FailureKind::Call(ErrorKind::FailedOutcome), _) => (ERROR, "failed"),
        (_, false) => (ERROR, words(*verb).not_done),
    };
    for id in ids {
        let id = success::shown_id(id, name.as_deref());
        let _ = writeln!(text, "{style}{label}{style:#}  {id}");
    }
    text
}

/// How many instances are listed when none is meant.
const MOST_INSTANCES: usize = 20;

/// The instances that there are.
fn instances_table(instances: &[KnownInstance]) -> String {
    let cell = |text: &Option<String>| text.clone().unwrap_or_else(|| ABSENT.to_owned());
    let row = |it: &KnownInstance| vec![cell(&it.id), cell(&it.name), cell(&it.status)];
    let rows: Vec<_> = instances.iter().take(MOST_INSTANCES).map(row).collect();
    let mut text = table(&["id", "name", "status"], &rows, None, None).text;
    if let Some(more) = instances.len().checked_sub(MOST_INSTANCES).filter(|more| *more > 0) {
        let _ = writeln!(text, "{DIM}and {more} more; `dbss instance list` has them{DIM:#}");
    }
    text
}

/// What an error response says beside its message.
fn write_details(error: &Error, verbose: bool, text: &mut String) {
    // Writing to a string does not fail.
    let mut write = |name: &str, value: &str| {
        let _ = writeln!(text, "{DIM}{name}{DIM:#}  {}", escaped(value));
    };
    for ErrorDetail { code, message, .. } in error.details() {
        let parts: Vec<_> = code.iter().chain(message).map(String::as_str).collect();
        write("detail", &parts.join(": "));
    }
    if let Some(message) = error.encoded_authorization_message() {
        write("encoded authorization message", message);
    }
    if !verbose {
        return;
    }
    if let Some(reason) = emulator_reason(error) {
        write("reason of the emulator", reason);
    }
    // An error response that could be read is in the message already.
    let is_read = error.code().is_some() || error.message().is_some();
    let bytes = error.body().unwrap_or_default();
    if !bytes.is_empty() && (error.kind() != ErrorKind::Api || !is_read) {
        let body = Body::read(bytes);
        for line in body.as_text().lines() {
            write("body", line);
        }
        if error.is_body_truncated() || body.is_beginning_of(bytes) {
            write("body", "…");
        }
    }
}

/// What went wrong and what can be done about it, on one line and without the passwords of
/// addresses.
pub(super) fn message(failure: &Failure) -> String {
    without_logins(&cause_text(failure)).into_owned()
}

fn cause_text(failure: &Failure) -> String {
    let call = failure.call.as_deref();
    match &failure.cause {
        Cause::Usage { error, words } => usage::summary(error, words),
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
        Cause::BodyNotJson { source: InputSource::File(path), error } => {
            format!("the body in {} is not JSON: {error}", shown_word(path))
        }
        Cause::BodyNotJson { source, error } => {
            format!("the body on {} is not JSON: {error}", source_name(source))
        }
        Cause::NoIds => "there is no id on standard input".to_owned(),
        Cause::NoEndpoint => "there is no address to call: give --region or --endpoint, or set \
                             DBSS_REGION or DBSS_ENDPOINT"
            .to_owned(),
        Cause::NotAnId { word, character, position } => not_an_id(word, *character, *position),
        Cause::InvalidVariable { name, expected } => format!("{name} is not {expected}"),
        Cause::EmptyToken(source) => format!("{} is empty", token_name(*source)),
        Cause::IncompleteLogin(part) => incomplete_login(*part).to_owned(),
        Cause::NoCredentials(error) => format!("{error}; DBSS_TOKEN is not set either"),
        Cause::Profile(error) => error.to_string(),
        Cause::Runtime(error) => format!("cannot start: {error}"),
        Cause::Interrupted => match done(call) {
            Some(done) => format!("interrupted before all of the result was written; {done}"),
            None => interrupted(call),
        },
        Cause::NoIdsToPrint => {
            "--output ids is for lists: `instance list`, `policy list` and `regions`".to_owned()
        }
        Cause::NameInDryRun(named) => format!(
            "a dry run sends nothing, so `{}` cannot be looked up: give the id of the instance",
            shown_word(named)
        ),
        Cause::NotOneInstance(found) => not_one_instance(found),
        Cause::InstanceNotLookedUp { named, error } => format!(
            "cannot look up the instance `{}`, whose id would do instead: {}",
            shown_word(named),
            client_message(error, call)
        ),
        Cause::ContractLacks { operation, key: ContractKey::Pages } => {
            format!("the contract does not say how {} is paged", operation.id)
        }
        Cause::ContractLacks { operation, key: ContractKey::Completion } => {
            format!("the contract does not say how the end of {} is seen", operation.id)
        }
        Cause::Client(error) => client_message(error, call),
        Cause::Wait(error) => match (error.kind(), error.error()) {
            (WaitErrorKind::Start, Some(error)) => client_message(error, call),
            _ => format!("{error}; `dbss instance list` shows the state"),
        },
        Cause::OutputNotWritten(error) => {
            let done = done(call).map(|done| format!("; {done}")).unwrap_or_default();
            format!("the result cannot be written to standard output: {error}{done}")
        }
    }
}

fn not_an_id(word: &str, character: Option<char>, position: IdPosition) -> String {
    let (place, separated) = match position {
        IdPosition::Argument => ("SCOPE_ID".to_owned(), "an argument for each"),
        IdPosition::Line(line) => {
            (format!("line {line} of standard input"), "blanks or line breaks between them")
        }
    };
    let reason = match character {
        Some(character) => format!("has the character {character:?}"),
        None => "is not an id".to_owned(),
    };
    let word = shown_word(word);
    format!(
        "{place}: `{word}` {reason}; give ids alone, with {separated}, no quotes, commas or comments"
    )
}

fn incomplete_login(part: LoginPart) -> &'static str {
    match part {
        LoginPart::User => {
            "the login has no user: set DBSS_USER or give --user; DBSS_ACCOUNT and DBSS_PASSWORD \
             belong to it"
        }
        LoginPart::Account => {
            "the login has no account: set DBSS_ACCOUNT or give --account; it is the name of the \
             account that the IAM user belongs to"
        }
        LoginPart::Password => {
            "the login has no password: set DBSS_PASSWORD, or run this on a terminal, which is \
             asked then"
        }
    }
}

fn input_name(input: Input) -> &'static str {
    match input {
        Input::Token => "the token",
        Input::Password => "the password",
        Input::Profile => "the profile",
        Input::Certificates => "certificates",
        Input::Ids => "the ids",
        Input::Body => "the body",
    }
}

fn source_name(source: &InputSource) -> Cow<'static, str> {
    match source {
        InputSource::Stdin => "standard input".into(),
        InputSource::Terminal => "the terminal".into(),
        InputSource::File(path) => shown_word(path).into(),
        InputSource::CertificateFiles => "the files of --ca-file and SSL_CERT_FILE".into(),
        InputSource::Argument => "the command line".into(),
    }
}

fn read_error(error: &ReadError) -> Cow<'static, str> {
    match error {
        ReadError::Io(error) => error.to_string().into(),
        ReadError::TooLarge => "it is larger than 12 MiB".into(),
        ReadError::NotUtf8 => "it is not UTF-8".into(),
        ReadError::TimedOut => "it did not end within the time limit, which --timeout sets".into(),
        ReadError::NoTerminal => "there is none".into(),
    }
}

fn token_name(source: TokenSource) -> &'static str {
    match source {
        TokenSource::Stdin => "the token on standard input",
        TokenSource::Argument => "--token",
        TokenSource::Environment => "DBSS_TOKEN",
    }
}

/// What became of a call whose result cannot be written.
fn done(call: Option<&FailedCall>) -> Option<&'static str> {
    let done = call?.done.as_ref()?;
    Some(if done.is_only_accepted() { "the call was accepted" } else { "the call succeeded" })
}

fn interrupted(call: Option<&FailedCall>) -> String {
    match call {
        Some(FailedCall { wait: Some(seen), .. }) if seen.is_accepted => {
            let seen = wait::last_seen(seen);
            format!("interrupted; the request was accepted, and goes on without this command{seen}")
        }
        Some(FailedCall { may_have_taken_effect: true, .. }) => {
            "interrupted; the request may have taken effect".to_owned()
        }
        Some(FailedCall { attempts: 1.., .. }) => {
            "interrupted; no request has taken effect".to_owned()
        }
        _ => "interrupted before the request was sent".to_owned(),
    }
}

/// What there is instead of the instance that was named.
fn not_one_instance(found: &NotOneInstance) -> String {
    let (named, count) = (shown_word(&found.named), found.instances.len());
    match count {
        _ if found.is_ambiguous => {
            format!("{count} instances have the name `{named}`: give the id of one of them")
        }
        0 => format!("no instance has the id or name `{named}`: the project has none"),
        _ => format!("no instance has the id or name `{named}`: the project has these"),
    }
}

/// The client's message; problems with inputs get the names of the command line.
fn client_message(error: &Error, call: Option<&FailedCall>) -> String {
    if error.kind() == ErrorKind::InvalidInput && !error.problems().is_empty() {
        return problems::text(error.problems(), call);
    }
    // Without a project, what IAM is asked for is the project.
    let is_look_up = error.kind() == ErrorKind::Credentials
        && call.is_some_and(|call| !call.has_project && call.attempts == 0);
    let help = if is_look_up { "; --project-id or DBSS_PROJECT_ID gives it" } else { "" };
    format!("{error}{help}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use dbss_client::contract::API;

    use super::*;
    use crate::action::Verb;

    #[test]
    fn reports_whether_an_interrupted_call_may_have_taken_effect() {
        let operation = *API.operations.first().unwrap();
        for (attempts, may_have_taken_effect, expected) in [
            (0, false, "error: interrupted before the request was sent\nnot enabled  a\n"),
            (1, false, "error: interrupted; no request has taken effect\nnot enabled  a\n"),
            (2, true, "error: interrupted; the request may have taken effect\nunknown  a\n"),
        ] {
            let action = Action { verb: Verb::Enable, ids: vec!["a".to_owned()], name: None };
            let call = FailedCall {
                operation,
                input_names: &[],
                action: Some(action),
                dry_run: false,
                has_project: true,
                attempts,
                may_have_taken_effect,
                wait: None,
                done: None,
            };
            let failure = Failure { cause: Cause::Interrupted, call: Some(Box::new(call)) };
            let text = text(&failure, false);
            assert_eq!(anstream::adapter::strip_str(&text).to_string(), expected);
        }
    }
}
