//! The client of many contracts, compiled by one call of cargo.
//!
//! Generated code is part of the client's crate and names what stands beside it, so a contract's
//! code is compiled as a client of its own: a crate with the client's sources, and generated files
//! that are this contract's. All of them are members of one workspace with this workspace's lock
//! file and lints, so that what they depend on is compiled once. Nothing but the generated files is
//! another than in the client, and no build script runs; that the build script writes the same files
//! is another test's matter.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::root;

/// A client to compile.
#[derive(Debug)]
pub struct ClientCrate {
    /// The name of the crate: letters, digits and `-`.
    pub name: String,
    /// The generated files: names and texts.
    pub files: Vec<(String, String)>,
}

/// Compiles clients, without TLS and with every warning an error, in a folder that keeps what they
/// depend on from one run to the next.
///
/// # Errors
///
/// What cargo printed, if one of them does not compile, or what cannot be read or written.
pub fn check(folder: &Path, clients: &[ClientCrate]) -> Result<(), String> {
    let failed = |error: io::Error| format!("{}: {error}", folder.display());
    write_workspace(folder, clients).map_err(failed)?;
    let output = Command::new(env!("CARGO"))
        .args(["check", "--workspace", "--quiet", "--keep-going"])
        .arg("--target-dir")
        .arg(folder.join("target"))
        .current_dir(folder)
        .env("RUSTFLAGS", "--deny warnings")
        // Nothing here is compiled a second time.
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .map_err(failed)?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn write_workspace(folder: &Path, clients: &[ClientCrate]) -> io::Result<()> {
    let members = folder.join("crates");
    match fs::remove_dir_all(&members) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::create_dir_all(&members)?;
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    fs::write(folder.join("Cargo.toml"), workspace_manifest(&manifest))?;
    let client = root().join("crates/dbss-client");
    let manifest = fs::read_to_string(client.join("Cargo.toml"))?;
    for ClientCrate { name, files } in clients {
        let package = members.join(name);
        for part in ["src", "docs"] {
            link(&client.join(part), &package.join(part))?;
        }
        fs::copy(client.join("README.md"), package.join("README.md"))?;
        fs::write(package.join("Cargo.toml"), client_manifest(&manifest, name))?;
        let generated = package.join("src/generated");
        fs::remove_dir_all(&generated)?;
        fs::create_dir(&generated)?;
        for (name, text) in files {
            fs::write(generated.join(name), text)?;
        }
    }
    Ok(())
}

/// This workspace's manifest with other members.
fn workspace_manifest(ours: &str) -> String {
    let line = |line: &str| {
        let line = if line.starts_with("members = ") { "members = [\"crates/*\"]" } else { line };
        format!("{line}\n")
    };
    ours.lines().map(line).collect()
}

/// The client's manifest for a prebuilt client of another name, without what it takes to generate
/// and to test.
fn client_manifest(ours: &str, name: &str) -> String {
    let mut manifest = String::new();
    let mut is_kept = true;
    for line in ours.lines() {
        if line.starts_with('[') {
            is_kept = !matches!(line, "[dev-dependencies]" | "[build-dependencies]");
        }
        let line = match line.split_once(" = ") {
            Some(("name", _)) => format!("name = \"{name}\"\nbuild = false"),
            Some(("default", _)) => "default = [\"pattern\"]".to_owned(),
            Some(("codegen", _)) => "codegen = []".to_owned(),
            _ => line.to_owned(),
        };
        if is_kept {
            manifest.push_str(&line);
            manifest.push('\n');
        }
    }
    manifest
}

/// Makes a folder appear in a second place: its files as hard links, or as copies on another disk.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target): (PathBuf, PathBuf) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            link(&source, &target)?;
        } else if fs::hard_link(&source, &target).is_err() {
            fs::copy(&source, &target)?;
        }
    }
    Ok(())
}
