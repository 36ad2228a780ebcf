//! The command line: the command, its subcommands and their arguments.

use clap::{Arg, Args as _, Command};
use clap_complete::Shell;

use crate::exit_status::ExitStatus;
use crate::global_options::GlobalOptions;
use crate::operations;
use crate::short_forms::{instance, policy};

/// The name of the command.
pub(crate) const NAME: &str = "dbss";

/// The command with all its subcommands.
pub(crate) fn command() -> Command {
    // `augment_args` also sets the description of the command, which the calls below
    // replace; so it comes first.
    GlobalOptions::augment_args(Command::new(NAME))
        .bin_name(NAME)
        .version(env!("CARGO_PKG_VERSION"))
        .about("Huawei Cloud's Database Security Service (DBSS) from a shell")
        .after_help(ExitStatus::help())
        .after_long_help(format!("{}\n\n{DETAILS}", ExitStatus::help()))
        .max_term_width(100)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommands([
            instance::command(group(instance::COMMAND, instance::ABOUT)),
            policy::command(group(policy::COMMAND, policy::ABOUT)),
            operations::commands(group(operations::COMMAND, operations::ABOUT)),
            Command::new("regions").about("List the regions and their addresses"),
            Command::new("completions")
                .about("Print a completion script for a shell")
                .arg(Arg::new("shell").required(true).value_parser(clap::value_parser!(Shell))),
        ])
}

/// A command that only groups subcommands.
fn group(name: &'static str, about: &'static str) -> Command {
    Command::new(name)
        .about(about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
}

const DETAILS: &str = "\
Credentials, the first of these that is set:
  --token TOKEN, --token -     a token from IAM; as an argument it is visible in
                               the list of processes, `-` reads it from standard
                               input
  --profile ...                an access key of the profile file
  DBSS_TOKEN                   a token from IAM
  HUAWEICLOUD_SDK_AK, _SK      an access key, and HUAWEICLOUD_SDK_SECURITY_TOKEN
                               if it is a temporary one
  the profile file             section [basic] of the file that
                               HUAWEICLOUD_SDK_CREDENTIALS_FILE names, else of
                               ~/.huaweicloud/credentials

Also read from the environment:
  HUAWEICLOUD_SDK_IAM_ENDPOINT             address of IAM
  HUAWEICLOUD_SDK_REGION_DBSS_CN_NORTH_4   address of a region, here cn-north-4
  NO_COLOR                                 no colours

With --output json, a successful call prints one object to standard output, a
failed one prints one object to standard error:
  {\"operation\",\"status\",\"request_id\",\"attempts\",\"outcome\",\"wait\",\"body\"}
  {\"error\":{\"kind\",\"operation\",\"status\",\"code\",\"message\",\"request_id\",
            \"details\",\"encoded_authorization_message\",\"may_have_taken_effect\",
            \"accepted\",\"wait\",\"instances\",\"uncertain_attempt\",\"retryable\",\"retry_after\",\"advice\",\"clock_skew\",
            \"cause\",\"mismatch\",\"page_title\",\"emulator_reason\",\"attempts\",
            \"body\",\"body_truncated\"}}";

#[cfg(test)]
mod tests {
    #[test]
    fn builds_a_command_that_clap_accepts() {
        super::command().debug_assert();
    }
}
