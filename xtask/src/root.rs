//! Finds the root of the repository, and names the path of the contract.
//!
//! The root is looked for when the program runs, from the current folder up, because a
//! program that was built in one checkout and is run in another has to work on the other.

use std::path::{Path, PathBuf};

/// The contract, from the root of the repository.
pub(crate) const CONTRACT: &str = "openapi/dbss.yaml";

/// Files that the root of the repository has, and no folder below it.
const ROOT_FILES: [&str; 2] = ["Cargo.lock", CONTRACT];

/// The root of the repository that the current folder is in.
pub(crate) fn find() -> Result<PathBuf, String> {
    let here = std::env::current_dir()
        .map_err(|error| format!("cannot find the current folder: {error}"))?;
    find_above(&here).map(Path::to_owned).ok_or_else(|| {
        format!(
            "neither {} nor a folder above it holds {}; run this within a checkout of the repository",
            here.display(),
            ROOT_FILES.join(" and ")
        )
    })
}

fn find_above(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| ROOT_FILES.iter().all(|mark| folder.join(mark).is_file()))
}

/// The root of the checkout that a test runs in: cargo runs tests in their package's
/// folder.
#[cfg(test)]
pub(crate) fn of_this_checkout() -> PathBuf {
    find().unwrap_or_else(|error| unreachable!("{error}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn finds_the_root_from_any_folder_within_it() {
        let checkout = tempfile::tempdir().unwrap();
        let folder = checkout.path().join("crates/one/src");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::create_dir_all(checkout.path().join("openapi")).unwrap();
        std::fs::write(checkout.path().join("crates/one/Cargo.lock"), "").unwrap();
        assert_eq!(find_above(&folder), None);
        for mark in ROOT_FILES {
            std::fs::write(checkout.path().join(mark), "").unwrap();
        }
        assert_eq!(find_above(&folder), Some(checkout.path()));
        assert_eq!(find_above(checkout.path()), Some(checkout.path()));
    }
}
