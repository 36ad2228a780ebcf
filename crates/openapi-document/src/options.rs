//! Which deviations the loader tolerates.

/// A deviation from plain YAML 1.2 or JSON that strict loading rejects and tolerant loading
/// accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Deviation {
    /// A plain scalar that YAML 1.1 and 1.2 interpret differently (`on`, `010`, `12:30`). If
    /// tolerated, it is a decimal number where it consists of digits, and otherwise a string,
    /// `0o17` included.
    AmbiguousScalar,
    /// A key that is not a string (`1.5`, `true`, an empty key). If tolerated, its source text is
    /// the key.
    NonStringKey,
    /// A number that is not finite or does not fit into 64 bits. If tolerated, it becomes the
    /// nearest finite floating-point number, or a string if there is none.
    NumberRange,
    /// A key that occurs more than once in a mapping. If tolerated, the first entry wins.
    DuplicateKey,
    /// The merge key `<<` of YAML 1.1. If tolerated, the entries it refers to are appended to those
    /// of the mapping, except for keys that the mapping has itself.
    MergeKey,
    /// A surrogate pair in JSON, `\ud83d\ude00`, which YAML does not define. If tolerated, it is
    /// the one character that JSON means by it.
    SurrogatePair,
}

/// Which deviations are tolerated when a text is loaded. Default: none.
///
/// ```
/// use openapi_document::{Deviation, Document, LoadOptions};
///
/// let text = "x: 1\nx: 2\n";
/// assert!(Document::parse("api.yaml", text, &LoadOptions::strict()).is_err());
///
/// let options = LoadOptions::strict().tolerate(Deviation::DuplicateKey);
/// let document = Document::parse("api.yaml", text, &options)?;
/// assert_eq!(document.to_json().to_string(), r#"{"x":1}"#);
/// # Ok::<(), openapi_document::Report>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadOptions {
    tolerated: Vec<Deviation>,
}

impl LoadOptions {
    /// Tolerates nothing. For documents whose authors can fix them.
    #[must_use]
    pub fn strict() -> Self {
        Self::default()
    }

    /// Tolerates every [`Deviation`]. For documents that come from elsewhere.
    #[must_use]
    pub fn tolerant() -> Self {
        let all = [
            Deviation::AmbiguousScalar,
            Deviation::NonStringKey,
            Deviation::NumberRange,
            Deviation::DuplicateKey,
            Deviation::MergeKey,
            Deviation::SurrogatePair,
        ];
        Self { tolerated: all.to_vec() }
    }

    /// Tolerates one more deviation.
    #[must_use]
    pub fn tolerate(mut self, deviation: Deviation) -> Self {
        if !self.tolerates(deviation) {
            self.tolerated.push(deviation);
        }
        self
    }

    /// Whether a deviation is tolerated.
    #[must_use]
    pub fn tolerates(&self, deviation: Deviation) -> bool {
        self.tolerated.contains(&deviation)
    }
}
