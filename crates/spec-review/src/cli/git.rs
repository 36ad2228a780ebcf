//! Reads documents out of a git repository.

use std::path::Path;
use std::process::Command;

use super::CliError;

/// The git repository that a folder is in.
#[derive(Debug, Clone, Copy)]
pub struct Repository<'p> {
    folder: &'p Path,
}

impl<'p> Repository<'p> {
    /// The repository that a folder is in.
    #[must_use]
    pub const fn new(folder: &'p Path) -> Self {
        Self { folder }
    }

    /// The text of a file at a revision. The path is that from the root of the repository.
    ///
    /// # Errors
    ///
    /// Where git cannot be run, there is no such revision or file, or the file is larger than a
    /// document may be.
    pub fn file_at(&self, revision: &str, path: &str) -> Result<String, CliError> {
        let object = format!("{revision}:{path}");
        // The size is asked for first, because git's output is read as a whole. Where there is no
        // such object, `show` says so.
        let size = self.git(&["cat-file", "-s"], &[&object]).unwrap_or_default();
        if size.trim().parse::<usize>().is_ok_and(|size| size > openapi_document::MAX_TEXT_BYTES) {
            return Err(CliError::TooLarge { name: object });
        }
        self.git(&["show"], &[&object])
    }

    /// Whether a revision exists.
    #[must_use]
    pub fn has_revision(&self, revision: &str) -> bool {
        self.git(&["cat-file", "-e"], &[&format!("{revision}^{{commit}}")]).is_ok()
    }

    /// The commit at which two branches parted.
    ///
    /// # Errors
    ///
    /// Where git cannot be run, or the history that is there does not have it.
    pub fn merge_base(&self, one: &str, other: &str) -> Result<String, CliError> {
        Ok(self.git(&["merge-base"], &[one, other])?.trim().to_owned())
    }

    /// Runs git. Whoever names a revision does not thereby give an option.
    fn git(&self, command: &[&str], arguments: &[&str]) -> Result<String, CliError> {
        let output = Command::new("git")
            .args(command)
            .arg("--end-of-options")
            .args(arguments)
            .current_dir(self.folder)
            .output()
            .map_err(CliError::NoGit)?;
        let failed = |printed: &str| CliError::Git {
            arguments: format!("{} {}", command.join(" "), arguments.join(" ")),
            printed: printed.trim().to_owned(),
        };
        if !output.status.success() {
            return Err(failed(&String::from_utf8_lossy(&output.stderr)));
        }
        String::from_utf8(output.stdout).map_err(|_| failed("it printed no UTF-8"))
    }
}

/// The parts of `REV:PATH`; `None` for the name of a file.
#[must_use]
pub fn revision_and_path(name: &str) -> Option<(&str, &str)> {
    if Path::new(name).exists() { None } else { name.split_once(':') }
}
