//! Whom and what a finding is about.

use std::fmt;

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
        /// Which.
        path: ItemPath,
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

/// The path of a public item of the generated client.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct ItemPath {
    /// The module; empty for the root of the client.
    pub module: String,
    /// The type, function or constant.
    pub name: String,
    /// What of a type it is, if it is a part of one.
    pub member: Option<Member>,
}

/// A part of a type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Member {
    /// A variant, method or constant.
    Associated(String),
    /// A field.
    Field(String),
    /// The implementation of a trait.
    Trait(String),
}

impl ItemPath {
    /// A type, function or constant.
    pub(crate) fn new(module: &str, name: impl Into<String>) -> Self {
        Self { module: module.to_owned(), name: name.into(), member: None }
    }

    /// A part of this type.
    pub(crate) fn member(&self, member: Member) -> Self {
        Self { member: Some(member), ..self.clone() }
    }

    /// The type that this is a part of.
    pub(crate) fn owner(&self) -> Option<Self> {
        self.member.as_ref().map(|_| Self { member: None, ..self.clone() })
    }
}

impl Member {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Associated(name) | Self::Field(name) | Self::Trait(name) => name,
        }
    }
}

/// As code names it: `types::Thing.field`, `types::Thing::Variant`, `types::Thing: Trait`.
impl fmt::Display for ItemPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.module.is_empty() {
            write!(f, "{}::", self.module)?;
        }
        f.write_str(&self.name)?;
        match &self.member {
            None => Ok(()),
            Some(Member::Associated(name)) => write!(f, "::{name}"),
            Some(Member::Field(name)) => write!(f, ".{name}"),
            Some(Member::Trait(name)) => write!(f, ": {name}"),
        }
    }
}
