//! Why a command has no result, as data. `render` has the words.

use std::io;

use dbss_client::descriptor::Operation;
use dbss_client::{Error, ErrorKind, Problem, Source};

use crate::effect::Effect;

/// Why a command has no result.
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    /// The call that failed, or was not made; none for other commands.
    pub(crate) call: Option<Box<FailedCall>>,
}

/// What went wrong.
pub(crate) enum Cause {
    /// The command line cannot be read.
    Usage(clap::Error),
    UnknownOperation {
        given: String,
        meant: Option<String>,
    },
    /// Standard input can be read once only.
    StdinTwice {
        first: Input,
        second: Input,
    },
    Unreadable {
        input: Input,
        place: Place,
        error: ReadError,
    },
    BodyNotJson {
        place: Place,
        error: serde_json::Error,
    },
    NoIds,
    /// Neither a region nor an endpoint says where the service is.
    NoAddress,
    EmptyToken(TokenPlace),
    /// The environment and the profile file have none.
    NoCredentials(Error),
    /// The profile that was named cannot be used.
    Profile(Error),
    /// The asynchronous runtime does not start.
    Runtime(io::Error),
    /// The command was told to stop.
    Interrupted,
    /// The client says so.
    Client(Error),
    /// The command is done, and the result cannot be written.
    Unwritten(io::Error),
}

/// What is read for a call.
#[derive(Clone, Copy)]
pub(crate) enum Input {
    Token,
    Ids,
    Body,
}

/// Where an input is read from.
pub(crate) enum Place {
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

/// Where a token was given.
#[derive(Clone, Copy)]
pub(crate) enum TokenPlace {
    Stdin,
    Argument,
    Environment,
}

/// The call that failed.
pub(crate) struct FailedCall {
    pub(crate) operation: &'static Operation,
    /// What the inputs are called on the command line, where that is neither
    /// their flag nor the name of a field.
    pub(crate) names: &'static [(&'static str, &'static str)],
    /// What was to be done to what; none for `dbss api`, and where the inputs that
    /// say so could not be read.
    pub(crate) effect: Option<Effect>,
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
    /// The kind, as scripts read it.
    pub(crate) fn kind(&self) -> ErrorKind {
        match &self.cause {
            Cause::EmptyToken(_) | Cause::NoCredentials(_) | Cause::Profile(_) => {
                ErrorKind::Credentials
            }
            // Whether it is done or not, there is no result.
            Cause::Interrupted | Cause::Unwritten(_) => ErrorKind::Interrupted,
            // The client takes credentials that do not fit for an input like others.
            Cause::Client(error) if is_about_credentials(error) => ErrorKind::Credentials,
            Cause::Client(error) => error.kind(),
            _ => ErrorKind::InvalidInput,
        }
    }

    /// The exit code, which scripts can tell failures apart by.
    pub(crate) fn exit_code(&self) -> u8 {
        match self.kind() {
            ErrorKind::Api | ErrorKind::FailedOutcome => 1,
            ErrorKind::InvalidInput => 2,
            ErrorKind::Credentials => 4,
            // Connect, Timeout, Tls, Interrupted, InvalidResponse: no usable answer.
            _ => 3,
        }
    }
}

/// Whether nothing but the credentials is wrong.
fn is_about_credentials(error: &Error) -> bool {
    let problems = error.problems();
    error.kind() == ErrorKind::InvalidInput
        && !problems.is_empty()
        && problems.iter().all(is_credentials)
}

fn is_credentials(problem: &Problem) -> bool {
    problem.source() == Source::Configuration && problem.field() == "credentials"
}
