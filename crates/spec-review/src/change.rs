//! What changed, as data: which part, and from what to what.
//!
//! No variant holds a sentence. Every text in here is one of the documents' own: a name, a pattern,
//! a value. Fingerprints are made of these types, so the names of their variants and fields, as
//! serde writes them, are as stable as an approval has to be.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::schema::{GroupKind, Num, Types};
use crate::versions::Versions;

/// A change of one part of the documents, or of what is generated from them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Change {
    /// A part that the old document does not have.
    Added {
        /// Which.
        part: Part,
        /// Whether it has to be there, where that matters.
        required: Option<bool>,
    },
    /// A part that the new document does not have.
    Removed {
        /// Which.
        part: Part,
        /// Whether it had to be there, where that matters.
        required: Option<bool>,
        /// Whether the old document called it deprecated.
        deprecated: bool,
    },
    /// A part that both documents have and write differently.
    Altered(Part),
    /// Something that is said of a part has another value.
    Replaced {
        /// What is said.
        what: Aspect,
        /// What it was and what it is; nothing where nothing is said.
        values: Versions<Option<Fact>>,
    },
    /// A part has to be there now.
    BecameRequired(Part),
    /// A part no longer has to be there.
    BecameOptional(Part),
    /// A part is deprecated now.
    BecameDeprecated(Part),
    /// A part is no longer deprecated.
    NoLongerDeprecated(Part),
    /// A part takes a list now, of which the old value is one item.
    BecameList(Part),
    /// Whether `null` is taken.
    Null {
        /// Whether it is now.
        allowed: bool,
    },
    /// Listed values came or went.
    Values {
        /// Those that went.
        removed: Vec<Value>,
        /// Those that came.
        added: Vec<Value>,
    },
    /// Any value was taken, and only listed ones are now.
    ValuesLimited {
        /// The list.
        to: Vec<Value>,
        /// What of it was refused for other reasons.
        added: Vec<Value>,
    },
    /// Only listed values were taken, and any is now.
    ValuesUnlimited {
        /// What of the list is refused for other reasons.
        removed: Vec<Value>,
    },
    /// Values went from `x-extensible-enum`.
    ExtensibleValues {
        /// Those that went.
        removed: Vec<Value>,
    },
    /// The values that a discriminator tells apart.
    DiscriminatorValues {
        /// Those that went.
        removed: BTreeSet<String>,
        /// Those that came.
        added: BTreeSet<String>,
    },
    /// What may stand beside the named properties.
    UnnamedProperties(Unnamed),
    /// Whether a property travels in one of the directions.
    Guarded {
        /// The property.
        property: String,
        /// Whether it has to be there.
        required: bool,
        /// What keeps it from travelling.
        by: Guard,
        /// Whether it is kept now.
        now: bool,
    },
    /// A union is written with the other keyword.
    UnionKind(Versions<GroupKind>),
    /// A value is taken by one document alone, because of how many alternatives of `oneOf` take it.
    AlternativesOverlap,
    /// A value is taken by one document alone, and no other change explains it.
    Unexplained,
    /// A keyword that is either set or not.
    Flag {
        /// The keyword.
        keyword: &'static str,
        /// What it is set for.
        of: Part,
        /// Whether it is now.
        set: bool,
    },
    /// How stable an operation is said to be.
    Stability {
        /// What became of the promise.
        promise: Promise,
        /// The levels as they are written.
        levels: Versions<Option<String>>,
    },
    /// What a caller has to present.
    Security {
        /// What was enough and no longer is; the first, if there are several.
        refused: Option<Credentials>,
        /// The alternatives, each of which is enough.
        enough: Versions<BTreeSet<Credentials>>,
    },
    /// What a security scheme makes callers present, wherever it is asked for.
    Scheme {
        /// What it was and what it is.
        credential: Versions<Option<Credential>>,
        /// What was enough for one of the operations and no longer is.
        #[serde(skip)]
        refused: Option<Credentials>,
        /// The alternatives of that operation.
        #[serde(skip)]
        enough: Versions<BTreeSet<Credentials>>,
    },
    /// The values that a variable of a server's address takes.
    ServerVariable {
        /// The variable.
        name: String,
        /// What changed about its values.
        values: VariableValues,
    },
    /// A reference could not be followed.
    Unresolved {
        /// The reference as it is written.
        reference: String,
    },
    /// A document is not of the version whose keywords are known here.
    OtherVersion {
        /// Its version.
        version: String,
    },
    /// Schemas are too large or too entangled to be compared.
    TooLarge,
    /// Whether code outside has to reckon with more members of an item.
    Exhaustive {
        /// The kind of item.
        kind: ItemKind,
        /// Whether it need not, now.
        now: bool,
    },
}

impl Change {
    /// A part that came.
    pub(crate) const fn added(part: Part) -> Self {
        Self::Added { part, required: None }
    }

    /// A part that went.
    pub(crate) const fn removed(part: Part) -> Self {
        Self::Removed { part, required: None, deprecated: false }
    }

    /// A part that came or went.
    pub(crate) const fn presence(part: Part, now: bool) -> Self {
        if now { Self::added(part) } else { Self::removed(part) }
    }

    /// Something that is said of a part has another value.
    pub(crate) const fn replaced(what: Aspect, values: Versions<Option<Fact>>) -> Self {
        Self::Replaced { what, values }
    }

    /// A part has to be there now, or no longer.
    pub(crate) const fn required(part: Part, now: bool) -> Self {
        if now { Self::BecameRequired(part) } else { Self::BecameOptional(part) }
    }

    /// A part is deprecated now, or no longer.
    pub(crate) const fn deprecated(part: Part, now: bool) -> Self {
        if now { Self::BecameDeprecated(part) } else { Self::NoLongerDeprecated(part) }
    }

    /// Takes what the same change, met elsewhere, adds to it.
    pub(crate) fn join(&mut self, mut other: Self) {
        if let (Some(known), Some(more)) = (self.statuses(), other.statuses()) {
            known.append(more);
        }
    }

    fn statuses(&mut self) -> Option<&mut BTreeSet<String>> {
        match self {
            Self::Added { part: Part::MediaType { statuses, .. }, .. }
            | Self::Removed { part: Part::MediaType { statuses, .. }, .. } => Some(statuses),
            _ => None,
        }
    }

    /// Whether it is about something that only the old document has.
    #[must_use]
    pub const fn is_removal(&self) -> bool {
        matches!(self, Self::Removed { .. })
    }
}

/// What may be added, removed, required and so on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Part {
    /// A value as a whole.
    Value,
    /// A property of an object.
    Property(String),
    /// A `not`.
    Not,
    /// An alternative of a union.
    Alternative {
        /// The name of its schema, if it has one.
        name: Option<String>,
        /// The types that it takes.
        types: Types,
    },
    /// `uniqueItems`.
    UniqueItems,
    /// `nullable` where OpenAPI gives it no effect.
    IdleNullable,
    /// A discriminator.
    Discriminator,
    /// How a value is written as XML.
    Xml,
    /// An operation.
    Operation,
    /// A parameter of an operation.
    Parameter {
        /// Where it travels.
        location: String,
        /// Its name.
        name: String,
    },
    /// A header of an answer.
    Header(String),
    /// A request body.
    RequestBody,
    /// A media type.
    MediaType {
        /// Its name.
        name: String,
        /// Whether it is one of a response, rather than of a request body.
        response: bool,
        /// The statuses of the response. It may be shared, and its change is one all the same.
        #[serde(skip)]
        statuses: BTreeSet<String>,
    },
    /// The answer with a status.
    Status(String),
    /// A link of an answer.
    Link(String),
    /// A callback of an operation.
    Callback(String),
    /// A server, by its address.
    Server(String),
    /// An OAuth flow of a security scheme.
    Flow {
        /// The flow.
        flow: String,
        /// The scheme.
        scheme: String,
    },
    /// A scope of an OAuth flow.
    Scope {
        /// The scope.
        scope: String,
        /// The flow.
        flow: String,
        /// The scheme.
        scheme: String,
    },
    /// The description of a tag.
    Tag(String),
    /// A keyword with text or examples.
    Text(&'static str),
    /// An extension.
    Extension(String),
    /// A public item of the generated client.
    Item {
        /// Its kind.
        kind: ItemKind,
        /// Whether code has to name it where it names its siblings.
        exhaustive: bool,
    },
}

/// What may be said of a part.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Aspect {
    /// The types that a value can have.
    Types,
    /// The lower end of a range.
    Minimum,
    /// The upper end of a range.
    Maximum,
    /// The number of which values are multiples.
    MultipleOf,
    /// A number of characters, items or properties, by its keyword.
    Count(&'static str),
    /// The pattern of a text.
    Pattern,
    /// The format.
    Format,
    /// The default.
    Default,
    /// How a value is written as XML.
    Xml,
    /// The property that a discriminator reads.
    DiscriminatorProperty,
    /// The id of an operation.
    OperationId,
    /// How the value of a parameter or header is written.
    Writing(Part),
    /// How the parts of a form are written.
    Encoding,
    /// A link of an answer.
    Link(String),
    /// The default of a variable of a server's address.
    ServerVariableDefault(String),
    /// Where a security scheme is described.
    SchemeAddress(String),
    /// An address of an OAuth flow.
    FlowAddress {
        /// The keyword.
        keyword: &'static str,
        /// The flow.
        flow: String,
        /// The scheme.
        scheme: String,
    },
    /// `info.version`.
    Version,
    /// An extension.
    Extension(String),
    /// The kind of an item of the generated client.
    ItemKind,
    /// What code sees of an item of the generated client.
    Signature(ItemKind),
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Fact {
    /// A set of types.
    Types(Types),
    /// A number.
    Number(Num),
    /// One end of a range.
    Bound {
        /// The number.
        number: Num,
        /// Whether the number itself is outside.
        exclusive: bool,
    },
    /// A number of things.
    Count(u64),
    /// A value as it is written.
    Value(Value),
    /// A way to write a value.
    Writing(Writing),
    /// A kind of item.
    ItemKind(ItemKind),
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Value(text.into())
    }
}

/// How a parameter or header writes its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Writing {
    /// As one piece of text.
    PlainText,
    /// As a media type has it.
    Media(String),
    /// In one of OpenAPI's styles.
    Style {
        /// The style.
        style: String,
        /// Whether items are written one by one, where there can be several.
        explode: Option<bool>,
    },
}

/// What became of properties that are not named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Unnamed {
    /// They were allowed, and are refused now.
    Refused,
    /// They were refused, and are allowed now.
    Allowed,
    /// They have to satisfy a schema now.
    Limited,
    /// They no longer have to satisfy a schema.
    Unlimited,
}

/// What keeps a property from travelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Guard {
    /// It does not travel in requests.
    ReadOnly,
    /// It does not travel in answers.
    WriteOnly,
}

/// What `x-stability-level` can say, from the weakest promise to the strongest.
pub const STABILITY_LEVELS: [&str; 4] = ["draft", "alpha", "beta", "stable"];

/// What became of the promise of stability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Promise {
    /// Less is promised.
    Lowered,
    /// More is promised.
    Raised,
    /// A level is none of [`STABILITY_LEVELS`].
    Unknown(String),
}

/// What changed about the values of a server's variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum VariableValues {
    /// Listed values that went.
    Removed(Vec<String>),
    /// Listed values that came.
    Added(Vec<String>),
    /// Any value was taken, and these are now.
    Limited(BTreeSet<String>),
    /// Any value is taken now.
    Unlimited,
}

/// What one piece of credentials is, as it travels: the name of its scheme in a document does not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Credential {
    /// A key in a header, a query parameter or a cookie.
    ApiKey {
        /// Where it travels.
        location: String,
        /// Under which name.
        name: String,
    },
    /// The `Authorization` header with a scheme.
    Http(String),
    /// Any other type of scheme, with its name where the document has several of the type.
    Other {
        /// The type.
        kind: String,
        /// The name in the document.
        name: Option<String>,
    },
    /// A scheme of which nothing but the name is known.
    Unknown(String),
}

impl Credential {
    /// The name that a proof lists it under.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::ApiKey { location, name } => format!("apiKey in {location} `{name}`"),
            Self::Http(scheme) => format!("http {scheme}"),
            Self::Other { kind, name: Some(name) } => format!("{kind} `{name}`"),
            Self::Other { kind, name: None } => kind.clone(),
            Self::Unknown(name) => format!("`{name}`"),
        }
    }
}

/// Credentials that are presented together, and the scopes that each needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Credentials(
    #[serde(serialize_with = "as_list")] pub BTreeMap<Credential, BTreeSet<String>>,
);

/// Keys of JSON objects are texts, and these are not.
fn as_list<S: serde::Serializer>(
    credentials: &BTreeMap<Credential, BTreeSet<String>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(credentials)
}

/// What kind of item a path names.
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
