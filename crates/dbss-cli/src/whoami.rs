//! `dbss whoami`: what a call would be made with, and whether that works.

use std::time::SystemTime;

use dbss_client::text::MASK;
use dbss_client::{Arguments, Client, Credentials, CredentialsKind, Error, ErrorKind, contract};
use jiff::fmt::rfc2822::DateTimeParser;
use serde_json::Value;

use crate::client;
use crate::credentials::{self, Found};
use crate::failure::{Cause, FailedCall, Failure};
use crate::global_options::GlobalOptions;
use crate::input::Reader;
use crate::output::{Output, Warning};
use crate::progress::Progress;
use crate::settings::{self, Settings};
use crate::setup::{Fact, Setup, Subject, Trouble, subject_of};
use crate::signals::Interrupts;

/// The name of the command.
pub(crate) const COMMAND: &str = "whoami";

/// Its help.
pub(crate) const ABOUT: &str =
    "Show which credentials, addresses and project are used, and whether a harmless call works";

/// How much of the id of an access key is shown.
const SHOWN: usize = 4;

/// Looks at everything, unless it is interrupted.
pub(crate) async fn run(
    options: &GlobalOptions,
    warn: &mut dyn FnMut(Warning),
    interrupts: &mut Interrupts,
) -> Result<Output, Failure> {
    let shown = Progress::new(options);
    let result = tokio::select! {
        biased;
        () = interrupts.next() => Err(Cause::Interrupted),
        result = look(options, &shown, warn) => result,
    };
    result.map(Output::WhoAmI).map_err(Failure::from)
}

async fn look(
    options: &GlobalOptions,
    shown: &Progress,
    warn: &mut dyn FnMut(Warning),
) -> Result<Setup, Cause> {
    let settings = Settings::new(options)?;
    let region = settings.region.clone();
    let mut reader = Reader::new(settings.timeout);
    let mut setup = Setup(Vec::new());
    for subject in [
        Subject::Credentials,
        Subject::Region,
        Subject::Endpoint,
        Subject::IamEndpoint,
        Subject::Proxy,
        Subject::Project,
        Subject::Clock,
        Subject::List,
    ] {
        setup.set(subject, Ok(Fact::NotChecked));
    }
    let found = credentials::find(options, &mut reader, warn).await;
    let has_credentials = found.is_ok();
    let credentials = match found {
        Ok(Found { credentials, source }) => {
            let (kind, key) = (credentials.kind(), credentials.access_key_id().map(beginning));
            setup.set(Subject::Credentials, Ok(Fact::Credentials { kind, key, source }));
            credentials
        }
        Err(cause) => {
            setup.set(Subject::Credentials, Err(Trouble::Failure(cause.into())));
            // For the addresses; nothing is sent.
            Credentials::token(MASK)
        }
    };
    match client::build(settings, credentials, shown, &reader, warn).await {
        Ok(client) => {
            addresses(&client, &mut setup);
            if has_credentials && !options.dry_run {
                call(options, &client, &mut setup).await;
            }
        }
        Err(cause) => {
            setup.set(Subject::Region, Ok(region.map_or(Fact::None, Fact::Given)));
            not_built(cause, &mut setup);
        }
    }
    Ok(setup)
}

/// What the client says of itself.
fn addresses(client: &Client, setup: &mut Setup) {
    let given = |text: Option<String>| Ok(text.map_or(Fact::None, Fact::Given));
    setup.set(Subject::Region, given(client.region().map(str::to_owned)));
    setup.set(Subject::Endpoint, given(Some(client.endpoint().to_owned())));
    setup.set(Subject::IamEndpoint, given(Some(client.iam_endpoint().to_owned())));
    setup.set(Subject::Proxy, given(client.proxy()));
    if let Some(project) = client.project_id() {
        setup.set(Subject::Project, given(Some(project)));
    }
}

/// Makes a call that changes nothing.
async fn call(options: &GlobalOptions, client: &Client, setup: &mut Setup) {
    let operation = &contract::LIST_AUDIT_INSTANCES_LAST;
    let arguments = Arguments::new().parameter("limit", "1");
    let called = operation.invoke(client, arguments).await;
    let date = match &called {
        Ok(response) => response.header("date"),
        Err(error) => error.header("date"),
    };
    if let Some(ahead) = date.and_then(seconds_ahead) {
        setup.set(Subject::Clock, Ok(Fact::ClockAhead(ahead)));
    }
    if let Some(project) = client.project_id() {
        setup.set(Subject::Project, Ok(Fact::Given(project)));
    }
    let error = match called {
        Ok(response) => {
            let total = response.value().get("total").and_then(Value::as_u64);
            setup.set(Subject::List, Ok(Fact::Instances(total)));
            return;
        }
        Err(error) => error,
    };
    let subject = subject_of_error(&error, client.project_id().is_some(), setup);
    let call = FailedCall {
        operation,
        input_names: &[],
        action: None,
        dry_run: false,
        has_project: settings::project_id(options).is_some(),
        attempts: error.attempts(),
        may_have_taken_effect: false,
        wait: None,
        done: None,
    };
    let failure = Failure { cause: Cause::Client(error), call: Some(Box::new(call)) };
    setup.set(subject, Err(Trouble::Failure(failure)));
}

/// What is to be put right after that error of a call.
fn subject_of_error(error: &Error, has_project: bool, setup: &Setup) -> Subject {
    use CredentialsKind::{Login, Provider};
    // Their identity is asked for when a call needs it.
    let is_login = setup.0.iter().any(|entry| {
        matches!(&entry.result, Ok(Fact::Credentials { kind: Some(Login | Provider), .. }))
    });
    match error.kind() {
        ErrorKind::Credentials | ErrorKind::CredentialsUnavailable if is_login => {
            Subject::Credentials
        }
        ErrorKind::Credentials | ErrorKind::CredentialsUnavailable if !has_project => {
            Subject::Project
        }
        ErrorKind::InvalidInput => Subject::Project,
        _ => Subject::List,
    }
}

/// Why there is no client.
fn not_built(cause: Cause, setup: &mut Setup) {
    match cause {
        Cause::Client(error) if !error.problems().is_empty() => {
            for problem in error.problems() {
                let trouble = Trouble::Problem(problem.clone());
                setup.set(subject_of(problem), Err(trouble));
            }
        }
        cause => setup.set(Subject::Endpoint, Err(Trouble::Failure(cause.into()))),
    }
}

/// The beginning of the id of an access key; a short one is masked whole. It is no secret, but a
/// secret may have been given in its place.
pub(crate) fn beginning(id: &str) -> String {
    let shown: String = id.chars().take(SHOWN).collect();
    let is_long = id.chars().count() > 2 * SHOWN;
    if is_long { shown + MASK } else { MASK.to_owned() }
}

/// How far this machine's clock is ahead of that time.
fn seconds_ahead(date: &str) -> Option<i64> {
    let there = DateTimeParser::new().parse_timestamp(date).ok()?.as_second();
    let here = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(i64::try_from(here.as_secs()).ok()? - there)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_beginning_of_an_id_and_no_more() {
        for (id, shown) in [
            ("EMULATORAK0123456789", "EMUL***"),
            ("ABCDEFGHI", "ABCD***"),
            ("ABCDEFGH", "***"),
            ("", "***"),
        ] {
            assert_eq!(beginning(id), shown);
        }
    }
}
