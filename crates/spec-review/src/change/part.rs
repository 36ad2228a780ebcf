//! The parts of a document, or of generated code, that can be added, removed or changed.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::schema::TypeSet;

/// A part that can be added, removed, required and so on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Part {
    /// The value that a schema describes.
    Value,
    /// A property of an object.
    Property(String),
    /// A `not`.
    Not,
    /// An alternative of an `anyOf` or `oneOf`.
    Alternative {
        /// The name of its schema, if it has one.
        name: Option<String>,
        /// The types that it accepts.
        types: TypeSet,
    },
    /// `uniqueItems`.
    UniqueItems,
    /// `nullable` in a place where OpenAPI 3.0 gives it no effect.
    #[serde(rename = "idle-nullable")]
    IneffectiveNullable,
    /// A discriminator.
    Discriminator,
    /// The `xml` object of a schema.
    Xml,
    /// An operation.
    Operation,
    /// A parameter of an operation.
    Parameter {
        /// Its `in`: `path`, `query`, `header` or `cookie`.
        location: String,
        /// Its name.
        name: String,
    },
    /// A header of a response.
    Header(String),
    /// A request body.
    RequestBody,
    /// A media type.
    MediaType {
        /// Its name.
        name: String,
        /// Whether it belongs to a response, rather than to a request body.
        response: bool,
        /// The statuses of the response. Not part of the fingerprint: a response component that
        /// several statuses refer to changes once.
        #[serde(skip)]
        statuses: BTreeSet<String>,
    },
    /// The response with a status.
    Status(String),
    /// A link of a response.
    Link(String),
    /// A callback of an operation.
    Callback(String),
    /// A server, by its URL.
    Server(String),
    /// An OAuth flow of a security scheme.
    #[serde(rename = "flow")]
    OAuthFlow {
        /// The flow.
        flow: String,
        /// The security scheme.
        scheme: String,
    },
    /// A scope of an OAuth flow.
    #[serde(rename = "scope")]
    OAuthScope {
        /// The scope.
        scope: String,
        /// The flow.
        flow: String,
        /// The security scheme.
        scheme: String,
    },
    /// An entry of `tags` at the top of the document.
    Tag(String),
    /// A keyword that holds text or examples.
    Text(&'static str),
    /// An extension, by its key.
    Extension(String),
    /// A public item of the generated client.
    Item {
        /// Its kind.
        kind: ItemKind,
        /// Whether it is a variant or a field of a type that is not `#[non_exhaustive]`, so that
        /// existing code has to name it.
        exhaustive: bool,
    },
}

/// The kind of a public item of the generated client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ItemKind {
    /// A struct.
    Struct,
    /// An enum.
    Enum,
    /// A field of a struct.
    Field,
    /// A variant of an enum.
    Variant,
    /// A method.
    Method,
    /// An implementation of a trait.
    Implementation,
    /// Anything else.
    Other,
}
