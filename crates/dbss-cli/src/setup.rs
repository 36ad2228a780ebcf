//! What `dbss whoami` finds, as data.

use dbss_client::{CredentialsKind, CredentialsOrigin, Problem};

use crate::exit_status::ExitStatus;
use crate::failure::{Failure, TokenSource};

/// Where credentials were found.
pub(crate) enum Source {
    Token(TokenSource),
    /// A user and an account, of flags or of variables.
    Login {
        is_flag: bool,
    },
    /// The client found them.
    Found(Option<CredentialsOrigin>),
}

/// The difference of the clocks in seconds from which the gateway refuses signatures.
const TOLERATED: i64 = 15 * 60;

/// What was found, in the order in which it is needed.
pub(crate) struct Setup(pub(crate) Vec<Entry>);

/// What was found of one thing.
pub(crate) struct Entry {
    pub(crate) subject: Subject,
    pub(crate) result: Result<Fact, Trouble>,
}

/// What something was found of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    Credentials,
    Region,
    Endpoint,
    IamEndpoint,
    Proxy,
    Project,
    Clock,
    List,
}

/// What was found.
pub(crate) enum Fact {
    Credentials {
        kind: Option<CredentialsKind>,
        /// The beginning of the id of an access key.
        key: Option<String>,
        source: Source,
    },
    /// A region, an address or a project.
    Given(String),
    /// There is none, and none is needed.
    None,
    /// How many seconds this machine's clock is ahead of the service's.
    ClockAhead(i64),
    /// The list can be read: how many instances there are.
    Instances(Option<u64>),
    /// It could not be looked at.
    NotChecked,
}

/// What is wrong.
pub(crate) enum Trouble {
    Failure(Failure),
    Problem(Problem),
}

impl Entry {
    /// Whether there is nothing to do.
    pub(crate) fn is_ok(&self) -> bool {
        match &self.result {
            Ok(Fact::ClockAhead(seconds)) => seconds.abs() <= TOLERATED,
            Ok(_) => true,
            Err(_) => false,
        }
    }
}

impl Setup {
    /// That of the first thing that is wrong.
    pub(crate) fn exit_status(&self) -> ExitStatus {
        let troubles = self.0.iter().filter_map(|entry| entry.result.as_ref().err());
        let statuses = troubles.map(|trouble| match trouble {
            Trouble::Failure(failure) => failure.exit_status(),
            Trouble::Problem(problem) if subject_of(problem) == Subject::Credentials => {
                ExitStatus::Credentials
            }
            Trouble::Problem(_) => ExitStatus::InvalidInput,
        });
        statuses.into_iter().next().unwrap_or(ExitStatus::Success)
    }

    /// Puts a entry in the place of an earlier one of the same subject.
    pub(crate) fn set(&mut self, subject: Subject, result: Result<Fact, Trouble>) {
        match self.0.iter_mut().find(|entry| entry.subject == subject) {
            Some(entry) => entry.result = result,
            None => self.0.push(Entry { subject, result }),
        }
    }
}

/// What a problem of the configuration is about.
pub(crate) fn subject_of(problem: &Problem) -> Subject {
    match problem.field() {
        "credentials" => Subject::Credentials,
        "region" => Subject::Region,
        "project_id" => Subject::Project,
        "iam_endpoint" | "HUAWEICLOUD_SDK_IAM_ENDPOINT" => Subject::IamEndpoint,
        field if field.to_ascii_lowercase().ends_with("proxy") => Subject::Proxy,
        _ => Subject::Endpoint,
    }
}
