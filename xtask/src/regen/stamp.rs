//! What a suite was last seen to pass on, so that it is not run again on the same.
//!
//! Its programs are known by their times and sizes: cargo does not write one that
//! would not change. What the suite reads is known by its content. A check asks no
//! stamp.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::build::Program;

/// What a suite passes on, or would.
pub(super) struct Stamp {
    file: PathBuf,
    passed_on: String,
}

impl Stamp {
    /// Of a test, the programs of its package, and the folders that it reads and
    /// writes. It stands beside the test, and goes when that does.
    pub(super) fn of(
        test: &Program,
        programs: &[&Program],
        folders: &[PathBuf],
    ) -> std::io::Result<Self> {
        let mut passed_on = String::new();
        for program in programs {
            let file = std::fs::metadata(&program.path)?;
            let changed = file.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
            let (name, size) = (&program.name, file.len());
            // Writing to a string cannot fail.
            let _ = writeln!(passed_on, "{name} {size} {}", changed.as_nanos());
        }
        for folder in folders {
            let _ = writeln!(passed_on, "{:016x}", content(folder)?);
        }
        Ok(Self { file: test.path.with_extension("passed"), passed_on })
    }

    /// Whether the suite has passed on the same.
    pub(super) fn is_known(&self) -> bool {
        std::fs::read_to_string(&self.file).is_ok_and(|text| text == self.passed_on)
    }

    /// Notes that the suite has passed.
    pub(super) fn note(&self) -> std::io::Result<()> {
        std::fs::write(&self.file, &self.passed_on)
    }
}

/// A number for the names and contents of all files below a folder.
fn content(folder: &Path) -> std::io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    for path in files(folder)? {
        path.hash(&mut hasher);
        std::fs::read(&path)?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

/// All files below a folder, in order; none where there is no such folder.
pub(super) fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let list = if entry.file_type()?.is_dir() { &mut open } else { &mut found };
            list.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn knows_what_a_suite_has_passed_on_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (program, cases) = (folder.path().join("test-1"), folder.path().join("cases"));
        std::fs::create_dir_all(cases.join("below")).unwrap();
        std::fs::write(&program, "a program").unwrap();
        std::fs::write(cases.join("below/one.snap"), "one").unwrap();
        let test = Program {
            name: "test".to_owned(),
            is_test: true,
            path: program.clone(),
            package: folder.path().to_owned(),
        };
        let now =
            || Stamp::of(&test, &[&test], &[cases.clone(), folder.path().join("no")]).unwrap();

        assert!(!now().is_known());
        now().note().unwrap();
        assert!(now().is_known());

        // What it reads or writes has changed, is gone, or is new.
        std::fs::write(cases.join("below/one.snap"), "two").unwrap();
        assert!(!now().is_known());
        std::fs::write(cases.join("below/one.snap"), "one").unwrap();
        assert!(now().is_known());
        std::fs::write(cases.join("new.snap"), "").unwrap();
        assert!(!now().is_known());
        std::fs::remove_file(cases.join("new.snap")).unwrap();
        assert!(now().is_known());

        // It has been built again.
        std::fs::write(&program, "another program").unwrap();
        assert!(!now().is_known());
    }
}
