//! The rules: every kind of change that can be reported, with everything that depends on the kind.

mod documentation;
mod properties;
mod table;

use serde::Serialize;

use crate::compatibility::{Level, SetEffect};

pub use documentation::documentation;
#[doc(hidden)]
pub use properties::{
    Children, Coverage, OBJECT_PROPERTIES, ObjectKind, ObjectProperty, properties_of,
};
pub use table::*;

/// The axis of a finding: who is affected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Axis {
    /// Messages: callers and services.
    Wire,
    /// Rust code that uses the generated client.
    Rust,
    /// Readers of the documentation.
    Docs,
}

impl Axis {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::Rust => "rust",
            Self::Docs => "docs",
        }
    }
}

/// One kind of change. Rules are equal if they are the same entry of the table.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Rule {
    key: RuleId,
    /// The name in reports and approvals, in kebab case. It does not change between releases.
    pub id: &'static str,
    /// The axis of its findings.
    pub axis: Axis,
    /// What changed, as a sentence.
    pub meaning: &'static str,
    /// How the level of a finding is determined, in sentences.
    pub level_policy: &'static str,
    /// What to do instead of a breaking change, as a fragment.
    pub advice: &'static str,
    /// Why a finding is breaking or is not; the first reason that applies. Where none applies, the
    /// reason follows from the compatibility rule.
    pub reasons: &'static [Reason],
    /// The level where neither the compatibility rule nor the change determines it.
    pub default_level: Level,
    /// Whether messages are affected.
    pub affects_messages: bool,
    /// Whether it is only reported with a witness, and once for each witness.
    pub requires_witness: bool,
    /// Whether it is about the default of a value that callers may leave out.
    pub concerns_default: bool,
    /// Which payloads are witnesses of it.
    pub witness_criterion: WitnessCriterion,
}

impl Rule {
    const fn new(
        key: RuleId,
        id: &'static str,
        axis: Axis,
        meaning: &'static str,
        level_policy: &'static str,
        advice: &'static str,
    ) -> Self {
        Self {
            key,
            id,
            axis,
            meaning,
            level_policy,
            advice,
            reasons: &[],
            default_level: Level::Info,
            affects_messages: true,
            requires_witness: false,
            concerns_default: false,
            witness_criterion: WitnessCriterion::SameType,
        }
    }

    /// The reason for a level, if the rule has a specific one.
    #[must_use]
    pub fn reason(&self, level: Level, effect: SetEffect) -> Option<&'static str> {
        let applies = |reason: &&Reason| reason.when.applies(level, effect);
        self.reasons.iter().find(applies).map(|reason| reason.text)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Rule {}

/// Why a finding has its level.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Reason {
    /// The findings to which it applies.
    pub when: When,
    /// The reason, as a fragment.
    pub text: &'static str,
}

/// The findings of a rule to which a reason applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum When {
    /// All findings.
    Always,
    /// Breaking and suspected findings.
    Breaks,
    /// Breaking and suspected findings that remove values.
    Narrows,
    /// Breaking and suspected findings that add values.
    Widens,
    /// Warnings.
    Warns,
    /// Findings that are not breaking or suspected.
    Harmless,
}

impl When {
    fn applies(self, level: Level, effect: SetEffect) -> bool {
        match self {
            Self::Always => true,
            Self::Breaks => level.is_break(),
            Self::Narrows => level.is_break() && effect.narrows,
            Self::Widens => level.is_break() && effect.widens,
            Self::Warns => level == Level::Warning,
            Self::Harmless => !level.is_break(),
        }
    }
}

/// Which payloads the witness search prefers for a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WitnessCriterion {
    /// Payloads of a type that the other document does not accept.
    OtherType,
    /// Payloads of a type that both documents accept.
    SameType,
    /// Payloads whose properties the writer's document all names. The witness is the only evidence
    /// of such a change, so it has to be a value that is really sent.
    DeclaredProperties,
}
