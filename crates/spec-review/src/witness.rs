//! Witnesses: payloads that one document accepts and the other refuses.
//!
//! Candidates are made from both schemas and put into the smallest body around them. A candidate
//! becomes a witness only if the `jsonschema` crate, which shares no code with the comparison,
//! confirms that one document accepts it and the other refuses it, and that it would be accepted by
//! both without the change that it has to prove.

mod check;
mod generate;
mod json_schema;
mod repair;
mod reversal;
mod roles;
mod search;
mod shape;
mod shrink;

use serde::Serialize;
use serde_json::Value;

pub(crate) use generate::{MAX_ITEMS, MAX_PROPERTIES, MAX_TEXT_LENGTH};
pub(crate) use search::WitnessSearch;

use crate::compatibility::Direction;
use crate::versions::Versions;

/// A payload that proves a break.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Witness {
    /// Whether it travels in a request or in a response.
    #[serde(rename = "kind")]
    pub direction: Direction,
    /// The request line of its operation: `POST /v1/things`.
    pub operation: String,
    /// The body, or for other inputs an object: `{"query": {"limit": 0}}`.
    pub payload: Value,
    /// The document that accepts it; the other one refuses it.
    pub accepted_by: AcceptedBy,
    /// The JSON Schemas by which each document judges the payload, for checking it again.
    #[serde(skip)]
    pub schemas: Option<Box<Versions<Value>>>,
    /// The JSON Schema of the document that refuses it, with this one change reverted: it accepts
    /// the payload.
    #[serde(skip)]
    pub reverted: Box<Value>,
}

/// The document that accepts a witness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AcceptedBy {
    /// The base document.
    Base,
    /// The head document.
    Head,
}
