//! Messages about the command line.

use clap::error::ErrorKind as ClapErrorKind;
use dbss_client::contract::API;

/// clap's message on one line, without the usage that follows it. clap offers the
/// message and the usage only as one text, so it is cut here.
pub(super) fn summary(error: &clap::Error) -> String {
    if error.kind() == ClapErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return "a command is missing; `--help` lists them".to_owned();
    }
    let text = error.render().to_string();
    let text = text.split("\n\nUsage:").next().unwrap_or_default();
    let text = text.split("\n\nFor more information").next().unwrap_or_default();
    let words: Vec<_> = text.trim_start_matches("error:").split_whitespace().collect();
    words.join(" ")
}

/// A name that no operation has.
pub(super) fn unknown_operation(name: &str, suggestion: Option<&str>) -> String {
    let ids: Vec<_> = API.operations.iter().map(|operation| operation.id).collect();
    let suggestion = suggestion.map(|id| format!("did you mean {id}? ")).unwrap_or_default();
    format!(
        "`{}` is not an operation of the contract; {suggestion}There are: {}",
        name.escape_debug(),
        ids.join(", ")
    )
}
