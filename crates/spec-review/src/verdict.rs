//! What a comparison comes to on each axis.

use serde::Serialize;

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
#[non_exhaustive]
pub struct Verdict {
    /// Messages.
    pub wire: WireVerdict,
    /// The generated client.
    pub rust: RustVerdict,
    /// Whether text or examples changed.
    pub docs: bool,
}
