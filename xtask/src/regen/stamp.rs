//! Records the inputs that a test suite has last passed with, so that it need not run again.
//!
//! Programs are compared by modification time and size, because cargo does not rewrite
//! an unchanged program; the files that the suite reads are compared by content. `--check`
//! ignores stamps and runs everything.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::build::Program;
use crate::files::files_below;

/// The inputs of a suite.
pub(super) struct Stamp {
    file: PathBuf,
    inputs: String,
}

impl Stamp {
    /// Computes the inputs of a suite: the programs of its package, and the folders that it
    /// reads and writes. The record is kept beside the test program.
    pub(super) fn of(
        test: &Program,
        programs: &[&Program],
        folders: &[PathBuf],
    ) -> std::io::Result<Self> {
        let mut inputs = String::new();
        for program in programs {
            let file = std::fs::metadata(&program.path)?;
            let changed = file.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
            let (name, size) = (&program.name, file.len());
            // Writing to a string cannot fail.
            let _ = writeln!(inputs, "{name} {size} {}", changed.as_nanos());
        }
        for folder in folders {
            let _ = writeln!(inputs, "{:016x}", hash_contents(folder)?);
        }
        Ok(Self { file: test.path.with_extension("passed"), inputs })
    }

    /// Whether the suite has passed with the same inputs.
    pub(super) fn matches(&self) -> bool {
        std::fs::read_to_string(&self.file).is_ok_and(|text| text == self.inputs)
    }

    /// Records that the suite has passed with these inputs.
    pub(super) fn record(&self) -> std::io::Result<()> {
        std::fs::write(&self.file, &self.inputs)
    }
}

/// A hash of the names and contents of all files below a folder.
fn hash_contents(folder: &Path) -> std::io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    for path in files_below(folder)? {
        path.hash(&mut hasher);
        std::fs::read(&path)?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn matches_unchanged_inputs_and_no_others() {
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

        assert!(!now().matches());
        now().record().unwrap();
        assert!(now().matches());

        // A file that it reads or writes was changed, added or removed.
        std::fs::write(cases.join("below/one.snap"), "two").unwrap();
        assert!(!now().matches());
        std::fs::write(cases.join("below/one.snap"), "one").unwrap();
        assert!(now().matches());
        std::fs::write(cases.join("new.snap"), "").unwrap();
        assert!(!now().matches());
        std::fs::remove_file(cases.join("new.snap")).unwrap();
        assert!(now().matches());

        // The program was built again.
        std::fs::write(&program, "another program").unwrap();
        assert!(!now().matches());
    }
}
