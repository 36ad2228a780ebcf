//! The facade: a method of the client and a call type for each operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::checks::{self, Checks};
use super::docs;
use super::inputs::{self, Input, InputLocation, InputStorage};
use super::limits;
use super::model::{ClientValue, Model, Operation, ParameterLocation, Schema, SchemaKind};
use super::names::{self, ident};
use super::types;

/// The items of `operations.rs`.
pub(crate) fn generate(model: &Model, checks: &Checks<'_>) -> TokenStream {
    let facades: Vec<_> =
        model.operations.iter().map(|operation| Facade::new(model, checks, operation)).collect();
    let methods = facades.iter().map(Facade::method);
    let calls = facades.iter().map(Facade::call);
    let inputs = facades.iter().map(Facade::inputs);
    quote! {
        impl crate::Client {
            #(#methods)*
        }

        #(#calls)*

        /// The inputs of each operation, and the raw call that they are sent with.
        pub(crate) mod inputs {
            #(#inputs)*
        }
    }
}

struct Facade<'a> {
    model: &'a Model,
    checks: &'a Checks<'a>,
    operation: &'a Operation,
    inputs: Vec<Input<'a>>,
    success: Option<&'a Schema>,
}

impl<'a> Facade<'a> {
    fn new(model: &'a Model, checks: &'a Checks<'a>, operation: &'a Operation) -> Self {
        Self {
            model,
            checks,
            operation,
            inputs: inputs::of(model, operation),
            success: operation.success().and_then(|response| response.schema.as_ref()),
        }
    }

    fn name(&self) -> proc_macro2::Ident {
        ident(&names::pascal(&self.operation.id))
    }

    fn value_type(&self) -> TokenStream {
        self.success.map_or_else(|| quote!(()), |schema| types::of(self.model, schema))
    }

    fn method(&self) -> TokenStream {
        let (name, method) = (self.name(), ident(&names::method(&self.operation.id)));
        let doc = operation_doc(self.operation);
        // OpenAPI has no place for a replacement but the description.
        let note = "deprecated in the contract; its documentation says more";
        let deprecated = self.operation.deprecated.then(|| quote!(#[deprecated(note = #note)]));
        quote! {
            #[doc = #doc]
            #deprecated
            pub fn #method(&self) -> crate::operations::#name {
                crate::operations::#name::new(self)
            }
        }
    }

    fn call(&self) -> TokenStream {
        let name = self.name();
        let value = self.value_type();
        // The name alone where it has one: tokens of a macro are printed with spaces.
        let sent_value = match self.success.map(|schema| (&schema.kind, schema.nullable)) {
            Some((SchemaKind::Reference(name), false)) => {
                let rust = self.model.schemas.get(name).map(|named| ident(&named.rust));
                quote!(#rust)
            }
            _ => quote!((#value)),
        };
        let setters = self.inputs.iter().map(|input| self.setter(input));
        let summary = self.operation.summary.as_deref().map(|text| docs::lines(text).join(" "));
        let (items, and_wait) = (self.items(), self.and_wait());
        let doc = format!(
            "{what} `{id}`, made by [`Client::{method}`](crate::Client::{method}). Give it the inputs, then await it.",
            what = summary.map_or_else(
                || "A call of".to_owned(),
                |summary| format!("{}: a call of", summary.trim_end_matches('.')),
            ),
            id = self.operation.id,
            method = names::method(&self.operation.id),
        );
        quote! {
            #[doc = #doc]
            #[derive(Clone, Debug)]
            #[must_use = "a call does nothing until it is awaited"]
            pub struct #name(crate::Call<crate::inputs::#name>);

            impl #name {
                #(#setters)*

                #items
                #and_wait
            }

            crate::call::methods!(#name, #sent_value);
        }
    }

    /// The method for all items of a list in pages.
    fn items(&self) -> Option<TokenStream> {
        let item = types::of(self.model, self.model.item_schema(self.operation)?);
        let descriptor = ident(&names::descriptor(&self.operation.id));
        let pages = self.operation.pages.as_ref()?;
        let doc = format!(
            "All items of the list, as a stream: those of every page, from `{offset}` on. `{limit}` is the size of the pages.\n\n[`docs::waiting`](crate::docs::waiting) has an example.",
            offset = pages.offset,
            limit = pages.limit,
        );
        Some(quote! {
            #[doc = #doc]
            pub fn items(self) -> crate::Items<#item> {
                crate::Items::of_call(self.0, &crate::contract::pages::#descriptor)
            }
        })
    }

    /// The method that waits until what the operation starts has ended.
    fn and_wait(&self) -> Option<TokenStream> {
        let item = types::of(self.model, self.model.watched_schema(self.operation)?);
        let completion = self.operation.completion.as_ref()?;
        let descriptor = ident(&names::descriptor(&self.operation.id));
        let doc = format!(
            "Sends the call, and waits until what it starts has ended, by looking with `{}`.\n\n[`docs::waiting`](crate::docs::waiting) has an example.",
            completion.operation,
        );
        Some(quote! {
            #[doc = #doc]
            pub fn and_wait(self) -> crate::Waiting<#item> {
                crate::Waiting::of_call(self.0, &crate::contract::completions::#descriptor)
            }
        })
    }

    fn setter(&self, input: &Input<'_>) -> TokenStream {
        let setter = &input.setter;
        let doc = input_doc(self.model, input);
        let (parameter, stored) = match &input.storage {
            InputStorage::Text => (
                quote!(impl crate::Into<crate::String>),
                types::from_text(&input.schema.kind, &quote!(value)),
            ),
            InputStorage::Texts { items } => {
                let item = types::from_text(&items.kind, &quote!(item));
                let list = quote!(value.into_iter().map(|item| #item).collect());
                (
                    quote!(impl crate::IntoIterator<Item = impl crate::Into<crate::String>>),
                    types::wrapped(self.model, &input.schema.kind, list),
                )
            }
            InputStorage::Value => {
                let ty = self.stored_type(input);
                (quote!(impl crate::Into<#ty>), quote!(value.into()))
            }
        };
        quote! {
            #[doc = #doc]
            pub fn #setter(self, value: #parameter) -> Self {
                crate::call::set!(self.#setter = #stored)
            }
        }
    }

    /// The type in which the call stores an input, without the `Option`.
    fn stored_type(&self, input: &Input<'_>) -> TokenStream {
        types::plain(self.model, &input.schema.kind)
    }

    /// The inputs, and how they are visited and sent.
    fn inputs(&self) -> TokenStream {
        let name = self.name();
        let value = self.value_type();
        let descriptor = ident(&names::descriptor(&self.operation.id));
        let fields = self.inputs.iter().map(|input| {
            let (setter, ty) = (&input.setter, self.stored_type(input));
            quote!(pub(super) #setter: crate::Option<#ty>)
        });
        let visits = self.inputs.iter().map(visit);
        let method = ident(&names::parameter(&self.operation.raw_id));
        let request = self.request();
        let outcome = self.outcome();
        quote! {
            #[derive(Clone, Debug, Default)]
            pub(crate) struct #name {
                #(#fields,)*
            }

            impl crate::call::Inputs for #name {
                type Value = #value;

                const OPERATION: &crate::Operation = &crate::contract::#descriptor;

                fn visit(&mut self, visitor: &mut crate::call::InputVisitor<'_>) {
                    #(#visits)*
                }

                async fn send(self, call: crate::call::CheckedCall) -> crate::call::Sent<Self> {
                    let (running, raw) = call.start();
                    let mut request = raw.#method()#request
                    running.run(request.send(), #outcome).await
                }
            }
        }
    }

    /// What reads from a success response how the operation ended.
    fn outcome(&self) -> TokenStream {
        let Some(schema) = self.success else { return quote!(crate::None) };
        let value = self.value_type();
        match self.checks.outcome_in(schema) {
            None => quote!(crate::None),
            Some(_) if matches!(schema.kind, SchemaKind::Reference(_)) && !schema.nullable => {
                quote!(crate::Some(crate::error::outcome::ReportsOutcome::reported))
            }
            Some(report) => quote!(crate::Some(|value: &#value| #report)),
        }
    }

    /// The rest of the request: its parameters and its body.
    fn request(&self) -> TokenStream {
        let parameters = self
            .inputs
            .iter()
            .filter(|input| matches!(input.location, InputLocation::Parameter(_)));
        let required = parameters.clone().filter(|input| input.required).map(|input| {
            let (raw, setter) = (&input.raw, &input.setter);
            quote!(.#raw(running.given(self.#setter)?))
        });
        let optional = parameters.filter(|input| !input.required).map(|input| {
            let (raw, setter) = (&input.raw, &input.setter);
            quote! {
                if let crate::Some(value) = self.#setter {
                    request = request.#raw(value);
                }
            }
        });
        let body = self.body().map(|body| quote!(.body(#body)));
        quote!(#(#required)* #body; #(#optional)*)
    }

    fn body(&self) -> Option<TokenStream> {
        let body = self.operation.body.as_ref()?;
        if let Some(input) = self.inputs.iter().find(|input| input.location == InputLocation::Body)
        {
            let setter = &input.setter;
            let value = quote!(running.given(self.#setter)?);
            let boxed = quote!(::std::boxed::Box::new(#value));
            return Some(if types::is_boxed(self.model, input.schema) { boxed } else { value });
        }
        let ty = types::plain(self.model, &body.schema.kind);
        let fields = self.inputs.iter().filter(|input| input.location == InputLocation::Field).map(
            |input| {
                let (raw, setter) = (&input.raw, &input.setter);
                let wrapping = input.wrapping;
                let value = if input.required {
                    quote!(running.given(self.#setter)?)
                } else {
                    quote!(self.#setter)
                };
                if wrapping.boxed && wrapping.optional {
                    // A recursive schema.
                    quote!(#raw: #value.map(::std::boxed::Box::new))
                } else if wrapping.boxed {
                    quote!(#raw: #value.into())
                } else if !input.required && !wrapping.optional {
                    // typify leaves an optional list or map without an `Option`.
                    quote!(#raw: #value.unwrap_or_default())
                } else {
                    quote!(#raw: #value)
                }
            },
        );
        Some(quote!(#ty { #(#fields,)* }))
    }
}

/// Visits an input, and checks what is special to it.
fn visit(input: &Input<'_>) -> TokenStream {
    let (wire, setter) = (input.wire, &input.setter);
    let method = match (input.location, input.required) {
        (InputLocation::Parameter(ParameterLocation::Path), _) => "path",
        (InputLocation::Parameter(ParameterLocation::Query), false) => "query",
        (InputLocation::Parameter(ParameterLocation::Query), true) => "required_query",
        (InputLocation::Parameter(ParameterLocation::Header), false) => "header",
        (InputLocation::Parameter(ParameterLocation::Header), true) => "required_header",
        (InputLocation::Field, false) => "field",
        (InputLocation::Field, true) => "required_field",
        (InputLocation::Body, _) => {
            return checked(input, &quote!(visitor.body(&mut self.#setter)));
        }
    };
    let method = ident(if input.filled_in.is_some() { "project" } else { method });
    checked(input, &quote!(visitor.#method(#wire, &mut self.#setter)))
}

fn checked(input: &Input<'_>, visit: &TokenStream) -> TokenStream {
    let schema = input.schema.present();
    match checks::inline_limits(&schema, &quote!(value), &quote!(&path)) {
        None => quote!(#visit;),
        Some(check) => quote! {
            if let crate::Some((value, path, problems)) = #visit {
                #check
            }
        },
    }
}

fn operation_doc(operation: &Operation) -> String {
    let mut parts = Vec::new();
    parts.extend(operation.summary.as_deref().map(sentence));
    parts.extend(operation.description.as_deref().map(|text| docs::lines(text).join("\n")));
    let Operation { id, method, path, .. } = operation;
    let statuses = operation.responses.iter().map(|response| format!("`{}`", response.status));
    let statuses: Vec<_> = statuses.collect();
    parts.push(format!(
        "Operation `{id}`: `{method} {path}`. Documented responses: {}.",
        statuses.join(", ")
    ));
    parts.join("\n\n")
}

fn input_doc(model: &Model, input: &Input<'_>) -> String {
    let target = match &input.schema.kind {
        SchemaKind::Reference(name) => model.schemas.get(name),
        _ => None,
    };
    let described = input
        .schema
        .description
        .as_deref()
        .or_else(|| target.and_then(|named| named.schema.description.as_deref()));
    let location = match input.location {
        InputLocation::Parameter(ParameterLocation::Path) => "in the path",
        InputLocation::Parameter(ParameterLocation::Query) => "in the query",
        InputLocation::Parameter(ParameterLocation::Header) => "a header",
        InputLocation::Field => "in the body",
        InputLocation::Body => "the body",
    };
    let need = match input.filled_in {
        Some(ClientValue::ProjectId) => {
            "Default: the project of the client, see [`ClientBuilder::project_id`](crate::ClientBuilder::project_id)"
        }
        None if input.required => "Required",
        None => "Optional",
    };
    let mut facts = vec![format!("{need}; `{}` {location}", input.wire)];
    facts.extend(limits::of(model, input.schema));
    let default = model.default_of(input.schema);
    facts.extend(default.map(|value| format!("the service's default is `{value}`")));
    docs::with_facts(described, &format!("{}.", facts.join("; ")))
}

fn sentence(text: &str) -> String {
    let text = docs::lines(text).join(" ");
    if text.ends_with(['.', '!', '?', ':']) { text } else { format!("{text}.") }
}
