//! A contract that is fit to generate from.

use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use openapi_document::{Document, LoadOptions, Report, Rule, Severity};
use openapiv3::OpenAPI;

use crate::generate::{self, GeneratedFile};
use crate::lint::lint;

/// A checked contract.
#[derive(Debug)]
pub struct Contract {
    document: Document,
    warnings: Report,
    api: OpenAPI,
}

/// Why there is no contract to generate from.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The contract has errors.
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
    /// Reads and checks a file; reports call it `display_name`.
    pub fn read(path: &Path, display_name: &str) -> Result<Self, Error> {
        let bytes = std::fs::read(path)
            .map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
        let text = String::from_utf8(bytes).map_err(|error| Error::Unreadable {
            path: path.to_owned(),
            source: io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()),
        })?;
        Self::parse(display_name, text).map_err(Error::Invalid)
    }

    /// Checks the text of a contract; reports call it `name`.
    pub fn parse(name: impl Into<String>, text: impl Into<String>) -> Result<Self, Report> {
        let document = Document::parse(name, text, &LoadOptions::strict())?;
        let report = lint(&document);
        if report.has_errors() {
            return Err(report);
        }
        match serde_json::from_value(document.to_json()) {
            Ok(api) => Ok(Self { document, warnings: report, api }),
            Err(error) => Err(generator_failure(&document, &error.to_string())),
        }
    }

    /// What the lint warns of.
    #[must_use]
    pub fn warnings(&self) -> &Report {
        &self.warnings
    }

    /// The contract as it was loaded.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Generates the client's code. What is refused here is a construct that
    /// the checker should have refused, which is a bug in the checker.
    pub fn generate(&self) -> Result<Vec<GeneratedFile>, Report> {
        self.catch_panics(generate::generate)
    }

    /// Generates the mocks of the raw layer, a file of the crate `dbss-mocks`.
    pub fn generate_mocks(&self) -> Result<GeneratedFile, Report> {
        self.catch_panics(generate::generate_mocks)
    }

    fn catch_panics<T>(&self, generate: fn(&OpenAPI) -> Result<T, String>) -> Result<T, Report> {
        // progenitor and typify assert some of what they require. The checker
        // knows those assertions; this is the net below it.
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

/// Not one of the rules that a contract is checked by: it stands for a rule that
/// is missing there.
const GENERATOR_FAILURE: Rule =
    Rule::new("generator", Severity::Error, "What the checker lets pass can be generated.");

/// A report of one error that has no place in the contract.
fn generator_failure(document: &Document, message: &str) -> Report {
    let help = "the contract checker let this pass and should not have: please report it with the contract";
    let found = document.diagnostic(&GENERATOR_FAILURE, document.root().span, message, help);
    std::iter::once(found).collect()
}
