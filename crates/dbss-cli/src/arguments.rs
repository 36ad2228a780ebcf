//! The command line: the global options and the tree of commands.

use std::ffi::OsString;
use std::time::Duration;

use clap::{Arg, Args, Command, ValueEnum};
use clap_complete::Shell;
use jiff::SignedDuration;

use crate::operations;

/// The name of the command.
pub(crate) const NAME: &str = "dbss";

/// What every command takes. Flags beat the environment, which beats the profile
/// file.
#[derive(Args)]
#[command(next_help_heading = "Global options")]
#[allow(clippy::doc_markdown, reason = "these are help, where backticks are backticks")]
pub(crate) struct Globals {
    /// Region of the project, as in cn-north-4 [env: DBSS_REGION]
    #[arg(long, global = true)]
    pub(crate) region: Option<String>,

    /// Address that is called instead of the region's [env: DBSS_ENDPOINT]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) endpoint: Option<String>,

    /// Project; looked up by region if not given
    /// [env: DBSS_PROJECT_ID, HUAWEICLOUD_SDK_PROJECT_ID]
    #[arg(long, global = true, value_name = "ID")]
    pub(crate) project_id: Option<String>,

    /// Credentials from the profile file: SECTION, FILE or FILE#SECTION; a FILE
    /// has a `/` in it
    #[arg(long, global = true)]
    pub(crate) profile: Option<String>,

    /// User token, `-` to read it from standard input [env: DBSS_TOKEN]
    #[arg(long, global = true)]
    pub(crate) token: Option<String>,

    /// Time limit of the call, retries included, as in 500ms, 30s or 2m
    #[arg(long, global = true, default_value = "30s", value_name = "TIME", value_parser = time)]
    pub(crate) timeout: Duration,

    /// How often a failed attempt is repeated, where that can do no harm
    #[arg(long, global = true, default_value_t = 3, value_name = "N",
        value_parser = clap::value_parser!(u32).range(..=1000))]
    pub(crate) retries: u32,

    /// What is printed: text for people, or one JSON object for scripts
    #[arg(long, global = true, value_enum, default_value_t = Mode::Table, value_name = "FORMAT")]
    pub(crate) output: Mode,

    /// Print the request as it would be sent, secrets masked, and send nothing
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,

    /// Log the call to standard error; -vv logs every attempt
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// Text for people.
    Table,
    /// One JSON object.
    Json,
}

impl Mode {
    /// What a line that cannot be read most likely asks for.
    pub(crate) fn guess(line: &[OsString]) -> Self {
        let mut words = line.iter().filter_map(|word| word.to_str());
        while let Some(word) = words.next() {
            match word {
                "--" => break,
                "--output=json" => return Self::Json,
                "--output" if words.next() == Some("json") => return Self::Json,
                _ => {}
            }
        }
        Self::Table
    }
}

fn time(text: &str) -> Result<Duration, String> {
    let parsed: Option<SignedDuration> = text.parse().ok();
    parsed
        .and_then(|parsed| Duration::try_from(parsed).ok())
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "not a time like 500ms, 30s or 2m".to_owned())
}

/// The tree of commands.
pub(crate) fn command() -> Command {
    // First, since it also describes the command.
    Globals::augment_args(Command::new(NAME))
        .bin_name(NAME)
        .version(env!("CARGO_PKG_VERSION"))
        .about("Huawei Cloud's Database Security Service (DBSS) from a shell")
        .after_help(AFTER)
        .after_long_help(format!("{AFTER}\n\n{MORE}"))
        .max_term_width(100)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommands([
            instance(),
            policy(),
            operations::command(),
            Command::new("regions").about("List the regions and their addresses"),
            Command::new("completions")
                .about("Print a completion script for a shell")
                .arg(Arg::new("shell").required(true).value_parser(clap::value_parser!(Shell))),
        ])
}

fn instance() -> Command {
    let id = Arg::new("id").required(true).value_name("ID").help("Instance to stop");
    group("instance", "Database audit instances").subcommand(
        Command::new("stop").about("Stop an instance; it takes a while to shut down").arg(id),
    )
}

fn policy() -> Command {
    let arguments = || {
        [
            Arg::new("instance")
                .long("instance")
                .required(true)
                .value_name("ID")
                .help("Instance that the scopes belong to"),
            Arg::new("scope").required(true).num_args(1..).value_name("SCOPE_ID").help(
                "Audit scopes; `-` reads more of them from standard input, one a line or word",
            ),
        ]
    };
    let verb =
        |name: &'static str, about: &'static str| Command::new(name).about(about).args(arguments());
    group("policy", "Audit scope rules (\"policies\") of an instance")
        .subcommand(verb("enable", "Enable audit scopes, all in one call"))
        .subcommand(verb("disable", "Disable audit scopes, all in one call"))
}

/// A command that only has commands.
pub(crate) fn group(name: &'static str, about: &'static str) -> Command {
    Command::new(name)
        .about(about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
}

const AFTER: &str = "\
Exit codes:
  0  done
  1  the service said no
  2  bad usage or input; nothing was sent
  3  no usable answer; the request may have had effect, and the message says so
  4  credentials are missing, incomplete or refused by IAM";

const MORE: &str = "\
Credentials, the first that is there:
  --token TOKEN, --token -     a token from IAM; as an argument it shows in the
                               list of processes, `-` reads it from standard input
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

With --output json, standard output has one object when the call succeeded,
standard error has one when it did not:
  {\"operation\",\"status\",\"request_id\",\"attempts\",\"body\"}
  {\"error\":{\"kind\",\"operation\",\"status\",\"code\",\"message\",\"request_id\",
            \"details\",\"encoded_authorization_message\",\"attempts\",\"body\"}}";
