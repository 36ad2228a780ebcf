//! The files of this repository that are derived from the contract: what they
//! should hold, and whether they do.
//!
//! `cargo xtask regen` writes them, with `--check` it compares them, and a test
//! of the workspace compares them too; all three ask here.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::{Contract, Error};

/// The contract, from the root of the repository.
pub const CONTRACT: &str = "openapi/dbss.yaml";

/// The copy of the contract that the client's package holds: a published package
/// cannot reach outside of itself, and a symbolic link breaks where there are none.
const COPY: &str = "crates/dbss-client/contract/dbss.yaml";

/// The generated code of the client; every `.rs` file in it is ours to write and to
/// remove.
const CLIENT: &str = "crates/dbss-client/src/generated";

/// The generated code of the mocks, likewise.
const MOCKS: &str = "crates/dbss-mocks/src/generated";

/// A derived file.
#[derive(Debug)]
pub struct DerivedFile {
    /// From the root of the repository, with `/` on every platform.
    pub path: String,
    /// What it should hold; `None` where it should not be.
    pub expected: Option<String>,
    /// What it holds; `None` where it is not.
    pub actual: Option<String>,
}

impl DerivedFile {
    /// Whether the file is as it should be.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.expected == self.actual
    }

    /// Makes the file what it should be: whole or not at all.
    pub fn write(&self, root: &Path) -> io::Result<()> {
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
pub fn files(root: &Path) -> Result<(Contract, Vec<DerivedFile>), Error> {
    let contract = Contract::read(&root.join(CONTRACT), CONTRACT)?;
    let generated = contract.generate().map_err(Error::Refused)?;
    let mut expected = vec![(COPY.to_owned(), contract.document().text().to_owned())];
    for file in generated {
        expected.push((format!("{CLIENT}/{}", file.name), file.text));
    }
    let mocks = contract.generate_mocks().map_err(Error::Refused)?;
    expected.push((format!("{MOCKS}/{}", mocks.name), mocks.text));
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
