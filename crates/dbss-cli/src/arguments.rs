//! The command line: the command, its subcommands and their arguments.

use clap::{Arg, Args as _, Command};
use clap_complete::Shell;

use crate::exit_status::ExitStatus;
use crate::global_options::GlobalOptions;
use crate::short_forms::{instance, policy};
use crate::{operations, profiles, whoami};

/// The name of the command.
pub(crate) const NAME: &str = "dbss";

/// The name of the command that prints the version.
pub(crate) const VERSION: &str = "version";

/// The command with all its subcommands.
pub(crate) fn command() -> Command {
    // `augment_args` also sets the description of the command, which the calls below
    // replace; so it comes first.
    GlobalOptions::augment_args(Command::new(NAME))
        .bin_name(NAME)
        .version(env!("CARGO_PKG_VERSION"))
        .about("Huawei Cloud's Database Security Service (DBSS) from a shell")
        .after_help(ExitStatus::help())
        .after_long_help(format!("{}\n\n{OUTPUT}", what_calls_share()))
        .max_term_width(100)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(
            [
                instance::command(group(instance::COMMAND, instance::ABOUT)),
                policy::command(group(policy::COMMAND, policy::ABOUT)),
                operations::commands(group(operations::COMMAND, operations::ABOUT)),
                Command::new(whoami::COMMAND).about(whoami::ABOUT),
            ]
            .map(with_what_calls_share),
        )
        .subcommands([
            Command::new("regions").about("List the regions and their addresses"),
            Command::new(profiles::COMMAND).about(
                "List the profiles of the profile file, or of the one that --profile names, secrets masked",
            ),
            Command::new("completions")
                .about("Print a completion script for a shell")
                .arg(Arg::new("shell").required(true).value_parser(clap::value_parser!(Shell))),
            Command::new(VERSION).about("Print the version, as --version does"),
        ])
}

/// What is to be known of every command that calls the service.
fn what_calls_share() -> String {
    format!("{}\n\n{CREDENTIALS}", ExitStatus::help())
}

/// The command, whose subcommands have it at the end of their `--help`.
fn with_what_calls_share(command: Command) -> Command {
    if command.has_subcommands() {
        return command.mut_subcommands(with_what_calls_share);
    }
    let own = command.get_after_long_help().map(|own| format!("{own}\n\n")).unwrap_or_default();
    command.after_long_help(format!("{own}{}", what_calls_share()))
}

/// A command that only groups subcommands.
fn group(name: &'static str, about: &'static str) -> Command {
    Command::new(name)
        .about(about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
}

const CREDENTIALS: &str = "\
Credentials, the first of these that is set:
  --token TOKEN, --token -     a token from IAM; as an argument it is visible in
                               the list of processes, `-` reads it from standard
                               input, from a terminal without echo
  --profile ...                an access key of the profile file
  --user, --account            an IAM user, who is logged in; the password is
                               DBSS_PASSWORD, else a terminal is asked for it
  DBSS_TOKEN                   a token from IAM
  DBSS_USER, DBSS_ACCOUNT      an IAM user, likewise
  HUAWEICLOUD_SDK_AK, _SK      an access key, and HUAWEICLOUD_SDK_SECURITY_TOKEN
                               if it is a temporary one
  the profile file             section [basic] of the file that
                               HUAWEICLOUD_SDK_CREDENTIALS_FILE names, else of
                               ~/.huaweicloud/credentials
  the ECS instance             its temporary key, from the metadata service;
                               DBSS_METADATA=off turns that off";

const OUTPUT: &str = "\
NO_COLOR in the environment switches colours off.

With --output json, a successful call prints one object to standard output, a
failed one prints one object to standard error:
  {\"operation\",\"status\",\"request_id\",\"attempts\",\"outcome\",\"wait\",\"body\"}
  {\"error\":{\"kind\",\"operation\",\"status\",\"code\",\"message\",\"request_id\",
            \"details\",\"encoded_authorization_message\",\"may_have_taken_effect\",
            \"accepted\",\"wait\",\"instances\",\"uncertain_attempt\",\"retryable\",
            \"retry_after\",\"advice\",\"clock_skew\",\"cause\",\"mismatch\",
            \"page_title\",\"emulator_reason\",\"attempts\",\"body\",
            \"body_truncated\"}}";

#[cfg(test)]
mod tests {
    #[test]
    fn builds_a_command_that_clap_accepts() {
        super::command().debug_assert();
    }
}
