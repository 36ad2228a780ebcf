//! `cargo xtask diff`: compares two versions of the contract.

use std::path::Path;
use std::sync::Arc;

use dbss_codegen::Contract;
use spec_review::cli::{CliError, ReportArguments, Repository, read, revision_and_path};
use spec_review::{ClientGenerator, DocumentText, RustModule, Versions, compare};

use crate::root::CONTRACT;
use crate::{Status, chain};

/// The file of approvals, relative to the root of the repository.
const APPROVALS: &str = "openapi/approvals.toml";

/// The branches that pull requests are merged into by default; the first that exists.
const MAIN: [&str; 2] = ["origin/main", "main"];

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The old contract: a file, or REV:PATH [default: the contract where this branch left its target]
    base: Option<String>,
    /// The new contract: a file, or REV:PATH [default: openapi/dbss.yaml as it stands]
    head: Option<String>,
    /// The branch that this one will be merged into [default: origin/main, or main]
    #[arg(long, conflicts_with = "base")]
    target: Option<String>,
    #[command(flatten)]
    report: ReportArguments,
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
    let text = |error: CliError| chain(&error);
    let base_name = match &arguments.base {
        Some(base) => base.clone(),
        None => format!("{}:{CONTRACT}", merge_base(root, arguments.target.as_deref())?),
    };
    let base = read(root, &base_name).map_err(text)?;
    let base_version = version_at(root, &base_name);
    let (head, head_version) = match &arguments.head {
        Some(name) => {
            (arguments.report.named(read(root, name).map_err(text)?, name), version_at(root, name))
        }
        None => contract(root)?,
    };
    let options = arguments
        .report
        .options(root, Some(APPROVALS))
        .map_err(text)?
        .package_versions(Versions::new(base_version, head_version))
        .client_generator(Arc::new(DbssCodegen));
    let report = compare(&base, &head, &options).map_err(|error| chain(&error))?;
    arguments.report.write(&report).map_err(text)?;
    Ok(if arguments.report.fails(&report) { Status::Found } else { Status::Clean })
}

/// The contract of this checkout, and the version of its crates.
fn contract(root: &Path) -> Result<(DocumentText, Option<String>), String> {
    let text = openapi_document::read_text(root.join(CONTRACT))
        .map_err(|error| format!("cannot read {CONTRACT}: {error}"))?;
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).ok();
    Ok((DocumentText::new(CONTRACT, text), manifest.as_deref().and_then(package_version)))
}

/// The version of the crates at the revision of a document. A file has none: it need not be the
/// contract of this repository.
fn version_at(root: &Path, name: &str) -> Option<String> {
    let (revision, _) = revision_and_path(name)?;
    let manifest = Repository::new(root).file_at(revision, "Cargo.toml").ok()?;
    package_version(&manifest)
}

/// The version that the crates of the workspace share.
fn package_version(manifest: &str) -> Option<String> {
    let section = manifest.split_once("[workspace.package]")?.1;
    let line = section.lines().find_map(|line| line.strip_prefix("version = \""))?;
    Some(line.split('"').next()?.to_owned())
}

/// The commit at which this branch left the branch that it will be merged into.
fn merge_base(root: &Path, target: Option<&str>) -> Result<String, String> {
    let repository = Repository::new(root);
    let branch = match target {
        Some(target) => target,
        None => MAIN.into_iter().find(|branch| repository.has_revision(branch)).ok_or(
            "there is no branch `main` to compare with: fetch it, or give the old contract as a file or REV:PATH",
        )?,
    };
    let commit = repository.merge_base(branch, "HEAD").map_err(|error| {
        format!("{}; with a shallow clone, fetch the whole history", chain(&error))
    })?;
    Ok(commit.chars().take(12).collect())
}
