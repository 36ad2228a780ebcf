//! The global options of the command line.

use std::ffi::OsString;
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::SignedDuration;

/// The options that every command takes. They override the environment, which
/// overrides the profile file.
#[derive(Args)]
#[command(next_help_heading = "Global options")]
#[allow(clippy::doc_markdown, reason = "these are help, where backticks are backticks")]
pub(crate) struct GlobalOptions {
    /// Region of the project, as in cn-north-4 [env: DBSS_REGION]
    #[arg(long, global = true)]
    pub(crate) region: Option<String>,

    /// Address of the service, instead of the region's [env: DBSS_ENDPOINT]
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
    #[arg(long, global = true, default_value = "30s", value_name = "TIME", value_parser = duration)]
    pub(crate) timeout: Duration,

    /// Time limit of each attempt; what is left of the call's if not given
    /// [env: DBSS_ATTEMPT_TIMEOUT]
    #[arg(long, global = true, value_name = "TIME", value_parser = duration)]
    pub(crate) attempt_timeout: Option<Duration>,

    /// Maximum number of retries; only failures that are safe to retry are retried
    #[arg(long, global = true, default_value_t = 3, value_name = "N",
        value_parser = clap::value_parser!(u32).range(..=1000))]
    pub(crate) retries: u32,

    /// Output format: text for people, one JSON object for scripts, or the ids of a list
    #[arg(long, global = true, value_enum, default_value_t = OutputFormat::Table, value_name = "FORMAT")]
    pub(crate) output: OutputFormat,

    /// Print the request as it would be sent, secrets masked, and send nothing
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,

    /// Do not report retries on standard error; without it they are on a terminal, and with -v
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,

    /// Log the call to standard error, and show bodies that do not fit; -vv logs every attempt
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// The format of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// Text for people.
    Table,
    /// One JSON object.
    Json,
    /// The ids of a list, one a line.
    Ids,
}

impl OutputFormat {
    /// The format that a command line asks for, without the help of clap: for one
    /// that clap rejects.
    pub(crate) fn detect(command_line: &[OsString]) -> Self {
        let mut words = command_line.iter().filter_map(|word| word.to_str());
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

/// Reads a time such as `30s`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let parsed: Option<SignedDuration> = text.parse().ok();
    parsed
        .and_then(|parsed| Duration::try_from(parsed).ok())
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "not a time like 500ms, 30s or 2m".to_owned())
}
