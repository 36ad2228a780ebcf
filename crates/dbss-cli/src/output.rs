//! The output of a command, as data; `render` turns it into text.

use clap::builder::StyledStr;

use crate::dry_run::PreparedRequest;
use crate::regions::Region;
use crate::success::Success;

/// The output of a command that succeeded.
pub(crate) enum Output {
    /// A call succeeded.
    Response(Success),
    /// `--dry-run`: a request was prepared and not sent.
    DryRun(PreparedRequest),
    Regions(Vec<Region>),
    /// A completion script.
    Completions(String),
    /// Help or the version, as clap writes it.
    Help(StyledStr),
}

/// A warning, printed beside an output or a failure.
#[derive(Clone, Copy)]
pub(crate) enum Warning {
    /// A token was given as an argument.
    TokenInArguments,
}
