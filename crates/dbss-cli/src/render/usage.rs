//! Messages about the command line.

use clap::error::ErrorKind as ClapErrorKind;
use dbss_client::text::{MASK, with_shown_words};

use super::shown_word;

/// clap's message on one line, without the usage that follows it. clap offers the
/// message and the usage only as one text, so it is cut here.
pub(super) fn summary(error: &clap::Error, words: &[String]) -> String {
    if error.kind() == ClapErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return "a command is missing; `--help` lists them".to_owned();
    }
    let text = shown(error.render().to_string(), words);
    let text = text.split("\n\nUsage:").next().unwrap_or_default();
    let text = text.split("\n\nFor more information").next().unwrap_or_default();
    let words: Vec<_> = text.trim_start_matches("error:").split_whitespace().collect();
    words.join(" ")
}

/// clap's message as it writes it, with colours.
pub(super) fn text(error: &clap::Error, words: &[String]) -> String {
    shown(error.render().ansi().to_string(), words)
}

/// clap's message without secrets. It repeats words that it did not expect, as a token after
/// `--`.
fn shown(text: String, words: &[String]) -> String {
    let tokens = words.iter().filter_map(|word| word.strip_prefix("--token="));
    let tokens = tokens.filter(|token| !token.is_empty());
    let text = tokens.fold(text, |text, token| {
        text.replace(&format!("--token={token}"), &format!("--token={MASK}"))
    });
    with_shown_words(text, words)
}

/// A name that no operation has.
pub(super) fn unknown_operation(name: &str, suggestion: Option<&str>) -> String {
    let suggestion = suggestion.map(|id| format!("did you mean {id}? ")).unwrap_or_default();
    format!(
        "`{}` is not an operation of the contract; {suggestion}`dbss api -h` lists them",
        shown_word(name)
    )
}
