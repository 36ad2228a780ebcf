//! What a comparison came to, as data. Rendering is done elsewhere.

use serde::Serialize;

use crate::law::Level;
use crate::rules::{Axis, Rule};
use crate::version::Bumps;
use crate::witness::Witness;

/// A place in one of the documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Location {
    /// A JSON Pointer into the document.
    pub pointer: String,
    /// The document's name, as it was given.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// One change, with everybody whom it concerns.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The kind of change.
    pub rule: &'static Rule,
    /// Whom it concerns.
    pub axis: Axis,
    /// How much it matters.
    pub level: Level,
    /// The operations that are concerned: their ids, or method and path.
    pub operations: Vec<String>,
    /// Where it stands in the old document, or what it is missing from there.
    pub base: Location,
    /// Where it stands in the new document, or what it is missing from there.
    pub head: Location,
    /// What changed, from what to what.
    pub message: String,
    /// Why that breaks somebody, or why it does not.
    pub why: String,
    /// What to do instead.
    pub instead: String,
    /// The proof, where there is one.
    pub witness: Option<Witness>,
    /// The same for the same change, wherever it stands in the text.
    pub fingerprint: String,
    /// Why it was approved, if it was.
    pub approved: Option<String>,
}

/// What happens on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WireVerdict {
    /// The same messages travel.
    None,
    /// Everybody who worked goes on working.
    Compatible,
    /// Somebody breaks.
    Breaking,
}

/// What happens to Rust code that uses the generated client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RustVerdict {
    /// The public items are the same.
    None,
    /// There are more of them.
    Additive,
    /// Code that compiles today may not compile.
    Breaking,
    /// The generator refuses one of the documents.
    Unavailable,
}

/// One word for each axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Messages.
    pub wire: WireVerdict,
    /// The generated client.
    pub rust: RustVerdict,
    /// Whether text or examples changed.
    pub docs: bool,
}

/// An approval that stands in the file and for nothing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// The fingerprint.
    pub fingerprint: String,
    /// The reason that was given.
    pub reason: String,
}

/// Everything that a comparison found.
#[derive(Debug, Clone)]
pub struct Report {
    /// The name of the old document.
    pub base: String,
    /// The name of the new document.
    pub head: String,
    /// One word for each axis.
    pub verdict: Verdict,
    /// The versions that have to follow, and those that were declared.
    pub bump: Bumps,
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
    /// Why the Rust axis has no verdict, if it has none.
    pub rust_unavailable: Option<String>,
    /// Approvals that match nothing.
    pub unmatched_approvals: Vec<Unmatched>,
}

/// From which level on an axis fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailOn {
    /// Breaks, proven or suspected.
    #[default]
    Breaking,
    /// Breaks and warnings.
    Warning,
    /// Anything at all.
    Any,
    /// Nothing.
    Never,
}

impl Report {
    /// The findings of one axis.
    pub fn of(&self, axis: Axis) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |found| found.axis == axis)
    }

    /// How many findings have a level.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|found| found.level == level).count()
    }

    /// Whether nothing at all was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Whether an axis has something that is not approved at the level that was asked for.
    #[must_use]
    pub fn fails(&self, axis: Axis, fail_on: FailOn) -> bool {
        self.of(axis).filter(|found| found.approved.is_none()).any(|found| match fail_on {
            FailOn::Breaking => found.level.is_break(),
            FailOn::Warning => found.level <= Level::Warning,
            FailOn::Any => true,
            FailOn::Never => false,
        })
    }
}
