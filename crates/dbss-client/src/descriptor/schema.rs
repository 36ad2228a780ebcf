//! Schemas: the types and limits of values.

use std::ops::Bound;

/// A schema: the type and the limits of a value.
#[derive(Debug)]
#[non_exhaustive]
pub struct Schema {
    /// The name under `components/schemas`; empty if it is inline.
    pub name: &'static str,
    /// Its description; empty if the contract has none.
    pub description: &'static str,
    /// Whether it can be `null`.
    pub nullable: bool,
    /// Its type and limits.
    pub kind: SchemaKind,
    /// Its limits in words, as in `32 to 64 characters`, one entry each; for a list
    /// also those of its items.
    pub limits: &'static [&'static str],
    /// What its values say about the outcome of the operation; `None` if they say nothing.
    pub outcome: Option<OutcomeValues>,
}

impl Schema {
    /// The schema of a part of a value of this schema, by its path, such as
    /// `filter.names[0]`.
    pub(crate) fn at(&'static self, path: &str) -> Option<&'static Self> {
        if path.is_empty() {
            return Some(self);
        }
        match self.kind {
            SchemaKind::Reference(named) => named.at(path),
            SchemaKind::Array { items, .. } => items.at(path.strip_prefix('[')?.split_once(']')?.1),
            SchemaKind::Object(fields) => {
                let path = path.strip_prefix('.').unwrap_or(path);
                fields.iter().find_map(|field| {
                    let rest = path.strip_prefix(field.name)?;
                    let whole = rest.is_empty() || rest.starts_with(['.', '[']);
                    if whole { field.schema.at(rest) } else { None }
                })
            }
            _ => None,
        }
    }
}

/// The values that report the outcome of an operation: `x-dbss-outcome` of the contract.
/// Letter case of ASCII is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutcomeValues {
    /// The values that mean that the operation succeeded.
    pub succeeded: &'static [&'static str],
    /// The values that mean that the operation failed.
    pub failed: &'static [&'static str],
}

/// The type and limits of a value.
#[derive(Debug)]
#[non_exhaustive]
pub enum SchemaKind {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    #[allow(missing_docs, reason = "the names are those of the contract")]
    Integer { min: Bound<i64>, max: Bound<i64> },
    /// Any number.
    #[allow(missing_docs, reason = "the names are those of the contract")]
    Number { min: Bound<f64>, max: Bound<f64> },
    /// Text; lengths count characters.
    #[allow(missing_docs, reason = "the names are those of the contract")]
    String {
        min_length: Option<usize>,
        max_length: Option<usize>,
        pattern: Option<&'static str>,
        format: Option<&'static str>,
    },
    /// One of several texts. Open: a response may hold others, and the check of inputs
    /// refuses others unless the call allows them.
    #[allow(missing_docs, reason = "the names are those of the contract")]
    Enum { values: &'static [&'static str] },
    /// A list.
    #[allow(missing_docs, reason = "the names are those of the contract")]
    Array {
        items: &'static Schema,
        min_items: Option<usize>,
        max_items: Option<usize>,
        unique: bool,
    },
    /// An object with any names and values of one schema.
    Map(&'static Schema),
    /// An object with any names and values.
    AnyObject,
    /// An object with the named fields; a response may hold more, which are ignored.
    Object(&'static [Field]),
    /// A reference to a named schema, where this schema adds something to it.
    Reference(&'static Schema),
}

/// A field of an object.
#[derive(Debug)]
#[non_exhaustive]
pub struct Field {
    /// Its name in JSON.
    pub name: &'static str,
    /// Whether it is required.
    pub required: bool,
    /// The schema of its value.
    pub schema: &'static Schema,
}
