//! The verdict of a comparison on each axis.

use serde::Serialize;

/// The verdict on the messages that travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum WireVerdict {
    /// Messages do not change.
    None,
    /// Messages change, and existing callers and services keep working.
    Compatible,
    /// An existing caller or service breaks.
    Breaking,
}

/// The verdict on Rust code that uses the generated client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum RustVerdict {
    /// The public items are the same.
    None,
    /// Existing code still compiles; items were added or opened.
    Additive,
    /// Code that compiles today may no longer compile.
    Breaking,
    /// The axis was not compared.
    Unavailable,
}

/// The verdict on each axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Verdict {
    /// The wire axis.
    pub wire: WireVerdict,
    /// The Rust axis.
    pub rust: RustVerdict,
    /// The documentation axis: whether text or examples changed.
    pub docs: bool,
    /// Whether a part of the documents was not compared: what is behind references that are not
    /// followed, what is too large, or keywords of another version of OpenAPI.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
}
