//! The files of this repository that are derived from others: what they should hold,
//! and whether they do.
//!
//! `cargo xtask regen` writes them, with `--check` it compares them, and so does the
//! test below.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use dbss_codegen::{Contract, Error};

use crate::root::CONTRACT;

/// The copy of the contract that the client's package holds: a published package
/// cannot reach outside of itself, and a symbolic link breaks where there are none.
const COPY: &str = "crates/dbss-client/contract/dbss.yaml";

/// The generated code of the client; every `.rs` file in it is ours to write and to
/// remove.
const CLIENT: &str = "crates/dbss-client/src/generated";

/// The generated code of the mocks, likewise.
const MOCKS: &str = "crates/dbss-mocks/src/generated";

/// The documentation of spec-review's rules, which its table of rules writes.
const RULES: &str = "docs/spec-review-rules.md";

/// A derived file.
#[derive(Debug)]
pub(crate) struct DerivedFile {
    /// From the root of the repository, with `/` on every platform.
    pub(crate) path: String,
    /// What it should hold; `None` where it should not be.
    pub(crate) expected: Option<String>,
    /// What it holds; `None` where it is not.
    pub(crate) actual: Option<String>,
}

impl DerivedFile {
    /// Whether the file is as it should be.
    pub(crate) fn is_current(&self) -> bool {
        self.expected == self.actual
    }

    /// Makes the file what it should be: whole or not at all.
    pub(crate) fn write(&self, root: &Path) -> io::Result<()> {
        let path = root.join(&self.path);
        let Some(expected) = &self.expected else { return std::fs::remove_file(path) };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let draft = path.with_extension("draft");
        std::fs::write(&draft, expected)?;
        std::fs::rename(draft, path)
    }
}

/// Every derived file, in the order of their paths, and the contract behind them.
pub(crate) fn files(root: &Path) -> Result<(Contract, Vec<DerivedFile>), Error> {
    let contract = Contract::read(&root.join(CONTRACT), CONTRACT)?;
    let generated = contract.generate().map_err(Error::Invalid)?;
    let mut expected = vec![(COPY.to_owned(), contract.document().text().to_owned())];
    for file in generated {
        expected.push((format!("{CLIENT}/{}", file.name), file.text));
    }
    let mocks = contract.generate_mocks().map_err(Error::Invalid)?;
    expected.push((format!("{MOCKS}/{}", mocks.name), mocks.text));
    expected.push((RULES.to_owned(), spec_review::rules::documentation()));
    let mut stray = BTreeSet::new();
    for folder in [CLIENT, MOCKS] {
        stray.extend(sources(root, folder)?);
    }
    let mut files = Vec::with_capacity(expected.len());
    for (path, text) in expected {
        stray.remove(&path);
        files.push(DerivedFile { actual: read(root, &path)?, path, expected: Some(text) });
    }
    for path in stray {
        files.push(DerivedFile { actual: read(root, &path)?, path, expected: None });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((contract, files))
}

/// The Rust files in a folder of generated code.
fn sources(root: &Path, folder: &str) -> Result<BTreeSet<String>, Error> {
    let path = root.join(folder);
    let unreadable = |source| Error::Unreadable { path: path.clone(), source };
    let mut found = BTreeSet::new();
    let entries = match std::fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(unreadable(error)),
    };
    for entry in entries {
        let name = entry.map_err(unreadable)?.file_name();
        let name = name.to_string_lossy();
        if Path::new(name.as_ref()).extension().is_some_and(|extension| extension == "rs") {
            found.insert(format!("{folder}/{name}"));
        }
    }
    Ok(found)
}

fn read(root: &Path, path: &str) -> Result<Option<String>, Error> {
    let path: PathBuf = root.join(path);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Unreadable { path, source }),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn derived_files_are_current() {
        let root = crate::root::of_this_checkout();
        let (_, files) = files(&root).unwrap();
        let stale: Vec<_> =
            files.iter().filter(|file| !file.is_current()).map(|file| &file.path).collect();
        assert!(stale.is_empty(), "stale: {stale:#?}\nto mend them: cargo xtask regen");
    }
}
