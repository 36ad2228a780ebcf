//! What a comparison came to, as data. Rendering is done elsewhere.

use openapi_document::Report as Refusal;

use crate::change::Change;
use crate::fingerprint::fingerprint;
use crate::law::{Effect, Level};
use crate::rules::{Axis, Rule};
use crate::subject::Subject;
use crate::verdict::Verdict;
use crate::version::Bumps;
use crate::versions::Versions;
use crate::witness::Witness;

/// One change, with everybody whom it concerns. What is said of it in words, a renderer says: see
/// [`message`](crate::render::message), [`reason`](crate::render::reason) and
/// [`advice`](crate::render::advice).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Finding {
    /// The kind of change.
    pub rule: &'static Rule,
    /// How much it matters.
    pub level: Level,
    /// Whom and what it concerns.
    pub subject: Subject,
    /// What changed, from what to what.
    pub change: Change,
    /// What it does to the values that travel in the first of the directions.
    pub effect: Effect,
    /// The proof, where there is one.
    pub witness: Option<Witness>,
    /// The same for the same change, wherever it stands in the text and whomever it reaches.
    pub fingerprint: String,
    /// Why it was approved, if it was.
    pub approved: Option<String>,
}

impl Finding {
    /// A finding that needs no proof, because no message changes by it.
    pub(crate) fn unproven(
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
            effect: Effect::NEITHER,
            witness: None,
            approved: None,
        }
    }

    /// Whom it is about.
    #[must_use]
    pub fn axis(&self) -> Axis {
        self.rule.axis
    }
}

/// Why the Rust axis has no verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RustUnavailable {
    /// It was left out.
    LeftOut,
    /// Nothing is generated from the old document.
    Base(NotGenerated),
    /// Nothing is generated from the new document.
    Head(NotGenerated),
}

/// Why no client is generated from a document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotGenerated {
    /// The generator refuses the document.
    Refused(Refusal),
    /// What it generates is not Rust.
    NotRust {
        /// The module.
        module: String,
        /// What the parser says.
        error: String,
    },
}

/// An approval that stands in the file and for nothing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unmatched {
    /// The fingerprint.
    pub fingerprint: String,
    /// The reason that was given.
    pub reason: String,
}

/// Everything that a comparison found.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Report {
    /// The names of the documents.
    pub names: Versions<String>,
    /// One word for each axis.
    pub verdict: Verdict,
    /// The versions that have to follow, and those that were declared.
    pub bump: Bumps,
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
    /// Why the Rust axis has no verdict, if it has none.
    pub rust_unavailable: Option<RustUnavailable>,
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
        self.findings.iter().filter(move |found| found.axis() == axis)
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
