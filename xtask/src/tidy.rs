//! `cargo xtask tidy`: the rules of this repository that a program can check.

mod files;
mod imports;
mod manifests;
mod msrv;
mod workspace;

use std::fmt;
use std::path::Path;

use self::files::File;
use self::workspace::Workspace;
use crate::Outcome;

/// Something that a rule forbids.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    /// What it is about: a file or a crate.
    place: String,
    rule: &'static str,
    message: String,
    /// What to do about it.
    help: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, rule, message, help } = self;
        write!(f, "{place}: [{rule}] {message}\n  help: {help}")
    }
}

pub(crate) fn run(root: &Path) -> Result<Outcome, String> {
    let (checked, violations) = check(root)?;
    for violation in &violations {
        println!("{violation}\n");
    }
    println!("{checked}: {} violations", violations.len());
    Ok(if violations.is_empty() { Outcome::Fine } else { Outcome::Found })
}

/// What was checked, in words, and what is wrong with it.
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
    fn this_repository_has_no_violation() -> Result<(), String> {
        let (_, violations) = super::check(&crate::root::of_this_checkout())?;
        let shown: Vec<String> = violations.iter().map(ToString::to_string).collect();
        assert!(shown.is_empty(), "\n{}", shown.join("\n\n"));
        Ok(())
    }
}
