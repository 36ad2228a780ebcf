//! The text of a document to compare, with the name that reports give it.

use openapi_document::{Document, LoadOptions, Report};

/// The text of a document, with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentText {
    /// The name in reports, usually a path.
    pub name: String,
    /// The text, YAML or JSON.
    pub text: String,
}

impl DocumentText {
    /// A document with its name and its text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// Parses the document. Constructs that tools interpret differently (a bare `on`, a key that is
    /// a number) are read as in YAML 1.2; malformed or too large documents are rejected.
    pub(crate) fn parse(&self) -> Result<Document, Report> {
        Document::parse(self.name.as_str(), self.text.as_str(), &LoadOptions::tolerant())
    }
}
