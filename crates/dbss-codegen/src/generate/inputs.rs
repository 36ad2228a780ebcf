//! What a caller gives to an operation: its parameters, and the fields of its
//! body beside them.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::model::{ClientValue, Form, Location, Model, Operation, Shape, Slot};
use super::names::ident;
use super::types;

/// Methods that every call has, and variables of the code that sends it; an input
/// of such a name gets an underscore.
const RESERVED: [&str; 16] = [
    "accept_failed_outcome",
    "attempt_timeout",
    "body",
    "call",
    "check",
    "into_future",
    "invoke",
    "new",
    "problems",
    "progress",
    "raw",
    "request",
    "retry",
    "running",
    "send",
    "timeout",
];

/// Where an input travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Parameter(Location),
    /// A property of the body object.
    Field,
    /// The whole body, where it is not an object.
    Body,
}

/// How the call holds an input until it is sent.
#[derive(Debug, Clone)]
pub(crate) enum Held {
    /// Text, made into `into` when the call is sent.
    Text { into: TokenStream },
    /// A list of texts; `wrap` is the named array around it, if there is one.
    Texts { item: TokenStream, wrap: Option<TokenStream> },
    /// A value of the type that is sent.
    Value { ty: TokenStream },
}

/// One thing that a caller gives.
#[derive(Debug)]
pub(crate) struct Input<'a> {
    pub(crate) wire: &'a str,
    /// The setter and the field of the call.
    pub(crate) setter: Ident,
    /// The field or parameter of the raw layer.
    pub(crate) raw: Ident,
    pub(crate) place: Place,
    pub(crate) required: bool,
    pub(crate) slot: &'a Slot,
    pub(crate) held: Held,
    /// How the field of the body wraps it.
    pub(crate) form: Form,
    /// What the client fills in where the caller does not give it.
    pub(crate) filled_in: Option<ClientValue>,
}

/// The inputs of an operation, in the order of its documentation.
pub(crate) fn of<'a>(model: &'a Model, operation: &'a Operation) -> Vec<Input<'a>> {
    let mut used: BTreeSet<String> = RESERVED.iter().map(ToString::to_string).collect();
    let mut inputs = Vec::new();
    for parameter in &operation.parameters {
        inputs.push(Input {
            wire: &parameter.wire,
            setter: unused(parameter.rust.clone(), "", &mut used),
            raw: ident(&parameter.rust),
            place: Place::Parameter(parameter.location),
            required: parameter.required,
            slot: &parameter.slot,
            held: held(model, &parameter.slot),
            form: Form::default(),
            filled_in: parameter.filled_in,
        });
    }
    let Some(body) = &operation.body else { return inputs };
    if let Shape::Object(fields) = model.resolve(&body.slot.shape)
        && !body.slot.nullable
    {
        for field in fields {
            inputs.push(Input {
                wire: &field.wire,
                setter: unused(field.rust.clone(), "body_", &mut used),
                raw: ident(&field.rust),
                place: Place::Field,
                // A required null is what `None` stands for.
                required: field.required && !field.slot.nullable,
                slot: &field.slot,
                held: held(model, &field.slot),
                form: field.form,
                filled_in: None,
            });
        }
    } else {
        used.remove("body");
        inputs.push(Input {
            wire: "body",
            setter: unused("body".to_owned(), "", &mut used),
            raw: ident("body"),
            place: Place::Body,
            required: true,
            slot: &body.slot,
            held: held(model, &body.slot),
            form: Form::default(),
            filled_in: None,
        });
    }
    inputs
}

/// The name itself if it is free, with the prefix if that is, with underscores else.
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

fn held(model: &Model, slot: &Slot) -> Held {
    if types::is_text(model, slot) {
        return Held::Text { into: types::plain(model, &slot.shape) };
    }
    if let Shape::Array { items, .. } = model.resolve(&slot.shape)
        && types::is_text(model, items)
        && !slot.nullable
    {
        let wrap = matches!(slot.shape, Shape::Ref(_)).then(|| types::plain(model, &slot.shape));
        return Held::Texts { item: types::plain(model, &items.shape), wrap };
    }
    Held::Value { ty: types::plain(model, &slot.shape) }
}

impl Input<'_> {
    /// The type of the field that holds it, without the `Option`.
    pub(crate) fn held_type(&self) -> TokenStream {
        match &self.held {
            Held::Text { .. } => quote!(String),
            Held::Texts { .. } => quote!(Vec<String>),
            Held::Value { ty } => ty.clone(),
        }
    }
}
