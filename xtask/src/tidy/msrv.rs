//! The rust-version that the workspace promises: every member has it, and nothing
//! in `Cargo.lock` says that it needs a newer one.

use std::collections::BTreeSet;

use super::Violation;
use super::workspace::Workspace;

const RULE: &str = "rust-version";

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let stated: BTreeSet<Option<&str>> =
        workspace.members().map(|package| package.rust_version.as_deref()).collect();
    let promised = stated.first().copied().flatten();
    let Some(promised) = promised.filter(|_| stated.len() == 1) else {
        return vec![Violation {
            place: "Cargo.toml".to_owned(),
            rule: RULE,
            message: format!("the members do not agree on one rust-version: {stated:?}"),
            help: "have each say `rust-version.workspace = true`".to_owned(),
        }];
    };
    let newer = workspace.packages.iter().filter_map(|package| {
        let needed = package.rust_version.as_deref()?;
        (parts(needed) > parts(promised)).then(|| Violation {
            place: "Cargo.lock".to_owned(),
            rule: RULE,
            message: format!(
                "{} {} needs Rust {needed}, and {promised} is promised",
                package.name, package.version
            ),
            help: format!("cargo update -p {} --precise OLDER", package.name),
        })
    });
    newer.collect()
}

/// The numbers of a version, the third of which may be missing. What is no number
/// counts as the largest one, so that it is seen.
fn parts(version: &str) -> [u64; 3] {
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(u64::MAX));
    std::array::from_fn(|_| numbers.next().unwrap_or_default())
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    fn said(versions: [Option<&str>; 3]) -> Vec<String> {
        let mut workspace = Workspace::of(&[("one", &[]), ("other", &[]), ("from-elsewhere", &[])]);
        for (package, version) in workspace.packages.iter_mut().zip(versions) {
            package.rust_version = version.map(str::to_owned);
        }
        workspace.is_no_member("from-elsewhere");
        check(&workspace).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn accepts_what_is_no_newer() {
        for elsewhere in [None, Some("1.88"), Some("1.88.0"), Some("1.9"), Some("1.87.3")] {
            assert!(said([Some("1.88"), Some("1.88"), elsewhere]).is_empty(), "{elsewhere:?}");
        }
    }

    #[test]
    fn rejects_what_is_newer() {
        for elsewhere in ["1.88.1", "1.89", "1.100", "2.0", "nightly"] {
            let found = said([Some("1.88"), Some("1.88"), Some(elsewhere)]);
            assert_eq!(found.len(), 1, "{elsewhere}: {found:#?}");
            assert!(found[0].contains("from-elsewhere 0.1.0 needs"), "{found:#?}");
        }
    }

    #[test]
    fn rejects_members_that_do_not_agree() {
        for other in [None, Some("1.89")] {
            let found = said([Some("1.88"), other, None]);
            assert!(found[0].contains("do not agree"), "{found:#?}");
        }
    }
}
