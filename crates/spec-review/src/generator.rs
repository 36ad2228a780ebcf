//! What the Rust axis asks of the caller: the client that is generated from a document.

use std::fmt;

use openapi_document::Report;

use crate::input::Input;

/// Generates the Rust client of a document, so that the clients of two documents can be compared.
///
/// This crate has no generator of its own: whoever generates a client knows with what.
pub trait ClientGenerator: fmt::Debug + Send + Sync {
    /// The modules of the client that its users see.
    ///
    /// # Errors
    ///
    /// What keeps a client from being generated from this document.
    fn generate(&self, document: &Input) -> Result<Vec<RustModule>, Report>;
}

/// A module of a generated client.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RustModule {
    /// Its path within the client, as code names it: `types`.
    pub path: String,
    /// Its Rust code.
    pub code: String,
}

impl RustModule {
    /// A module.
    pub fn new(path: impl Into<String>, code: impl Into<String>) -> Self {
        Self { path: path.into(), code: code.into() }
    }
}
