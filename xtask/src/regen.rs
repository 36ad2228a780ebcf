//! `cargo xtask regen`: what is derived from the contract, written or compared.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use dbss_codegen::Error;
use dbss_codegen::derived::{self, DerivedFile};
use similar::TextDiff;

use crate::{Outcome, chain};

/// The tests that assert snapshots of what is derived from the contract: package,
/// test, and where insta keeps them.
const SUITES: [(&str, &str, &str); 2] = [
    ("dbss-tests", "workspace", "tests/snapshots"),
    // The command tree is derived from the contract.
    ("dbss-cli", "command", "crates/dbss-cli/tests/snapshots"),
];

/// The command that mends what is stale.
const MEND: &str = "cargo xtask regen";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; exit with 1 and a diff if anything is stale.
    #[arg(long)]
    check: bool,
    /// Leave the snapshots alone: only the generated files.
    #[arg(long)]
    no_snapshots: bool,
}

pub(crate) fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, String> {
    let (contract, files) = match derived::files(root) {
        Ok(derived) => derived,
        Err(Error::Refused(report)) => {
            println!("{report}\n\n{}: {}", derived::CONTRACT, report.summary());
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
    if stale && arguments.check {
        println!("\nstale; to mend it, run: {MEND}");
        return Ok(Outcome::Found);
    }
    if arguments.no_snapshots {
        return Ok(Outcome::Fine);
    }
    snapshots(root, arguments.check)
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

/// Runs the snapshot tests, which accept what they see unless it is a check.
fn snapshots(root: &Path, check: bool) -> Result<Outcome, String> {
    let mut failed = false;
    for (package, test, folder) in SUITES {
        let before = contents(&root.join(folder))?;
        failed |= !passes(root, package, test, check)?;
        let after = contents(&root.join(folder))?;
        for (name, content) in &after {
            let same = before.get(name) == Some(content);
            println!("{} {folder}/{name}", if same { "unchanged" } else { "written  " });
        }
        for name in before.keys().filter(|name| !after.contains_key(*name)) {
            println!("removed   {folder}/{name}");
        }
    }
    match (failed, check) {
        (false, _) => Ok(Outcome::Fine),
        (true, true) => {
            println!("\nthe snapshot tests fail; if what they show is meant, run: {MEND}");
            Ok(Outcome::Found)
        }
        (true, false) => {
            Err("the snapshot tests fail although every snapshot was accepted, see above"
                .to_owned())
        }
    }
}

/// Runs a test; what it printed is shown if it fails.
fn passes(root: &Path, package: &str, test: &str, check: bool) -> Result<bool, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let run = Command::new(cargo)
        .args(["test", "--quiet", "--package", package, "--test", test])
        .current_dir(root)
        .env("INSTA_UPDATE", if check { "no" } else { "always" })
        .env("INSTA_WORKSPACE_ROOT", root)
        .output()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    if !run.status.success() {
        print!("{}", String::from_utf8_lossy(&run.stdout));
        eprint!("{}", String::from_utf8_lossy(&run.stderr));
    }
    Ok(run.status.success())
}

/// The snapshot files by path within the folder, with `/` on every platform.
fn contents(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = open.pop() {
        let unreadable = |error| format!("cannot read {}: {error}", folder.display());
        if !folder.exists() {
            continue;
        }
        for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
            let name = format!("{prefix}{name}");
            if path.is_dir() {
                open.push((path, format!("{name}/")));
            } else if path.extension() == Some(OsStr::new("snap")) {
                found.insert(name, std::fs::read(&path).map_err(unreadable)?);
            }
        }
    }
    Ok(found)
}
