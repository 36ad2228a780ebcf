//! The output of a command, as data; `render` turns it into text.

use clap::builder::StyledStr;
use dbss_client::Note;

use crate::dry_run::PreparedRequest;
use crate::exit_status::ExitStatus;
use crate::failure::{Cause, FailedCall, Failure};
use crate::listing::Listing;
use crate::profiles::ProfileList;
use crate::regions::Region;
use crate::setup::Setup;
use crate::success::Success;

/// The output of a command that succeeded.
pub(crate) enum Output {
    /// A call succeeded.
    Response(Success),
    /// The entries of a list.
    Listing(Listing),
    /// `--dry-run`: a request was prepared and not sent.
    DryRun(PreparedRequest),
    Regions(Vec<Region>),
    Profiles(ProfileList),
    /// What a call would be made with.
    WhoAmI(Setup),
    /// Text that is the same in each format: a completion script, the version.
    Text(String),
    /// Help or the version, as clap writes it.
    Help(StyledStr),
}

impl Output {
    /// The exit status, once it is printed.
    pub(crate) fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Response(success) => success.exit_status(),
            Self::WhoAmI(setup) => setup.exit_status(),
            _ => ExitStatus::Success,
        }
    }

    /// The failure to print it. It tells what was done nevertheless.
    pub(crate) fn into_failure(self, cause: Cause) -> Failure {
        let Self::Response(success) = self else { return cause.into() };
        let call = FailedCall {
            operation: success.operation,
            input_names: &[],
            action: success.action.clone(),
            dry_run: false,
            has_project: true,
            attempts: success.attempts,
            may_have_taken_effect: !success.operation.is_read(),
            wait: None,
            done: Some(success),
        };
        Failure { cause, call: Some(Box::new(call)) }
    }
}

/// A warning, printed beside an output or a failure.
pub(crate) enum Warning {
    /// A token was given as an argument.
    TokenInArguments,
    /// The service has no path of the operation any more, and another was called.
    PathOffline { operation: &'static str, called: &'static str },
    /// Something of the configuration that works.
    Note(Note),
}

impl Warning {
    /// Whether nothing is to be done about it, so that it is said with `-v` only.
    pub(crate) fn is_only_for_verbose(&self) -> bool {
        matches!(self, Self::Note(Note::FirstOfSeveralAddresses { .. }))
    }
}
