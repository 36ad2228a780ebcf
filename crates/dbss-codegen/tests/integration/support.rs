//! Access to the test contracts, and the check from a text to a report.

use std::path::{Path, PathBuf};

use dbss_codegen::lint::lint;
use openapi_document::{Document, LoadOptions, Report};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The text of a file of the repository.
pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The contracts in a directory below `tests/contracts`: names without extension, and texts.
pub(crate) fn contracts(directory: &str) -> Vec<(String, String)> {
    let directory = Path::new("tests/contracts").join(directory);
    let entries = std::fs::read_dir(root().join(&directory)).expect("the directory is there");
    let mut found: Vec<_> = entries
        .map(|entry| entry.expect("the directory can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| {
            let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
            (name, read(path))
        })
        .collect();
    found.sort();
    assert!(!found.is_empty(), "{} is empty", directory.display());
    found
}

/// The report of loading and checking a text.
pub(crate) fn check(name: &str, text: &str) -> Report {
    match Document::parse(name, text, &LoadOptions::strict()) {
        Ok(document) => lint(&document),
        Err(report) => report,
    }
}
