//! The texts of the two documents, as somebody handed them over.

use openapi_document::{Document, LoadOptions, Report};

/// A document as somebody handed it over.
#[derive(Debug, Clone)]
pub struct Input {
    /// What reports call it: a path, usually.
    pub name: String,
    /// The text, YAML or JSON.
    pub text: String,
}

impl Input {
    /// A document with its name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// Reads the document. What is only read differently by different tools (a bare `on`, a key that
    /// is a number) is taken as YAML 1.2 has it; what is malformed or too large is refused.
    pub(crate) fn read(&self) -> Result<Document, Report> {
        Document::parse(self.name.as_str(), self.text.as_str(), &LoadOptions::tolerant())
    }
}
