//! What can be found, and why it has the level that it has.

mod print;
mod rows;
mod table;

use serde::Serialize;

pub use print::documentation;
pub use rows::{ROWS, Row, Says};
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

/// One kind of change.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The name in reports and approvals: kebab-case, stable across releases.
    pub id: &'static str,
    /// Whom it is about.
    pub axis: Axis,
    /// What changed when this is reported.
    pub meaning: &'static str,
    /// Why its level is what it is.
    pub level: &'static str,
    /// What to do instead where it breaks somebody.
    pub instead: &'static str,
}
