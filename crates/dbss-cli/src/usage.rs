//! What clap makes of a command line that it does not pass on: a request for help,
//! or a mistake.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind as Usage};
use dbss_client::descriptors::API;

use crate::failure::{Cause, Failure};
use crate::operations;
use crate::outcome::Outcome;

/// What the command comes to.
pub(crate) fn outcome(error: clap::Error, line: &[OsString]) -> Result<Outcome, Failure> {
    match error.kind() {
        Usage::DisplayHelp | Usage::DisplayVersion => Ok(Outcome::Help(error.render())),
        Usage::InvalidSubcommand if names_operation(&error, line) => {
            let given = text(&error, ContextKind::InvalidSubcommand).unwrap_or_default();
            let meant = text(&error, ContextKind::SuggestedSubcommand);
            Err(unknown_operation(given, meant))
        }
        _ => Err(Cause::Usage(error).into()),
    }
}

/// The failure of a name that is none of an operation.
pub(crate) fn unknown_operation(given: String, meant: Option<String>) -> Failure {
    let meant = meant.or_else(|| {
        let mut known = API.operations.iter().map(|operation| operation.id);
        known.find(|known| known.eq_ignore_ascii_case(&given)).map(str::to_owned)
    });
    Cause::UnknownOperation { given, meant }.into()
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
