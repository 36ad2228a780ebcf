//! Inputs that do not fit.

use std::fmt;

/// Where an input that does not fit belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The path of the request.
    Path,
    /// The query of the request.
    Query,
    /// A header of the request.
    Header,
    /// The body of the request.
    Body,
    /// The configuration of the client or of the call.
    Configuration,
}

/// One input that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    field: String,
    source: Source,
    message: String,
    help: String,
}

impl Problem {
    pub(crate) fn new(
        field: impl Into<String>,
        source: Source,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { field: field.into(), source, message: message.into(), help: help.into() }
    }

    /// The input by the name that the contract gives it, as in `ids[0]`.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Where the input belongs.
    #[must_use]
    pub fn source(&self) -> Source {
        self.source
    }

    /// What is wrong with it.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.field, self.message)?;
        if self.help.is_empty() { Ok(()) } else { write!(f, " ({})", self.help) }
    }
}
