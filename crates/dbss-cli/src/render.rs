//! Turns outputs and failures into text for people or JSON for scripts. All messages
//! of the command are worded in this module.

mod body;
mod dry_run;
mod failure;
mod listing;
mod problems;
mod profiles;
mod regions;
mod retry;
mod success;
mod table;
mod usage;
mod wait;
mod whoami;
mod words;

use std::borrow::Cow;
use std::fmt::Write as _;

use dbss_client::text::{escaped, is_shown, without_login};
use dbss_client::{Look, Retry};
use serde::Serialize;

use crate::action::Verb;
use crate::colour::WARNING;
use crate::failure::Failure;
use crate::global_options::OutputFormat;
use crate::output::{Output, Warning};

/// Text for standard output and standard error.
#[derive(Default)]
pub(crate) struct Rendered {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<String> for Rendered {
    fn from(stdout: String) -> Self {
        Self { stdout, ..Self::default() }
    }
}

/// The output of a command that succeeded. `width` is that of the terminal, if it is for one.
pub(crate) fn output(output: &Output, format: OutputFormat, width: Option<usize>) -> Rendered {
    match (output, format) {
        (Output::Response(success), OutputFormat::Json) => json_line(success).into(),
        (Output::Response(success), _) => success::text(success, width),
        (Output::Listing(listing), OutputFormat::Json) => json_line(listing).into(),
        (Output::Listing(listing), OutputFormat::Ids) => listing::ids(listing).into(),
        (Output::Listing(listing), OutputFormat::Table) => listing::text(listing, width),
        (Output::DryRun(request), OutputFormat::Json) => json_line(request).into(),
        (Output::DryRun(request), _) => {
            Rendered { stdout: dry_run::text(request), stderr: dry_run::note() }
        }
        (Output::Regions(regions), OutputFormat::Json) => {
            json_line(&regions::Report { regions }).into()
        }
        (Output::Regions(regions), OutputFormat::Ids) => regions::ids(regions).into(),
        (Output::Regions(regions), OutputFormat::Table) => regions::text(regions).into(),
        (Output::Profiles(list), OutputFormat::Json) => json_line(list).into(),
        (Output::Profiles(list), OutputFormat::Ids) => profiles::names(list).into(),
        (Output::Profiles(list), OutputFormat::Table) => profiles::text(list, width),
        (Output::WhoAmI(setup), OutputFormat::Json) => json_line(&whoami::report(setup)).into(),
        (Output::WhoAmI(setup), _) => whoami::text(setup).into(),
        (Output::Text(text), _) => text.clone().into(),
        (Output::Help(help), _) => help.ansi().to_string().into(),
    }
}

/// The JSON object of a failure.
#[derive(Serialize)]
struct Report<'a> {
    error: failure::Report<'a>,
    /// Standard error holds one object and nothing else, so warnings are part of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Cow<'static, str>>,
}

/// A failure, for standard error.
pub(crate) fn failure(
    failure: &Failure,
    warnings: &[Warning],
    format: OutputFormat,
    verbose: bool,
) -> String {
    match format {
        OutputFormat::Json => json_line(&Report {
            error: failure::Report::new(failure),
            warnings: warnings.iter().map(warning_text).collect(),
        }),
        _ => failure::text(failure, verbose),
    }
}

/// A retry, for standard error.
pub(crate) fn retry(retry: &Retry) -> String {
    retry::text(retry)
}

/// The state of a wait: the service accepted the call.
pub(crate) fn accepted(verb: Option<Verb>) -> String {
    wait::accepted(verb)
}

/// The state of a wait: what a look saw.
pub(crate) fn look(look: &Look<'_>) -> String {
    wait::look(look)
}

/// A warning, for standard error.
pub(crate) fn warning(warning: &Warning, format: OutputFormat) -> String {
    let text = warning_text(warning);
    let label = if warning.is_only_for_verbose() { "note" } else { "warning" };
    match format {
        OutputFormat::Json => format!("{label}: {text}\n"),
        _ => format!("{WARNING}{label}:{WARNING:#} {text}\n"),
    }
}

fn warning_text(warning: &Warning) -> Cow<'static, str> {
    match warning {
        Warning::TokenInArguments => "--token shows the token to everyone who can list processes; \
             set DBSS_TOKEN, or use `--token -` and standard input"
            .into(),
        Warning::PathOffline { operation, called } => format!(
            "the service does not have the path of {operation} any more (404 APIGW.0101); \
             {called} was called instead"
        )
        .into(),
        Warning::Note(note) => note.to_string().into(),
    }
}

fn json_line(value: &impl Serialize) -> String {
    // Serialization cannot fail: there is no map with keys other than text.
    let json = serde_json::to_string(value).unwrap_or_default();
    let mut line = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        if is_shown(c) {
            line.push(c);
        } else {
            // Only strings have such characters, and in them this is the same.
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(line, "\\u{unit:04x}");
            }
        }
    }
    line.push('\n');
    line
}

/// An id or another word from the command line, on one line. Somebody may have given an
/// address, with a password.
fn shown_word(word: &str) -> String {
    escaped(&without_login(word)).into_owned()
}
