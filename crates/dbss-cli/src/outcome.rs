//! What a command came to, as data. `render` has the words.

use clap::builder::StyledStr;

use crate::dry_run::Rehearsed;
use crate::regions::Region;
use crate::success::Success;

/// The result of a command.
pub(crate) enum Outcome {
    /// A call succeeded.
    Sent(Success),
    /// A call was prepared and not made.
    Rehearsed(Rehearsed),
    Regions(Vec<Region>),
    /// A completion script.
    Completions(String),
    /// Help or the version, as clap writes it.
    Help(StyledStr),
}

/// What is said beside a result or a failure.
#[derive(Clone, Copy)]
pub(crate) enum Warning {
    /// A token was given as an argument.
    TokenInArguments,
}
