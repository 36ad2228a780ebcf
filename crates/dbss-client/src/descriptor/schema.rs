//! Schemas: the types and limits of values.

use std::fmt;
use std::ops::Bound;

/// A schema: the type and the limits of a value.
///
/// Schemas may be recursive: a schema can be reached from its own fields. So `Debug` of a
/// named schema leaves out its [`kind`](Self::kind), and code that follows the references
/// has to keep track of the names that it has seen.
#[derive(Clone)]
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

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Schema");
        if self.name.is_empty() {
            shown.field("kind", &self.kind);
        } else {
            shown.field("name", &self.name);
        }
        shown
            .field("description", &self.description)
            .field("nullable", &self.nullable)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// The type and limits of a value.
///
/// What is `None`, unbounded or empty is not limited by the contract.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SchemaKind {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer {
        /// The minimum: `minimum`, excluded if `exclusiveMinimum` is true.
        min: Bound<i64>,
        /// The maximum: `maximum`, excluded if `exclusiveMaximum` is true.
        max: Bound<i64>,
    },
    /// Any number.
    Number {
        /// The minimum: `minimum`, excluded if `exclusiveMinimum` is true.
        min: Bound<f64>,
        /// The maximum: `maximum`, excluded if `exclusiveMaximum` is true.
        max: Bound<f64>,
    },
    /// Text.
    String {
        /// The minimum number of characters (Unicode scalar values): `minLength`.
        min_length: Option<usize>,
        /// The maximum number of characters: `maxLength`.
        max_length: Option<usize>,
        /// A regular expression of ECMAScript that occurs somewhere in the text: `pattern`.
        pattern: Option<&'static str>,
        /// `format`, such as `uuid`. It is not checked.
        format: Option<&'static str>,
    },
    /// One of several texts. Open: a response may hold others, and the check of inputs
    /// refuses others unless the call allows them.
    Enum {
        /// The listed values, in the order of the contract: `enum`.
        values: &'static [&'static str],
    },
    /// An array.
    Array {
        /// The schema of each item.
        items: &'static Schema,
        /// The minimum number of items: `minItems`.
        min_items: Option<usize>,
        /// The maximum number of items: `maxItems`.
        max_items: Option<usize>,
        /// Whether no item may occur twice: `uniqueItems`.
        unique: bool,
    },
    /// An object with any names, and values of this one schema.
    Map(&'static Schema),
    /// An object with any names and values.
    AnyObject,
    /// An object with the named fields; a response may hold more, which are ignored.
    Object(&'static [Field]),
    /// A reference to a named schema, to which this schema adds something, such as a
    /// description or that it can be `null`.
    Reference(&'static Schema),
}

/// A field of an object.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Field {
    /// Its name in JSON.
    pub name: &'static str,
    /// Whether it is required.
    pub required: bool,
    /// Its description; empty if the contract describes at most its schema.
    pub description: &'static str,
    /// The schema of its value.
    pub schema: &'static Schema,
}

#[cfg(test)]
mod tests {
    use super::*;

    static NODE: Schema = Schema::new(SchemaKind::Object(&[Field::optional("next", &NODE)]))
        .named("Node")
        .described("A node of a list.");

    #[test]
    fn displays_recursive_schemas_in_debug() {
        let shown = format!("{NODE:?} {:?}", NODE.kind);
        assert!(shown.contains("Node") && shown.contains("next"), "{shown}");
    }
}
