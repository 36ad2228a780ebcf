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
        // Those that clap suggests, the most similar one last.
        ContextValue::Strings(texts) => texts.last().cloned(),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use clap::Command;

    use super::*;

    #[test]
    fn suggests_the_most_similar_operation() {
        let operations = ["ListAuditInstances", "StopAuditInstance", "StartAuditInstance"];
        let api = Command::new(operations::COMMAND).subcommands(operations.map(Command::new));
        let line = ["dbss", operations::COMMAND, "StopAuditInstanc"];
        let error = Command::new("dbss").subcommand(api).try_get_matches_from(line).unwrap_err();
        let failure = outcome(error, &line.map(OsString::from)).err().unwrap();
        assert!(matches!(
            failure.cause,
            Cause::UnknownOperation { meant: Some(meant), .. } if meant == "StopAuditInstance"
        ));
    }
}
