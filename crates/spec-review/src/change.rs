//! A change as data: which part of a document, and from which value to which.
//!
//! No variant holds a sentence. Every text in these types comes from the documents: a name, a
//! pattern, a value. Fingerprints are computed from the serialised form, and approvals hold
//! fingerprints. So the serialised names are fixed: where a Rust name says more than the
//! serialised one, `serde(rename)` keeps the latter.

mod aspect;
mod part;
mod security;

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use crate::schema::UnionKeyword;
use crate::versions::Versions;

pub use aspect::{Aspect, AspectValue, Serialization};
pub use part::{ItemKind, Part};
pub use security::{Credential, SecurityRequirement, Spelling};

/// A change of one part of the documents, or of the Rust code that is generated from them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Change {
    /// A part that only the head document has.
    Added {
        /// The part.
        part: Part,
        /// Whether the part is required, for parts that can be.
        required: Option<bool>,
    },
    /// A part that only the base document has.
    Removed {
        /// The part.
        part: Part,
        /// Whether the part was required, for parts that can be.
        required: Option<bool>,
        /// Whether the base document marked it as deprecated.
        deprecated: bool,
    },
    /// A part that both documents have, with different content.
    Altered(Part),
    /// An aspect of a part has another value.
    Replaced {
        /// The aspect.
        #[serde(rename = "what")]
        aspect: Aspect,
        /// Its value in each document; `None` where the document gives none.
        values: Versions<Option<AspectValue>>,
    },
    /// A part is now required.
    BecameRequired(Part),
    /// A part is no longer required.
    BecameOptional(Part),
    /// A part is now deprecated.
    BecameDeprecated(Part),
    /// A part is no longer deprecated.
    NoLongerDeprecated(Part),
    /// A parameter now takes an array whose items are what it took before.
    #[serde(rename = "became-list")]
    BecameArray(Part),
    /// `null` is now accepted, or no longer accepted.
    #[serde(rename = "null")]
    Nullable {
        /// Whether the head document accepts it.
        allowed: bool,
    },
    /// Values were removed from an `enum` or added to it.
    #[serde(rename = "values")]
    EnumValues {
        /// The removed values.
        removed: Vec<Value>,
        /// The added values.
        added: Vec<Value>,
    },
    /// An `enum` was added to a schema that had none.
    #[serde(rename = "values-limited")]
    EnumAdded {
        /// The listed values.
        #[serde(rename = "to")]
        values: Vec<Value>,
        /// Those of the listed values that the base document refused.
        added: Vec<Value>,
    },
    /// An `enum` was removed.
    #[serde(rename = "values-unlimited")]
    EnumRemoved {
        /// Those of the values it listed that the head document refuses.
        removed: Vec<Value>,
    },
    /// Values were removed from `x-extensible-enum`.
    #[serde(rename = "extensible-values")]
    ExtensibleEnumValues {
        /// The removed values.
        removed: Vec<Value>,
    },
    /// A discriminator distinguishes other values.
    DiscriminatorValues {
        /// The removed values.
        removed: BTreeSet<String>,
        /// The added values.
        added: BTreeSet<String>,
    },
    /// Which properties a schema accepts beside those that it names.
    #[serde(rename = "unnamed-properties")]
    AdditionalProperties(AdditionalPropertiesChange),
    /// A property became read-only or write-only, or is no longer.
    #[serde(rename = "guarded")]
    AccessMode {
        /// The property.
        property: String,
        /// Whether it is required.
        required: bool,
        /// The keyword.
        #[serde(rename = "by")]
        mode: AccessMode,
        /// Whether the head document sets it.
        #[serde(rename = "now")]
        set: bool,
    },
    /// `anyOf` became `oneOf`, or the reverse.
    #[serde(rename = "union-kind")]
    UnionKeyword(Versions<UnionKeyword>),
    /// Only one document accepts a value, because of how many alternatives of a `oneOf` accept it.
    AlternativesOverlap,
    /// Only one document accepts a value, and no other change explains it.
    Unexplained,
    /// A boolean keyword was set or unset.
    Flag {
        /// The keyword.
        keyword: &'static str,
        /// The part it belongs to.
        #[serde(rename = "of")]
        part: Part,
        /// Whether the head document sets it.
        set: bool,
    },
    /// `x-stability-level` of an operation, a parameter, a header or a schema changed.
    Stability {
        /// How it changed.
        #[serde(rename = "promise")]
        change: StabilityChange,
        /// The levels as they are written.
        levels: Versions<Option<String>>,
    },
    /// The security requirements of an operation changed.
    Security {
        /// A requirement of the base document whose credentials no longer suffice; the first, if
        /// there are several.
        refused: Option<SecurityRequirement>,
        /// The alternatives in each document; the credentials of any one of them suffice.
        #[serde(rename = "enough")]
        alternatives: Versions<BTreeSet<SecurityRequirement>>,
    },
    /// A security scheme asks for other credentials, in every operation that uses it.
    #[serde(rename = "scheme")]
    SecurityScheme {
        /// The credential in each document.
        credential: Versions<Option<Credential>>,
        /// A requirement of one of the operations whose credentials no longer suffice.
        #[serde(skip)]
        refused: Option<SecurityRequirement>,
        /// The alternatives of that operation.
        #[serde(skip)]
        alternatives: Versions<BTreeSet<SecurityRequirement>>,
    },
    /// A variable of a server URL takes other values.
    ServerVariable {
        /// The variable.
        name: String,
        /// How its values changed.
        values: VariableValues,
    },
    /// A reference could not be followed.
    Unresolved {
        /// The reference as it is written.
        reference: String,
    },
    /// A document has another version than OpenAPI 3.0, whose keywords are not all compared.
    #[serde(rename = "other-version")]
    UnsupportedVersion {
        /// The version.
        version: String,
    },
    /// Schemas are too large, or refer to each other too much, to be compared completely.
    TooLarge,
    /// `#[non_exhaustive]` was added to an item of the generated client, or removed.
    #[serde(rename = "exhaustive")]
    Exhaustiveness {
        /// The kind of item.
        kind: ItemKind,
        /// Whether the item is exhaustive now.
        #[serde(rename = "now")]
        exhaustive: bool,
    },
}

impl Change {
    /// A part that was added.
    pub(crate) const fn added(part: Part) -> Self {
        Self::Added { part, required: None }
    }

    /// A part that was removed.
    pub(crate) const fn removed(part: Part) -> Self {
        Self::Removed { part, required: None, deprecated: false }
    }

    /// A part that was added or removed.
    pub(crate) const fn presence(part: Part, in_head: bool) -> Self {
        if in_head { Self::added(part) } else { Self::removed(part) }
    }

    /// An aspect that has another value.
    pub(crate) const fn replaced(aspect: Aspect, values: Versions<Option<AspectValue>>) -> Self {
        Self::Replaced { aspect, values }
    }

    /// A part that became required or optional.
    pub(crate) const fn required(part: Part, in_head: bool) -> Self {
        if in_head { Self::BecameRequired(part) } else { Self::BecameOptional(part) }
    }

    /// A part that became deprecated, or is no longer.
    pub(crate) const fn deprecated(part: Part, in_head: bool) -> Self {
        if in_head { Self::BecameDeprecated(part) } else { Self::NoLongerDeprecated(part) }
    }

    /// Takes over what another detection of the same change knows.
    pub(crate) fn merge(&mut self, mut other: Self) {
        if let (Some(statuses), Some(more)) = (self.statuses(), other.statuses()) {
            statuses.append(more);
        }
    }

    fn statuses(&mut self) -> Option<&mut BTreeSet<String>> {
        match self {
            Self::Added { part: Part::MediaType { statuses, .. }, .. }
            | Self::Removed { part: Part::MediaType { statuses, .. }, .. } => Some(statuses),
            _ => None,
        }
    }

    /// Whether the part exists only in the base document.
    #[must_use]
    pub const fn is_removal(&self) -> bool {
        matches!(self, Self::Removed { .. })
    }
}

/// How the treatment of properties that a schema does not name changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AdditionalPropertiesChange {
    /// They are now refused.
    Refused,
    /// They were refused, and are now accepted.
    Allowed,
    /// Any value was accepted, and they now have to match a schema.
    #[serde(rename = "limited")]
    Constrained,
    /// They no longer have to match a schema.
    #[serde(rename = "unlimited")]
    Unconstrained,
}

/// The keyword that keeps a property out of one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AccessMode {
    /// `readOnly`: not sent in requests.
    ReadOnly,
    /// `writeOnly`: not sent in responses.
    WriteOnly,
}

/// The values of `x-stability-level`, from the weakest promise to the strongest.
pub const STABILITY_LEVELS: [&str; 4] = ["draft", "alpha", "beta", "stable"];

/// How a stability level changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StabilityChange {
    /// The head document promises less.
    Lowered,
    /// The head document promises more.
    Raised,
    /// One of the levels is not in [`STABILITY_LEVELS`].
    Unknown(String),
}

/// How the values of a server variable changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum VariableValues {
    /// Values were removed from its `enum`.
    Removed(Vec<String>),
    /// Values were added to its `enum`.
    Added(Vec<String>),
    /// An `enum` with these values was added.
    Limited(BTreeSet<String>),
    /// The `enum` was removed.
    Unlimited,
}
