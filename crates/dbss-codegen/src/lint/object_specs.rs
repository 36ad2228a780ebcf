//! The objects of OpenAPI 3.0 as tables: the keys of each object, the kinds of their values, and
//! whether the generator supports them.
//!
//! `structure` checks a contract against these tables and reports every key that is not in them, so
//! supporting another key starts with a line here.

mod common;
mod document;
mod operation;
mod schema;
mod security;

pub(super) use document::ROOT;

/// An object of OpenAPI.
#[derive(Debug)]
pub(super) struct ObjectSpec {
    pub(super) kind: ObjectKind,
    /// The name in messages, with its article.
    pub(super) name: &'static str,
    pub(super) keys: &'static [KeySpec],
    /// Groups of keys; an object needs at least one key of each group.
    pub(super) one_of: &'static [&'static [&'static str]],
    /// The section of `components` for these objects, if there is one.
    pub(super) section: Option<&'static str>,
}

/// The kinds of objects that checks distinguish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ObjectKind {
    Root,
    Info,
    Server,
    ServerVariable,
    Tag,
    Components,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    MediaType,
    Response,
    Schema,
    Example,
    Header,
    Reference,
    SecurityScheme,
    /// An object that only the structure check looks at.
    Other,
}

/// A key of an object.
#[derive(Debug)]
pub(super) struct KeySpec {
    pub(super) name: &'static str,
    pub(super) kind: ValueKind,
    pub(super) support: Support,
}

/// Whether a key is required, and whether the generator supports it.
#[derive(Debug)]
pub(super) enum Support {
    Optional,
    Required,
    /// Defined by OpenAPI, and an error here: the reason, and how to avoid the key.
    Unsupported {
        reason: &'static str,
        help: &'static str,
    },
    /// Defined by OpenAPI, and without effect on the generated code, which is a warning: how to
    /// avoid the key.
    NotGenerated {
        help: &'static str,
    },
}

/// The kind of the value of a key.
#[derive(Debug)]
pub(super) enum ValueKind {
    /// Any JSON value.
    Any,
    Text,
    Bool,
    Number,
    /// An integer from 0 to `u32::MAX`.
    Count,
    /// One of these strings.
    Word(&'static [&'static str]),
    Object(&'static ObjectSpec),
    /// The object, or a reference to a component.
    RefOr(&'static ObjectSpec),
    List(&'static ValueKind),
    /// A mapping from names to values.
    Map(&'static ValueKind),
    /// A mapping from names to values that can also have `x-` keys.
    Extensible(&'static ValueKind),
    /// A boolean, or a value of this kind.
    BoolOr(&'static ValueKind),
}

const fn optional(name: &'static str, kind: ValueKind) -> KeySpec {
    KeySpec { name, kind, support: Support::Optional }
}

const fn required(name: &'static str, kind: ValueKind) -> KeySpec {
    KeySpec { name, kind, support: Support::Required }
}

const fn unsupported(name: &'static str, reason: &'static str, help: &'static str) -> KeySpec {
    KeySpec { name, kind: ValueKind::Any, support: Support::Unsupported { reason, help } }
}

const fn not_generated(name: &'static str, kind: ValueKind, help: &'static str) -> KeySpec {
    KeySpec { name, kind, support: Support::NotGenerated { help } }
}

impl ObjectSpec {
    const fn new(kind: ObjectKind, name: &'static str, keys: &'static [KeySpec]) -> Self {
        Self { kind, name, keys, one_of: &[], section: None }
    }

    const fn in_section(self, section: &'static str) -> Self {
        Self { section: Some(section), ..self }
    }

    const fn with_one_of(self, one_of: &'static [&'static [&'static str]]) -> Self {
        Self { one_of, ..self }
    }

    pub(super) fn key(&self, name: &str) -> Option<&'static KeySpec> {
        self.keys.iter().find(|key| key.name == name)
    }
}

/// The `x-dbss-` keys: each with the objects that can have it, as a table and in words.
pub(super) static EXTENSIONS: &[(&str, &ObjectSpec, &str)] = &[
    ("x-dbss-idempotent", &operation::OPERATION, "an operation"),
    ("x-dbss-pages", &operation::OPERATION, "an operation"),
    ("x-dbss-completion", &operation::OPERATION, "an operation"),
    ("x-dbss-outcome", &schema::SCHEMA, "a schema of type string"),
];

/// Whether this is a supported key of schemas.
pub(super) fn is_schema_key(name: &str) -> bool {
    schema::SCHEMA.key(name).is_some_and(|key| !matches!(key.support, Support::Unsupported { .. }))
}

/// Whether this is a supported section of `components`.
pub(super) fn is_section(name: &str) -> bool {
    document::COMPONENTS
        .key(name)
        .is_some_and(|key| !matches!(key.support, Support::Unsupported { .. }))
}
