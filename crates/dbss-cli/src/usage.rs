//! A command line that cannot be read, and one that asks for help.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind as Usage};
use dbss_client::{ErrorKind, descriptors};

use crate::arguments::Mode;
use crate::failure::Failure;
use crate::operations;
use crate::screen::Screen;

/// Prints what clap has to say.
pub(crate) fn report(error: &clap::Error, line: &[OsString], screen: &Screen) -> ExitCode {
    match error.kind() {
        Usage::DisplayHelp | Usage::DisplayVersion => {
            screen.print(&error.render().ansi().to_string())
        }
        Usage::InvalidSubcommand if names_operation(error, line) => {
            let (given, meant) = (
                text(error, ContextKind::InvalidSubcommand),
                text(error, ContextKind::SuggestedSubcommand),
            );
            screen.fail(&unknown_operation(&given.unwrap_or_default(), meant.as_deref()))
        }
        _ if screen.mode() == Mode::Table => {
            screen.complain(&error.render().ansi().to_string());
            ExitCode::from(2)
        }
        kind => screen.fail(&Failure::new(ErrorKind::InvalidInput, summary(kind, error))),
    }
}

/// The failure of a name that is none of an operation.
pub(crate) fn unknown_operation(given: &str, meant: Option<&str>) -> Failure {
    let known: Vec<_> = descriptors::API.operations.iter().map(|operation| operation.id).collect();
    let meant = meant.or_else(|| {
        let same = |known: &&&str| known.eq_ignore_ascii_case(given);
        known.iter().find(same).copied()
    });
    let meant = meant.map(|meant| format!("did you mean {meant}? ")).unwrap_or_default();
    Failure::new(
        ErrorKind::InvalidInput,
        format!(
            "`{}` is not an operation of the contract; {meant}There are: {}",
            given.escape_debug(),
            known.join(", ")
        ),
    )
}

/// Whether what is no command was given as an operation.
fn names_operation(error: &clap::Error, line: &[OsString]) -> bool {
    let Some(given) = text(error, ContextKind::InvalidSubcommand) else { return false };
    let place = |wanted: &str| line.iter().position(|word| word == wanted);
    place(operations::COMMAND).is_some_and(|api| place(&given).is_some_and(|word| word > api))
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => texts.first().cloned(),
        _ => None,
    }
}

/// What is wrong, on one line and without the usage that follows it.
fn summary(kind: Usage, error: &clap::Error) -> String {
    if kind == Usage::DisplayHelpOnMissingArgumentOrSubcommand {
        return "a command is missing; `--help` lists them".to_owned();
    }
    let text = error.render().to_string();
    let text = text.split("\n\nUsage:").next().unwrap_or_default();
    let text = text.split("\n\nFor more information").next().unwrap_or_default();
    let words: Vec<_> = text.trim_start_matches("error:").split_whitespace().collect();
    words.join(" ")
}
