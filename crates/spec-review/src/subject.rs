//! Whom and what a finding is about.

use serde::Serialize;

use crate::law::Direction;
use crate::versions::Versions;

/// A place in one of the documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Location {
    /// A JSON Pointer into the document.
    pub pointer: String,
    /// The document's name, as it was given.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// What a change is a change of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// A place in the documents.
    #[non_exhaustive]
    Document {
        /// JSON Pointers, in which items of lists go by their names; nothing where a document has
        /// no such place.
        pointer: Versions<Option<String>>,
        /// Whether the place was come to through a `not`.
        negated: bool,
        /// Whether it is a schema, whose values travel in the directions of the subject.
        of_schema: bool,
    },
    /// A public item of the generated client.
    #[non_exhaustive]
    Item {
        /// The path of the item, as code names it.
        path: String,
        /// Whether items of the layers below changed with it.
        layers: bool,
    },
}

/// Whom and what a change concerns.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Subject {
    /// What was changed.
    pub target: Target,
    /// The operations that are concerned: their ids, or method and path.
    pub operations: Vec<String>,
    /// The directions in which messages that are concerned travel.
    pub directions: Vec<Direction>,
    /// Where it stands in each document, or what it is missing from there.
    pub at: Versions<Location>,
}
