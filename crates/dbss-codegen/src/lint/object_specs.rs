//! The language of contracts as tables: which keys each object has, and what stands under each.
//!
//! `shape` walks a contract along these tables. What is not in a table is reported, so a new
//! key is a new line here and nothing else.

mod common;
mod document;
mod operation;
mod schema;
mod security;

pub(super) use document::ROOT;

/// An object of the language.
#[derive(Debug)]
pub(super) struct ObjectSpec {
    pub(super) kind: ObjectKind,
    /// What messages call it, with its article.
    pub(super) name: &'static str,
    pub(super) keys: &'static [KeySpec],
    /// Groups of keys of which an object has at least one.
    pub(super) one_of: &'static [&'static [&'static str]],
    /// The section of `components` that can hold it, if it has one.
    pub(super) section: Option<&'static str>,
}

/// The objects that rules look at.
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
    /// Checked for its shape alone.
    Other,
}

/// A key that an object can have.
#[derive(Debug)]
pub(super) struct KeySpec {
    pub(super) name: &'static str,
    pub(super) kind: ValueKind,
    pub(super) support: Support,
}

/// What this project makes of a key.
#[derive(Debug)]
pub(super) enum Support {
    Optional,
    Required,
    /// Defined by OpenAPI, and an error here: the reason, and how to avoid the key.
    Unsupported {
        reason: &'static str,
        help: &'static str,
    },
    /// Defined by OpenAPI, and without effect on the generated code, which is a warning: how to avoid the key.
    NotGenerated {
        help: &'static str,
    },
}

/// What stands under a key.
#[derive(Debug)]
pub(super) enum ValueKind {
    /// Any JSON.
    Any,
    Text,
    Bool,
    Number,
    /// A whole number from 0 to `u32::MAX`.
    Count,
    /// One of these strings.
    Word(&'static [&'static str]),
    Object(&'static ObjectSpec),
    /// The object, or a reference to a component.
    RefOr(&'static ObjectSpec),
    List(&'static ValueKind),
    /// Names to values.
    Map(&'static ValueKind),
    /// Names to values, with extensions between them.
    Extensible(&'static ValueKind),
    /// `true`, `false` or the shape.
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

/// The keys of this project's own, and where they stand.
pub(super) static EXTENSIONS: &[(&str, &ObjectSpec, &str)] = &[
    ("x-dbss-failure-values", &schema::SCHEMA, "a schema of type string"),
    ("x-dbss-idempotent", &operation::OPERATION, "an operation"),
];

/// Whether this is a key of schemas, and not a unsupported one.
pub(super) fn is_schema_key(name: &str) -> bool {
    schema::SCHEMA.key(name).is_some_and(|key| !matches!(key.support, Support::Unsupported { .. }))
}

/// Whether this is a section of `components`, and not a unsupported one.
pub(super) fn is_section(name: &str) -> bool {
    document::COMPONENTS
        .key(name)
        .is_some_and(|key| !matches!(key.support, Support::Unsupported { .. }))
}
