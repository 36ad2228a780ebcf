//! The facade: a method of the client and a call type for each operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::checks::Checks;
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
    let checked = facades.iter().map(Facade::checked);
    quote! {
        impl crate::Client {
            #(#methods)*
        }

        #(#calls)*

        /// Calls with valid inputs.
        mod checked {
            #(#checked)*
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
        let note = "the contract marks this operation as deprecated; its documentation says more";
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
        let fields = self.inputs.iter().map(|input| (&input.setter, input.storage_type()));
        let fields = fields.map(|(setter, ty)| quote!(#setter: ::std::option::Option<#ty>));
        let empty = self.inputs.iter().map(|input| &input.setter);
        let setters = self.inputs.iter().map(|input| self.setter(input));
        let (check, invoke) = (self.check(), self.invoke());
        let descriptor = ident(&names::descriptor(&self.operation.id));
        let summary = self.operation.summary.as_deref().map(|text| docs::lines(text).join(" "));
        let doc = format!(
            "{what} `{id}`, made by [`Client::{method}`](crate::Client::{method}).\n\nGive it the inputs, then await it.",
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
            pub struct #name {
                call: crate::call::Call,
                #(#fields,)*
            }

            impl #name {
                pub(crate) fn new(client: &crate::Client) -> Self {
                    Self {
                        call: crate::call::Call::new(client, &crate::contract::#descriptor),
                        #(#empty: ::std::option::Option::None,)*
                    }
                }

                #(#setters)*

                /// Timeout of this call, including retries and a login. Default: the client's; zero
                /// is an error of the call.
                pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                    self.call.set_timeout(timeout);
                    self
                }

                /// Timeout of each attempt of this call. Default: the client's; zero is an error of
                /// the call.
                pub fn attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                    self.call.set_attempt_timeout(timeout);
                    self
                }

                /// The retry policy of this call. Default: the client's.
                pub fn retry(mut self, policy: crate::RetryPolicy) -> Self {
                    self.call.set_retry(policy);
                    self
                }

                /// Returns a success response whose body reports failure, instead of an
                /// error of kind [`FailedOutcome`](crate::ErrorKind::FailedOutcome).
                pub fn accept_failed_outcome(mut self) -> Self {
                    self.call.accept_failed_outcome();
                    self
                }

                /// Sends enum values that the contract does not list, instead of
                /// refusing them.
                pub fn allow_unlisted_values(mut self) -> Self {
                    self.call.allow_unlisted_values();
                    self
                }

                /// The progress of this call: a handle that can be read while the call
                /// runs, and after its future was dropped. A clone of the call has a
                /// progress of its own.
                pub fn progress(&mut self) -> crate::CallProgress {
                    self.call.progress()
                }

                /// Sends the call; awaiting the call itself does the same.
                ///
                /// # Errors
                ///
                /// An [`Error`](crate::Error) whose [kind](crate::ErrorKind) says why: invalid inputs
                /// (all of them at once, before anything is sent), no credentials, no usable
                /// response, an error response, or a success whose body reports failure.
                ///
                /// # Panics
                ///
                /// If it is not awaited in a Tokio runtime with I/O and time enabled.
                pub async fn send(
                    self,
                ) -> ::std::result::Result<crate::Response<#value>, crate::Error> {
                    self.check()?.execute().await
                }

                #check

                #invoke
            }

            impl ::std::future::IntoFuture for #name {
                type Output = ::std::result::Result<crate::Response<#value>, crate::Error>;
                type IntoFuture = crate::call::CallFuture<#value>;

                fn into_future(self) -> crate::call::CallFuture<#value> {
                    ::std::boxed::Box::pin(self.send())
                }
            }
        }
    }

    fn setter(&self, input: &Input<'_>) -> TokenStream {
        let setter = &input.setter;
        let doc = input_doc(self.model, input);
        let (parameter, stored) = match &input.storage {
            InputStorage::Text { .. } => (
                quote!(impl ::std::convert::Into<::std::string::String>),
                quote!(::std::convert::Into::into(value)),
            ),
            InputStorage::Texts { .. } => (
                quote! {
                    impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<::std::string::String>>
                },
                quote!(value.into_iter().map(::std::convert::Into::into).collect()),
            ),
            InputStorage::Value { ty } => {
                (quote!(impl ::std::convert::Into<#ty>), quote!(::std::convert::Into::into(value)))
            }
        };
        quote! {
            #[doc = #doc]
            pub fn #setter(mut self, value: #parameter) -> Self {
                self.#setter = ::std::option::Option::Some(#stored);
                self
            }
        }
    }

    /// Checks every input.
    fn check(&self) -> TokenStream {
        let name = self.name();
        let held: Vec<_> = self.inputs.iter().map(|input| &input.setter).collect();
        let resolved = self.inputs.iter().map(|input| self.resolved(input));
        let required: Vec<_> = self
            .inputs
            .iter()
            .filter(|input| input.required && input.filled_in.is_none())
            .map(|input| &input.setter)
            .collect();
        let required = (!required.is_empty()).then(|| {
            quote! {
                let (#(::std::option::Option::Some(#required),)*) = (#(#required,)*) else {
                    return ::std::result::Result::Err(check.reject(problems));
                };
            }
        });
        quote! {
            /// Checks every input, all of them at once.
            fn check(
                self,
            ) -> ::std::result::Result<crate::generated::operations::checked::#name, crate::Error> {
                let Self { call, #(#held,)* } = self;
                let (mut check, mut problems) = call.check();
                #(#resolved)*
                #required
                let call = check.finish(problems)?;
                ::std::result::Result::Ok(
                    crate::generated::operations::checked::#name { call, #(#held,)* },
                )
            }
        }
    }

    /// The call with valid inputs, and how it is executed.
    fn checked(&self) -> TokenStream {
        let name = self.name();
        let value = self.value_type();
        let held: Vec<_> = self.inputs.iter().map(|input| &input.setter).collect();
        let fields = self.inputs.iter().map(|input| {
            let (setter, ty) = (&input.setter, resolved_type(input));
            if input.required && input.filled_in.is_none() {
                quote!(#setter: #ty)
            } else {
                quote!(#setter: ::std::option::Option<#ty>)
            }
        });
        let look_ups = self.inputs.iter().filter_map(look_up);
        let body = self.body();
        let method = ident(&names::parameter(&self.operation.raw_id));
        let sets = self.inputs.iter().filter_map(|input| match input.location {
            InputLocation::Parameter(_) => {
                let (raw, setter) = (&input.raw, &input.setter);
                Some(if input.required {
                    quote!(let request = request.#raw(#setter);)
                } else {
                    quote! {
                        let request = match #setter {
                            ::std::option::Option::Some(value) => request.#raw(value),
                            ::std::option::Option::None => request,
                        };
                    }
                })
            }
            InputLocation::Field | InputLocation::Body => None,
        });
        let set_body = body.is_some().then(|| quote!(let request = request.body(body);));
        let outcome = match self.success.and_then(|schema| self.checks.failure_in(schema)) {
            Some(failure) => quote!(::std::option::Option::Some(|value: &#value| #failure)),
            None => quote!(::std::option::Option::None),
        };
        quote! {
            pub(super) struct #name {
                pub(super) call: crate::call::CheckedCall,
                #(pub(super) #fields,)*
            }

            impl #name {
                /// Runs the raw call.
                pub(super) async fn execute(
                    self,
                ) -> ::std::result::Result<crate::Response<#value>, crate::Error> {
                    let Self { mut call, #(#held,)* } = self;
                    #(#look_ups)*
                    #body
                    let (running, raw) = call.start();
                    let request = raw.#method();
                    #(#sets)*
                    #set_body
                    let result = running.traced(request.send()).await;
                    running.finish(result, #outcome)
                }
            }
        }
    }

    /// Checks an input, and converts it from what the call stores into what the raw layer
    /// takes.
    fn resolved(&self, input: &Input<'_>) -> TokenStream {
        let setter = &input.setter;
        let wire = input.wire;
        let location = location(input);
        let need = match input.filled_in {
            Some(ClientValue::ProjectId) => Some(quote! {
                let #setter = check.fill_in(
                    crate::descriptor::ClientValue::ProjectId, #wire, #location, #setter,
                    &mut problems,
                );
            }),
            None => input
                .required
                .then(|| quote!(problems.require(#wire, #location, #setter.is_some());)),
        };
        let path = quote!(&path);
        let check = self.checks.limits(
            &Schema { nullable: false, ..input.schema.clone() },
            &quote!(value),
            &path,
        );
        let convert = match &input.storage {
            InputStorage::Text { into } => {
                let limits = Checks::of_text(input.schema);
                quote! {
                    let #setter: ::std::option::Option<#into> =
                        problems.text(#wire, #location, #setter, #limits);
                }
            }
            InputStorage::Texts { item, wrap } => {
                // The limits of the list are checked on the texts; a named list around
                // them has the same items, whose limits are checked as they are converted.
                let list = Schema {
                    kind: self.model.resolve(&input.schema.kind).clone(),
                    ..input.schema.clone()
                };
                let texts = Schema { kind: list.kind.with_plain_texts(), ..list.clone() };
                let check = self.checks.limits(&texts, &quote!(value), &path).map(|check| {
                    quote! {
                        if let ::std::option::Option::Some(value) = &#setter {
                            let path = crate::input::InputPath::root(#wire, #location);
                            let problems = &mut problems;
                            #check
                        }
                    }
                });
                let limits = match &list.kind {
                    SchemaKind::Array { items, .. } => Checks::of_text(items),
                    _ => quote!(&crate::input::validation::NO_TEXT_LIMITS),
                };
                let wrap = wrap.as_ref().map(|wrap| quote!(let #setter = #setter.map(#wrap);));
                return quote! {
                    #need
                    #check
                    let #setter: ::std::option::Option<::std::vec::Vec<#item>> =
                        problems.texts(#wire, #location, #setter, #limits);
                    #wrap
                };
            }
            InputStorage::Value { .. } => {
                let check = check.map(|check| {
                    quote! {
                        if let ::std::option::Option::Some(value) = &#setter {
                            let path = crate::input::InputPath::root(#wire, #location);
                            let problems = &mut problems;
                            #check
                        }
                    }
                });
                return quote!(#need #check);
            }
        };
        quote!(#need #convert)
    }

    fn body(&self) -> Option<TokenStream> {
        let body = self.operation.body.as_ref()?;
        if self.inputs.iter().any(|input| input.location == InputLocation::Body) {
            return Some(quote!());
        }
        let ty = types::plain(self.model, &body.schema.kind);
        let fields = self.inputs.iter().filter(|input| input.location == InputLocation::Field).map(
            |input| {
                let (raw, setter) = (&input.raw, &input.setter);
                let wrapping = input.wrapping;
                if wrapping.boxed {
                    // A recursive schema.
                    let boxed = if wrapping.optional {
                        quote!(map(::std::boxed::Box::new))
                    } else {
                        quote!(into())
                    };
                    quote!(#raw: #setter.#boxed)
                } else if !input.required && !wrapping.optional {
                    // typify leaves an optional list or map without an `Option`.
                    quote!(#raw: #setter.unwrap_or_default())
                } else if raw == setter {
                    quote!(#raw)
                } else {
                    quote!(#raw: #setter)
                }
            },
        );
        Some(quote!(let body = #ty { #(#fields,)* };))
    }

    /// The call made from arguments by name, for code that works with descriptors.
    fn invoke(&self) -> TokenStream {
        let fills = self.inputs.iter().map(|input| {
            let (setter, wire) = (&input.setter, input.wire);
            let source = match input.location {
                InputLocation::Parameter(_) => quote!(parameter),
                InputLocation::Field => quote!(field),
                InputLocation::Body => quote!(body),
            };
            let method = match (&input.storage, input.location) {
                (InputStorage::Text { .. }, _) => ident(&format!("{source}_text")),
                (InputStorage::Texts { .. }, _) => ident(&format!("{source}_texts")),
                (InputStorage::Value { .. }, _) => ident(&format!("{source}_value")),
            };
            if matches!(self.model.resolve(&input.schema.kind), SchemaKind::Enum { .. }) {
                // Any text is a value; the check of the call refuses what is not listed.
                let text = ident(&format!("{source}_text"));
                return quote! {
                    call.#setter = arguments.#text(#wire).map(::std::convert::Into::into);
                };
            }
            quote!(call.#setter = arguments.#method(#wire);)
        });
        let convert = if self.success.is_some() { quote!(into_json) } else { quote!(into_null) };
        quote! {
            pub(crate) fn invoke(
                client: &crate::Client,
                mut arguments: crate::Arguments,
            ) -> crate::InvokeFuture {
                let mut call = Self::new(client);
                #(#fills)*
                call.call.take_over(arguments);
                crate::InvokeFuture::new(
                    call.progress(),
                    async move { call.send().await?.#convert() },
                )
            }
        }
    }
}

/// Looks up what the client fills in and does not have yet, once all inputs are known to
/// be valid.
fn look_up(input: &Input<'_>) -> Option<TokenStream> {
    let (setter, wire) = (&input.setter, input.wire);
    let (location, limits) = (location(input), Checks::of_text(input.schema));
    let look_up = match input.filled_in? {
        ClientValue::ProjectId => quote!(look_up_project),
    };
    Some(quote! {
        let #setter = match #setter {
            ::std::option::Option::Some(given) => given,
            ::std::option::Option::None => call.#look_up(#wire, #location, #limits).await?,
        };
    })
}

/// The type of a checked input.
fn resolved_type(input: &Input<'_>) -> TokenStream {
    match &input.storage {
        InputStorage::Text { into } => into.clone(),
        InputStorage::Texts { wrap: Some(wrap), .. } => wrap.clone(),
        InputStorage::Texts { item, wrap: None } => quote!(::std::vec::Vec<#item>),
        InputStorage::Value { ty } => ty.clone(),
    }
}

fn location(input: &Input<'_>) -> TokenStream {
    match input.location {
        InputLocation::Parameter(ParameterLocation::Path) => quote!(crate::InputLocation::Path),
        InputLocation::Parameter(ParameterLocation::Query) => quote!(crate::InputLocation::Query),
        InputLocation::Parameter(ParameterLocation::Header) => quote!(crate::InputLocation::Header),
        InputLocation::Field | InputLocation::Body => quote!(crate::InputLocation::Body),
    }
}

fn operation_doc(operation: &Operation) -> String {
    let mut parts = Vec::new();
    parts.extend(operation.summary.as_deref().map(sentence));
    parts.extend(operation.description.as_deref().map(|text| docs::lines(text).join("\n")));
    parts.push(format!("Operation `{}`: `{} {}`.", operation.id, operation.method, operation.path));
    let responses: Vec<_> = operation
        .responses
        .iter()
        .map(|response| {
            format!("- `{}`: {}", response.status, docs::lines(&response.description).join(" "))
        })
        .collect();
    parts.push(format!("Documented responses:\n\n{}", responses.join("\n")));
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
    let mut parts: Vec<String> =
        described.map(|text| docs::lines(text).join("\n")).into_iter().collect();
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
    let default = input.schema.default.as_ref();
    facts.extend(default.map(|value| format!("the service's default is `{value}`")));
    parts.push(format!("{}.", facts.join("; ")));
    parts.join("\n\n")
}

fn sentence(text: &str) -> String {
    let text = docs::lines(text).join(" ");
    if text.ends_with(['.', '!', '?', ':']) { text } else { format!("{text}.") }
}
