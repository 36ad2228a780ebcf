//! Command lines that clap does not accept as they are: requests for help or the
//! version, and mistakes.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind as ClapErrorKind};
use dbss_client::contract::API;

use crate::failure::{Cause, Failure};
use crate::operations;
use crate::output::Output;

/// The help or version that was asked for, or the failure.
pub(crate) fn result(error: clap::Error, command_line: &[OsString]) -> Result<Output, Failure> {
    match error.kind() {
        ClapErrorKind::DisplayHelp | ClapErrorKind::DisplayVersion => {
            Ok(Output::Help(error.render()))
        }
        ClapErrorKind::InvalidSubcommand if names_operation(&error, command_line) => {
            let name = context_text(&error, ContextKind::InvalidSubcommand).unwrap_or_default();
            let suggestion = context_text(&error, ContextKind::SuggestedSubcommand);
            Err(unknown_operation(name, suggestion))
        }
        _ => {
            let words = command_line.iter().map(|word| word.to_string_lossy().into_owned());
            Err(Cause::Usage { error, words: words.collect() }.into())
        }
    }
}

/// The failure for a name that no operation has.
pub(crate) fn unknown_operation(name: String, suggestion: Option<String>) -> Failure {
    let suggestion = suggestion.or_else(|| {
        let mut ids = API.operations.iter().map(|operation| operation.id);
        ids.find(|id| id.eq_ignore_ascii_case(&name)).map(str::to_owned)
    });
    Cause::UnknownOperation { name, suggestion }.into()
}

/// Whether the unknown subcommand stands after `api`, so that it should name an
/// operation.
fn names_operation(error: &clap::Error, command_line: &[OsString]) -> bool {
    let Some(name) = context_text(error, ContextKind::InvalidSubcommand) else { return false };
    let position = |text: &str| command_line.iter().position(|word| word == text);
    position(operations::COMMAND).is_some_and(|api| position(&name).is_some_and(|word| word > api))
}

fn context_text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        // clap puts its most similar suggestion last.
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
        let command_line = ["dbss", operations::COMMAND, "StopAuditInstanc"];
        let error =
            Command::new("dbss").subcommand(api).try_get_matches_from(command_line).unwrap_err();
        let failure = result(error, &command_line.map(OsString::from)).err().unwrap();
        assert!(matches!(
            failure.cause,
            Cause::UnknownOperation { suggestion: Some(id), .. } if id == "StopAuditInstance"
        ));
    }
}
