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
pub(super) struct Object {
    pub(super) kind: Kind,
    /// What messages call it, with its article.
    pub(super) name: &'static str,
    pub(super) keys: &'static [Key],
    /// Groups of keys of which an object has at least one.
    pub(super) one_of: &'static [&'static [&'static str]],
    /// The section of `components` that can hold it, if it has one.
    pub(super) section: Option<&'static str>,
}

/// The objects that rules look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
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
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) stance: Stance,
}

/// What this project makes of a key.
#[derive(Debug)]
pub(super) enum Stance {
    Optional,
    Required,
    /// Part of the language, and refused: why, and the way out.
    Refused(&'static str, &'static str),
    /// Part of the language, and lost: the way out.
    Lost(&'static str),
}

/// What stands under a key.
#[derive(Debug)]
pub(super) enum Shape {
    /// Any JSON.
    Any,
    Text,
    Bool,
    Number,
    /// A whole number from 0 to `u32::MAX`.
    Count,
    /// One of these strings.
    Word(&'static [&'static str]),
    Object(&'static Object),
    /// The object, or a reference to a component.
    RefOr(&'static Object),
    List(&'static Shape),
    /// Names to values.
    Map(&'static Shape),
    /// Names to values, with extensions between them.
    Extensible(&'static Shape),
    /// `true`, `false` or the shape.
    BoolOr(&'static Shape),
}

const fn optional(name: &'static str, shape: Shape) -> Key {
    Key { name, shape, stance: Stance::Optional }
}

const fn required(name: &'static str, shape: Shape) -> Key {
    Key { name, shape, stance: Stance::Required }
}

const fn refused(name: &'static str, why: &'static str, help: &'static str) -> Key {
    Key { name, shape: Shape::Any, stance: Stance::Refused(why, help) }
}

const fn lost(name: &'static str, shape: Shape, help: &'static str) -> Key {
    Key { name, shape, stance: Stance::Lost(help) }
}

impl Object {
    const fn new(kind: Kind, name: &'static str, keys: &'static [Key]) -> Self {
        Self { kind, name, keys, one_of: &[], section: None }
    }

    const fn in_section(self, section: &'static str) -> Self {
        Self { section: Some(section), ..self }
    }

    const fn with_one_of(self, one_of: &'static [&'static [&'static str]]) -> Self {
        Self { one_of, ..self }
    }

    pub(super) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

/// The keys of this project's own, and where they stand.
pub(super) static EXTENSIONS: &[(&str, &Object, &str)] = &[
    ("x-dbss-failure-values", &schema::SCHEMA, "a schema of type string"),
    ("x-dbss-idempotent", &operation::OPERATION, "an operation"),
];

/// Whether this is a key of schemas, and not a refused one.
pub(super) fn is_schema_key(name: &str) -> bool {
    schema::SCHEMA.key(name).is_some_and(|key| !matches!(key.stance, Stance::Refused(..)))
}

/// Whether this is a section of `components`, and not a refused one.
pub(super) fn is_section(name: &str) -> bool {
    document::COMPONENTS.key(name).is_some_and(|key| !matches!(key.stance, Stance::Refused(..)))
}
