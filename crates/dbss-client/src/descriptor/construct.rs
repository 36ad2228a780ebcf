//! Constructors of the types that describe operations, for generated code: as literals its
//! descriptors would be several times as long.

#![allow(dead_code, reason = "which of these are used depends on the contract")]

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{ClientValue, DocumentedResponse, Example, Field, OutcomeValues, Parameter};
use super::{ParameterLocation, Schema, SchemaKind, recode};

impl Schema {
    /// An inline schema without a description or limits.
    pub(crate) const fn new(kind: SchemaKind) -> Self {
        Self { name: "", description: "", nullable: false, kind, limits: &[], outcome: None }
    }

    /// Any text.
    pub(crate) const fn text() -> Self {
        Self::new(SchemaKind::TEXT)
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
        Self { name, required: true, schema }
    }

    pub(crate) const fn optional(name: &'static str, schema: &'static Schema) -> Self {
        Self { name, required: false, schema }
    }
}

impl Parameter {
    pub(crate) const fn required(
        location: ParameterLocation,
        name: &'static str,
        schema: &'static Schema,
    ) -> Self {
        let (description, example, filled_in) = ("", None, None);
        Self { name, location, required: true, description, schema, example, filled_in }
    }

    pub(crate) const fn optional(
        location: ParameterLocation,
        name: &'static str,
        schema: &'static Schema,
    ) -> Self {
        Self { required: false, ..Self::required(location, name, schema) }
    }

    pub(crate) const fn described(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    pub(crate) const fn example(self, json: &'static str) -> Self {
        Self { example: Some(json), ..self }
    }

    pub(crate) const fn filled_in(self, value: ClientValue) -> Self {
        Self { filled_in: Some(value), ..self }
    }
}

impl Example {
    pub(crate) const fn new(name: &'static str, json: &'static str) -> Self {
        Self { name, json }
    }
}

impl DocumentedResponse {
    pub(crate) const fn success(status: &'static str, description: &'static str) -> Self {
        Self { status, success: true, description, schema: None, examples: &[], recode: None }
    }

    pub(crate) const fn error(status: &'static str, description: &'static str) -> Self {
        Self { success: false, ..Self::success(status, description) }
    }

    /// With a body of the type.
    pub(crate) const fn body<T: DeserializeOwned + Serialize>(
        self,
        schema: &'static Schema,
        examples: &'static [Example],
    ) -> Self {
        Self { schema: Some(schema), examples, recode: Some(recode::<T>), ..self }
    }
}
