//! The client generator that the Rust axis needs from the caller.

use std::fmt;

use openapi_document::Report;

use crate::document_text::DocumentText;

/// Generates the Rust client of a document, so that the clients of two documents can be compared.
///
/// This crate has no generator of its own, so that a comparison without the Rust axis does not have
/// to build one: callers implement this trait for theirs. Methods that are added to it will have a
/// default.
pub trait ClientGenerator: fmt::Debug + Send + Sync {
    /// Generates the public modules of the client.
    ///
    /// # Errors
    ///
    /// The diagnostics that keep a client from being generated from this document.
    fn generate(&self, document: &DocumentText) -> Result<Vec<RustModule>, Report>;
}

/// A module of a generated client.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RustModule {
    /// Its path in the client, as Rust code names it: `types`.
    pub path: String,
    /// Its Rust code.
    pub code: String,
}

impl RustModule {
    /// A module with its path and its code.
    pub fn new(path: impl Into<String>, code: impl Into<String>) -> Self {
        Self { path: path.into(), code: code.into() }
    }
}
