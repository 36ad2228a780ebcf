//! `cargo xtask regen`: what is derived from the contract and from the tables of
//! rules, written or compared.

mod build;
mod rust_api;
mod stamp;
mod suites;

use std::path::Path;

use dbss_codegen::Error;
use similar::TextDiff;

use crate::derived::{self, DerivedFile};
use crate::root::CONTRACT;
use crate::{Outcome, chain};

/// The command that mends what is stale.
const MEND: &str = "cargo xtask regen";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; exit with 1 and a diff if anything is stale.
    #[arg(long)]
    check: bool,
    /// Leave the snapshots and expected reports alone: only the generated files.
    #[arg(long)]
    no_snapshots: bool,
}

pub(crate) fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, String> {
    let (contract, files) = match derived::files(root) {
        Ok(derived) => derived,
        Err(Error::Invalid(report)) => {
            println!("{report}\n\n{}: {}", CONTRACT, report.summary());
            return Ok(Outcome::Found);
        }
        Err(error) => return Err(chain(&error)),
    };
    if !contract.warnings().is_empty() {
        eprintln!("{}\n", contract.warnings());
    }
    let mut stale = false;
    for file in &files {
        stale |= !file.is_current();
        settle(root, file, arguments.check)?;
    }
    rust_api::say(root, contract.document().text())?;
    if stale && arguments.check {
        println!("\nstale; to mend it, run: {MEND}");
        return Ok(Outcome::Found);
    }
    if arguments.no_snapshots {
        return Ok(Outcome::Fine);
    }
    suites::run(root, arguments.check)
}

/// Writes a file that is stale, or shows how.
fn settle(root: &Path, file: &DerivedFile, check: bool) -> Result<(), String> {
    let path = &file.path;
    if file.is_current() {
        println!("unchanged {path}");
        return Ok(());
    }
    if check {
        let (actual, expected) = (text(file.actual.as_ref()), text(file.expected.as_ref()));
        println!("stale     {path}");
        print!("{}", TextDiff::from_lines(actual, expected).unified_diff().header(path, path));
        return Ok(());
    }
    file.write(root).map_err(|error| format!("cannot write {path}: {error}"))?;
    println!("{} {path}", if file.expected.is_some() { "written  " } else { "removed  " });
    Ok(())
}

fn text(content: Option<&String>) -> &str {
    content.map(String::as_str).unwrap_or_default()
}
