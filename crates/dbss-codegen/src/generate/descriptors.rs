//! One descriptor per operation, for what works on any of them: the command
//! tree, the emulator's answer to what it does not know, the wire snapshots.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::model::{
    Answer, Bounds, ClientValue, Location, Model, Named, Operation, Parameter, Shape, Slot,
};
use super::names::{self, ident};
use super::types;
use super::{examples, limits};

/// The items of `descriptors.rs`.
pub(crate) fn generate(model: &Model) -> TokenStream {
    let operations = model.operations.iter().map(|operation| descriptor(model, operation));
    let names = model.operations.iter().map(|operation| ident(&names::shouty(&operation.id)));
    let schemas = model.schemas.values().map(|named| named_schema(model, named));
    let (title, version) = (&model.title, &model.version);
    let (url, variables) = match &model.server {
        Some(server) => {
            let variables = server.variables.iter().map(|(name, default, values)| {
                quote!(ServerVariable { name: #name, default: #default, values: &[#(#values),*] })
            });
            (server.url.as_str(), quote!(&[#(#variables),*]))
        }
        None => ("", quote!(&[])),
    };
    quote! {
        use crate::descriptor::{
            Answer, Api, Body, Bound, ClientValue, Example, Field, Location, Operation, Parameter, Schema,
            ServerVariable, Shape,
        };
        use crate::{operations, types};

        /// The contract as a whole.
        pub static API: Api = Api {
            title: #title,
            version: #version,
            server_url: #url,
            server_variables: #variables,
            operations: &[#(&#names),*],
        };

        #(#operations)*

        mod schemas {
            use crate::descriptor::{Bound, Field, Schema, Shape};

            #(#schemas)*
        }
    }
}

fn descriptor(model: &Model, operation: &Operation) -> TokenStream {
    let name = ident(&names::shouty(&operation.id));
    let call = ident(&names::pascal(&operation.id));
    let Operation { id, method, path, tags, deprecated, idempotent, .. } = operation;
    let summary = operation.summary.as_deref().unwrap_or_default();
    let description = operation.description.as_deref().unwrap_or_default();
    let parameters = operation.parameters.iter().map(|p| parameter(model, p));
    let body = match &operation.body {
        None => quote!(None),
        Some(body) => {
            let schema = schema(model, &body.slot);
            let description = body.description.as_deref().unwrap_or_default();
            let examples = example_list(&examples::or_made(model, &body.examples, &body.slot));
            quote!(Some(Body { description: #description, schema: &#schema, examples: #examples }))
        }
    };
    let answers = operation.answers.iter().map(|answer| self::answer(model, answer));
    let doc = format!("`{id}`: `{method} {path}`.");
    quote! {
        #[doc = #doc]
        pub static #name: Operation = Operation {
            id: #id,
            method: #method,
            path: #path,
            summary: #summary,
            description: #description,
            tags: &[#(#tags),*],
            deprecated: #deprecated,
            idempotent: #idempotent,
            parameters: &[#(#parameters),*],
            body: #body,
            answers: &[#(#answers),*],
            invoke: operations::#call::invoke,
        };
    }
}

fn parameter(model: &Model, parameter: &Parameter) -> TokenStream {
    let Parameter { wire, required, slot, .. } = parameter;
    let location = match parameter.location {
        Location::Path => quote!(Path),
        Location::Query => quote!(Query),
        Location::Header => quote!(Header),
    };
    let description = slot.description.as_deref().unwrap_or_default();
    let schema = schema(model, slot);
    let example = match examples::of(model, slot) {
        Some(value) => {
            let json = value.to_string();
            quote!(Some(#json))
        }
        None => quote!(None),
    };
    let filled_in = match parameter.filled_in {
        Some(ClientValue::ProjectId) => quote!(Some(ClientValue::ProjectId)),
        None => quote!(None),
    };
    quote! {
        Parameter {
            name: #wire,
            location: Location::#location,
            required: #required,
            description: #description,
            schema: &#schema,
            example: #example,
            filled_in: #filled_in,
        }
    }
}

fn answer(model: &Model, answer: &Answer) -> TokenStream {
    let Answer { status, description, .. } = answer;
    let success = answer.is_success();
    let Some(slot) = &answer.slot else {
        return quote! {
            Answer {
                status: #status,
                success: #success,
                description: #description,
                schema: None,
                examples: &[],
                recode: None,
            }
        };
    };
    let schema = schema(model, slot);
    let examples = example_list(&examples::or_made(model, &answer.examples, slot));
    let ty = types::of(model, slot);
    quote! {
        Answer {
            status: #status,
            success: #success,
            description: #description,
            schema: Some(&#schema),
            examples: #examples,
            recode: Some(crate::descriptor::recode::<#ty>),
        }
    }
}

fn example_list(examples: &[(&str, Value)]) -> TokenStream {
    let examples = examples.iter().map(|(name, value)| {
        let json = value.to_string();
        quote!(Example { name: #name, json: #json })
    });
    quote!(&[#(#examples),*])
}

fn named_schema(model: &Model, named: &Named) -> TokenStream {
    let name = ident(&names::shouty(&named.wire));
    let wire = &named.wire;
    let doc = format!("`{wire}`.");
    let schema = inline(model, &named.slot, wire);
    quote! {
        #[doc = #doc]
        pub(super) static #name: Schema = #schema;
    }
}

/// A schema expression seen from the operations' module.
fn schema(model: &Model, slot: &Slot) -> TokenStream {
    match &slot.shape {
        Shape::Ref(name) if !slot.nullable => {
            let name = ident(&names::shouty(name));
            quote!(schemas::#name)
        }
        _ => inline_from(model, slot, "", &quote!(schemas::)),
    }
}

/// A schema expression seen from the module of the named schemas.
fn inline(model: &Model, slot: &Slot, name: &str) -> TokenStream {
    inline_from(model, slot, name, &quote!())
}

fn inline_from(model: &Model, slot: &Slot, name: &str, at: &TokenStream) -> TokenStream {
    let nested = |slot: &Slot| match &slot.shape {
        Shape::Ref(name) if !slot.nullable => {
            let name = ident(&names::shouty(name));
            quote!(&#at #name)
        }
        _ => {
            let schema = inline_from(model, slot, "", at);
            quote!(&#schema)
        }
    };
    let shape = match &slot.shape {
        Shape::Ref(name) => {
            let name = ident(&names::shouty(name));
            quote!(Shape::Named(&#at #name))
        }
        Shape::Boolean => quote!(Shape::Boolean),
        Shape::Integer { bounds, .. } => {
            let (min, max) = ends(bounds);
            quote!(Shape::Integer { min: #min, max: #max })
        }
        Shape::Number { bounds, .. } => {
            let (min, max) = ends(bounds);
            quote!(Shape::Number { min: #min, max: #max })
        }
        Shape::String(text) => {
            let (min, max) = (option(text.min), option(text.max));
            let (pattern, format) = (option(text.pattern.as_ref()), option(text.format.as_ref()));
            let failures = &text.failures;
            quote! {
                Shape::String {
                    min_length: #min,
                    max_length: #max,
                    pattern: #pattern,
                    format: #format,
                    failure_values: &[#(#failures),*],
                }
            }
        }
        Shape::Enum { values, failures } => {
            quote!(Shape::Enum { values: &[#(#values),*], failure_values: &[#(#failures),*] })
        }
        Shape::Array { items, min, max, unique } => {
            let items = nested(items);
            let (min, max) = (option(*min), option(*max));
            quote!(Shape::Array { items: #items, min_items: #min, max_items: #max, unique: #unique })
        }
        Shape::Map(values) => {
            let values = nested(values);
            quote!(Shape::Map(#values))
        }
        Shape::Free => quote!(Shape::Free),
        Shape::Object(fields) => {
            let fields = fields.iter().map(|field| {
                let (wire, required) = (&field.wire, field.required);
                let schema = nested(&field.slot);
                quote!(Field { name: #wire, required: #required, schema: #schema })
            });
            quote!(Shape::Object(&[#(#fields),*]))
        }
    };
    let nullable = slot.nullable;
    let description = slot.description.as_deref().unwrap_or_default();
    let limits = limits::of(model, slot);
    quote! {
        Schema {
            name: #name,
            description: #description,
            nullable: #nullable,
            shape: #shape,
            limits: &[#(#limits),*],
        }
    }
}

fn ends<T: quote::ToTokens>(bounds: &Bounds<T>) -> (TokenStream, TokenStream) {
    let bound = |value: &Option<T>, exclusive: bool| match value {
        Some(value) if exclusive => quote!(Some(Bound::Beyond(#value))),
        Some(value) => quote!(Some(Bound::At(#value))),
        None => quote!(None),
    };
    (bound(&bounds.min, bounds.above), bound(&bounds.max, bounds.below))
}

fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}
