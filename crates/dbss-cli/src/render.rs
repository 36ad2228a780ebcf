//! What outcomes and failures look like: text for people, JSON for scripts. All
//! sentences of the command are made below here.

mod dry_run;
mod failure;
mod plain;
mod problems;
mod regions;
mod success;
mod usage;

use serde::Serialize;

use crate::colour::CAREFUL;
use crate::failure::Failure;
use crate::globals::Mode;
use crate::outcome::{Outcome, Warning};

/// What goes where.
#[derive(Default)]
pub(crate) struct Printed {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<String> for Printed {
    fn from(stdout: String) -> Self {
        Self { stdout, ..Self::default() }
    }
}

/// A result.
pub(crate) fn outcome(outcome: &Outcome, mode: Mode) -> Printed {
    match (outcome, mode) {
        (Outcome::Sent(success), Mode::Json) => line(success).into(),
        (Outcome::Sent(success), Mode::Table) => success::text(success).into(),
        (Outcome::Rehearsed(rehearsed), Mode::Json) => line(rehearsed).into(),
        (Outcome::Rehearsed(rehearsed), Mode::Table) => {
            Printed { stdout: dry_run::text(rehearsed), stderr: dry_run::note() }
        }
        (Outcome::Regions(regions), Mode::Json) => line(&regions::Report { regions }).into(),
        (Outcome::Regions(regions), Mode::Table) => regions::text(regions).into(),
        (Outcome::Completions(script), _) => script.clone().into(),
        (Outcome::Help(help), _) => help.ansi().to_string().into(),
    }
}

/// The object of a failure.
#[derive(Serialize)]
struct Report<'a> {
    error: failure::Report<'a>,
    /// Standard error must hold one object and nothing else, so warnings go along.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<&'static str>,
}

/// A failure, for standard error.
pub(crate) fn failure(failure: &Failure, warnings: &[Warning], mode: Mode) -> String {
    match mode {
        Mode::Json => line(&Report {
            error: failure::Report::new(failure),
            warnings: warnings.iter().copied().map(warning_text).collect(),
        }),
        Mode::Table => failure::text(failure),
    }
}

/// A warning, for standard error.
pub(crate) fn warning(warning: Warning, mode: Mode) -> String {
    let text = warning_text(warning);
    match mode {
        Mode::Json => format!("warning: {text}\n"),
        Mode::Table => format!("{CAREFUL}warning:{CAREFUL:#} {text}\n"),
    }
}

fn warning_text(warning: Warning) -> &'static str {
    match warning {
        Warning::TokenInArguments => {
            "--token shows the token to everyone who can list processes; \
             set DBSS_TOKEN, or use `--token -` and standard input"
        }
    }
}

fn line(value: &impl Serialize) -> String {
    // Text, numbers and JSON itself can always be written as JSON.
    let mut line = serde_json::to_string(value).unwrap_or_default();
    line.push('\n');
    line
}
