#![doc = include_str!("../README.md")]

mod approvals;
mod assemble;
mod diff;
mod docs;
mod explain;
mod generator;
mod input;
pub mod law;
pub mod render;
mod report;
pub mod rules;
mod rust;
mod schema;
mod side;
mod text;
mod users;
mod validator;
mod version;
mod wire;
mod witness;

use std::fmt;
use std::sync::Arc;

use openapi_document::{Document, Report as Refusal};

pub use approvals::{Approvals, ApprovalsError};
pub use generator::{ClientGenerator, RustModule};
pub use input::Input;
pub use law::Level;
pub use report::{FailOn, Finding, Location, Report, RustVerdict, Unmatched, Verdict, WireVerdict};
pub use rules::{Axis, Rule};
pub use version::{AxisBump, Bump, Bumps};
pub use witness::{AcceptedBy, Witness, WitnessKind, WitnessSchemas};

use crate::side::Side;
use crate::wire::Wire;

/// What a comparison is told beside the documents.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What was approved.
    pub approvals: Approvals,
    /// The versions of the generated crate, old and new.
    pub package_versions: [Option<String>; 2],
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
    let old = base.read().map_err(Error::Base)?;
    let new = head.read().map_err(Error::Head)?;
    let mut wire = Wire::compare(Side::new(&old), Side::new(&new));
    let mut findings = assemble::wire_findings(&mut wire, &old, &new);
    findings.extend(docs::findings(&old, &new));
    let rust = match &options.client_generator {
        Some(generator) => rust::compare(&**generator, base, head, (&old, &new)),
        None => rust::Outcome::unavailable("it was left out".to_owned()),
    };
    findings.extend(rust.findings);
    let unmatched_approvals = options.approvals.apply(&mut findings);
    findings.sort_by(|one, other| {
        let key = |found: &Finding| {
            (found.level, found.axis, found.head.line, found.head.column, found.rule.id)
        };
        key(one).cmp(&key(other)).then_with(|| one.message.cmp(&other.message))
    });
    let verdict = verdict(&findings, rust.unavailable.is_some(), |_| true);
    // What was approved asks for no version.
    let open = verdict_of_open(&findings, rust.unavailable.is_some());
    let bump = Bumps::new(
        (open.wire, open.rust, open.docs),
        [info_version(&old), info_version(&new)],
        options.package_versions.clone(),
    );
    Ok(Report {
        base: old.name().to_owned(),
        head: new.name().to_owned(),
        verdict,
        bump,
        findings,
        rust_unavailable: rust.unavailable,
        unmatched_approvals,
    })
}

fn verdict_of_open(findings: &[Finding], unavailable: bool) -> Verdict {
    verdict(findings, unavailable, |found| found.approved.is_none())
}

fn verdict(findings: &[Finding], unavailable: bool, counts: impl Fn(&Finding) -> bool) -> Verdict {
    let of = |axis: Axis| findings.iter().filter(move |found| found.axis == axis);
    let breaking = |axis: Axis| of(axis).any(|found| found.level.is_break() && counts(found));
    let wire = if breaking(Axis::Wire) {
        WireVerdict::Breaking
    } else if of(Axis::Wire).any(|found| found.rule.id != rules::OPERATION_ID.id) {
        WireVerdict::Compatible
    } else {
        WireVerdict::None
    };
    let rust = if unavailable {
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
