//! A contract that has passed the lint.

use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use openapi_document::{Document, LoadOptions, Report, Rule, Severity, read_text};
use openapiv3::OpenAPI;

use crate::generate::{self, GeneratedFile};
use crate::lint::lint;
use crate::nullable;

/// A contract that has passed the lint and can be generated from.
#[derive(Debug, Clone)]
pub struct Contract {
    document: Document,
    warnings: Report,
    api: OpenAPI,
}

/// Why a contract cannot be read or generated from.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be read.
    Unreadable {
        /// The path of the file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The contract has errors; the report contains its warnings as well.
    Invalid(Report),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, .. } => write!(f, "cannot read {}", path.display()),
            Self::Invalid(report) => write!(f, "{report}\n\n{}", report.summary()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { source, .. } => Some(source),
            Self::Invalid(_) => None,
        }
    }
}

impl Contract {
    /// Reads a contract from a file and checks it. Diagnostics show `display_name` as the file.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] if the file cannot be read, has more than 8 MiB or is not UTF-8, and [`Error::Invalid`] if
    /// the contract has errors.
    pub fn read(path: impl AsRef<Path>, display_name: &str) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = read_text(path)
            .map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
        Self::parse(display_name, text).map_err(Error::Invalid)
    }

    /// Parses a contract from a text and checks it. Diagnostics show `name` as the file.
    ///
    /// # Errors
    ///
    /// A report with all errors and warnings, if there is any error.
    pub fn parse(name: impl Into<String>, text: impl Into<String>) -> Result<Self, Report> {
        let document = Document::parse(name, text, &LoadOptions::strict())?;
        let report = lint(&document);
        if report.has_errors() {
            return Err(report);
        }
        match serde_json::from_value(nullable::at_references(document.to_json())) {
            Ok(api) => Ok(Self { document, warnings: report, api }),
            Err(error) => Err(generator_failure(&document, &error.to_string())),
        }
    }

    /// The warnings of the lint; they do not prevent generating.
    #[must_use]
    pub fn warnings(&self) -> &Report {
        &self.warnings
    }

    /// The parsed document.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Generates the code of the client: the files of its module `generated`.
    ///
    /// # Errors
    ///
    /// A report of one error if the generator fails. That is a bug in the lint, which should have
    /// reported the cause.
    pub fn generate(&self) -> Result<Vec<GeneratedFile>, Report> {
        self.catch_panics(generate::generate)
    }

    /// Generates the mocks of the raw layer, one file of the crate `dbss-mocks`.
    ///
    /// # Errors
    ///
    /// As for [`generate`](Self::generate).
    pub fn generate_mocks(&self) -> Result<GeneratedFile, Report> {
        self.catch_panics(generate::generate_mocks)
    }

    fn catch_panics<T>(&self, generate: fn(&OpenAPI) -> Result<T, String>) -> Result<T, Report> {
        // progenitor and typify panic on some input that they do not support. The lint reports all
        // of it that is known; this turns the rest into a report, so that a build script fails with
        // a message.
        match catch_unwind(AssertUnwindSafe(|| generate(&self.api))) {
            Ok(Ok(generated)) => Ok(generated),
            Ok(Err(message)) => Err(generator_failure(&self.document, &message)),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
                Err(generator_failure(&self.document, text.unwrap_or("the generator panicked")))
            }
        }
    }
}

/// The rule of a failure of the generator. It is not in the table of rules, because it is never
/// expected: it stands for a rule that the lint lacks.
const GENERATOR_FAILURE: Rule =
    Rule::new("generator", Severity::Error, "A contract that passes the lint can be generated.");

/// A report of one error that is not about a specific part of the contract.
fn generator_failure(document: &Document, message: &str) -> Report {
    let help = "the lint accepted this contract and should not have; please report it together with the contract";
    let found = document.diagnostic(&GENERATOR_FAILURE, document.root().span, message, help);
    std::iter::once(found).collect()
}
