//! `ProblemKind`: what can be wrong with an input, as data.

use std::fmt;
use std::ops::Bound;

/// What is wrong with an input, with the numbers and values concerned.
///
/// [`Problem::message`](super::Problem::message) returns it as text. Values are included
/// only if they contain no secret.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A required input is missing.
    Missing,
    /// A value in the path is empty, which would change the path of the request.
    Empty,
    /// A text is too short.
    TooShort {
        /// Its length in characters.
        length: usize,
        /// The minimum.
        min: usize,
    },
    /// A text is too long.
    TooLong {
        /// Its length in characters.
        length: usize,
        /// The maximum.
        max: usize,
    },
    /// A text does not match the pattern of the contract.
    PatternMismatch {
        /// The pattern, a regular expression as in JSON Schema.
        pattern: &'static str,
    },
    /// A value of an enum is not one of those that the contract lists.
    Unlisted {
        /// The given value.
        value: String,
        /// The listed values.
        listed: &'static [&'static str],
    },
    /// A list has too few items.
    TooFewItems {
        /// The number of items.
        count: usize,
        /// The minimum.
        min: usize,
    },
    /// A list has too many items.
    TooManyItems {
        /// The number of items.
        count: usize,
        /// The maximum.
        max: usize,
    },
    /// An item occurs twice in a list.
    DuplicateItem {
        /// The index of its first occurrence.
        first: usize,
    },
    /// A number is too small.
    BelowMinimum {
        /// The given number.
        value: Number,
        /// The minimum.
        min: Bound<Number>,
    },
    /// A number is too large.
    AboveMaximum {
        /// The given number.
        value: Number,
        /// The maximum.
        max: Bound<Number>,
    },
    /// A JSON value has the wrong type.
    WrongType {
        /// The type that is required.
        expected: ValueType,
        /// The type of the given value.
        found: ValueType,
    },
    /// The text of a parameter in [`Arguments`](crate::Arguments) is not a value of its type.
    InvalidParameter {
        /// The given text.
        value: String,
    },
    /// A value cannot be converted into the type of the input.
    Undecodable {
        /// The message of the conversion.
        reason: String,
    },
    /// The operation has no parameter of that name.
    UnknownParameter,
    /// The body has no field of that name.
    UnknownField,
    /// A body is given, and the operation has none.
    UnexpectedBody,
    /// A parameter that is not a list is given more than once.
    DuplicateParameter,
    /// A value in the path is `.` or `..`, a dot segment (RFC 3986, section 3.3), which would
    /// change the path.
    DotSegmentInPath {
        /// The given value.
        value: String,
    },
    /// A value in the path has a character that would change the path, such as `/`.
    InvalidPathCharacter {
        /// The first such character.
        character: char,
    },
    /// A value in a header has a character that headers cannot carry, such as a line break.
    InvalidHeaderCharacter {
        /// The first such character; `None` if it may be part of a secret.
        character: Option<char>,
    },
    /// A timeout is zero, which would not let anything be sent.
    ZeroTimeout,
    /// A retry policy allows no attempt, not even the first one.
    ZeroAttempts,
    /// Neither the contract nor the environment has an endpoint for the region.
    UnknownRegion {
        /// The given region.
        region: String,
    },
    /// A text is not a URL. It is not included, since it may contain a password.
    InvalidUrl {
        /// The message of the parser.
        reason: String,
    },
    /// A URL contains a user name or a password.
    UrlWithCredentials,
    /// The URL of an endpoint has a query or a fragment.
    UrlWithQuery,
    /// A URL has no host.
    UrlWithoutHost {
        /// The given URL.
        url: String,
    },
    /// A URL is `http`, which would send credentials in clear text.
    PlainHttp {
        /// The given URL.
        url: String,
    },
    /// The scheme of a URL is neither `https` nor `http`.
    UnsupportedScheme {
        /// The given URL.
        url: String,
        /// Its scheme.
        scheme: String,
    },
    /// The address of a proxy is that of a SOCKS proxy. Only HTTP proxies can be used.
    SocksProxy {
        /// The given URL, without its login.
        url: String,
    },
    /// The address of a proxy has a path, a query or a fragment. It is not included, since it
    /// may be a password that is not percent-encoded.
    ProxyWithPath,
    /// A URL is `https`, and this crate was built without TLS.
    NoTls,
    /// A certificate cannot be used.
    InvalidCertificate {
        /// Why not; the message of the TLS implementation if it comes from there.
        reason: String,
    },
    /// A setting that a custom HTTP client has itself, set together with
    /// [`http_client`](crate::ClientBuilder::http_client).
    ConflictsWithHttpClient,
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
    /// By its decimal digits: the nearest `f64` of 0.1 would be shown with 16 more
    /// digits.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// An array.
    Array,
    /// An array of strings.
    StringArray,
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
            serde_json::Value::Array(_) => Self::Array,
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
            Self::Array => "a list",
            Self::StringArray => "a list of strings",
            Self::Object => "an object",
        })
    }
}
