//! `list`: the arguments that all lists have.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};
use dbss_client::descriptor::{Operation, SchemaKind};

use crate::listing::{ListOptions, entry_fields};
use crate::operation_help::resolve;

/// The name of the subcommand.
pub(super) const COMMAND: &str = "list";

/// The subcommand that lists what the operation returns. The filters are the command's: the
/// service has none.
pub(super) fn command(about: &'static str, operation: &Operation) -> Command {
    let status = Arg::new("status")
        .long("status")
        .action(ArgAction::Append)
        .value_name("STATUS")
        .ignore_case(true)
        .value_parser(PossibleValuesParser::new(statuses(operation)))
        .help("Only those of that status; may be given several times");
    Command::new(COMMAND).about(about).args([
        status,
        Arg::new("name")
            .long("name")
            .value_name("TEXT")
            .help("Only those whose name has TEXT in it, in upper or lower case"),
        Arg::new("limit")
            .long("limit")
            .value_name("N")
            .value_parser(clap::value_parser!(u32).range(1..))
            .help("Only the first N; without it, all pages are read"),
        Arg::new("wide")
            .long("wide")
            .action(ArgAction::SetTrue)
            .help("Show all fields, in lines as long as they need to be"),
    ])
}

/// The options that were given.
pub(super) fn options(matches: &ArgMatches, columns: &'static [&'static str]) -> ListOptions {
    let statuses = matches.get_many::<String>("status").into_iter().flatten().cloned().collect();
    let limit = matches.get_one::<u32>("limit").and_then(|limit| usize::try_from(*limit).ok());
    ListOptions {
        statuses,
        name: matches.get_one::<String>("name").cloned(),
        limit,
        columns,
        is_wide: matches.get_flag("wide"),
    }
}

/// The statuses that the contract lists.
fn statuses(operation: &Operation) -> Vec<&'static str> {
    let status = entry_fields(operation).iter().find(|field| field.name == "status");
    match status.map(|field| &resolve(field.schema).kind) {
        Some(SchemaKind::Enum { values, .. }) => values.to_vec(),
        _ => Vec::new(),
    }
}
