//! The test suites whose expectations are files, snapshots and expected reports, and how each is
//! told to write them.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::FIX_COMMAND;
use super::build::{self, Program};
use super::stamp::Stamp;
use crate::Status;
use crate::files::files_below;

struct Suite {
    /// The folder of its package.
    package: &'static str,
    /// The name of the integration test.
    test: &'static str,
    /// Only tests with this in their names.
    filter: Option<&'static str>,
    /// The folder of the expected files.
    folder: &'static str,
    /// The end of their names.
    suffix: &'static str,
    /// Other folders that the suite reads.
    reads: &'static [&'static str],
    /// The environment variable that decides what happens to files that differ, and the
    /// value that makes the suite write them.
    write_mode: (&'static str, &'static str),
}

const SUITES: [Suite; 3] = [
    Suite {
        package: "tests",
        test: "workspace",
        filter: Some("snapshots::"),
        folder: "tests/snapshots",
        suffix: ".snap",
        reads: &["tests/contracts/bad"],
        write_mode: ("INSTA_UPDATE", "always"),
    },
    // The command tree is derived from the contract.
    Suite {
        package: "crates/dbss-cli",
        test: "command",
        filter: None,
        folder: "crates/dbss-cli/tests/snapshots",
        suffix: ".snap",
        reads: &[],
        write_mode: ("INSTA_UPDATE", "always"),
    },
    Suite {
        package: "crates/spec-review",
        test: "reports",
        filter: Some("cases::"),
        folder: "crates/spec-review/tests/cases",
        suffix: "expected.txt",
        // The cases are in the same folder as the expected reports.
        reads: &[],
        write_mode: ("DBSS_REGEN", "write"),
    },
];

/// The result of a suite.
struct SuiteResult {
    passed: bool,
    /// A line for each expected file.
    lines: Vec<String>,
    /// What the suite printed, if it failed.
    printed: String,
}

/// Runs the suites. Unless it is a check, they accept what they produce.
pub(super) fn run(root: &Path, check: bool) -> Result<Status, String> {
    let programs = build::tests(root, &SUITES.map(|suite| suite.test))?;
    // Side by side: none reads what another write_mode.
    let results = std::thread::scope(|scope| {
        let programs = programs.as_slice();
        let threads: Vec<_> = SUITES
            .iter()
            .map(|suite| scope.spawn(move || suite.run(root, programs, check)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err("a thread panicked".to_owned())))
            .collect::<Vec<_>>()
    });
    let mut failed = false;
    for result in results {
        let result = result?;
        failed |= !result.passed;
        let _ = write!(std::io::stdout(), "{}", result.printed);
        result.lines.iter().for_each(|line| say!("{line}"));
    }
    match (failed, check) {
        (false, _) => Ok(Status::Clean),
        (true, true) => {
            say!("\nthe snapshot tests fail; to accept what they show, run: {FIX_COMMAND}");
            Ok(Status::Found)
        }
        (true, false) => {
            Err("the snapshot tests fail although every snapshot was accepted, see above"
                .to_owned())
        }
    }
}

impl Suite {
    fn run(&self, root: &Path, programs: &[Program], check: bool) -> Result<SuiteResult, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", self.title());
        let test = programs
            .iter()
            .find(|program| self.is(program))
            .ok_or_else(|| format!("cargo did not report where {} is", self.title()))?;
        let beside: Vec<&Program> =
            programs.iter().filter(|program| program.package == test.package).collect();
        let folder = root.join(self.folder);
        let mut folders: Vec<PathBuf> = self.reads.iter().map(|folder| root.join(folder)).collect();
        folders.push(folder.clone());

        let before = self.expected(&folder).map_err(failed)?;
        let passed_before = Stamp::of(test, &beside, &folders).map_err(failed)?.matches();
        let printed = if passed_before && !check { None } else { self.start(root, test, check)? };
        let passed = printed.is_none();
        let after = self.expected(&folder).map_err(failed)?;
        if passed {
            Stamp::of(test, &beside, &folders).and_then(|stamp| stamp.record()).map_err(failed)?;
        }
        Ok(SuiteResult {
            passed,
            lines: changes(self.folder, &before, &after),
            printed: printed.unwrap_or_default(),
        })
    }

    fn title(&self) -> String {
        format!("the test {} in {}", self.test, self.package)
    }

    /// Whether a program is the suite's test.
    fn is(&self, program: &Program) -> bool {
        program.is_test && program.name == self.test && program.package.ends_with(self.package)
    }

    /// Runs the test as cargo would. Returns its output if it fails.
    fn start(&self, root: &Path, test: &Program, check: bool) -> Result<Option<String>, String> {
        let (variable, write) = self.write_mode;
        let output = Command::new(&test.path)
            .args(self.filter)
            .current_dir(&test.package)
            .env("CARGO_MANIFEST_DIR", &test.package)
            .env("INSTA_WORKSPACE_ROOT", root)
            .env(variable, if check { "no" } else { write })
            .output()
            .map_err(|error| format!("cannot run {}: {error}", test.path.display()))?;
        let printed = [output.stdout, output.stderr].concat();
        Ok((!output.status.success()).then(|| String::from_utf8_lossy(&printed).into_owned()))
    }

    /// The expected files by path within the folder, with `/` on every platform.
    fn expected(&self, folder: &Path) -> std::io::Result<BTreeMap<String, Vec<u8>>> {
        let mut found = BTreeMap::new();
        for path in files_below(folder)? {
            let within = path.strip_prefix(folder).unwrap_or(&path).iter();
            let parts: Vec<_> = within.map(|part| part.to_string_lossy()).collect();
            let name = parts.join("/");
            if name.ends_with(self.suffix) {
                found.insert(name, std::fs::read(&path)?);
            }
        }
        Ok(found)
    }
}

/// A line for each file: whether it was unchanged, written or removed.
fn changes(
    folder: &str,
    before: &BTreeMap<String, Vec<u8>>,
    after: &BTreeMap<String, Vec<u8>>,
) -> Vec<String> {
    let kept = after.iter().map(|(name, content)| {
        let same = before.get(name) == Some(content);
        format!("{} {folder}/{name}", if same { "unchanged" } else { "written  " })
    });
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    kept.chain(gone.map(|name| format!("removed   {folder}/{name}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_unchanged_written_and_removed_files() {
        let files = |files: &[(&str, &str)]| -> BTreeMap<String, Vec<u8>> {
            files
                .iter()
                .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
                .collect()
        };
        let before = files(&[("a", "1"), ("b", "1"), ("d", "1")]);
        let after = files(&[("a", "1"), ("b", "2"), ("c", "1")]);
        assert_eq!(
            changes("x", &before, &after),
            ["unchanged x/a", "written   x/b", "written   x/c", "removed   x/d"]
        );
    }
}
