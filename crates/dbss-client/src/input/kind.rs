//! `ProblemKind`: what can be wrong with an input, as data.

use std::fmt;
use std::ops::Bound;

/// What is wrong with an input, with the numbers and values that tell.
///
/// [`Problem::message`](super::Problem::message) words it. Values are shown only
/// where they hold no secret.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A required input is not given.
    Missing,
    /// A text is empty where the path of the request would be another without it.
    Empty,
    /// A text has too few characters.
    TooShort {
        /// The characters that it has.
        length: usize,
        /// The least that are allowed.
        min: usize,
    },
    /// A text has too many characters.
    TooLong {
        /// The characters that it has.
        length: usize,
        /// The most that are allowed.
        max: usize,
    },
    /// A text does not match the pattern that the contract has for it.
    PatternMismatch {
        /// The pattern, a regular expression as JSON Schema has them.
        pattern: &'static str,
    },
    /// A text is not one of the values that the contract lists.
    NotListed {
        /// What was given.
        value: String,
        /// The values that there are.
        listed: &'static [&'static str],
    },
    /// A list has too few items.
    TooFewItems {
        /// The items that it has.
        count: usize,
        /// The least that are allowed.
        min: usize,
    },
    /// A list has too many items.
    TooManyItems {
        /// The items that it has.
        count: usize,
        /// The most that are allowed.
        max: usize,
    },
    /// An item of a list is there already.
    DuplicateItem {
        /// The index of the first item that is the same.
        first: usize,
    },
    /// A number is too small.
    BelowMinimum {
        /// The number.
        value: Number,
        /// The least that is allowed.
        min: Bound<Number>,
    },
    /// A number is too large.
    AboveMaximum {
        /// The number.
        value: Number,
        /// The most that is allowed.
        max: Bound<Number>,
    },
    /// A JSON value has another type.
    WrongType {
        /// What it must be.
        expected: ValueType,
        /// What it is.
        found: ValueType,
    },
    /// The text of a parameter does not read as a value of its type.
    UnreadableParameter {
        /// The text.
        value: String,
    },
    /// A JSON value does not decode into its type.
    Undecodable {
        /// Why not, in the words of the decoder.
        reason: String,
    },
    /// The operation has no parameter of that name.
    UnknownParameter,
    /// The body has no field of that name.
    UnknownField,
    /// A body is given to an operation that has none.
    UnexpectedBody,
    /// A parameter that is no list is given more than once.
    GivenTwice,
    /// A segment of the path would be `.` or `..`, and so lead elsewhere.
    DotSegment {
        /// Which of the two.
        value: String,
    },
    /// A character would change the path of the request.
    UnsafeInPath {
        /// The first such character.
        character: char,
    },
    /// A header cannot carry a character.
    UnsafeInHeader {
        /// The first such character; not told where it may be part of a secret.
        character: Option<char>,
    },
    /// A time limit is zero.
    ZeroTime,
    /// A retry policy allows no attempt.
    NoAttempts,
    /// Neither the contract nor the environment knows the region.
    UnknownRegion {
        /// What was given.
        region: String,
    },
    /// A text is no address. It is not shown, since it may hold a password.
    NotAnAddress {
        /// Why not, in the words of the parser.
        reason: String,
    },
    /// An address holds a user name or a password.
    AddressWithLogin,
    /// An address has a query or a fragment.
    AddressWithQuery,
    /// An address names no host.
    AddressWithoutHost {
        /// What was given.
        address: String,
    },
    /// An address is `http`, which sends credentials in clear text.
    PlainHttp {
        /// What was given.
        address: String,
    },
    /// The scheme of an address is neither `https` nor `http`.
    UnsupportedScheme {
        /// What was given.
        address: String,
        /// Its scheme.
        scheme: String,
    },
    /// An address is `https`, and this crate was built without TLS.
    NoTls,
    /// A certificate cannot be used.
    InvalidCertificate {
        /// Why not, in the words of the TLS implementation where they are its.
        reason: String,
    },
    /// A setting that an HTTP client of the caller's own already has.
    SetBesideHttpClient,
    /// Credentials that cannot be used.
    InvalidCredentials {
        /// Why not; never with a secret.
        reason: String,
    },
}

/// A number of any type that a contract can have.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Number {
    /// A whole number.
    Integer(i64),
    /// Any number.
    Float(f64),
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => number.fmt(f),
            Self::Float(number) => number.fmt(f),
        }
    }
}

impl From<i32> for Number {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<f32> for Number {
    /// By way of its digits: the nearest `f64` of 0.1 would be shown with 16 more.
    fn from(number: f32) -> Self {
        Self::Float(number.to_string().parse().unwrap_or_else(|_| number.into()))
    }
}

impl From<f64> for Number {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

/// The type of a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueType {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// A list.
    List,
    /// A list of strings.
    StringList,
    /// An object.
    Object,
}

impl ValueType {
    /// The type of a value.
    pub(crate) fn of(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(_) => Self::Boolean,
            serde_json::Value::Number(_) => Self::Number,
            serde_json::Value::String(_) => Self::String,
            serde_json::Value::Array(_) => Self::List,
            serde_json::Value::Object(_) => Self::Object,
        }
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::List => "a list",
            Self::StringList => "a list of strings",
            Self::Object => "an object",
        })
    }
}
