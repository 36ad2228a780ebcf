//! What can be found, and everything that depends on which of it was found.

mod documentation;
mod properties;
mod table;

use serde::Serialize;

use crate::compatibility::{Level, SetEffect};

pub use documentation::documentation;
pub use properties::{
    Children, Coverage, OBJECT_PROPERTIES, ObjectKind, ObjectProperty, properties_of,
};
pub use table::*;

/// Whom a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Axis {
    /// Callers and services that exchange messages.
    Wire,
    /// Rust code that uses the generated client.
    Rust,
    /// Readers.
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

/// One kind of change. Two rules are the same if they are the same row of the table.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Rule {
    key: RuleId,
    /// The name in reports and approvals: kebab-case, stable across releases.
    pub id: &'static str,
    /// Whom it is about.
    pub axis: Axis,
    /// What changed when this is reported.
    pub meaning: &'static str,
    /// Why its level is what it is.
    pub level_policy: &'static str,
    /// What to do instead where it breaks somebody.
    pub advice: &'static str,
    /// Why it breaks somebody, or why it does not: the first reason that applies. Where none does,
    /// the law has one.
    pub reasons: &'static [Reason],
    /// The level where neither the law nor the change says otherwise.
    pub default_level: Level,
    /// Whether messages change by it.
    pub affects_messages: bool,
    /// Whether it is only reported with a payload that proves it, and once for each payload.
    pub requires_witness: bool,
    /// Whether it is about what stands for a value that callers leave out.
    pub concerns_default: bool,
    /// How a payload shows it.
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

    /// The reason for a level, where the rule has one of its own.
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

/// Why a change has its level.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Reason {
    /// When it applies.
    pub when: When,
    /// The reason, as a fragment.
    pub text: &'static str,
}

/// To which findings of a rule a reason applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// To all.
    Always,
    /// To breaks.
    Breaks,
    /// To breaks that take values away.
    Narrows,
    /// To breaks that add values.
    Widens,
    /// To warnings.
    Warns,
    /// To all but breaks.
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

/// In what a payload that proves a change differs from what the other document takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WitnessCriterion {
    /// Its type is one that the other document does not take.
    OtherType,
    /// Its type is taken by both documents.
    SameType,
    /// It is the only sign of the change, so it has to be a value that somebody sends: all its
    /// properties are ones that the writer's document speaks of.
    DeclaredProperties,
}
