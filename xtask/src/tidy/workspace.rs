//! Reads the workspace's packages and their dependencies from `cargo metadata`.

use std::path::Path;
use std::process::Command;

use serde::Deserialize;

/// The parts of `cargo metadata` that the rules need.
#[derive(Debug, Deserialize)]
pub(super) struct Workspace {
    pub(super) packages: Vec<Package>,
    workspace_members: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) rust_version: Option<String>,
    pub(super) manifest_path: std::path::PathBuf,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Target {
    pub(super) name: String,
    pub(super) kind: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) kind: Option<Kind>,
}

/// The kind of a dependency that is not a normal one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Dev,
    Build,
}

impl Workspace {
    /// Runs `cargo metadata` with all features, without changing `Cargo.lock`.
    pub(super) fn read(root: &Path) -> Result<Self, String> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["metadata", "--locked", "--all-features", "--format-version", "1"])
            .current_dir(root)
            .output()
            .map_err(|error| format!("cannot run cargo: {error}"))?;
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr);
            return Err(format!("cargo metadata failed: {}", why.trim()));
        }
        serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("cannot read the output of cargo metadata: {error}"))
    }

    /// The crates of the workspace.
    pub(super) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.workspace_members.contains(&package.id))
    }
}

/// A crate for tests: its name, and its dependencies with their kinds.
#[cfg(test)]
pub(super) type TestCrate<'a> = (&'a str, &'a [(&'a str, Option<Kind>)]);

#[cfg(test)]
impl Workspace {
    /// A workspace of these crates.
    pub(super) fn of(members: &[TestCrate<'_>]) -> Self {
        let package = |&(name, dependencies): &TestCrate<'_>| Package {
            id: name.to_owned(),
            name: name.to_owned(),
            version: "0.1.0".to_owned(),
            rust_version: Some("1.88".to_owned()),
            manifest_path: std::path::PathBuf::from(format!("/{name}/Cargo.toml")),
            dependencies: dependencies
                .iter()
                .map(|&(name, kind)| Dependency { name: name.to_owned(), kind })
                .collect(),
            targets: Vec::new(),
        };
        Self {
            packages: members.iter().map(package).collect(),
            workspace_members: members.iter().map(|(name, _)| (*name).to_owned()).collect(),
        }
    }

    /// Makes a package an external dependency.
    pub(super) fn make_external(&mut self, name: &str) {
        self.workspace_members.retain(|member| member != name);
    }
}
