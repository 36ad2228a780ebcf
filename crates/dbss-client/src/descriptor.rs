//! What the contract says of each operation, as data.
//!
//! The generated [`descriptors`](crate::descriptors) hold one [`Operation`] per
//! operation and one [`Api`] for all of them. They are for programs that work on
//! any operation, such as a command line or a test; a program that knows which
//! operation it wants calls the methods of [`Client`].

use crate::{Arguments, Client, InvokeFuture, PrepareFuture, runtime};

/// The contract as a whole.
#[derive(Debug)]
#[non_exhaustive]
pub struct Api {
    /// Title of the contract.
    pub title: &'static str,
    /// Version of the contract, semantic: `info.version`.
    pub version: &'static str,
    /// Template of the service's address, with `{placeholders}`.
    pub server_url: &'static str,
    /// The placeholders of [`server_url`](Self::server_url).
    pub server_variables: &'static [ServerVariable],
    /// Every operation, in the order of the contract.
    pub operations: &'static [&'static Operation],
}

impl Api {
    /// The operation of that id, as the contract spells it.
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&'static Operation> {
        self.operations.iter().copied().find(|operation| operation.id == id)
    }
}

/// A placeholder of the service's address.
#[derive(Debug)]
#[non_exhaustive]
pub struct ServerVariable {
    /// Its name.
    pub name: &'static str,
    /// The value where none is given.
    pub default: &'static str,
    /// The values that the contract lists; empty where any will do.
    pub values: &'static [&'static str],
}

/// One operation.
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// `operationId` of the contract, which is the service's own name for it.
    pub id: &'static str,
    /// HTTP method, in capitals.
    pub method: &'static str,
    /// Path with its `{placeholders}`.
    pub path: &'static str,
    /// One line on what it does; empty where the contract has none.
    pub summary: &'static str,
    /// What it does, in Markdown; empty where the contract has none.
    pub description: &'static str,
    /// The tags it is filed under.
    pub tags: &'static [&'static str],
    /// Whether callers should move away from it.
    pub deprecated: bool,
    /// Whether repeating it leaves the service as the first call left it.
    pub idempotent: bool,
    /// Its parameters: those of the path first, in the order of the path.
    pub parameters: &'static [Parameter],
    /// The body of its request.
    pub body: Option<Body>,
    /// The documented answers, by status; `default` last.
    pub answers: &'static [Answer],
    pub(crate) invoke: fn(&Client, Arguments) -> InvokeFuture,
}

impl Operation {
    /// Calls the operation with arguments by name, through the same facade that
    /// the typed methods use.
    #[must_use = "a call does nothing until it is awaited"]
    pub fn invoke(&self, client: &Client, arguments: Arguments) -> InvokeFuture {
        (self.invoke)(client, arguments)
    }

    /// The first request that [`invoke`](Self::invoke) would send: checked and
    /// signed, and not sent.
    ///
    /// Nothing is sent to IAM either, so that the call or the client has to name
    /// the project. Headers that hold secrets are marked as sensitive. The HTTP
    /// client adds a few headers of its own to a request that it sends, such as
    /// `User-Agent`.
    ///
    /// # Errors
    ///
    /// As those of `invoke`, and
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) where a login
    /// would be needed.
    #[must_use = "a request is not made until it is awaited"]
    pub fn prepare(&'static self, client: &Client, arguments: Arguments) -> PrepareFuture {
        runtime::prepare(self, client, arguments)
    }
}

/// A parameter of an operation.
#[derive(Debug)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name on the wire.
    pub name: &'static str,
    /// Where it travels.
    pub location: Location,
    /// Whether a call must have it.
    pub required: bool,
    /// What it is; empty where the contract does not say.
    pub description: &'static str,
    /// What its value looks like.
    pub schema: &'static Schema,
    /// A value that fits, as JSON.
    pub example: Option<&'static str>,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// As a header.
    Header,
}

/// The body of a request; always JSON.
#[derive(Debug)]
#[non_exhaustive]
pub struct Body {
    /// What it is; empty where the contract does not say.
    pub description: &'static str,
    /// What it looks like.
    pub schema: &'static Schema,
    /// The contract's examples, or one made from the schema.
    pub examples: &'static [Example],
}

/// An example of a body.
#[derive(Debug)]
#[non_exhaustive]
pub struct Example {
    /// Its name in the contract.
    pub name: &'static str,
    /// Its value, as compact JSON.
    pub json: &'static str,
}

/// A documented answer.
#[derive(Debug)]
#[non_exhaustive]
pub struct Answer {
    /// The status as the contract writes it: `200`, `4XX`, `default`.
    pub status: &'static str,
    /// Whether it is a success.
    pub success: bool,
    /// When the service gives it.
    pub description: &'static str,
    /// What its body looks like; `None` where it has none.
    pub schema: Option<&'static Schema>,
    /// The contract's examples, or one made from the schema.
    pub examples: &'static [Example],
    /// Decodes a body into its generated type and encodes it again: what is
    /// left of it is what the type holds.
    pub recode: Option<Recode>,
}

/// See [`Answer::recode`].
pub type Recode = fn(&[u8]) -> Result<Vec<u8>, serde_json::Error>;

/// The one implementation of [`Recode`].
pub(crate) fn recode<T>(body: &[u8]) -> Result<Vec<u8>, serde_json::Error>
where
    T: serde::de::DeserializeOwned + serde::Serialize,
{
    serde_json::to_vec(&serde_json::from_slice::<T>(body)?)
}

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
