//! The client of many contracts, compiled by one call of cargo.
//!
//! Generated code is part of the client's crate and names what stands beside it, so a contract's
//! code is compiled as a client of its own: a crate with the client's sources, and generated files
//! that are this contract's. All of them are members of one workspace with this workspace's lock
//! file and lints, so that what they depend on is compiled once. Nothing but the generated files is
//! another than in the client, and no build script runs; that the build script writes the same files
//! is another test's matter.

use std::fmt::Write as _;
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

/// A program that uses clients, and the test server.
#[derive(Debug)]
pub struct Program {
    /// The name of the crate.
    pub name: String,
    /// Its sources: names and texts; the first one is `main.rs`.
    pub files: Vec<(String, String)>,
    /// The names of the clients' crates that it uses; without any, this workspace's client, which
    /// its build script generates.
    pub clients: Vec<String>,
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
    cargo(folder, &["check", "--workspace"], folder, None)
}

/// Builds clients and a program that uses them, as [`check`] compiles them, and runs the program.
/// Returns what it printed.
///
/// # Errors
///
/// As for [`check`], or what the program printed as errors if it failed.
pub fn run(
    folder: &Path,
    clients: &[ClientCrate],
    program: &Program,
    argument: &Path,
) -> Result<String, String> {
    let failed = |error: io::Error| format!("{}: {error}", folder.display());
    write_workspace(folder, clients).map_err(failed)?;
    write_program(folder, program).map_err(failed)?;
    cargo(folder, &["build", "--workspace"], folder, None)?;
    let file = format!("{}{}", program.name, std::env::consts::EXE_SUFFIX);
    let output = Command::new(folder.join("target/debug").join(file)).arg(argument).output();
    let output = output.map_err(failed)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Builds a program with this workspace's client, and the command `dbss`, both generated from
/// another contract, as `DBSS_CONTRACT` asks for. Returns the folder of the two.
///
/// # Errors
///
/// What cargo printed, if one of them does not compile, or what cannot be read or written.
pub fn build_from(folder: &Path, contract: &Path, program: &Program) -> Result<PathBuf, String> {
    let failed = |error: io::Error| format!("{}: {error}", folder.display());
    write_workspace(folder, &[]).map_err(failed)?;
    write_program(folder, program).map_err(failed)?;
    cargo(folder, &["build", "--workspace"], folder, Some(contract))?;
    cargo(folder, &["build", "--locked", "--package", "dbss-cli"], &root(), Some(contract))?;
    Ok(folder.join("target/debug"))
}

/// Cargo in a workspace, with what it compiles in the folder.
fn cargo(
    folder: &Path,
    command: &[&str],
    workspace: &Path,
    contract: Option<&Path>,
) -> Result<(), String> {
    let failed = |error: io::Error| format!("{}: {error}", folder.display());
    let output = Command::new(env!("CARGO"))
        .args(command)
        .args(["--quiet", "--keep-going"])
        .arg("--target-dir")
        .arg(folder.join("target"))
        .current_dir(workspace)
        .envs(contract.map(|contract| ("DBSS_CONTRACT", contract)))
        .env("RUSTFLAGS", "--deny warnings")
        // Nothing here is compiled a second time.
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .output()
        .map_err(failed)?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Writes the workspace of these clients, and compiles nothing. What is there already stays as it
/// is, so that it is not compiled again.
///
/// # Errors
///
/// What cannot be read or written.
pub fn write_workspace(folder: &Path, clients: &[ClientCrate]) -> io::Result<()> {
    let members = folder.join("crates");
    fs::create_dir_all(&members)?;
    for entry in fs::read_dir(&members)? {
        let entry = entry?;
        if !clients.iter().any(|client| entry.file_name() == *client.name) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    write(&folder.join("Cargo.toml"), &workspace_manifest(&manifest))?;
    let client = root().join("crates/dbss-client");
    let manifest = fs::read_to_string(client.join("Cargo.toml"))?;
    for ClientCrate { name, files } in clients {
        let package = members.join(name);
        for part in ["src", "docs"] {
            link(&client.join(part), &package.join(part))?;
        }
        write(&package.join("README.md"), &fs::read_to_string(client.join("README.md"))?)?;
        write(&package.join("Cargo.toml"), &client_manifest(&manifest, name))?;
        for (name, text) in files {
            write(&package.join("src/generated").join(name), text)?;
        }
    }
    Ok(())
}

/// Writes a file, unless it has that text already.
fn write(file: &Path, text: &str) -> io::Result<()> {
    if fs::read(file).is_ok_and(|found| found == text.as_bytes()) {
        return Ok(());
    }
    // Not into the file: it may be a link to one of the client's.
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::write(file, text),
    }
}

fn write_program(folder: &Path, program: &Program) -> io::Result<()> {
    let package = folder.join("crates").join(&program.name);
    fs::create_dir_all(package.join("src"))?;
    let server = root().join("crates/scripted-server");
    let mut manifest = format!(
        "[package]\nname = {:?}\nedition.workspace = true\n\n[dependencies]\nscripted-server = {{ path = {:?} }}\n",
        program.name,
        server.display().to_string(),
    );
    for dependency in ["serde", "serde_json", "tokio"] {
        let _ = writeln!(manifest, "{dependency}.workspace = true");
    }
    if program.clients.is_empty() {
        let client = root().join("crates/dbss-client").display().to_string();
        let how = "default-features = false, features = [\"codegen\"]";
        let _ = writeln!(manifest, "dbss-client = {{ path = {client:?}, {how} }}");
    }
    for client in &program.clients {
        let _ = writeln!(manifest, "{client} = {{ path = \"../{client}\" }}");
    }
    write(&package.join("Cargo.toml"), &manifest)?;
    for (name, text) in &program.files {
        write(&package.join("src").join(name), text)?;
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
/// What is generated is not among them.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target): (PathBuf, PathBuf) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            if entry.file_name() == "generated" {
                fs::create_dir_all(&target)?;
            } else {
                link(&source, &target)?;
            }
            continue;
        }
        if target.exists() {
            if fs::read(&source)? == fs::read(&target)? {
                continue;
            }
            fs::remove_file(&target)?;
        }
        if fs::hard_link(&source, &target).is_err() {
            fs::copy(&source, &target)?;
        }
    }
    Ok(())
}
