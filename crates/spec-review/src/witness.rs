//! Payloads that one document accepts and the other refuses.
//!
//! Candidates are made from both schemas, put into the smallest body around them, and shown only
//! if the `jsonschema` crate agrees that one side accepts and the other refuses them.

mod convert;

mod judge;
mod make;
mod search;
mod shrink;

use serde::Serialize;
use serde_json::Value;

pub(crate) use search::Searcher;

use crate::law::Direction;
use crate::versions::Versions;

/// A payload that proves a break.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Witness {
    /// Whether it travels in a request or in an answer.
    pub kind: WitnessKind,
    /// The request line that it belongs to: `POST /v1/things`.
    pub operation: String,
    /// The body, or an object of what else a request carries: `{"query": {"limit": 0}}`.
    pub payload: Value,
    /// The document that takes it; the other one does not.
    pub accepted_by: AcceptedBy,
    /// The JSON Schemas that the two documents come to for the payload, for whoever wants to check.
    #[serde(skip)]
    pub schemas: Option<Box<Versions<Value>>>,
}

/// What a payload travels in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WitnessKind {
    /// From the caller to the service.
    Request,
    /// From the service to the caller.
    Response,
}

/// One of the two documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AcceptedBy {
    /// The old one.
    Base,
    /// The new one.
    Head,
}

impl From<Direction> for WitnessKind {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Request => Self::Request,
            Direction::Response => Self::Response,
        }
    }
}
