//! What the contract says of each operation, as data.
//!
//! The generated [`descriptors`](crate::descriptors) hold one [`Operation`] per
//! operation and one [`Api`] for all of them. They are for programs that work on
//! any operation, such as a command line or a test; a program that knows which
//! operation it wants calls the methods of [`Client`].

pub(crate) mod schema;

use crate::call::future::InvokeFuture;
use crate::client::Client;
use crate::input::arguments::Arguments;

pub use self::schema::{Bound, Field, Schema, Shape};

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
    /// What the client fills in where a call does not give the parameter itself.
    pub filled_in: Option<ClientValue>,
}

/// What a client knows for all of its calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientValue {
    /// The project: of the client, of its credentials, or of its region.
    ProjectId,
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
