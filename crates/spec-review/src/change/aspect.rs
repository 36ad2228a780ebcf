//! The aspects of a part that have a value in each document, and those values.

use serde::Serialize;
use serde_json::Value;

use super::part::{ItemKind, Part};
use crate::schema::{Num, TypeSet};

/// An aspect of a part whose value can change.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Aspect {
    /// The types that a value can have.
    Types,
    /// `minimum`, with `exclusiveMinimum`.
    Minimum,
    /// `maximum`, with `exclusiveMaximum`.
    Maximum,
    /// `multipleOf`.
    MultipleOf,
    /// A limit on the number of characters, items or properties, by its keyword.
    #[serde(rename = "count")]
    CountLimit(&'static str),
    /// `pattern`.
    Pattern,
    /// `format`.
    Format,
    /// `default`.
    Default,
    /// The `xml` object of a schema.
    Xml,
    /// The `propertyName` of a discriminator.
    DiscriminatorProperty,
    /// The `operationId`.
    OperationId,
    /// How the value of a parameter or header is serialised: `style`, `explode`, `content`.
    #[serde(rename = "writing")]
    Serialization(Part),
    /// The `encoding` of a form or multipart body.
    Encoding,
    /// A link of a response.
    Link(String),
    /// The default of a variable of a server URL.
    ServerVariableDefault(String),
    /// The `openIdConnectUrl` of a security scheme.
    #[serde(rename = "scheme-address")]
    OpenIdConnectUrl(String),
    /// A URL of an OAuth flow.
    #[serde(rename = "flow-address")]
    OAuthUrl {
        /// The keyword.
        keyword: &'static str,
        /// The flow.
        flow: String,
        /// The security scheme.
        scheme: String,
    },
    /// `info.version`.
    Version,
    /// An extension, by its key.
    Extension(String),
    /// The kind of an item of the generated client.
    ItemKind,
    /// The type or signature of an item of the generated client.
    Signature(ItemKind),
}

/// The value of an aspect in one document.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AspectValue {
    /// A set of types.
    Types(TypeSet),
    /// A number.
    Number(Num),
    /// The lower or upper end of a range.
    Bound {
        /// The number.
        number: Num,
        /// Whether the number itself is outside the range.
        exclusive: bool,
    },
    /// A number of characters, items or properties.
    Count(u64),
    /// A JSON value as the document has it.
    Value(Value),
    /// How a parameter or header is serialised.
    #[serde(rename = "writing")]
    Serialization(Serialization),
    /// A kind of item.
    ItemKind(ItemKind),
}

impl From<&str> for AspectValue {
    fn from(text: &str) -> Self {
        Self::Value(text.into())
    }
}

/// How a parameter or header serialises its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Serialization {
    /// As plain text.
    PlainText,
    /// As a media type, by its name.
    Media(String),
    /// In one of OpenAPI's styles.
    Style {
        /// The style.
        style: String,
        /// Whether arrays and objects are exploded; `None` for scalars.
        explode: Option<bool>,
    },
}
