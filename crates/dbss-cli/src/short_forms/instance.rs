//! `dbss instance`: lists, starts, stops and reboots audit instances.

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command};
use dbss_client::contract;

use super::lists;
use crate::action::Verb;
use crate::global_options;
use crate::invocation::{BodySource, Invocation, Purpose};

/// The name of the command.
pub(crate) const COMMAND: &str = "instance";

/// Its help.
pub(crate) const ABOUT: &str = "Database audit instances";

/// What the table of instances has; `--wide` adds the other fields.
const COLUMNS: &[&str] = &["id", "name", "status", "task"];

/// How long a wait takes at most, unless `--wait-timeout` says otherwise.
const WAIT_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// The command with its subcommands.
pub(crate) fn command(group: Command) -> Command {
    let verb = |name: &'static str, about: &'static str| {
        Command::new(name).about(about).args([
            Arg::new("instance")
                .required(true)
                .value_name("INSTANCE")
                .help("The instance: its id, or its name if no other has that name"),
            Arg::new("wait")
                .long("wait")
                .action(ArgAction::SetTrue)
                .help("Wait until it is done, and report what is seen on standard error"),
            Arg::new("wait-timeout")
                .long("wait-timeout")
                .requires("wait")
                .value_name("TIME")
                .value_parser(global_options::duration)
                .help("How long to wait, as in 90s or 10m [default: 10m]"),
        ])
    };
    group.subcommands([
        lists::command("List instances", &contract::LIST_AUDIT_INSTANCES_LAST),
        verb("start", "Start an instance; it takes a while"),
        verb("stop", "Stop an instance; it takes a while to shut down"),
        verb("reboot", "Reboot an instance; it takes a while"),
    ])
}

/// What a subcommand calls.
pub(crate) fn invocation(subcommand: &str, matches: &ArgMatches) -> Invocation {
    let (operation, verb) = match subcommand {
        lists::COMMAND => {
            let options = lists::options(matches, COLUMNS);
            return Invocation::new(&contract::LIST_AUDIT_INSTANCES_LAST, Purpose::List(options));
        }
        "start" => (&contract::START_AUDIT_INSTANCE_NEW, Verb::Start),
        "reboot" => (&contract::REBOOT_AUDIT_INSTANCE_NEW, Verb::Reboot),
        _ => (&contract::STOP_AUDIT_INSTANCE, Verb::Stop),
    };
    let purpose = if matches.get_flag("wait") {
        let timeout = matches.get_one::<Duration>("wait-timeout").copied();
        Purpose::Wait(timeout.unwrap_or(WAIT_TIMEOUT))
    } else {
        Purpose::Call
    };
    Invocation {
        body: BodySource::Instance,
        instance: matches.get_one::<String>("instance").cloned(),
        input_names: &[("instance_id", "INSTANCE")],
        verb: Some(verb),
        // The service is retiring the documented path.
        replacement: matches!(verb, Verb::Stop).then_some(&contract::STOP_AUDIT_INSTANCE_NEW),
        ..Invocation::new(operation, purpose)
    }
}
