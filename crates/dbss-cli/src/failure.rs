//! Why a command failed, as data, with its exit code; `render` turns it into text.

use std::io;

use dbss_client::descriptor::Operation;
use dbss_client::{Error, ErrorKind, InputLocation, Problem};

use crate::action::Action;

/// Why a command failed.
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    /// The call that failed or was not made; none for commands that make no call.
    pub(crate) call: Option<Box<FailedCall>>,
}

/// What went wrong.
pub(crate) enum Cause {
    /// clap rejects the command line.
    Usage(clap::Error),
    UnknownOperation {
        name: String,
        suggestion: Option<String>,
    },
    /// Two inputs are to be read from standard input, which can be read once only.
    StdinReadTwice {
        first: Input,
        second: Input,
    },
    UnreadableInput {
        input: Input,
        source: InputSource,
        error: ReadError,
    },
    BodyNotJson {
        source: InputSource,
        error: serde_json::Error,
    },
    /// Standard input, where the ids should come from, has none.
    NoIds,
    /// Neither a region nor an endpoint is given.
    NoEndpoint,
    EmptyToken(TokenSource),
    /// Neither the environment nor the profile file has credentials.
    NoCredentials(Error),
    /// The profile that `--profile` names cannot be used.
    Profile(Error),
    /// The asynchronous runtime does not start.
    Runtime(io::Error),
    /// A signal ended the command.
    Interrupted,
    /// The client returned an error.
    Client(Error),
    /// The command succeeded, but its output cannot be written.
    OutputNotWritten(io::Error),
}

/// A value that can be read from standard input.
#[derive(Clone, Copy)]
pub(crate) enum Input {
    Token,
    Ids,
    Body,
}

/// Where an input is read from.
pub(crate) enum InputSource {
    Stdin,
    File(String),
    Argument,
}

/// Why an input cannot be read.
pub(crate) enum ReadError {
    Io(io::Error),
    TooLarge,
    NotUtf8,
}

/// Where a token comes from.
#[derive(Clone, Copy)]
pub(crate) enum TokenSource {
    Stdin,
    Argument,
    Environment,
}

/// The call that failed.
pub(crate) struct FailedCall {
    pub(crate) operation: &'static Operation,
    /// The names of inputs on the command line, by their names in the contract,
    /// where the two differ by more than the spelling of a flag.
    pub(crate) input_names: &'static [(&'static str, &'static str)],
    /// None for `dbss api`, and if the inputs could not be read.
    pub(crate) action: Option<Action>,
    pub(crate) dry_run: bool,
    pub(crate) attempts: u32,
    pub(crate) may_have_taken_effect: bool,
}

impl From<Cause> for Failure {
    fn from(cause: Cause) -> Self {
        Self { cause, call: None }
    }
}

impl Failure {
    /// The kind, which is part of the output for scripts.
    pub(crate) fn kind(&self) -> ErrorKind {
        match &self.cause {
            Cause::EmptyToken(_) | Cause::NoCredentials(_) | Cause::Profile(_) => {
                ErrorKind::Credentials
            }
            // The call may have succeeded, but its response does not reach the caller.
            Cause::Interrupted | Cause::OutputNotWritten(_) => ErrorKind::Interrupted,
            // The client reports invalid credentials as an invalid input.
            Cause::Client(error) if concerns_only_credentials(error) => ErrorKind::Credentials,
            Cause::Client(error) => error.kind(),
            _ => ErrorKind::InvalidInput,
        }
    }

    /// The exit code, as the README documents it.
    pub(crate) fn exit_code(&self) -> u8 {
        match self.kind() {
            ErrorKind::Api | ErrorKind::FailedOutcome => 1,
            ErrorKind::InvalidInput => 2,
            ErrorKind::Credentials => 4,
            // Connect, Timeout, Tls, Interrupted, InvalidResponse, CredentialsUnavailable: no
            // usable response.
            _ => 3,
        }
    }
}

/// Whether every problem concerns the credentials.
fn concerns_only_credentials(error: &Error) -> bool {
    let problems = error.problems();
    error.kind() == ErrorKind::InvalidInput
        && !problems.is_empty()
        && problems.iter().all(concerns_credentials)
}

fn concerns_credentials(problem: &Problem) -> bool {
    problem.location() == InputLocation::Configuration && problem.field() == "credentials"
}
