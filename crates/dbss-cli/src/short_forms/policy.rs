//! `dbss policy`: lists, enables and disables the audit scope rules of an instance.

use clap::{Arg, ArgMatches, Command};
use dbss_client::contract;

use super::lists;
use crate::action::Verb;
use crate::invocation::{BodySource, Invocation, Purpose};

/// The name of the command.
pub(crate) const COMMAND: &str = "policy";

/// Its help.
pub(crate) const ABOUT: &str = "Audit scope rules (\"policies\") of an instance";

/// What the table of scopes has; `--wide` adds the other fields.
const COLUMNS: &[&str] = &["id", "name", "status", "all_audit"];

/// The command with its subcommands.
pub(crate) fn command(group: Command) -> Command {
    let instance = || {
        Arg::new("instance").long("instance").required(true).value_name("INSTANCE").help(
            "Instance that the scopes belong to: its id, or its name if no other has that name",
        )
    };
    let scopes = || {
        Arg::new("scope").required(true).num_args(1..).value_name("SCOPE_ID").help(
            "Audit scopes; `-` reads more of them from standard input, separated by blanks or line breaks",
        )
    };
    let verb = |name: &'static str, about: &'static str| {
        Command::new(name).about(about).args([instance(), scopes()])
    };
    group.subcommands([
        lists::command(
            "List the audit scopes of an instance",
            &contract::LIST_AUDIT_RULE_SCOPES_NEW,
        )
        .arg(instance()),
        verb("enable", "Enable audit scopes, all in one call"),
        verb("disable", "Disable audit scopes, all in one call"),
    ])
}

/// What a subcommand calls.
pub(crate) fn invocation(subcommand: &str, matches: &ArgMatches) -> Invocation {
    let instance = matches.get_one::<String>("instance").cloned();
    let (verb, status) = match subcommand {
        lists::COMMAND => {
            let options = lists::options(matches, COLUMNS);
            let list = Purpose::List(options);
            return Invocation {
                instance,
                input_names: &[("instance_id", "--instance")],
                ..Invocation::new(&contract::LIST_AUDIT_RULE_SCOPES_NEW, list)
            };
        }
        "enable" => (Verb::Enable, "ON"),
        _ => (Verb::Disable, "OFF"),
    };
    let scopes = matches.get_many::<String>("scope").into_iter().flatten().cloned().collect();
    Invocation {
        body: BodySource::Switch { scopes, status },
        instance,
        input_names: &[("instance_id", "--instance"), ("ids", "SCOPE_ID")],
        verb: Some(verb),
        ..Invocation::new(&contract::SET_AUDIT_SCOPE_RULE_SWITCH, Purpose::Call)
    }
}
