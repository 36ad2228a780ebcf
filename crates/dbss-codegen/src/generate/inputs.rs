//! The inputs of an operation: its parameters, and its body or the fields of it.

use std::collections::BTreeSet;

use proc_macro2::Ident;

use super::model::{
    ClientValue, FieldWrapping, Model, Operation, ParameterLocation, Schema, SchemaKind,
};
use super::names::ident;
use super::types;

/// Methods that every call has. An input with such a name gets an underscore.
const RESERVED: [&str; 9] = [
    "accept_failed_outcome",
    "allow_unlisted_values",
    "attempt_timeout",
    "into_future",
    "new",
    "progress",
    "retry",
    "send",
    "timeout",
];

/// Where an input belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InputLocation {
    Parameter(ParameterLocation),
    /// A property of the body object.
    Field,
    /// The whole body, if it is not an object.
    Body,
}

/// How a caller gives an input.
#[derive(Debug, Clone, Copy)]
pub(crate) enum InputStorage<'a> {
    /// As text.
    Text,
    /// As a list of texts of this schema.
    Texts { items: &'a Schema },
    /// As a value of the type that is sent.
    Value,
}

/// An input of an operation.
#[derive(Debug)]
pub(crate) struct Input<'a> {
    pub(crate) wire: &'a str,
    /// The setter and the field of the call.
    pub(crate) setter: Ident,
    /// The field or parameter of the raw layer.
    pub(crate) raw: Ident,
    pub(crate) location: InputLocation,
    pub(crate) required: bool,
    pub(crate) schema: &'a Schema,
    pub(crate) storage: InputStorage<'a>,
    /// How the field of the body wraps it.
    pub(crate) wrapping: FieldWrapping,
    /// What the client fills in if the caller does not set it.
    pub(crate) filled_in: Option<ClientValue>,
}

/// The inputs of an operation, in the order of its documentation.
pub(crate) fn of<'a>(model: &'a Model, operation: &'a Operation) -> Vec<Input<'a>> {
    let mut used: BTreeSet<String> = RESERVED.iter().map(ToString::to_string).collect();
    used.extend(operation.pages.iter().map(|_| "items".to_owned()));
    used.extend(operation.completion.iter().map(|_| "and_wait".to_owned()));
    let mut inputs = Vec::new();
    for parameter in &operation.parameters {
        inputs.push(Input {
            wire: &parameter.wire,
            setter: unused(parameter.rust.clone(), "", &mut used),
            raw: ident(&parameter.rust),
            location: InputLocation::Parameter(parameter.location),
            required: parameter.required,
            schema: &parameter.schema,
            storage: storage(model, &parameter.schema),
            wrapping: FieldWrapping::default(),
            filled_in: parameter.filled_in,
        });
    }
    let Some(body) = &operation.body else { return inputs };
    if let SchemaKind::Object(fields) = model.resolve(&body.schema.kind)
        && !body.schema.nullable
    {
        for field in fields {
            inputs.push(Input {
                wire: &field.wire,
                setter: unused(field.rust.clone(), "body_", &mut used),
                raw: ident(&field.rust),
                location: InputLocation::Field,
                // A required `null` is represented by `None`.
                required: field.required && !field.schema.nullable,
                schema: &field.schema,
                storage: storage(model, &field.schema),
                wrapping: field.wrapping,
                filled_in: None,
            });
        }
    } else {
        inputs.push(Input {
            wire: "body",
            setter: unused("body".to_owned(), "", &mut used),
            raw: ident("body"),
            location: InputLocation::Body,
            required: true,
            schema: &body.schema,
            storage: storage(model, &body.schema),
            wrapping: FieldWrapping::default(),
            filled_in: None,
        });
    }
    inputs
}

/// The name if it is unused, else with the prefix if that is unused, else with
/// underscores.
fn unused(name: String, prefix: &str, used: &mut BTreeSet<String>) -> Ident {
    let mut candidate = name;
    if used.contains(&candidate) && !prefix.is_empty() {
        candidate.insert_str(0, prefix);
    }
    while !used.insert(candidate.clone()) {
        candidate.push('_');
    }
    ident(&candidate)
}

fn storage<'a>(model: &'a Model, schema: &'a Schema) -> InputStorage<'a> {
    if types::is_text(model, schema) {
        return InputStorage::Text;
    }
    match model.resolve(&schema.kind) {
        SchemaKind::Array { items, .. } if types::is_text(model, items) => {
            InputStorage::Texts { items }
        }
        _ => InputStorage::Value,
    }
}
