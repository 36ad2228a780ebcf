#![doc = include_str!("../README.md")]

mod approvals;
mod budget;
mod bump;
pub mod change;
#[cfg(feature = "cli")]
pub mod cli;
pub mod compatibility;
mod diff;
mod document_text;
mod documentation;
mod fingerprint;
mod generator;
pub mod render;
mod report;
mod resolver;
pub mod rules;
mod rust;
mod schema;
mod stability;
mod subject;
mod usage;
mod validator;
mod verdict;
mod versions;
mod wire;
mod wire_findings;
mod witness;

use std::fmt;
use std::sync::Arc;

use openapi_document::Document;

pub use approvals::{Approvals, ApprovalsError};
pub use bump::{AxisBump, Bump, VersionBumps};
pub use change::Change;
pub use compatibility::{Direction, Level, SetEffect};
pub use document_text::DocumentText;
pub use generator::{ClientGenerator, RustModule};
pub use report::{FailOn, Finding, GenerationFailure, Report, RustUnavailable, UnmatchedApproval};
pub use rules::{Axis, Rule};
pub use schema::{Num, TypeSet, UnionKeyword};
pub use subject::{ItemPath, Location, Member, Subject, Target};
pub use verdict::{RustVerdict, Verdict, WireVerdict};
pub use versions::Versions;
pub use witness::{AcceptedBy, Witness};

use crate::fingerprint::canonical;
use crate::resolver::Resolver;
use crate::schema::Schemas;
use crate::wire::WireComparison;

/// Settings of a comparison. The default has no approvals, no package versions and no Rust axis.
///
/// ```
/// use spec_review::{Options, Versions};
///
/// let versions = Versions::new("0.1.0", "0.2.0").map(|version| Some(version.to_owned()));
/// let options = Options::default().package_versions(versions);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Options {
    approvals: Approvals,
    approvals_file: Option<String>,
    package_versions: Versions<Option<String>>,
    client_generator: Option<Arc<dyn ClientGenerator>>,
}

impl Options {
    /// Sets the approvals.
    #[must_use]
    pub fn approvals(mut self, approvals: Approvals) -> Self {
        self.approvals = approvals;
        self
    }

    /// Sets the name of the file of approvals, for the part of a report that says how to approve.
    #[must_use]
    pub fn approvals_file(mut self, name: impl Into<String>) -> Self {
        self.approvals_file = Some(name.into());
        self
    }

    /// Sets the versions of the generated crate; `None` where a version is unknown.
    #[must_use]
    pub fn package_versions(mut self, versions: Versions<Option<String>>) -> Self {
        self.package_versions = versions;
        self
    }

    /// Sets the client generator, which adds the Rust axis. Without it the verdict on that axis is
    /// [`RustVerdict::Unavailable`]. Generating takes most of the time of a comparison.
    #[must_use]
    pub fn client_generator(mut self, generator: Arc<dyn ClientGenerator>) -> Self {
        self.client_generator = Some(generator);
        self
    }
}

/// Why two documents cannot be compared.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The base document cannot be read.
    Base(openapi_document::Report),
    /// The head document cannot be read.
    Head(openapi_document::Report),
    /// A document, by its name, says of no version of OpenAPI that it follows it. Whatever it is, it
    /// has no operations that could be compared.
    NotOpenApi(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base(_) => f.write_str("the old document cannot be read"),
            Self::Head(_) => f.write_str("the new document cannot be read"),
            Self::NotOpenApi(name) => {
                write!(f, "{name} is no OpenAPI document: it has no `openapi` at its top")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Base(report) | Self::Head(report) => Some(report),
            Self::NotOpenApi(_) => None,
        }
    }
}

/// The stack of a comparison. Alternatives within alternatives are followed by recursion, here and
/// in the validator, and thousands of them are more than a thread has by default. Memory is only
/// used as far as a document needs it.
const STACK_BYTES: usize = 512 << 20;

/// Compares two documents, in a thread of its own, for which it waits.
///
/// # Errors
///
/// Where a document is not well-formed YAML or JSON, too large, or no OpenAPI document. Anything else
/// that is wrong with a document is compared as it stands.
pub fn compare(
    base: &DocumentText,
    head: &DocumentText,
    options: &Options,
) -> Result<Report, Error> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        match thread.spawn_scoped(scope, || compare_here(base, head, options)) {
            Ok(running) => running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // Such a stack cannot be had: most documents need less.
            Err(_) => compare_here(base, head, options),
        }
    })
}

fn compare_here(
    base: &DocumentText,
    head: &DocumentText,
    options: &Options,
) -> Result<Report, Error> {
    let inputs = Versions::new(base, head);
    let sources =
        Versions::new(base.parse().map_err(Error::Base)?, head.parse().map_err(Error::Head)?);
    let sources = sources.each();
    for source in [sources.base, sources.head] {
        if ["openapi", "swagger"].iter().all(|key| source.root().get(key).is_none()) {
            return Err(Error::NotOpenApi(source.name().to_owned()));
        }
    }
    let mut wire = WireComparison::compare(sources.map(Resolver::new));
    let mut findings = wire_findings::wire_findings(&mut wire, sources);
    let not_followed = wire.not_followed();
    let left_out = |finding: &Finding| {
        matches!(finding.change, Change::TooLarge | Change::UnsupportedVersion { .. })
    };
    let partial = !not_followed.is_empty() || findings.iter().any(left_out);
    let read_as_null = wire.schema_comparison.schemas.each().map(Schemas::read_as_null);
    let read_as_null =
        sources.zip(read_as_null).map(|(source, at)| at.map(|at| Location::of(source, Some(&at))));
    let read_as_null = read_as_null.head.or(read_as_null.base);
    findings.extend(documentation::findings(sources, &wire.moved_paths));
    let rust = match &options.client_generator {
        Some(generator) => rust::compare(&**generator, inputs, sources),
        None => Err(RustUnavailable::NoGenerator),
    };
    let rust_unavailable = match rust {
        Ok(finding) => {
            findings.extend(finding);
            None
        }
        Err(reason) => Some(reason),
    };
    let unmatched_approvals = options.approvals.apply(&mut findings);
    findings.sort_by_cached_key(order);
    let available = rust_unavailable.is_none();
    // Approved findings require no version bump, and neither does the new version itself.
    let mut unapproved =
        verdict(&findings, available, partial, |finding| finding.approved.is_none());
    unapproved.docs = findings
        .iter()
        .any(|finding| finding.axis() == Axis::Docs && *finding.rule != rules::INFO_VERSION);
    let bump =
        VersionBumps::new(unapproved, sources.map(info_version), options.package_versions.clone());
    Ok(Report {
        names: sources.map(|source| source.name().to_owned()),
        verdict: verdict(&findings, available, partial, |_| true),
        bump,
        not_followed,
        read_as_null,
        proofs_cut_short: wire.proofs_cut_short,
        findings,
        rust_unavailable,
        unmatched_approvals,
        approvals_file: options.approvals_file.clone(),
    })
}

/// The most severe first, then by their position in the head document.
fn order(finding: &Finding) -> impl Ord + use<> {
    let head = &finding.subject.locations.head;
    let (pointer, item) = match &finding.subject.target {
        Target::Document { pointer, .. } => (pointer.head.clone().or(pointer.base.clone()), None),
        Target::Item { path, .. } => (None, Some(path.clone())),
    };
    let severity = (finding.level, finding.axis(), head.line, head.column);
    (severity, finding.rule.id, pointer, canonical(&finding.change), item)
}

fn verdict(
    findings: &[Finding],
    available: bool,
    partial: bool,
    counts: impl Fn(&Finding) -> bool,
) -> Verdict {
    let of = |axis: Axis| findings.iter().filter(move |finding| finding.axis() == axis);
    let breaking = |axis: Axis| of(axis).any(|finding| finding.level.is_break() && counts(finding));
    let wire = if breaking(Axis::Wire) {
        WireVerdict::Breaking
    } else if of(Axis::Wire).any(|finding| finding.rule.affects_messages) {
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
    Verdict { wire, rust, docs: of(Axis::Docs).next().is_some(), partial }
}

/// `info.version`, as text even where it is written as a number.
fn info_version(source: &Document) -> Option<String> {
    let version = source.root().get("info")?.get("version")?.to_json();
    Some(version.as_str().map_or_else(|| version.to_string(), str::to_owned))
}
