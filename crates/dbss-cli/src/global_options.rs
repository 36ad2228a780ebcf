//! The global options of the command line.

use std::ffi::{OsStr, OsString};
use std::time::Duration;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Args, Command, ValueEnum, ValueHint};
use jiff::SignedDuration;

use crate::regions;

/// The most retries that can be asked for.
pub(crate) const MAX_RETRIES: u32 = 1000;

/// The options that every command takes. They override the environment, which
/// overrides the profile file.
#[derive(Args)]
#[command(next_help_heading = "Global options")]
#[allow(
    clippy::doc_markdown,
    rustdoc::broken_intra_doc_links,
    rustdoc::invalid_html_tags,
    reason = "these are help, where backticks are backticks, and brackets no links"
)]
pub(crate) struct GlobalOptions {
    /// Region of the project, as in cn-north-4; `dbss regions` lists them [env: DBSS_REGION]
    #[arg(long, global = true, value_parser = RegionParser, hide_possible_values = true)]
    pub(crate) region: Option<String>,

    /// Address of the service, instead of the region's
    /// [env: DBSS_ENDPOINT, HUAWEICLOUD_SDK_REGION_DBSS_<REGION>]
    #[arg(long, global = true, value_name = "URL", value_hint = ValueHint::Url)]
    pub(crate) endpoint: Option<String>,

    /// Address of IAM, for logins and to look up the project [env: HUAWEICLOUD_SDK_IAM_ENDPOINT]
    #[arg(long, global = true, value_name = "URL", value_hint = ValueHint::Url)]
    pub(crate) iam_endpoint: Option<String>,

    /// Allow http for addresses of other machines: credentials then travel in clear text
    /// [env: DBSS_PLAIN_HTTP]
    #[arg(long, global = true)]
    pub(crate) plain_http: bool,

    /// HTTP proxy of all requests, but for loopback addresses and those in NO_PROXY
    /// [env: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY]
    #[arg(long, global = true, value_name = "URL", value_hint = ValueHint::Url)]
    pub(crate) proxy: Option<String>,

    /// File with certificate authorities in PEM to trust in addition; may be given several times
    /// [env: SSL_CERT_FILE]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) ca_file: Vec<String>,

    /// Project; looked up by region if not given
    /// [env: DBSS_PROJECT_ID, HUAWEICLOUD_SDK_PROJECT_ID]
    #[arg(long, global = true, value_name = "ID")]
    pub(crate) project_id: Option<String>,

    /// Credentials from the profile file: SECTION, FILE or FILE#SECTION; a FILE
    /// has a `/` in it [env: HUAWEICLOUD_SDK_CREDENTIALS_FILE]
    #[arg(long, global = true, value_hint = ValueHint::FilePath)]
    pub(crate) profile: Option<String>,

    /// User token; `-` reads it from standard input, from a terminal without echo
    /// [env: DBSS_TOKEN]
    #[arg(long, global = true)]
    pub(crate) token: Option<String>,

    /// IAM user to log in as; a terminal is asked for the password without echo if no variable
    /// has it [env: DBSS_USER, DBSS_PASSWORD]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) user: Option<String>,

    /// Account that the IAM user belongs to [env: DBSS_ACCOUNT]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) account: Option<String>,

    /// Time limit of each call, retries included, and of reading its inputs, as in 500ms, 30s or
    /// 2m [default: 30s] [env: DBSS_TIMEOUT]
    #[arg(long, global = true, value_name = "TIME", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,

    /// Time limit of each attempt; what is left of the call's if not given
    /// [env: DBSS_ATTEMPT_TIMEOUT]
    #[arg(long, global = true, value_name = "TIME", value_parser = duration)]
    pub(crate) attempt_timeout: Option<Duration>,

    /// Time limit of connecting [default: 5s, or the attempt's if that is less]
    /// [env: DBSS_CONNECT_TIMEOUT]
    #[arg(long, global = true, value_name = "TIME", value_parser = duration)]
    pub(crate) connect_timeout: Option<Duration>,

    /// Maximum number of retries; only failures that are safe to retry are retried
    /// [default: 3] [env: DBSS_RETRIES]
    #[arg(long, global = true, value_name = "N",
        value_parser = clap::value_parser!(u32).range(..=i64::from(MAX_RETRIES)))]
    pub(crate) retries: Option<u32>,

    /// How many bytes of a response are read; more is an error [default: 1048576]
    /// [env: DBSS_MAX_RESPONSE_BYTES]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_response_bytes: Option<u32>,

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

/// Takes any region, since the environment may have addresses of others, and offers those of the
/// contract for completion.
#[derive(Clone)]
struct RegionParser;

impl TypedValueParser for RegionParser {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue>>> {
        Some(Box::new(regions::all().into_iter().map(|region| PossibleValue::new(region.id))))
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
