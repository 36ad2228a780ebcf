//! The kinds of operations that a contract has. What a case comes to depends on
//! the kind of the operation and on nothing else of it, so that a case is run for
//! one operation of each kind: the time that the tests take does not grow with
//! the contract.

use std::fmt;
use std::sync::LazyLock;

use dbss_client::contract;
use dbss_client::descriptor::{Operation, Schema, SchemaKind};

use crate::{say, successes};

/// What of an operation makes a difference to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationKind {
    method: &'static str,
    body: bool,
    idempotent: bool,
    /// The field of a success that says whether the operation failed.
    outcome_field: &'static str,
    success: &'static str,
}

impl OperationKind {
    /// The kind of an operation, from its descriptor.
    #[must_use]
    pub fn of(operation: &Operation) -> Self {
        let schema = successes::documented(operation).and_then(|response| response.schema);
        let outcome_field = match successes::outcome_field(operation) {
            None => "no outcome field",
            // The values are compared by other code.
            Some(field) if successes::is_enum(field.schema) => {
                "an outcome field with listed values"
            }
            Some(_) => "an outcome field",
        };
        Self {
            method: operation.method,
            body: operation.body.is_some(),
            idempotent: operation.idempotent,
            outcome_field,
            success: schema.map_or("nothing", kind_name),
        }
    }
}

impl fmt::Display for OperationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} a body, {}idempotent, with {}, responds with {}",
            self.method,
            if self.body { "with" } else { "without" },
            if self.idempotent { "" } else { "not " },
            self.outcome_field,
            self.success,
        )
    }
}

fn kind_name(schema: &Schema) -> &'static str {
    match schema.kind {
        SchemaKind::Boolean => "a boolean",
        SchemaKind::Integer { .. } | SchemaKind::Number { .. } => "a number",
        SchemaKind::String { .. } | SchemaKind::Enum { .. } => "a text",
        SchemaKind::Array { .. } => "a list",
        SchemaKind::Map(_) | SchemaKind::AnyObject => "a map",
        SchemaKind::Object(_) => "an object",
        SchemaKind::Reference(schema) => kind_name(schema),
        _ => "something else",
    }
}

/// The first operation of each kind, in the order of the contract. Which one stands
/// for which kind is said once in a run.
///
/// `HEAD` is left out: its responses have no body, which most cases need.
#[must_use]
pub fn representatives() -> &'static [&'static Operation] {
    static FOUND: LazyLock<Vec<&'static Operation>> = LazyLock::new(|| {
        let mut kinds = Vec::new();
        let mut found = Vec::new();
        for &operation in contract::API.operations {
            let kind = OperationKind::of(operation);
            if kind.method != "HEAD" && !kinds.contains(&kind) {
                say(&format!("{} stands for: {kind}", operation.id));
                kinds.push(kind);
                found.push(operation);
            }
        }
        found
    });
    &FOUND
}
