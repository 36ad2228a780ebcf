//! Checks the minimum supported Rust version: every member states the same one, and no package in
//! `Cargo.lock` needs a newer one.

use std::collections::BTreeSet;

use super::Violation;
use super::workspace::Workspace;

const RULE: &str = "rust-version";

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let versions: BTreeSet<Option<&str>> =
        workspace.members().map(|package| package.rust_version.as_deref()).collect();
    let promised = versions.first().copied().flatten();
    let Some(promised) = promised.filter(|_| versions.len() == 1) else {
        return vec![Violation {
            subject: "Cargo.toml".to_owned(),
            rule: RULE,
            message: format!("the members do not agree on one rust-version: {versions:?}"),
            help: "write `rust-version.workspace = true` in each manifest".to_owned(),
        }];
    };
    let newer = workspace.packages.iter().filter_map(|package| {
        let needed = package.rust_version.as_deref()?;
        (parts(needed) > parts(promised)).then(|| Violation {
            subject: "Cargo.lock".to_owned(),
            rule: RULE,
            message: format!(
                "{} {} needs Rust {needed}, and the workspace promises {promised}",
                package.name, package.version
            ),
            help: format!("cargo update -p {} --precise OLDER", package.name),
        })
    });
    newer.collect()
}

/// The numbers of a version, the third of which may be missing. Anything else counts as
/// the largest number, so that it is reported.
fn parts(version: &str) -> [u64; 3] {
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(u64::MAX));
    std::array::from_fn(|_| numbers.next().unwrap_or_default())
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    fn violations(versions: [Option<&str>; 3]) -> Vec<String> {
        let mut workspace = Workspace::of(&[("one", &[]), ("other", &[]), ("from-elsewhere", &[])]);
        for (package, version) in workspace.packages.iter_mut().zip(versions) {
            package.rust_version = version.map(str::to_owned);
        }
        workspace.make_external("from-elsewhere");
        check(&workspace).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn accepts_dependencies_that_need_no_newer_rust() {
        for external in [None, Some("1.88"), Some("1.88.0"), Some("1.9"), Some("1.87.3")] {
            assert!(violations([Some("1.88"), Some("1.88"), external]).is_empty(), "{external:?}");
        }
    }

    #[test]
    fn rejects_dependencies_that_need_a_newer_rust() {
        for external in ["1.88.1", "1.89", "1.100", "2.0", "nightly"] {
            let found = violations([Some("1.88"), Some("1.88"), Some(external)]);
            assert_eq!(found.len(), 1, "{external}: {found:#?}");
            assert!(found[0].contains("from-elsewhere 0.1.0 needs"), "{found:#?}");
        }
    }

    #[test]
    fn rejects_members_with_different_rust_versions() {
        for other in [None, Some("1.89")] {
            let found = violations([Some("1.88"), other, None]);
            assert!(found[0].contains("do not agree"), "{found:#?}");
        }
    }
}
