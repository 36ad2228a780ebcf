//! Why a command failed, as data, with its exit status; `render` turns it into text.

use std::io;

use dbss_client::descriptor::Operation;
use dbss_client::{Error, ErrorKind, InputLocation, Problem, WaitError, WaitErrorKind};

use crate::action::Action;
use crate::exit_status::ExitStatus;
use crate::instances::NotOneInstance;
use crate::success::Success;
use crate::wait::Seen;

/// Why a command failed.
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    /// The call that failed or was not made; none for commands that make no call.
    pub(crate) call: Option<Box<FailedCall>>,
}

/// What went wrong.
pub(crate) enum Cause {
    /// clap rejects the command line, whose words are kept beside.
    Usage {
        error: clap::Error,
        words: Vec<String>,
    },
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
    /// A list of ids has a word that is none, as in a list of another format.
    NotAnId {
        word: String,
        /// The first character that no id has, if it is for one.
        character: Option<char>,
        position: IdPosition,
    },
    /// Neither a region nor an endpoint is given.
    NoEndpoint,
    /// The environment variable has a value that it cannot have.
    InvalidVariable {
        name: &'static str,
        /// What it should hold, as in "a time like 30s".
        expected: &'static str,
    },
    EmptyToken(TokenSource),
    /// A login of an IAM user lacks that part.
    IncompleteLogin(LoginPart),
    /// Neither the environment nor the profile file has credentials.
    NoCredentials(Error),
    /// The profile that `--profile` names cannot be used.
    Profile(Error),
    /// The asynchronous runtime does not start.
    Runtime(io::Error),
    /// A signal ended the command.
    Interrupted,
    /// `--output ids` of something that is no list.
    NoIdsToPrint,
    /// `--dry-run` with an instance whose id would have to be looked up.
    NameInDryRun(String),
    /// No instance has the id or name, or several have the name.
    NotOneInstance(Box<NotOneInstance>),
    /// The instances cannot be listed, so that the name is not known.
    InstanceNotLookedUp {
        named: String,
        error: Error,
    },
    /// The contract that the command was built from does not say what it needs.
    ContractLacks {
        operation: &'static Operation,
        key: ContractKey,
    },
    /// The client returned an error.
    Client(Error),
    /// What a call started is not done.
    Wait(WaitError),
    /// The command succeeded, but its output cannot be written.
    OutputNotWritten(io::Error),
}

/// A key of the contract.
#[derive(Clone, Copy)]
pub(crate) enum ContractKey {
    Pages,
    Completion,
}

/// A value that is read from somewhere.
#[derive(Clone, Copy)]
pub(crate) enum Input {
    Token,
    Password,
    Profile,
    Certificates,
    Ids,
    Body,
}

/// Where a word stands that should be an id.
#[derive(Clone, Copy)]
pub(crate) enum IdPosition {
    Argument,
    /// The line of standard input, counted from one.
    Line(usize),
}

/// A part of a login.
#[derive(Clone, Copy)]
pub(crate) enum LoginPart {
    User,
    Account,
    Password,
}

/// Where an input is read from.
pub(crate) enum InputSource {
    Stdin,
    Terminal,
    File(String),
    /// The files of `--ca-file`, and the one that `SSL_CERT_FILE` names.
    CertificateFiles,
    Argument,
}

/// Why an input cannot be read.
pub(crate) enum ReadError {
    Io(io::Error),
    TooLarge,
    NotUtf8,
    /// It did not end within the time limit.
    TimedOut,
    /// The process has no terminal to ask on.
    NoTerminal,
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
    /// Whether a project was given, so that it need not be looked up.
    pub(crate) has_project: bool,
    pub(crate) attempts: u32,
    pub(crate) may_have_taken_effect: bool,
    /// What was seen of what the call started, if somebody waited.
    pub(crate) wait: Option<Seen>,
    /// The call succeeded, and what failed is to print that.
    pub(crate) done: Option<Success>,
}

impl From<Cause> for Failure {
    fn from(cause: Cause) -> Self {
        Self { cause, call: None }
    }
}

/// The kind of a failure, which is part of the output for scripts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// A kind of the client's errors.
    Call(ErrorKind),
    /// What a call started is not done, or is not known to be.
    NotDone,
    /// The output cannot be written.
    Output,
}

impl FailureKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Call(kind) => kind.as_str(),
            Self::NotDone => "not_done",
            Self::Output => "output",
        }
    }
}

impl Failure {
    pub(crate) fn kind(&self) -> FailureKind {
        FailureKind::Call(match &self.cause {
            Cause::OutputNotWritten(_) => return FailureKind::Output,
            Cause::EmptyToken(_)
            | Cause::IncompleteLogin(_)
            | Cause::NoCredentials(_)
            | Cause::Profile(_) => ErrorKind::Credentials,
            Cause::Interrupted => ErrorKind::Interrupted,
            Cause::UnreadableInput { error: ReadError::TimedOut, .. } => ErrorKind::Timeout,
            // The client reports invalid credentials as an invalid input.
            Cause::Client(error) if concerns_only_credentials(error) => ErrorKind::Credentials,
            Cause::Client(error) | Cause::InstanceNotLookedUp { error, .. } => error.kind(),
            Cause::Wait(error) => match (error.kind(), error.error()) {
                (WaitErrorKind::Start, Some(error)) => error.kind(),
                (WaitErrorKind::Failed, _) => ErrorKind::FailedOutcome,
                _ => return FailureKind::NotDone,
            },
            _ => ErrorKind::InvalidInput,
        })
    }

    /// Whether the call may have taken effect, or has.
    pub(crate) fn may_have_taken_effect(&self) -> bool {
        self.call.as_ref().is_some_and(|call| call.may_have_taken_effect)
    }

    /// The client's error, which has the error response of the service if one arrived.
    pub(crate) fn client_error(&self) -> Option<&Error> {
        match &self.cause {
            Cause::Client(error) | Cause::InstanceNotLookedUp { error, .. } => Some(error),
            Cause::Wait(error) => error.error(),
            _ => None,
        }
    }

    /// Whether the service accepted the call, and it is not known what came of it.
    pub(crate) fn is_accepted(&self) -> bool {
        let wait = self.call.as_ref().and_then(|call| call.wait.as_ref());
        self.may_have_taken_effect() && wait.is_some_and(|seen| seen.is_accepted)
    }

    pub(crate) fn exit_status(&self) -> ExitStatus {
        match self.kind() {
            _ if self.is_accepted() => ExitStatus::NotDone,
            _ if self.may_have_taken_effect() => ExitStatus::Unknown,
            FailureKind::NotDone => ExitStatus::Unknown,
            FailureKind::Call(kind) => ExitStatus::without_effect(kind),
            FailureKind::Output => ExitStatus::NoResponse,
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
