//! A command line that cannot be read.

use clap::error::ErrorKind as Usage;
use dbss_client::descriptors::API;

/// What is wrong, on one line and without the usage that follows it. clap gives
/// its message and the usage as one text only.
pub(super) fn summary(error: &clap::Error) -> String {
    if error.kind() == Usage::DisplayHelpOnMissingArgumentOrSubcommand {
        return "a command is missing; `--help` lists them".to_owned();
    }
    let text = error.render().to_string();
    let text = text.split("\n\nUsage:").next().unwrap_or_default();
    let text = text.split("\n\nFor more information").next().unwrap_or_default();
    let words: Vec<_> = text.trim_start_matches("error:").split_whitespace().collect();
    words.join(" ")
}

/// A name that is none of an operation.
pub(super) fn unknown_operation(given: &str, meant: Option<&str>) -> String {
    let known: Vec<_> = API.operations.iter().map(|operation| operation.id).collect();
    let meant = meant.map(|meant| format!("did you mean {meant}? ")).unwrap_or_default();
    format!(
        "`{}` is not an operation of the contract; {meant}There are: {}",
        given.escape_debug(),
        known.join(", ")
    )
}
