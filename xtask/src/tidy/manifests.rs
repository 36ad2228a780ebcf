//! Checks that every manifest inherits the workspace's lints, and that the integration tests of a
//! crate are one program.

use std::path::Path;

use toml::Table;

use super::Violation;
use super::workspace::{Package, Workspace};

const RULE: &str = "lints";

pub(super) fn check(root: &Path, workspace: &Workspace) -> Result<Vec<Violation>, String> {
    let mut violations = Vec::new();
    violations.extend(workspace_violation(&read(&root.join("Cargo.toml"))?));
    for package in workspace.members() {
        let manifest = read(&package.manifest_path)?;
        violations.extend(member_violation(&package.name, &manifest));
        violations.extend(tests_violation(package));
    }
    Ok(violations)
}

fn read(path: &Path) -> Result<Table, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    text.parse().map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// The value at a path of keys.
fn value<'a>(table: &'a Table, keys: &[&str]) -> Option<&'a toml::Value> {
    let (last, keys) = keys.split_last()?;
    let mut table = table;
    for key in keys {
        table = table.get(*key)?.as_table()?;
    }
    table.get(*last)
}

fn workspace_violation(manifest: &Table) -> Option<Violation> {
    let level = value(manifest, &["workspace", "lints", "rust", "unsafe_code"]);
    (level.and_then(toml::Value::as_str) != Some("forbid")).then(|| Violation {
        subject: "Cargo.toml".to_owned(),
        rule: RULE,
        message: "unsafe code is not forbidden".to_owned(),
        help: "set `unsafe_code = \"forbid\"` under [workspace.lints.rust]".to_owned(),
    })
}

fn member_violation(name: &str, manifest: &Table) -> Option<Violation> {
    let inherits = value(manifest, &["lints", "workspace"]);
    (inherits.and_then(toml::Value::as_bool) != Some(true)).then(|| Violation {
        subject: name.to_owned(),
        rule: RULE,
        message: "its manifest does not inherit the workspace's lints".to_owned(),
        help: "write `workspace = true` under [lints], and nothing else".to_owned(),
    })
}

fn tests_violation(package: &Package) -> Option<Violation> {
    let is_test = |kinds: &[String]| kinds.iter().any(|kind| kind == "test");
    let tests = package.targets.iter().filter(|target| is_test(&target.kind));
    let names: Vec<&str> = tests.map(|target| target.name.as_str()).collect();
    (names.len() > 1).then(|| Violation {
        subject: package.name.clone(),
        rule: "one-integration-test",
        message: format!("it has {} integration tests: {}", names.len(), names.join(", ")),
        help: "make them modules of one test: each test is linked with all its dependencies"
            .to_owned(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::workspace::Target;
    use super::*;

    #[test]
    fn rejects_a_member_that_does_not_inherit() {
        for (text, fine) in [
            ("[lints]\nworkspace = true", true),
            ("lints.workspace = true", true),
            ("[lints]\nworkspace = false", false),
            ("[lints.rust]\nunsafe_code = \"forbid\"", false),
            ("", false),
        ] {
            let manifest = text.parse().unwrap();
            assert_eq!(member_violation("one", &manifest).is_none(), fine, "{text}");
        }
    }

    #[test]
    fn rejects_a_crate_with_several_integration_tests() {
        for (kinds, fine) in [
            (&["lib", "test"][..], true),
            (&["lib", "bin", "bin", "example", "example"], true),
            (&["test", "test"], false),
        ] {
            let mut workspace = Workspace::of(&[("one", &[])]);
            let package = workspace.packages.first_mut().unwrap();
            package.targets = kinds
                .iter()
                .map(|kind| Target { name: "t".to_owned(), kind: vec![(*kind).to_owned()] })
                .collect();
            assert_eq!(tests_violation(package).is_none(), fine, "{kinds:?}");
        }
    }

    #[test]
    fn rejects_a_workspace_that_allows_unsafe_code() {
        for (text, fine) in [
            ("[workspace.lints.rust]\nunsafe_code = \"forbid\"", true),
            ("[workspace.lints.rust]\nunsafe_code = \"deny\"", false),
            ("[workspace]", false),
        ] {
            assert_eq!(workspace_violation(&text.parse().unwrap()).is_none(), fine, "{text}");
        }
    }
}
