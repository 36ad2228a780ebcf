//! `contract.rs`: a descriptor for each operation, for code that works on any of
//! them: the command tree, the emulator's 501 for operations without a behaviour,
//! the wire snapshots.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::model::{
    Bounds, ClientValue, DocumentedResponse, Model, NamedSchema, Operation, OutcomeValues,
    Parameter, ParameterLocation, Schema, SchemaKind, StringSchema,
};
use super::names::{self, ident};
use super::types;
use super::{examples, limits};

/// The items of `contract.rs`.
pub(crate) fn generate(model: &Model) -> TokenStream {
    let operations = model.operations.iter().map(|operation| descriptor(model, operation));
    let names = model.operations.iter().map(|operation| ident(&names::descriptor(&operation.id)));
    let schemas = model.schemas.values().map(|named| named_schema(model, named));
    let (title, version) = (&model.title, &model.version);
    let (url, variables) = match &model.server {
        Some(server) => {
            let variables = server.variables.iter().map(|(name, default, values)| {
                quote!(crate::descriptor::ServerVariable { name: #name, default: #default, values: &[#(#values),*] })
            });
            (server.url.as_str(), quote!(&[#(#variables),*]))
        }
        None => ("", quote!(&[])),
    };
    quote! {
        /// The contract as a whole.
        pub static API: crate::descriptor::Api = crate::descriptor::Api {
            title: #title,
            version: #version,
            server_url: #url,
            server_variables: #variables,
            operations: &[#(&crate::contract::#names),*],
        };

        #(#operations)*

        mod schemas {
            #(#schemas)*
        }
    }
}

fn descriptor(model: &Model, operation: &Operation) -> TokenStream {
    let name = ident(&names::descriptor(&operation.id));
    let call = ident(&names::pascal(&operation.id));
    let Operation { id, method, path, tags, deprecated, idempotent, .. } = operation;
    let summary = operation.summary.as_deref().unwrap_or_default();
    let description = operation.description.as_deref().unwrap_or_default();
    let parameters = operation.parameters.iter().map(|p| parameter(model, p));
    let body = match &operation.body {
        None => quote!(crate::None),
        Some(body) => {
            let schema = reference_to(model, &body.schema);
            let description = body.description.as_deref().unwrap_or_default();
            let examples = example_list(&examples::or_made(model, &body.examples, &body.schema));
            quote! {
                crate::Some(crate::descriptor::Body {
                    description: #description,
                    schema: #schema,
                    examples: #examples,
                })
            }
        }
    };
    let responses = operation.responses.iter().map(|response| self::response(model, response));
    let doc = format!("`{id}`: `{method} {path}`.");
    quote! {
        #[doc = #doc]
        pub static #name: crate::descriptor::Operation = crate::descriptor::Operation {
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
            invoke: crate::call::invoke::<crate::operations::inputs::#call>,
        };
    }
}

fn parameter(model: &Model, parameter: &Parameter) -> TokenStream {
    let Parameter { wire, schema, .. } = parameter;
    let location = match parameter.location {
        ParameterLocation::Path => quote!(Path),
        ParameterLocation::Query => quote!(Query),
        ParameterLocation::Header => quote!(Header),
    };
    let constructor = if parameter.required { quote!(required) } else { quote!(optional) };
    let reference = reference_to(model, schema);
    // An inline schema has the same description, and is described itself.
    let description = schema.description.as_ref().map(|text| quote!(.described(#text)));
    let example = examples::of(model, schema).map(|value| {
        let json = value.to_string();
        quote!(.example(#json))
    });
    let filled_in = parameter.filled_in.map(|value| match value {
        ClientValue::ProjectId => quote!(.filled_in(crate::descriptor::ClientValue::ProjectId)),
    });
    quote! {
        crate::descriptor::Parameter::#constructor(
            crate::descriptor::ParameterLocation::#location, #wire, #reference,
        ) #description #example #filled_in
    }
}

fn response(model: &Model, response: &DocumentedResponse) -> TokenStream {
    let DocumentedResponse { status, description, .. } = response;
    let constructor = if response.is_success() { quote!(success) } else { quote!(error) };
    let body = response.schema.as_ref().map(|schema| {
        let examples = example_list(&examples::or_made(model, &response.examples, schema));
        let (reference, ty) = (reference_to(model, schema), types::of(model, schema));
        quote!(.body::<#ty>(#reference, #examples))
    });
    quote!(crate::descriptor::DocumentedResponse::#constructor(#status, #description) #body)
}

fn example_list(examples: &[(&str, Value)]) -> TokenStream {
    let examples = examples.iter().map(|(name, value)| {
        let json = value.to_string();
        quote!(crate::descriptor::Example::new(#name, #json))
    });
    quote!(&[#(#examples),*])
}

fn named_schema(model: &Model, named: &NamedSchema) -> TokenStream {
    let name = ident(&names::shouty(&named.wire));
    let wire = &named.wire;
    let doc = format!("`{wire}`.");
    let schema = schema_of(model, &named.schema);
    quote! {
        #[doc = #doc]
        pub(super) static #name: crate::descriptor::Schema = #schema.named(#wire);
    }
}

/// A reference to a schema: to the static of a named one, or to an inline one.
fn reference_to(model: &Model, schema: &Schema) -> TokenStream {
    match &schema.kind {
        SchemaKind::Reference(name) if !schema.nullable => static_of(name),
        _ => {
            let schema = schema_of(model, schema);
            quote!(&#schema)
        }
    }
}

fn static_of(name: &str) -> TokenStream {
    let name = ident(&names::shouty(name));
    quote!(&crate::contract::schemas::#name)
}

/// A schema without its name.
fn schema_of(model: &Model, schema: &Schema) -> TokenStream {
    let of_kind = kind(model, &schema.kind);
    let constructor = match of_kind {
        Some(kind) => quote!(new(#kind)),
        None => quote!(text()),
    };
    let description = schema.description.as_ref().map(|text| quote!(.described(#text)));
    let nullable = schema.nullable.then(|| quote!(.or_null()));
    let limits = limits::of(model, schema);
    let limits = (!limits.is_empty()).then(|| quote!(.limited(&[#(#limits),*])));
    let outcome = schema.outcome.as_ref().map(|OutcomeValues { succeeded, failed }| {
        quote!(.reporting(&[#(#succeeded),*], &[#(#failed),*]))
    });
    quote!(crate::descriptor::Schema::#constructor #description #nullable #limits #outcome)
}

/// The type and limits of a schema; `None` for any text, which most are.
fn kind(model: &Model, kind: &SchemaKind) -> Option<TokenStream> {
    let kind = match kind {
        SchemaKind::Reference(name) => {
            let reference = static_of(name);
            quote!(Reference(#reference))
        }
        SchemaKind::Boolean => quote!(Boolean),
        SchemaKind::Integer { bounds, .. } => {
            let (min, max) = ends(bounds);
            quote!(Integer { min: #min, max: #max })
        }
        SchemaKind::Number { bounds, .. } => {
            let (min, max) = ends(bounds);
            quote!(Number { min: #min, max: #max })
        }
        SchemaKind::String(text) => return string_kind(text),
        SchemaKind::Enum { values } => quote!(Enum { values: &[#(#values),*] }),
        SchemaKind::Array { items, min, max, unique } => {
            let items = reference_to(model, items);
            let (min, max) = (option(*min), option(*max));
            quote!(Array { items: #items, min_items: #min, max_items: #max, unique: #unique })
        }
        SchemaKind::Map(values) => {
            let values = reference_to(model, values);
            quote!(Map(#values))
        }
        SchemaKind::AnyObject => quote!(AnyObject),
        SchemaKind::Object(fields) => {
            let fields = fields.iter().map(|field| {
                let (wire, schema) = (&field.wire, reference_to(model, &field.schema));
                let constructor = if field.required { quote!(required) } else { quote!(optional) };
                quote!(crate::descriptor::Field::#constructor(#wire, #schema))
            });
            quote!(Object(&[#(#fields),*]))
        }
    };
    Some(quote!(crate::descriptor::SchemaKind::#kind))
}

fn string_kind(text: &StringSchema) -> Option<TokenStream> {
    let StringSchema { min, max, pattern, format } = text;
    if min.is_none() && max.is_none() && pattern.is_none() && format.is_none() {
        return None;
    }
    let (min, max) = (option(*min), option(*max));
    let (pattern, format) = (option(pattern.as_ref()), option(format.as_ref()));
    Some(quote! {
        crate::descriptor::SchemaKind::String {
            min_length: #min,
            max_length: #max,
            pattern: #pattern,
            format: #format,
        }
    })
}

fn ends<T: quote::ToTokens>(bounds: &Bounds<T>) -> (TokenStream, TokenStream) {
    let bound = |value: &Option<T>, exclusive: bool| match value {
        Some(value) if exclusive => quote!(::std::ops::Bound::Excluded(#value)),
        Some(value) => quote!(::std::ops::Bound::Included(#value)),
        None => quote!(::std::ops::Bound::Unbounded),
    };
    (bound(&bounds.min, bounds.exclusive_min), bound(&bounds.max, bounds.exclusive_max))
}

fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        Some(value) => quote!(crate::Some(#value)),
        None => quote!(crate::None),
    }
}
