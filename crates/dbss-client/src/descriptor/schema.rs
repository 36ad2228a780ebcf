//! What values look like: types and limits.

/// What a value looks like.
#[derive(Debug)]
#[non_exhaustive]
pub struct Schema {
    /// The name under `components/schemas`; empty where it stands inline.
    pub name: &'static str,
    /// What it means; empty where the contract does not say.
    pub description: &'static str,
    /// Whether it can be `null`.
    pub nullable: bool,
    /// Its type and limits.
    pub shape: Shape,
    /// Its limits in words, as in `32 to 64 characters`, each by itself; of a list
    /// those of its items too.
    pub limits: &'static [&'static str],
}

/// The type and limits of a value.
#[derive(Debug)]
#[non_exhaustive]
pub enum Shape {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    #[allow(missing_docs, reason = "the names are those of the contract")]
    Integer { min: Option<Bound<i64>>, max: Option<Bound<i64>> },
    /// Any number.
    #[allow(missing_docs, reason = "the names are those of the contract")]
    Number { min: Option<Bound<f64>>, max: Option<Bound<f64>> },
    /// Text; lengths count characters.
    #[allow(missing_docs, reason = "the names are those of the contract")]
    String {
        min_length: Option<usize>,
        max_length: Option<usize>,
        pattern: Option<&'static str>,
        format: Option<&'static str>,
        failure_values: &'static [&'static str],
    },
    /// One of several texts; open where it occurs in an answer.
    #[allow(missing_docs, reason = "the names are those of the contract")]
    Enum { values: &'static [&'static str], failure_values: &'static [&'static str] },
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
    Free,
    /// An object with the named fields; more of them are ignored in an answer.
    Object(&'static [Field]),
    /// What a named schema says, where this place adds something to it.
    Named(&'static Schema),
}

/// A limit of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound<T> {
    /// The limit itself is allowed.
    At(T),
    /// The limit itself is not allowed.
    Beyond(T),
}

impl<T> Bound<T> {
    /// The same limit as another type.
    pub(crate) fn map<U>(self, into: impl FnOnce(T) -> U) -> Bound<U> {
        match self {
            Self::At(limit) => Bound::At(into(limit)),
            Self::Beyond(limit) => Bound::Beyond(into(limit)),
        }
    }
}

/// A field of an object.
#[derive(Debug)]
#[non_exhaustive]
pub struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// Whether the object must have it.
    pub required: bool,
    /// What its value looks like.
    pub schema: &'static Schema,
}
