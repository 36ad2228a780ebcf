//! `cargo xtask diff`: what a change of the contract does, and to whom.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use clap::ValueEnum;
use dbss_codegen::Contract;
use openapi_document::Report as Refusal;
use spec_review::render::{Colour, annotations, json, markdown, text};
use spec_review::{
    Approvals, Axis, ClientGenerator, FailOn, Input, Options, Report, RustModule, Versions, compare,
};

use crate::root::CONTRACT;
use crate::{Outcome, chain};

/// The approvals of breaks, from the root of the repository.
const APPROVALS: &str = "openapi/approvals.toml";

/// The branch that pull requests go to.
const MAIN: [&str; 2] = ["origin/main", "main"];

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The old contract: a file, or REV:PATH [default: the contract where this branch left main]
    base: Option<String>,
    /// The new contract: a file, or REV:PATH [default: openapi/dbss.yaml as it stands]
    head: Option<String>,
    /// How the report is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write the report to a file.
    #[arg(long)]
    output: Option<PathBuf>,
    /// From which level on a change on the wire makes the exit code 1.
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
    /// The approvals [default: openapi/approvals.toml, if it is there]
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

/// Generates the client of a contract as the build does.
#[derive(Debug)]
pub(crate) struct ClientCode;

impl ClientGenerator for ClientCode {
    fn generate(&self, document: &Input) -> Result<Vec<RustModule>, Refusal> {
        let contract = Contract::parse(document.name.as_str(), document.text.as_str())?;
        let files = contract.generate()?.into_iter();
        Ok(files
            .filter_map(|file| Some(RustModule::new(file.public_module()?, file.text)))
            .collect())
    }
}

pub(crate) fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, String> {
    let base_name = match &arguments.base {
        Some(base) => base.clone(),
        None => format!("{}:{}", merge_base(root)?, CONTRACT),
    };
    let head_name = arguments.head.clone().unwrap_or_else(|| CONTRACT.to_owned());
    let (base, base_version) = read(root, &base_name, arguments.base.is_none())?;
    let (head, head_version) = read(root, &head_name, arguments.head.is_none())?;
    let options = Options {
        approvals: approvals(root, arguments.approvals.as_deref())?,
        package_versions: Versions::new(base_version, head_version),
        client_generator: Some(Arc::new(ClientCode)),
    };
    let report = compare(&base, &head, &options).map_err(|error| chain(&error))?;
    write(&report, arguments)?;
    let (wire, rust, docs) = match arguments.fail_on {
        Some(level) => (level, level, level),
        None => (arguments.fail_on_wire, arguments.fail_on_rust, arguments.fail_on_docs),
    };
    let failed = report.fails(Axis::Wire, wire.into())
        || report.fails(Axis::Rust, rust.into())
        || report.fails(Axis::Docs, docs.into());
    let versions_count = !matches!((wire, rust), (Level::Never, Level::Never));
    let short = versions_count && report.bump.falls_short();
    Ok(if failed || short { Outcome::Found } else { Outcome::Fine })
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
    let text = std::fs::read_to_string(&path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Approvals::parse(&text).map_err(|error| format!("{}: {}", path.display(), chain(&error)))
}

/// A document, and the version of the crates that goes with it. A file outside of
/// the repository's history goes with none.
fn read(root: &Path, name: &str, ours: bool) -> Result<(Input, Option<String>), String> {
    if !Path::new(name).exists()
        && let Some((revision, path)) = name.split_once(':')
    {
        let text = show(root, revision, path)?;
        let version =
            show(root, revision, "Cargo.toml").ok().and_then(|text| package_version(&text));
        return Ok((Input::new(name, text), version));
    }
    let path = if ours { root.join(name) } else { PathBuf::from(name) };
    let text = std::fs::read_to_string(&path).map_err(|error| {
        format!("cannot read {name}: {error}; give a file, or REV:PATH as in main:{CONTRACT}")
    })?;
    let version = if ours { std::fs::read_to_string(root.join("Cargo.toml")).ok() } else { None };
    Ok((Input::new(name, text), version.as_deref().and_then(package_version)))
}

/// The version that the crates of the workspace share.
fn package_version(manifest: &str) -> Option<String> {
    let section = manifest.split_once("[workspace.package]")?.1;
    let line = section.lines().find_map(|line| line.strip_prefix("version = \""))?;
    Some(line.split('"').next()?.to_owned())
}

/// A file of a revision.
pub(crate) fn show(root: &Path, revision: &str, path: &str) -> Result<String, String> {
    git(root, &["show", &format!("{revision}:{path}")])
}

/// Where this branch left main.
fn merge_base(root: &Path) -> Result<String, String> {
    let known = |branch: &&str| git(root, &["rev-parse", "--verify", "--quiet", branch]).is_ok();
    let branch = MAIN.into_iter().find(known).ok_or(
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
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("git {} failed: {}", arguments.join(" "), said.trim()))
}
