//! `cargo xtask regen`: writes or checks the derived files, snapshots and expected reports.

mod build;
mod rust_api;
mod stamp;
mod suites;

use std::io::Write as _;
use std::path::Path;

use dbss_codegen::Error;
use similar::TextDiff;

use crate::derived::{self, DerivedFile};
use crate::root::CONTRACT;
use crate::{Status, chain};

/// The command that updates whatever is stale.
const FIX_COMMAND: &str = "cargo xtask regen";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; print a diff and exit with 1 if anything is stale
    #[arg(long)]
    check: bool,
    /// Write or check only the derived files, and run no tests
    #[arg(long)]
    no_snapshots: bool,
}

pub(crate) fn run(root: &Path, arguments: &Arguments) -> Result<Status, String> {
    let (contract, files) = match derived::files(root) {
        Ok(derived) => derived,
        Err(Error::Invalid(report)) => {
            say!("{report}\n\n{}: {}", CONTRACT, report.summary());
            return Ok(Status::Found);
        }
        Err(error) => return Err(chain(&error)),
    };
    if !contract.warnings().is_empty() {
        complain!("{}\n", contract.warnings());
    }
    let mut stale = false;
    for file in &files {
        stale |= !file.is_current();
        write_or_compare(root, file, arguments.check)?;
    }
    rust_api::report_breaks(root, contract.document().text())?;
    if stale && arguments.check {
        say!("\nstale; to fix it, run: {FIX_COMMAND}");
        return Ok(Status::Found);
    }
    if arguments.no_snapshots {
        return Ok(Status::Clean);
    }
    suites::run(root, arguments.check)
}

/// Writes a stale file, or prints how it differs.
fn write_or_compare(root: &Path, file: &DerivedFile, check: bool) -> Result<(), String> {
    let path = &file.path;
    if file.is_current() {
        say!("unchanged {path}");
        return Ok(());
    }
    if check {
        let (actual, expected) = (text(file.actual.as_ref()), text(file.expected.as_ref()));
        say!("stale     {path}");
        let diff = TextDiff::from_lines(actual, expected);
        let _ = write!(std::io::stdout(), "{}", diff.unified_diff().header(path, path));
        return Ok(());
    }
    file.write(root).map_err(|error| format!("cannot write {path}: {error}"))?;
    say!("{} {path}", if file.expected.is_some() { "written  " } else { "removed  " });
    Ok(())
}

fn text(content: Option<&String>) -> &str {
    content.map(String::as_str).unwrap_or_default()
}
