//! The derived files of this repository: their paths, and their expected and actual content.
//!
//! `cargo xtask regen` writes them, `cargo xtask regen --check` compares them, and so does
//! the test below.

mod code_map;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use dbss_codegen::{Contract, Error};

pub(crate) use self::code_map::{BEGIN as CODE_MAP_BEGIN, END as CODE_MAP_END};
use crate::root::CONTRACT;

/// The copy of the contract in the client's package: a published package cannot contain
/// files from outside of it, and Windows checks symbolic links out as text files.
const CONTRACT_COPY: &str = "crates/dbss-client/contract/dbss.yaml";

/// The generated code of the client. `regen` writes every `.rs` file in this folder, and
/// removes those that it does not generate.
const CLIENT_FOLDER: &str = "crates/dbss-client/src/generated";

/// The generated code of the mocks, treated likewise.
const MOCKS_FOLDER: &str = "crates/dbss-mocks/src/generated";

/// The documentation of spec-review's rules, printed from its table of rules.
const RULES_PAGE: &str = "docs/spec-review-rules.md";

/// A derived file.
#[derive(Debug)]
pub(crate) struct DerivedFile {
    /// From the root of the repository, with `/` on every platform.
    pub(crate) path: String,
    /// The content that it should have; `None` if it should not exist.
    pub(crate) expected: Option<String>,
    /// The content that it has; `None` if it does not exist.
    pub(crate) actual: Option<String>,
}

impl DerivedFile {
    /// Whether the file has its expected content.
    pub(crate) fn is_current(&self) -> bool {
        self.expected == self.actual
    }

    /// Writes the expected content, or removes the file. It is replaced atomically.
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

/// All derived files, sorted by path, and the contract that they are derived from.
pub(crate) fn files(root: &Path) -> Result<(Contract, Vec<DerivedFile>), Error> {
    let contract = Contract::read(root.join(CONTRACT), CONTRACT)?;
    let generated = contract.generate().map_err(Error::Invalid)?;
    let mut expected = vec![(CONTRACT_COPY.to_owned(), contract.document().text().to_owned())];
    for file in generated {
        expected.push((format!("{CLIENT_FOLDER}/{}", file.name), file.text));
    }
    let mocks = contract.generate_mocks().map_err(Error::Invalid)?;
    expected.push((format!("{MOCKS_FOLDER}/{}", mocks.name), mocks.text));
    expected.push((RULES_PAGE.to_owned(), spec_review::rules::documentation()));
    if let Some(page) = read(root, code_map::PAGE)? {
        expected.push((code_map::PAGE.to_owned(), code_map::update(root, &page)?));
    }
    let mut obsolete = BTreeSet::new();
    for folder in [CLIENT_FOLDER, MOCKS_FOLDER] {
        obsolete.extend(rust_files(root, folder)?);
    }
    let mut files = Vec::with_capacity(expected.len());
    for (path, text) in expected {
        obsolete.remove(&path);
        files.push(DerivedFile { actual: read(root, &path)?, path, expected: Some(text) });
    }
    for path in obsolete {
        files.push(DerivedFile { actual: read(root, &path)?, path, expected: None });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((contract, files))
}

/// The Rust files in a folder of generated code.
fn rust_files(root: &Path, folder: &str) -> Result<BTreeSet<String>, Error> {
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
        assert!(stale.is_empty(), "stale: {stale:#?}\nto fix them: cargo xtask regen");
    }
}
