#![doc = include_str!("../README.md")]

mod approvals;
mod assemble;
pub mod change;
mod diff;
mod docs;
mod fingerprint;
mod generator;
mod input;
pub mod law;
pub mod render;
mod report;
pub mod rules;
mod rust;
mod schema;
mod side;
mod subject;
mod users;
mod validator;
mod verdict;
mod version;
mod versions;
mod wire;
mod witness;

use std::fmt;
use std::sync::Arc;

use openapi_document::{Document, Report as Refusal};

pub use approvals::{Approvals, ApprovalsError};
pub use change::Change;
pub use generator::{ClientGenerator, RustModule};
pub use input::Input;
pub use law::Level;
pub use report::{FailOn, Finding, NotGenerated, Report, RustUnavailable, Unmatched};
pub use rules::{Axis, Rule};
pub use schema::{GroupKind, Num, Types};
pub use subject::{ItemPath, Location, Member, Subject, Target};
pub use verdict::{RustVerdict, Verdict, WireVerdict};
pub use version::{AxisBump, Bump, Bumps};
pub use versions::Versions;
pub use witness::{AcceptedBy, Witness, WitnessKind};

use crate::fingerprint::canonical;
use crate::side::Side;
use crate::wire::Wire;

/// What a comparison is told beside the documents.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What was approved.
    pub approvals: Approvals,
    /// The versions of the generated crate, old and new.
    pub package_versions: Versions<Option<String>>,
    /// What generates the client, for the Rust axis. Without it that axis is left out, and its verdict
    /// is `unavailable`; generating takes most of the time of a comparison.
    pub client_generator: Option<Arc<dyn ClientGenerator>>,
}

/// Why two documents cannot be compared.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The old document cannot be read.
    Base(Refusal),
    /// The new document cannot be read.
    Head(Refusal),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Base(_) => "the old document cannot be read",
            Self::Head(_) => "the new document cannot be read",
        })
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Base(report) | Self::Head(report) => Some(report),
        }
    }
}

/// Compares two documents.
///
/// An error says that one of them is not well-formed YAML or JSON, or larger than what is read;
/// everything else that is wrong with them is compared as it stands.
pub fn compare(base: &Input, head: &Input, options: &Options) -> Result<Report, Error> {
    let inputs = Versions::new(base, head);
    let sources =
        Versions::new(base.read().map_err(Error::Base)?, head.read().map_err(Error::Head)?);
    let sources = sources.each();
    let mut wire = Wire::compare(sources.map(Side::new));
    let mut findings = assemble::wire_findings(&mut wire, sources);
    findings.extend(docs::findings(sources));
    let rust = match &options.client_generator {
        Some(generator) => rust::compare(&**generator, inputs, sources),
        None => Err(RustUnavailable::LeftOut),
    };
    let rust_unavailable = match rust {
        Ok(found) => {
            findings.extend(found);
            None
        }
        Err(why) => Some(why),
    };
    let unmatched_approvals = options.approvals.apply(&mut findings);
    findings.sort_by_cached_key(order);
    let available = rust_unavailable.is_none();
    // What was approved asks for no version.
    let open = verdict(&findings, available, |found| found.approved.is_none());
    let bump = Bumps::new(open, sources.map(info_version), options.package_versions.clone());
    Ok(Report {
        names: sources.map(|source| source.name().to_owned()),
        verdict: verdict(&findings, available, |_| true),
        bump,
        findings,
        rust_unavailable,
        unmatched_approvals,
    })
}

/// The worst first, then as they stand in the new document.
fn order(found: &Finding) -> impl Ord + use<> {
    let head = &found.subject.at.head;
    let (pointer, item) = match &found.subject.target {
        Target::Document { pointer, .. } => (pointer.head.clone().or(pointer.base.clone()), None),
        Target::Item { path, .. } => (None, Some(path.clone())),
    };
    let grave = (found.level, found.axis(), head.line, head.column);
    (grave, found.rule.id, pointer, canonical(&found.change), item)
}

fn verdict(findings: &[Finding], available: bool, counts: impl Fn(&Finding) -> bool) -> Verdict {
    let of = |axis: Axis| findings.iter().filter(move |found| found.axis() == axis);
    let breaking = |axis: Axis| of(axis).any(|found| found.level.is_break() && counts(found));
    let wire = if breaking(Axis::Wire) {
        WireVerdict::Breaking
    } else if of(Axis::Wire).any(|found| found.rule.travels) {
        WireVerdict::Compatible
    } else {
        WireVerdict::None
    };
    let rust = if !available {
        RustVerdict::Unavailable
    } else if breaking(Axis::Rust) {
        RustVerdict::Breaking
    } else if of(Axis::Rust).next().is_some() {
        RustVerdict::Additive
    } else {
        RustVerdict::None
    };
    Verdict { wire, rust, docs: of(Axis::Docs).next().is_some() }
}

/// `info.version`, as text even where it is written as a number.
fn info_version(source: &Document) -> Option<String> {
    let version = source.root().get("info")?.get("version")?.to_json();
    Some(version.as_str().map_or_else(|| version.to_string(), str::to_owned))
}
