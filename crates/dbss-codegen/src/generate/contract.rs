//! `contract.rs`: a descriptor for each operation, for code that works on any of
//! them: the command tree, the emulator's 501 for operations without a behaviour,
//! the wire snapshots.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::model::{
    Bounds, ClientValue, DocumentedResponse, Model, NamedSchema, Operation, Parameter,
    ParameterLocation, Schema, SchemaKind,
};
use super::names::{self, ident};
use super::types;
use super::{examples, limits};

/// The items of `contract.rs`.
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
            Api, Body, ClientValue, DocumentedResponse, Example, Field, ParameterLocation, Operation, Parameter, Schema,
            ServerVariable, SchemaKind,
        };
        use crate::{operations, types};
        use std::ops::Bound;

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
            use crate::descriptor::{Field, Schema, SchemaKind};
            use std::ops::Bound;

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
            let schema = schema_expr(model, &body.schema);
            let description = body.description.as_deref().unwrap_or_default();
            let examples = example_list(&examples::or_made(model, &body.examples, &body.schema));
            quote!(Some(Body { description: #description, schema: &#schema, examples: #examples }))
        }
    };
    let responses = operation.responses.iter().map(|response| self::response(model, response));
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
            responses: &[#(#responses),*],
            invoke: operations::#call::invoke,
        };
    }
}

fn parameter(model: &Model, parameter: &Parameter) -> TokenStream {
    let Parameter { wire, required, schema, .. } = parameter;
    let location = match parameter.location {
        ParameterLocation::Path => quote!(Path),
        ParameterLocation::Query => quote!(Query),
        ParameterLocation::Header => quote!(Header),
    };
    let description = schema.description.as_deref().unwrap_or_default();
    let schema_of_value = schema_expr(model, schema);
    let example = match examples::of(model, schema) {
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
            location: ParameterLocation::#location,
            required: #required,
            description: #description,
            schema: &#schema_of_value,
            example: #example,
            filled_in: #filled_in,
        }
    }
}

fn response(model: &Model, response: &DocumentedResponse) -> TokenStream {
    let DocumentedResponse { status, description, .. } = response;
    let success = response.is_success();
    let Some(schema) = &response.schema else {
        return quote! {
            DocumentedResponse {
                status: #status,
                success: #success,
                description: #description,
                schema: None,
                examples: &[],
                recode: None,
            }
        };
    };
    let schema_of_body = schema_expr(model, schema);
    let examples = example_list(&examples::or_made(model, &response.examples, schema));
    let ty = types::of(model, schema);
    quote! {
        DocumentedResponse {
            status: #status,
            success: #success,
            description: #description,
            schema: Some(&#schema_of_body),
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

fn named_schema(model: &Model, named: &NamedSchema) -> TokenStream {
    let name = ident(&names::shouty(&named.wire));
    let wire = &named.wire;
    let doc = format!("`{wire}`.");
    let schema = inline(model, &named.schema, wire);
    quote! {
        #[doc = #doc]
        pub(super) static #name: Schema = #schema;
    }
}

/// A schema expression, within the module of the operations.
fn schema_expr(model: &Model, schema: &Schema) -> TokenStream {
    match &schema.kind {
        SchemaKind::Reference(name) if !schema.nullable => {
            let name = ident(&names::shouty(name));
            quote!(schemas::#name)
        }
        _ => inline_from(model, schema, "", &quote!(schemas::)),
    }
}

/// A schema expression, within the module of the named schemas.
fn inline(model: &Model, schema: &Schema, name: &str) -> TokenStream {
    inline_from(model, schema, name, &quote!())
}

fn inline_from(model: &Model, schema: &Schema, name: &str, at: &TokenStream) -> TokenStream {
    let nested = |schema: &Schema| match &schema.kind {
        SchemaKind::Reference(name) if !schema.nullable => {
            let name = ident(&names::shouty(name));
            quote!(&#at #name)
        }
        _ => {
            let schema = inline_from(model, schema, "", at);
            quote!(&#schema)
        }
    };
    let kind = match &schema.kind {
        SchemaKind::Reference(name) => {
            let name = ident(&names::shouty(name));
            quote!(SchemaKind::Reference(&#at #name))
        }
        SchemaKind::Boolean => quote!(SchemaKind::Boolean),
        SchemaKind::Integer { bounds, .. } => {
            let (min, max) = ends(bounds);
            quote!(SchemaKind::Integer { min: #min, max: #max })
        }
        SchemaKind::Number { bounds, .. } => {
            let (min, max) = ends(bounds);
            quote!(SchemaKind::Number { min: #min, max: #max })
        }
        SchemaKind::String(text) => {
            let (min, max) = (option(text.min), option(text.max));
            let (pattern, format) = (option(text.pattern.as_ref()), option(text.format.as_ref()));
            let failure_values = &text.failure_values;
            quote! {
                SchemaKind::String {
                    min_length: #min,
                    max_length: #max,
                    pattern: #pattern,
                    format: #format,
                    failure_values: &[#(#failure_values),*],
                }
            }
        }
        SchemaKind::Enum { values, failure_values } => {
            quote!(SchemaKind::Enum { values: &[#(#values),*], failure_values: &[#(#failure_values),*] })
        }
        SchemaKind::Array { items, min, max, unique } => {
            let items = nested(items);
            let (min, max) = (option(*min), option(*max));
            quote!(SchemaKind::Array { items: #items, min_items: #min, max_items: #max, unique: #unique })
        }
        SchemaKind::Map(values) => {
            let values = nested(values);
            quote!(SchemaKind::Map(#values))
        }
        SchemaKind::AnyObject => quote!(SchemaKind::AnyObject),
        SchemaKind::Object(fields) => {
            let fields = fields.iter().map(|field| {
                let (wire, required) = (&field.wire, field.required);
                let schema = nested(&field.schema);
                quote!(Field { name: #wire, required: #required, schema: #schema })
            });
            quote!(SchemaKind::Object(&[#(#fields),*]))
        }
    };
    let nullable = schema.nullable;
    let description = schema.description.as_deref().unwrap_or_default();
    let limits = limits::of(model, schema);
    quote! {
        Schema {
            name: #name,
            description: #description,
            nullable: #nullable,
            kind: #kind,
            limits: &[#(#limits),*],
        }
    }
}

fn ends<T: quote::ToTokens>(bounds: &Bounds<T>) -> (TokenStream, TokenStream) {
    let bound = |value: &Option<T>, exclusive: bool| match value {
        Some(value) if exclusive => quote!(Bound::Excluded(#value)),
        Some(value) => quote!(Bound::Included(#value)),
        None => quote!(Bound::Unbounded),
    };
    (bound(&bounds.min, bounds.exclusive_min), bound(&bounds.max, bounds.exclusive_max))
}

fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}
