//! `cargo xtask diff`: compares two versions of the contract.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use clap::ValueEnum;
use dbss_codegen::Contract;
use openapi_document::read_text;
use spec_review::render::{Colour, annotations, json, markdown, text};
use spec_review::{
    Approvals, Axis, ClientGenerator, DocumentText, FailOn, Options, Report, RustModule, Versions,
    compare,
};

use crate::root::CONTRACT;
use crate::{Status, chain};

/// The file of approvals, relative to the root of the repository.
const APPROVALS: &str = "openapi/approvals.toml";

/// The size up to which a file of a revision is read, that of a document.
const MAX_FILE_BYTES: usize = 8 * 1024 * 1024;

/// The branch that pull requests are merged into; the first that exists.
const MAIN: [&str; 2] = ["origin/main", "main"];

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The old contract: a file, or REV:PATH [default: the contract where this branch left main]
    base: Option<String>,
    /// The new contract: a file, or REV:PATH [default: openapi/dbss.yaml as it stands]
    head: Option<String>,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write the report to a file.
    #[arg(long)]
    output: Option<PathBuf>,
    /// The lowest level of changes on the wire for which the exit code is 1.
    #[arg(long, value_enum, default_value_t = Level::Breaking)]
    fail_on_wire: Level,
    /// The same for the Rust API.
    #[arg(long, value_enum, default_value_t = Level::Breaking)]
    fail_on_rust: Level,
    /// The same for text and examples.
    #[arg(long, value_enum, default_value_t = Level::Never)]
    fail_on_docs: Level,
    /// The same for all three.
    #[arg(long, value_enum, conflicts_with_all = ["fail_on_wire", "fail_on_rust", "fail_on_docs"])]
    fail_on: Option<Level>,
    /// The file of approvals [default: openapi/approvals.toml, if it is there]
    #[arg(long)]
    approvals: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
    Annotations,
}

#[derive(Clone, Copy, ValueEnum)]
enum Level {
    Breaking,
    Warning,
    Any,
    Never,
}

impl From<Level> for FailOn {
    fn from(level: Level) -> Self {
        match level {
            Level::Breaking => Self::Breaking,
            Level::Warning => Self::Warning,
            Level::Any => Self::Any,
            Level::Never => Self::Never,
        }
    }
}

/// Generates the client of a contract in the same way as the client's build script.
#[derive(Debug)]
pub(crate) struct DbssCodegen;

impl ClientGenerator for DbssCodegen {
    fn generate(
        &self,
        document: &DocumentText,
    ) -> Result<Vec<RustModule>, openapi_document::Report> {
        let contract = Contract::parse(document.name.as_str(), document.text.as_str())?;
        let files = contract.generate()?.into_iter();
        Ok(files
            .filter_map(|file| Some(RustModule::new(file.public_module()?, file.text)))
            .collect())
    }
}

pub(crate) fn run(root: &Path, arguments: &Arguments) -> Result<Status, String> {
    let base_name = match &arguments.base {
        Some(base) => base.clone(),
        None => format!("{}:{}", merge_base(root)?, CONTRACT),
    };
    let head_name = arguments.head.clone().unwrap_or_else(|| CONTRACT.to_owned());
    let (base, base_version) = read(root, &base_name, arguments.base.is_none())?;
    let (head, head_version) = read(root, &head_name, arguments.head.is_none())?;
    let options = Options::default()
        .approvals(approvals(root, arguments.approvals.as_deref())?)
        .package_versions(Versions::new(base_version, head_version))
        .client_generator(Arc::new(DbssCodegen));
    let report = compare(&base, &head, &options).map_err(|error| chain(&error))?;
    write(&report, arguments)?;
    let (wire, rust, docs) = match arguments.fail_on {
        Some(level) => (level, level, level),
        None => (arguments.fail_on_wire, arguments.fail_on_rust, arguments.fail_on_docs),
    };
    let failed = report.fails(Axis::Wire, wire.into())
        || report.fails(Axis::Rust, rust.into())
        || report.fails(Axis::Docs, docs.into());
    let checks_versions = !matches!((wire, rust), (Level::Never, Level::Never));
    let falls_short = checks_versions && report.bump.falls_short();
    Ok(if failed || falls_short { Status::Found } else { Status::Clean })
}

fn write(report: &Report, arguments: &Arguments) -> Result<(), String> {
    let colour = arguments.output.is_none()
        && std::io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let written = match arguments.format {
        Format::Text => text(report, if colour { Colour::Always } else { Colour::Never }),
        Format::Markdown => markdown(report),
        Format::Json => format!("{:#}\n", json(report)),
        Format::Annotations => annotations(report),
    };
    match &arguments.output {
        Some(path) => std::fs::write(path, written)
            .map_err(|error| format!("cannot write {}: {error}", path.display())),
        None => {
            print!("{written}");
            Ok(())
        }
    }
}

fn approvals(root: &Path, given: Option<&Path>) -> Result<Approvals, String> {
    let path = given.map_or_else(|| root.join(APPROVALS), Path::to_owned);
    if given.is_none() && !path.exists() {
        return Ok(Approvals::default());
    }
    let text =
        read_text(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Approvals::parse(&text).map_err(|error| format!("{}: {}", path.display(), chain(&error)))
}

/// A document, and the version of the crates at the same revision. A file that is not the
/// contract of this repository has none.
fn read(
    root: &Path,
    name: &str,
    is_contract: bool,
) -> Result<(DocumentText, Option<String>), String> {
    if !Path::new(name).exists()
        && let Some((revision, path)) = name.split_once(':')
    {
        let text = file_at(root, revision, path)?;
        let version =
            file_at(root, revision, "Cargo.toml").ok().and_then(|text| package_version(&text));
        return Ok((DocumentText::new(name, text), version));
    }
    let path = if is_contract { root.join(name) } else { PathBuf::from(name) };
    let text = read_text(&path).map_err(|error| {
        format!("cannot read {name}: {error}; give a file, or REV:PATH as in main:{CONTRACT}")
    })?;
    let version =
        if is_contract { std::fs::read_to_string(root.join("Cargo.toml")).ok() } else { None };
    Ok((DocumentText::new(name, text), version.as_deref().and_then(package_version)))
}

/// The version that the crates of the workspace share.
fn package_version(manifest: &str) -> Option<String> {
    let section = manifest.split_once("[workspace.package]")?.1;
    let line = section.lines().find_map(|line| line.strip_prefix("version = \""))?;
    Some(line.split('"').next()?.to_owned())
}

/// The text of a file in a revision.
pub(crate) fn file_at(root: &Path, revision: &str, path: &str) -> Result<String, String> {
    let object = format!("{revision}:{path}");
    let size = git(root, &["cat-file", "-s", &object])?;
    if size.trim().parse::<usize>().is_ok_and(|size| size > MAX_FILE_BYTES) {
        return Err(format!("{object} has {} bytes, more than a document may have", size.trim()));
    }
    git(root, &["show", &object])
}

/// The commit at which this branch left main.
fn merge_base(root: &Path) -> Result<String, String> {
    let exists = |branch: &&str| git(root, &["rev-parse", "--verify", "--quiet", branch]).is_ok();
    let branch = MAIN.into_iter().find(exists).ok_or(
        "there is no branch `main` to compare with: fetch it, or give the old contract as a file or REV:PATH",
    )?;
    let commit = git(root, &["merge-base", branch, "HEAD"])
        .map_err(|error| format!("{error}; with a shallow clone, fetch the whole history"))?;
    Ok(commit.trim().chars().take(12).collect())
}

fn git(root: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(root)
        .output()
        .map_err(|error| format!("cannot run git: {error}"))?;
    if output.status.success() {
        return String::from_utf8(output.stdout).map_err(|_| "git printed no UTF-8".to_owned());
    }
    let printed = String::from_utf8_lossy(&output.stderr);
    Err(format!("git {} failed: {}", arguments.join(" "), printed.trim()))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn rejects_files_that_never_end() {
        let zero = Path::new("/dev/zero");
        let document = read(Path::new("."), "/dev/zero", false).err().unwrap_or_default();
        let approvals = approvals(Path::new("."), Some(zero)).err().unwrap_or_default();
        for error in [document, approvals] {
            assert!(error.contains("more than 8388608 bytes"), "{error}");
        }
    }
}
