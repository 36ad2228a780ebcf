//! What a finding is about: the changed place or item, the operations and the directions.

use std::fmt;

use openapi_document::Document;
use serde::Serialize;

use crate::compatibility::Direction;
use crate::resolver::NodeLocation;
use crate::versions::Versions;

/// A location in one of the documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Location {
    /// A JSON Pointer into the document.
    pub pointer: String,
    /// The name of the document, as it was given.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Location {
    /// The location of a node, or the beginning of the document for `None`.
    pub(crate) fn of(document: &Document, node: Option<&NodeLocation>) -> Self {
        let position = document.position(node.map(|node| node.span).unwrap_or_default());
        Self {
            pointer: node.map(|node| node.pointer.to_string()).unwrap_or_default(),
            file: document.name().to_owned(),
            line: position.line,
            column: position.column,
        }
    }
}

/// What was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// A place in the documents.
    #[non_exhaustive]
    Document {
        /// JSON Pointers in which list items are identified by their names instead of their
        /// positions; `None` where a document does not have the place.
        pointer: Versions<Option<String>>,
        /// Whether the place is inside a `not`, counted from the body or parameter.
        negated: bool,
        /// Whether it is a schema, whose values travel in the directions of the subject.
        is_schema: bool,
    },
    /// A public item of the generated client.
    #[non_exhaustive]
    Item {
        /// The path of the item.
        path: ItemPath,
        /// Whether items of the same name in the builder module or the raw layer changed as well.
        lower_layers: bool,
    },
}

/// What a change concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subject {
    /// What was changed.
    pub target: Target,
    /// The operations that are concerned: their ids, or method and path.
    pub operations: Vec<String>,
    /// The directions of the messages that are concerned.
    pub directions: Vec<Direction>,
    /// The location in each document: of the change, or of the node that lacks it.
    pub locations: Versions<Location>,
}

/// The path of a public item of the generated client.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct ItemPath {
    /// The module; empty for the root of the client.
    pub module: String,
    /// The type, function or constant.
    pub name: String,
    /// The member, for a part of a type.
    pub member: Option<Member>,
}

/// A member of a type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Member {
    /// A variant, method or associated constant.
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

    /// A member of this type.
    pub(crate) fn member(&self, member: Member) -> Self {
        Self { member: Some(member), ..self.clone() }
    }

    /// The type that this is a member of.
    pub(crate) fn owner(&self) -> Option<Self> {
        self.member.as_ref().map(|_| Self { member: None, ..self.clone() })
    }
}

impl Member {
    /// The name of the member.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Associated(name) | Self::Field(name) | Self::Trait(name) => name,
        }
    }
}

/// As in Rust code: `types::Thing.field`, `types::Thing::Variant`, `types::Thing: Trait`.
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
