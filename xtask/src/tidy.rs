//! `cargo xtask tidy`: checks the structure of this repository.

mod files;
mod imports;
mod manifests;
mod msrv;
mod workspace;

use std::fmt;
use std::path::Path;

use self::files::File;
use self::workspace::Workspace;
use crate::Status;

/// A violation of a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    /// The file or crate that it is about.
    subject: String,
    rule: &'static str,
    message: String,
    /// How to fix it.
    help: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, rule, message, help } = self;
        write!(f, "{subject}: [{rule}] {message}\n  help: {help}")
    }
}

pub(crate) fn run(root: &Path) -> Result<Status, String> {
    let (checked, violations) = check(root)?;
    for violation in &violations {
        say!("{violation}\n");
    }
    say!("{checked}: {} violations", violations.len());
    Ok(if violations.is_empty() { Status::Clean } else { Status::Found })
}

/// A summary of what was checked, and the violations.
fn check(root: &Path) -> Result<(String, Vec<Violation>), String> {
    let workspace = Workspace::read(root)?;
    let files = File::all(root)?;
    let mut violations = imports::check(&workspace);
    violations.extend(msrv::check(&workspace));
    violations.extend(manifests::check(root, &workspace)?);
    violations.extend(files::check(&files));
    violations.sort();
    let (crates, packages) = (workspace.members().count(), workspace.packages.len());
    let checked =
        format!("{crates} crates, {packages} locked packages and {} files checked", files.len());
    Ok((checked, violations))
}

#[cfg(test)]
mod tests {
    #[test]
    fn finds_no_violation_in_this_repository() -> Result<(), String> {
        let (_, violations) = super::check(&crate::root::of_this_checkout())?;
        let shown: Vec<String> = violations.iter().map(ToString::to_string).collect();
        assert!(shown.is_empty(), "\n{}", shown.join("\n\n"));
        Ok(())
    }
}
