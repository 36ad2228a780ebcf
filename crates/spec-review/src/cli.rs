//! The command line: the arguments of `spec-review`, and what `cargo xtask diff` shares with it.

mod error;
mod explain;
mod git;

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand, ValueEnum};

pub use error::CliError;
pub use explain::explain;
pub use git::{Repository, revision_and_path};

use crate::render::{Colour, annotations, json, markdown, text};
use crate::{Approvals, Axis, DocumentText, FailOn, Options, Report, compare};

/// Compares two OpenAPI 3.0 documents: what changed, whom it breaks, with proof, and which version
/// has to follow.
#[derive(Debug, Parser)]
#[command(name = "spec-review", version, args_conflicts_with_subcommands = true)]
#[command(subcommand_negates_reqs = true, disable_help_subcommand = true)]
#[command(after_help = "\
Exit codes:
  0  nothing was found of the levels of --fail-on, and the declared versions suffice
  1  something was found
  2  the comparison could not be made")]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Subcommands>,
    /// The old document: a file, or REV:PATH of the git repository
    #[arg(required = true)]
    base: Option<String>,
    /// The new document: a file, or REV:PATH
    #[arg(required = true)]
    head: Option<String>,
    #[command(flatten)]
    report: ReportArguments,
}

#[derive(Debug, Subcommand)]
enum Subcommands {
    /// Explain a rule: what it reports, how its level is decided, and what to do instead.
    Explain {
        /// The rule, as reports name it: `max-length`
        rule: String,
    },
}

/// The arguments that say what a report looks like, and when the command fails.
#[derive(Debug, Clone, clap::Args)]
pub struct ReportArguments {
    /// The format of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write the report to a file.
    #[arg(long)]
    output: Option<PathBuf>,
    /// The lowest level of changes on the wire for which the exit code is 1.
    #[arg(long, value_enum, default_value_t = FailLevel::Breaking)]
    fail_on_wire: FailLevel,
    /// The same for the Rust API.
    #[arg(long, value_enum, default_value_t = FailLevel::Breaking)]
    fail_on_rust: FailLevel,
    /// The same for text and examples.
    #[arg(long, value_enum, default_value_t = FailLevel::Never)]
    fail_on_docs: FailLevel,
    /// The same for all three.
    #[arg(long, value_enum, conflicts_with_all = ["fail_on_wire", "fail_on_rust", "fail_on_docs"])]
    fail_on: Option<FailLevel>,
    /// The approvals: a file, or REV:PATH
    #[arg(long)]
    approvals: Option<String>,
}

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
    Annotations,
}

/// The values of `--fail-on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailLevel {
    Breaking,
    Warning,
    Any,
    Never,
}

impl From<FailLevel> for FailOn {
    fn from(level: FailLevel) -> Self {
        match level {
            FailLevel::Breaking => Self::Breaking,
            FailLevel::Warning => Self::Warning,
            FailLevel::Any => Self::Any,
            FailLevel::Never => Self::Never,
        }
    }
}

/// Runs the command. Returns whether it found what `--fail-on` asks for.
///
/// # Errors
///
/// Where a document or the approvals cannot be read, the report cannot be written, or a rule is
/// unknown.
pub fn run(arguments: &Arguments) -> Result<bool, CliError> {
    if let Some(Subcommands::Explain { rule }) = &arguments.command {
        print(&explain(rule)?)?;
        return Ok(false);
    }
    let (Some(base), Some(head)) = (&arguments.base, &arguments.head) else {
        return Err(CliError::NoDocuments);
    };
    let (folder, arguments) = (Path::new("."), &arguments.report);
    let base = read(folder, base)?;
    let head = arguments.named(read(folder, head)?, head);
    let report = compare(&base, &head, &arguments.options(folder, None)?)?;
    arguments.write(&report)?;
    Ok(arguments.fails(&report))
}

impl ReportArguments {
    /// The options of the comparison: the approvals of the given file, or of `default` below
    /// `folder` if it is there and no other was given. The report tells readers to write approvals
    /// to `default`.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read.
    pub fn options(&self, folder: &Path, default: Option<&str>) -> Result<Options, CliError> {
        let mut options = Options::default();
        if let Some(name) = default.or(self.approvals.as_deref()) {
            options = options.approvals_file(name);
        }
        let there = default.map(|name| folder.join(name)).filter(|path| path.exists());
        let there = there.map(|path| path.display().to_string());
        let Some(name) = self.approvals.clone().or(there) else { return Ok(options) };
        let text = read(folder, &name)?.text;
        let approvals = Approvals::parse(&text);
        Ok(options.approvals(approvals.map_err(|error| CliError::Approvals { name, error })?))
    }

    /// The new document under the name that the format needs: annotations are shown beside lines
    /// of a file, so they name the file without its revision.
    #[must_use]
    pub fn named(&self, mut document: DocumentText, given: &str) -> DocumentText {
        if self.format == Format::Annotations
            && let Some((_, path)) = revision_and_path(given)
        {
            path.clone_into(&mut document.name);
        }
        document
    }

    /// Writes the report to its file, or to standard output.
    ///
    /// # Errors
    ///
    /// Where that fails.
    pub fn write(&self, report: &Report) -> Result<(), CliError> {
        let colour = self.output.is_none()
            && std::io::stdout().is_terminal()
            && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let written = match self.format {
            Format::Text => text(report, if colour { Colour::Always } else { Colour::Never }),
            Format::Markdown => markdown(report),
            Format::Json => format!("{:#}\n", json(report)),
            Format::Annotations => annotations(report),
        };
        match &self.output {
            Some(path) => std::fs::write(path, written)
                .map_err(|error| CliError::Write { name: path.display().to_string(), error }),
            None => print(&written),
        }
    }

    /// Whether the report has something that the command fails for: findings of the levels of
    /// `--fail-on`, or a declared version that falls short.
    #[must_use]
    pub fn fails(&self, report: &Report) -> bool {
        let (wire, rust, docs) = match self.fail_on {
            Some(level) => (level, level, level),
            None => (self.fail_on_wire, self.fail_on_rust, self.fail_on_docs),
        };
        let failed = report.fails(Axis::Wire, wire.into())
            || report.fails(Axis::Rust, rust.into())
            || report.fails(Axis::Docs, docs.into());
        let checks_versions = !matches!((wire, rust), (FailLevel::Never, FailLevel::Never));
        failed || checks_versions && report.bump.falls_short()
    }
}

/// Reads a document: a file, or `REV:PATH` of the git repository around `folder`.
///
/// # Errors
///
/// Where there is neither.
pub fn read(folder: &Path, name: &str) -> Result<DocumentText, CliError> {
    if let Some((revision, path)) = revision_and_path(name).filter(|_| !name.contains("://")) {
        return Ok(DocumentText::new(name, Repository::new(folder).file_at(revision, path)?));
    }
    if name.contains("://") {
        return Err(CliError::Address { name: name.to_owned() });
    }
    let text = openapi_document::read_text(name)
        .map_err(|error| CliError::Read { name: name.to_owned(), error })?;
    Ok(DocumentText::new(name, text))
}

fn print(text: &str) -> Result<(), CliError> {
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(|error| CliError::Write { name: "standard output".to_owned(), error })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn rejects_files_that_never_end() {
        let error = read(Path::new("."), "/dev/zero").err();
        let Some(CliError::Read { error, .. }) = error else { unreachable!("{error:?}") };
        assert!(error.to_string().contains("more than 8388608 bytes"), "{error}");
    }
}
