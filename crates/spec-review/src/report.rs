//! The result of a comparison, as data. The renderers turn it into text.

use crate::bump::VersionBumps;
use crate::change::Change;
use crate::compatibility::{Level, SetEffect};
use crate::fingerprint::fingerprint;
use crate::rules::{Axis, Rule};
use crate::subject::{Location, Subject};
use crate::verdict::Verdict;
use crate::versions::Versions;
use crate::witness::Witness;

/// One change, with all operations that it concerns. The renderers put it into words: see
/// [`message`](crate::render::message), [`reason`](crate::render::reason) and
/// [`advice`](crate::render::advice).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// The kind of change.
    pub rule: &'static Rule,
    /// How severe it is.
    pub level: Level,
    /// What it concerns.
    pub subject: Subject,
    /// What changed, from which value to which.
    pub change: Change,
    /// Its effect on the values that travel in the first of the subject's directions.
    pub effect: SetEffect,
    /// A payload that proves the break, if one was found.
    pub witness: Option<Witness>,
    /// Identifies the change. It does not depend on lines and columns, on the order of lists or on
    /// the operations that the change reaches.
    pub fingerprint: String,
    /// The reason that was given for its approval, if it is approved.
    pub approved: Option<String>,
}

impl Finding {
    /// A finding that needs no witness, because no message is affected.
    pub(crate) fn without_witness(
        rule: &'static Rule,
        level: Level,
        subject: Subject,
        change: Change,
    ) -> Self {
        Self {
            rule,
            level,
            fingerprint: fingerprint(rule, &subject.target, &change),
            subject,
            change,
            effect: SetEffect::NEITHER,
            witness: None,
            approved: None,
        }
    }

    /// The axis of its rule.
    #[must_use]
    pub fn axis(&self) -> Axis {
        self.rule.axis
    }
}

/// Why the Rust axis has no verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RustUnavailable {
    /// No client generator was given.
    NoGenerator,
    /// No client can be generated from the base document.
    Base(GenerationFailure),
    /// No client can be generated from the head document.
    Head(GenerationFailure),
}

/// Why no client can be generated from a document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GenerationFailure {
    /// The generator rejects the document.
    Rejected(openapi_document::Report),
    /// The generated code is not valid Rust.
    InvalidRust {
        /// The module.
        module: String,
        /// The error of the parser.
        error: String,
    },
}

/// An approval whose fingerprint no finding has.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnmatchedApproval {
    /// The fingerprint.
    pub fingerprint: String,
    /// The reason that was given.
    pub reason: String,
}

/// The result of a comparison.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// The names of the documents.
    pub names: Versions<String>,
    /// The verdict on each axis, approved findings included.
    pub verdict: Verdict,
    /// The version bumps that the findings require, and those that were declared.
    pub bump: VersionBumps,
    /// References that were not followed, changed or not: to other files or URLs, and those that
    /// lead nowhere. What is behind them was not compared.
    pub not_followed: Vec<String>,
    /// Where the head document, or else the base document, has an alternative that says only
    /// `nullable: true`. By the text of OpenAPI 3.0 it accepts anything; it is read as `null`, as
    /// generators mean it.
    pub read_as_null: Option<Location>,
    /// Whether breaks are only suspected because searching payloads for all of them would take too
    /// long.
    pub proofs_cut_short: bool,
    /// The findings, the most severe first.
    pub findings: Vec<Finding>,
    /// Why the Rust axis has no verdict, if it has none.
    pub rust_unavailable: Option<RustUnavailable>,
    /// Approvals that match no finding.
    pub unmatched_approvals: Vec<UnmatchedApproval>,
    /// The file that approvals are written to, for readers who want to approve a break.
    pub approvals_file: Option<String>,
}

/// The lowest level of findings for which a check fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum FailOn {
    /// Breaking and suspected findings.
    #[default]
    Breaking,
    /// Breaks and warnings.
    Warning,
    /// Any finding.
    Any,
    /// None: the check never fails.
    Never,
}

impl Report {
    /// The findings on one axis.
    pub fn on_axis(&self, axis: Axis) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.axis() == axis)
    }

    /// The number of findings of a level, on all axes.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }

    /// Whether there are no findings.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Whether an axis has a finding that is not approved and of a level that `fail_on` covers.
    #[must_use]
    pub fn fails(&self, axis: Axis, fail_on: FailOn) -> bool {
        self.on_axis(axis).filter(|finding| finding.approved.is_none()).any(|finding| match fail_on
        {
            FailOn::Breaking => finding.level.is_break(),
            FailOn::Warning => finding.level <= Level::Warning,
            FailOn::Any => true,
            FailOn::Never => false,
        })
    }
}
