//! Builds the test programs with one call of cargo.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

/// An executable of a package: a test, or a binary that a test runs.
pub(super) struct Program {
    /// The name of the test or of the binary.
    pub(super) name: String,
    pub(super) is_test: bool,
    pub(super) path: PathBuf,
    /// The folder of its package.
    pub(super) package: PathBuf,
}

/// The fields that are needed of cargo's JSON messages.
#[derive(Deserialize)]
struct Message {
    manifest_path: Option<PathBuf>,
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Builds the tests with these names, and the binaries that they run.
///
/// One call builds all of them as part of the whole workspace. The dependencies then have
/// the same features as in `cargo test --workspace`, and are not built a second time.
pub(super) fn tests(root: &Path, names: &[&str]) -> Result<Vec<Program>, String> {
    let mut cargo = cargo();
    // Cargo has set these variables for this program. Some dependencies' build scripts
    // depend on them, and would be run again, with all that depends on these crates.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&*name);
        }
    }
    cargo.args(["test", "--workspace", "--quiet", "--no-run"]);
    cargo.arg("--message-format=json-render-diagnostics");
    for name in names {
        cargo.args(["--test", name]);
    }
    let built = cargo
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    if !built.status.success() {
        return Err("the tests that keep snapshots do not build, see above".to_owned());
    }
    let text = String::from_utf8_lossy(&built.stdout);
    Ok(text.lines().filter_map(|line| program(serde_json::from_str(line).ok()?)).collect())
}

fn program(message: Message) -> Option<Program> {
    let (target, manifest) = (message.target?, message.manifest_path?);
    Some(Program {
        name: target.name,
        is_test: target.kind.iter().any(|kind| kind == "test"),
        path: message.executable?,
        package: manifest.parent()?.to_owned(),
    })
}

/// The cargo that runs this program, or the one on the path.
fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
