//! Types that describe the operations of the contract as data.
//!
//! The generated module [`contract`](crate::contract) holds one [`Operation`] for each
//! operation, and one [`Api`] for all of them. They are for programs that work on any
//! operation, such as a command line or a test. A program that knows which operation it
//! wants uses the methods of [`Client`].

mod completion;
mod construct;
pub(crate) mod schema;

use std::fmt;

use crate::call::future::InvokeFuture;
use crate::client::Client;
use crate::input::arguments::Arguments;

pub use self::completion::{Completion, FieldValues, ItemKey, Pages};
pub use self::schema::{Field, OutcomeValues, Schema, SchemaKind};

/// The contract as a whole.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Api {
    /// Title of the contract.
    pub title: &'static str,
    /// Version of the contract, semantic: `info.version`.
    pub version: &'static str,
    /// URL template of the service, with `{placeholders}`.
    pub server_url: &'static str,
    /// The placeholders of [`server_url`](Self::server_url).
    pub server_variables: &'static [ServerVariable],
    /// Every operation, in the order of the contract.
    pub operations: &'static [&'static Operation],
}

impl Api {
    /// The operation of that [id](Operation::id), in the same case; `None` if there is none.
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&'static Operation> {
        self.operations.iter().copied().find(|operation| operation.id == id)
    }
}

/// A placeholder of the service's URL template.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ServerVariable {
    /// Its name.
    pub name: &'static str,
    /// The default value.
    pub default: &'static str,
    /// The values that the contract lists; empty if any is allowed.
    pub values: &'static [&'static str],
}

/// One operation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Operation {
    /// `operationId` of the contract, which is Huawei's name of the operation.
    pub id: &'static str,
    /// HTTP method, in capitals.
    pub method: &'static str,
    /// Path with its `{placeholders}`.
    pub path: &'static str,
    /// One line on what it does; empty if the contract has none.
    pub summary: &'static str,
    /// What it does, in Markdown; empty if the contract has none.
    pub description: &'static str,
    /// Its tags.
    pub tags: &'static [&'static str],
    /// Whether the contract marks it as deprecated.
    pub deprecated: bool,
    /// Whether repeating the request has no further effect, so that it may be retried:
    /// `x-dbss-idempotent`.
    pub idempotent: bool,
    /// Its parameters: those of the path first, in the order of the path.
    pub parameters: &'static [&'static Parameter],
    /// The body of its request; `None` if it has none.
    pub body: Option<Body>,
    /// The documented successes, by status.
    pub successes: &'static [&'static DocumentedResponse],
    /// The other documented responses, by status; `default` last.
    pub errors: &'static [&'static DocumentedResponse],
    /// How the list is paged that it returns: `x-dbss-pages`; `None` if the contract does not say.
    pub pages: Option<&'static Pages>,
    /// How the end of what it starts is seen: `x-dbss-completion`; `None` if the contract does not
    /// say.
    pub completion: Option<&'static Completion>,
    pub(crate) invoke: fn(&Client, Arguments) -> InvokeFuture,
    /// For the body of a success.
    pub(crate) recode: Recode,
}

impl Operation {
    /// The documented responses: the successes, then the others.
    pub fn responses(&self) -> impl Iterator<Item = &'static DocumentedResponse> + use<> {
        self.successes.iter().chain(self.errors).copied()
    }

    /// Decodes the body of a response into its generated type and encodes it again. For tests
    /// that check that no field of a documented example is lost.
    ///
    /// # Errors
    ///
    /// What serde reports of a body that does not fit the type.
    #[doc(hidden)]
    pub fn recode(
        &self,
        response: &DocumentedResponse,
        body: &[u8],
    ) -> serde_json::Result<Vec<u8>> {
        response.recode.unwrap_or(self.recode)(body)
    }
}

/// A parameter of an operation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name in requests.
    pub name: &'static str,
    /// Where in a request it is.
    pub location: ParameterLocation,
    /// Whether it is required.
    pub required: bool,
    /// Its description; empty if the contract has none.
    pub description: &'static str,
    /// The schema of its value.
    pub schema: &'static Schema,
    /// A valid value, as JSON; `None` if the contract has none.
    pub example: Option<&'static str>,
    /// The value that the service takes if a call does not give the parameter, as JSON; `None` if
    /// the contract does not say.
    pub default: Option<&'static str>,
    /// What the client fills in if a call does not give the parameter; `None` if nothing.
    pub filled_in: Option<ClientValue>,
}

/// A value that a client has for all of its calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClientValue {
    /// The project id: of the client, of its credentials, or of its region.
    ProjectId,
}

/// Where in a request a parameter is.
///
/// A body is not a parameter; [`InputLocation`](crate::InputLocation) includes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParameterLocation {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// As a header.
    Header,
}

impl Operation {
    /// Whether it only reads: its method is one that HTTP calls safe (RFC 9110, section 9.2.1).
    #[must_use]
    pub fn is_read(&self) -> bool {
        matches!(self.method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
    }
}

impl fmt::Display for ParameterLocation {
    /// One word: `path`, `query` or `header`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        })
    }
}

/// The body of a request; always JSON.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Body {
    /// Its description; empty if the contract has none.
    pub description: &'static str,
    /// Its schema.
    pub schema: &'static Schema,
    /// The contract's examples, or one made from the schema.
    pub examples: &'static [Example],
}

/// An example of a body.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Example {
    /// Its name in the contract.
    pub name: &'static str,
    /// Its value, as compact JSON.
    pub json: &'static str,
}

/// A documented response of an operation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DocumentedResponse {
    /// The status as the contract writes it: `200`, `4XX`, `default`.
    pub status: &'static str,
    /// Whether it is a success.
    pub success: bool,
    /// Its description.
    pub description: &'static str,
    /// The schema of its body; `None` if it has none.
    pub schema: Option<&'static Schema>,
    /// The contract's examples, or one made from the schema.
    pub examples: &'static [Example],
    /// For the body of an error.
    pub(crate) recode: Option<Recode>,
}

/// See [`Operation::recode`].
pub(crate) type Recode = fn(&[u8]) -> serde_json::Result<Vec<u8>>;

/// The one implementation of [`Recode`].
#[allow(dead_code, reason = "a contract without response bodies does not use it")]
pub(crate) fn recode<T>(body: &[u8]) -> Result<Vec<u8>, serde_json::Error>
where
    T: serde::de::DeserializeOwned + serde::Serialize,
{
    serde_json::to_vec(&serde_json::from_slice::<T>(body)?)
}
