//! Constructors of the types that describe operations, for generated code: as literals its
//! descriptors would be several times as long.

#![allow(dead_code, reason = "which of these are used depends on the contract")]

use std::ops::Bound;

use serde::{Serialize, de::DeserializeOwned};

use super::{ClientValue, DocumentedResponse, Example, Field, Operation, OutcomeValues, Parameter};
use super::{ParameterLocation, Recode, Schema, SchemaKind, recode};
use crate::call::{Inputs, invoke};

impl Operation {
    /// An operation with these inputs, of which the contract says nothing else.
    pub(crate) const fn of<I>() -> Self
    where
        I: Inputs<Value: DeserializeOwned + Serialize>,
    {
        Self {
            id: "",
            method: "",
            path: "",
            summary: "",
            description: "",
            tags: &[],
            deprecated: false,
            idempotent: false,
            parameters: &[],
            body: None,
            successes: &[],
            errors: &[],
            pages: None,
            completion: None,
            invoke: invoke::<I>,
            recode: recode::<I::Value>,
        }
    }
}

impl Schema {
    /// An inline schema without a description or limits.
    pub(crate) const fn new(kind: SchemaKind) -> Self {
        Self { name: "", description: "", nullable: false, kind, limits: &[], outcome: None }
    }

    /// Any text.
    pub(crate) const fn text() -> Self {
        Self::new(SchemaKind::TEXT)
    }

    /// A named object.
    pub(crate) const fn object(
        name: &'static str,
        description: &'static str,
        fields: &'static [Field],
    ) -> Self {
        Self::new(SchemaKind::Object(fields)).described(description).named(name)
    }

    /// One of several texts.
    pub(crate) const fn one_of(values: &'static [&'static str]) -> Self {
        Self::new(SchemaKind::Enum { values })
    }

    /// A list without limits.
    pub(crate) const fn list(items: &'static Schema) -> Self {
        Self::new(SchemaKind::Array { items, min_items: None, max_items: None, unique: false })
    }

    pub(crate) const fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    pub(crate) const fn described(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    pub(crate) const fn limited(self, limits: &'static [&'static str]) -> Self {
        Self { limits, ..self }
    }

    pub(crate) const fn reporting(
        self,
        succeeded: &'static [&'static str],
        failed: &'static [&'static str],
    ) -> Self {
        Self { outcome: Some(OutcomeValues { succeeded, failed }), ..self }
    }

    pub(crate) const fn or_null(self) -> Self {
        Self { nullable: true, ..self }
    }
}

impl SchemaKind {
    /// Any text.
    pub(crate) const TEXT: Self =
        Self::String { min_length: None, max_length: None, pattern: None, format: None };
}

impl Field {
    pub(crate) const fn required(name: &'static str, schema: &'static Schema) -> Self {
        Self { name, required: true, description: "", schema }
    }

    pub(crate) const fn optional(name: &'static str, schema: &'static Schema) -> Self {
        Self { required: false, ..Self::required(name, schema) }
    }

    pub(crate) const fn described(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    /// Any text.
    pub(crate) const fn text(name: &'static str, description: &'static str) -> Self {
        Self::optional(name, &TEXT).described(description)
    }

    /// Any text.
    pub(crate) const fn required_text(name: &'static str, description: &'static str) -> Self {
        Self::required(name, &TEXT).described(description)
    }

    pub(crate) const fn boolean(name: &'static str, description: &'static str) -> Self {
        Self::optional(name, &BOOLEAN).described(description)
    }

    pub(crate) const fn required_boolean(name: &'static str, description: &'static str) -> Self {
        Self::required(name, &BOOLEAN).described(description)
    }

    /// Any whole number.
    pub(crate) const fn integer(name: &'static str, description: &'static str) -> Self {
        Self::optional(name, &INTEGER).described(description)
    }

    /// Any whole number.
    pub(crate) const fn required_integer(name: &'static str, description: &'static str) -> Self {
        Self::required(name, &INTEGER).described(description)
    }
}

// The schemas that most fields have.
static TEXT: Schema = Schema::text();
static BOOLEAN: Schema = Schema::new(SchemaKind::Boolean);
static INTEGER: Schema =
    Schema::new(SchemaKind::Integer { min: Bound::Unbounded, max: Bound::Unbounded });

impl Parameter {
    /// A parameter in the path, which is always required.
    pub(crate) const fn path(name: &'static str, schema: &'static Schema) -> Self {
        Self {
            name,
            location: ParameterLocation::Path,
            required: true,
            description: "",
            schema,
            example: None,
            default: None,
            filled_in: None,
        }
    }

    pub(crate) const fn required_query(name: &'static str, schema: &'static Schema) -> Self {
        Self { location: ParameterLocation::Query, ..Self::path(name, schema) }
    }

    pub(crate) const fn query(name: &'static str, schema: &'static Schema) -> Self {
        Self { required: false, ..Self::required_query(name, schema) }
    }

    pub(crate) const fn required_header(name: &'static str, schema: &'static Schema) -> Self {
        Self { location: ParameterLocation::Header, ..Self::path(name, schema) }
    }

    pub(crate) const fn header(name: &'static str, schema: &'static Schema) -> Self {
        Self { required: false, ..Self::required_header(name, schema) }
    }

    pub(crate) const fn described(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    pub(crate) const fn example(self, json: &'static str) -> Self {
        Self { example: Some(json), ..self }
    }

    pub(crate) const fn default(self, json: &'static str) -> Self {
        Self { default: Some(json), ..self }
    }

    pub(crate) const fn filled_in(self, value: ClientValue) -> Self {
        Self { filled_in: Some(value), ..self }
    }
}

impl Example {
    pub(crate) const fn new(name: &'static str, json: &'static str) -> Self {
        Self { name, json }
    }

    /// The one that the contract has under `example`.
    pub(crate) const fn only(json: &'static str) -> [Self; 1] {
        [Self::new("example", json)]
    }

    /// The one that was made from the schema, for want of any in the contract.
    pub(crate) const fn made(json: &'static str) -> [Self; 1] {
        [Self::new("made", json)]
    }
}

impl DocumentedResponse {
    pub(crate) const fn success(status: &'static str, description: &'static str) -> Self {
        Self { status, success: true, description, schema: None, examples: &[], recode: None }
    }

    pub(crate) const fn error(status: &'static str, description: &'static str) -> Self {
        Self { success: false, ..Self::success(status, description) }
    }

    pub(crate) const fn body(self, schema: &'static Schema, examples: &'static [Example]) -> Self {
        Self { schema: Some(schema), examples, ..self }
    }

    pub(crate) const fn decoded_by(self, recode: Recode) -> Self {
        Self { recode: Some(recode), ..self }
    }
}
