//! The facade: a method of the client and a call type for each operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::checks::Checks;
use super::docs;
use super::inputs::{self, Held, Input, Place};
use super::limits;
use super::model::{ClientValue, Location, Model, Operation, Shape, Slot};
use super::names::{self, ident};
use super::{raw, types};

/// The items of `operations.rs`.
pub(crate) fn generate(model: &Model, checks: &Checks<'_>) -> TokenStream {
    let facades: Vec<_> =
        model.operations.iter().map(|operation| Facade::new(model, checks, operation)).collect();
    let methods = facades.iter().map(Facade::method);
    let calls = facades.iter().map(Facade::call);
    let checked = facades.iter().map(Facade::checked);
    quote! {
        use crate::call::{self, Call, CallProgress, InvokeFuture};
        use crate::descriptor::{Bound, ClientValue};
        use crate::generated::checks::limits;
        use crate::input::{Arguments, Check, Path, Source, TextLimits};
        use crate::{Client, Error, Response, descriptors, types};

        impl Client {
            #(#methods)*
        }

        #(#calls)*

        /// Calls whose inputs are right.
        mod checked {
            use crate::call::CheckedCall;
            use crate::error::outcome::{self, Outcome};
            use crate::generated::checks::limits;
            use crate::input::{Source, TextLimits};
            use crate::{Error, Response, types};

            #(#checked)*
        }
    }
}

struct Facade<'a> {
    model: &'a Model,
    checks: &'a Checks<'a>,
    operation: &'a Operation,
    inputs: Vec<Input<'a>>,
    success: Option<&'a Slot>,
}

impl<'a> Facade<'a> {
    fn new(model: &'a Model, checks: &'a Checks<'a>, operation: &'a Operation) -> Self {
        Self {
            model,
            checks,
            operation,
            inputs: inputs::of(model, operation),
            success: operation.success().and_then(|answer| answer.slot.as_ref()),
        }
    }

    fn name(&self) -> proc_macro2::Ident {
        ident(&names::pascal(&self.operation.id))
    }

    fn value_type(&self) -> TokenStream {
        self.success.map_or_else(|| quote!(()), |slot| types::of(self.model, slot))
    }

    fn method(&self) -> TokenStream {
        let (name, method) = (self.name(), ident(&names::parameter(&self.operation.id)));
        let doc = operation_doc(self.operation);
        let deprecated = self.operation.deprecated.then(
            || quote!(#[deprecated(note = "the contract marks this operation as deprecated")]),
        );
        quote! {
            #[doc = #doc]
            #deprecated
            pub fn #method(&self) -> #name {
                #name::new(self)
            }
        }
    }

    fn call(&self) -> TokenStream {
        let name = self.name();
        let value = self.value_type();
        let fields = self.inputs.iter().map(|input| (&input.setter, input.held_type()));
        let fields = fields.map(|(setter, ty)| quote!(#setter: Option<#ty>));
        let empty = self.inputs.iter().map(|input| &input.setter);
        let setters = self.inputs.iter().map(|input| self.setter(input));
        let (check, invoke) = (self.check(), self.invoke());
        let descriptor = ident(&names::shouty(&self.operation.id));
        let doc = format!(
            "A call of `{id}`, made by [`Client::{method}`](crate::Client::{method}): give the inputs, then await it.",
            id = self.operation.id,
            method = names::parameter(&self.operation.id),
        );
        quote! {
            #[doc = #doc]
            #[derive(Clone, Debug)]
            #[must_use = "a call does nothing until it is awaited"]
            pub struct #name {
                call: Call,
                #(#fields,)*
            }

            impl #name {
                pub(crate) fn new(client: &Client) -> Self {
                    Self { call: Call::new(client, &descriptors::#descriptor), #(#empty: None,)* }
                }

                #(#setters)*

                /// Time limit of this call, its retries included, in place of
                /// the client's.
                pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
                    self.call.set_timeout(timeout);
                    self
                }

                /// Time limit of each attempt of this call, in place of the
                /// client's.
                pub fn attempt_timeout(mut self, timeout: std::time::Duration) -> Self {
                    self.call.set_attempt_timeout(timeout);
                    self
                }

                /// When this call is tried again, in place of the client's policy.
                pub fn retry(mut self, policy: crate::RetryPolicy) -> Self {
                    self.call.set_retry(policy);
                    self
                }

                /// Takes a success answer whose body reports failure as it is,
                /// instead of turning it into an error.
                pub fn accept_failed_outcome(mut self) -> Self {
                    self.call.accept_failed_outcome();
                    self
                }

                /// A view of this call, to be asked while it is under way or when it
                /// was given up. Clones of the call have views of their own.
                pub fn progress(&mut self) -> CallProgress {
                    self.call.progress()
                }

                /// Sends the call; awaiting the call itself does the same.
                ///
                /// # Errors
                ///
                /// Every way in which the call can fail is an [`Error`]: inputs that
                /// do not fit (all of them at once, before anything is sent), no
                /// usable answer, an answer that is not a success, or a success
                /// whose body reports failure.
                pub async fn send(self) -> Result<Response<#value>, Error> {
                    self.check()?.execute().await
                }

                #check

                #invoke
            }

            impl IntoFuture for #name {
                type Output = Result<Response<#value>, Error>;
                type IntoFuture = call::CallFuture<#value>;

                fn into_future(self) -> Self::IntoFuture {
                    Box::pin(self.send())
                }
            }
        }
    }

    fn setter(&self, input: &Input<'_>) -> TokenStream {
        let setter = &input.setter;
        let doc = input_doc(self.model, input);
        let (parameter, stored) = match &input.held {
            Held::Text { .. } => (quote!(impl Into<String>), quote!(value.into())),
            Held::Texts { .. } => (
                quote!(impl IntoIterator<Item = impl Into<String>>),
                quote!(value.into_iter().map(Into::into).collect()),
            ),
            Held::Value { ty } => (quote!(impl Into<#ty>), quote!(value.into())),
        };
        quote! {
            #[doc = #doc]
            pub fn #setter(mut self, value: #parameter) -> Self {
                self.#setter = Some(#stored);
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
                let (#(Some(#required),)*) = (#(#required,)*) else {
                    return Err(check.refuse(problems));
                };
            }
        });
        quote! {
            /// Checks every input, all of them at once.
            fn check(self) -> Result<checked::#name, Error> {
                let Self { call, #(#held,)* } = self;
                let (mut check, mut problems) = call.check();
                #(#resolved)*
                #required
                let call = check.pass(problems)?;
                Ok(checked::#name { call, #(#held,)* })
            }
        }
    }

    /// The call whose inputs are right, and how it is sent.
    fn checked(&self) -> TokenStream {
        let name = self.name();
        let value = self.value_type();
        let held: Vec<_> = self.inputs.iter().map(|input| &input.setter).collect();
        let fields = self.inputs.iter().map(|input| {
            let (setter, ty) = (&input.setter, resolved_type(input));
            if input.required && input.filled_in.is_none() {
                quote!(#setter: #ty)
            } else {
                quote!(#setter: Option<#ty>)
            }
        });
        let look_ups = self.inputs.iter().filter_map(look_up);
        let body = self.body();
        let method = ident(&names::parameter(&self.operation.id));
        let sets = self.inputs.iter().filter_map(|input| match input.place {
            Place::Parameter(_) => {
                let (raw, setter) = (&input.raw, &input.setter);
                Some(if input.required {
                    quote!(let request = request.#raw(#setter);)
                } else {
                    quote! {
                        let request = match #setter {
                            Some(value) => request.#raw(value),
                            None => request,
                        };
                    }
                })
            }
            Place::Field | Place::Body => None,
        });
        let set_body = body.is_some().then(|| quote!(let request = request.body(body);));
        let outcome = match self.success.and_then(|slot| self.checks.failure_in(slot)) {
            Some(failure) => quote!(Some(|value: &#value| #failure)),
            None => quote!(None),
        };
        quote! {
            pub(super) struct #name {
                pub(super) call: CheckedCall,
                #(pub(super) #fields,)*
            }

            impl #name {
                /// Runs the raw call.
                pub(super) async fn execute(self) -> Result<Response<#value>, Error> {
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

    /// From what the call holds to what the raw layer takes.
    fn resolved(&self, input: &Input<'_>) -> TokenStream {
        let setter = &input.setter;
        let wire = input.wire;
        let source = source(input);
        let need = match input.filled_in {
            Some(ClientValue::ProjectId) => Some(quote! {
                let #setter = check.fill_in(
                    ClientValue::ProjectId, #wire, #source, #setter, &mut problems,
                );
            }),
            None => {
                input.required.then(|| quote!(problems.require(#wire, #source, #setter.is_some());))
            }
        };
        let path = quote!(&path);
        let check = self.checks.limits(
            &Slot { nullable: false, ..input.slot.clone() },
            &quote!(value),
            &path,
        );
        let convert = match &input.held {
            Held::Text { into } => {
                let limits = Checks::of_text(input.slot);
                quote! {
                    let #setter: Option<#into> = problems.text(#wire, #source, #setter, #limits);
                }
            }
            Held::Texts { item, wrap } => {
                // The limits of the list are checked on the texts; a named list
                // around them holds the same items.
                let list = Slot {
                    shape: self.model.resolve(&input.slot.shape).clone(),
                    ..input.slot.clone()
                };
                let check = self.checks.limits(&list, &quote!(value), &path).map(|check| {
                    quote! {
                        if let Some(value) = &#setter {
                            let (path, problems) = (Path::root(#wire), &mut problems);
                            #check
                        }
                    }
                });
                let limits = match &list.shape {
                    Shape::Array { items, .. } => Checks::of_text(items),
                    _ => quote!(&TextLimits::NONE),
                };
                let wrap = wrap.as_ref().map(|wrap| quote!(let #setter = #setter.map(#wrap);));
                return quote! {
                    #need
                    #check
                    let #setter: Option<Vec<#item>> =
                        problems.texts(#wire, #source, #setter, #limits);
                    #wrap
                };
            }
            Held::Value { .. } => {
                let check = check.map(|check| {
                    quote! {
                        if let Some(value) = &#setter {
                            let (path, problems) = (Path::root(#wire), &mut problems);
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
        if self.inputs.iter().any(|input| input.place == Place::Body) {
            return Some(quote!());
        }
        let ty = types::plain(self.model, &body.slot.shape);
        let fields = self.inputs.iter().filter(|input| input.place == Place::Field).map(|input| {
            let (raw, setter) = (&input.raw, &input.setter);
            let form = input.form;
            if form.boxed {
                // A schema that holds itself.
                let boxed = if form.optional { quote!(map(Box::new)) } else { quote!(into()) };
                quote!(#raw: #setter.#boxed)
            } else if !input.required && !form.optional {
                // typify leaves an optional list or map without an `Option`.
                quote!(#raw: #setter.unwrap_or_default())
            } else if raw == setter {
                quote!(#raw)
            } else {
                quote!(#raw: #setter)
            }
        });
        Some(quote!(let body = #ty { #(#fields,)* };))
    }

    /// The values of an enum whose type takes no others.
    fn closed_values(&self, input: &Input<'_>) -> Option<&'a [String]> {
        let Shape::Ref(name) = &input.slot.shape else { return None };
        let named = self.model.schemas.get(name).filter(|named| !raw::is_open_enum(named))?;
        match &named.slot.shape {
            Shape::Enum { values, .. } => Some(values),
            _ => None,
        }
    }

    /// The call made from names and JSON, for tools that know only descriptors.
    fn invoke(&self) -> TokenStream {
        let fills = self.inputs.iter().map(|input| {
            let (setter, wire) = (&input.setter, input.wire);
            let source = match input.place {
                Place::Parameter(_) => quote!(parameter),
                Place::Field => quote!(field),
                Place::Body => quote!(body),
            };
            let method = match (&input.held, input.place) {
                (Held::Text { .. }, _) => ident(&format!("{source}_text")),
                (Held::Texts { .. }, _) => ident(&format!("{source}_texts")),
                (Held::Value { .. }, _) => ident(&format!("{source}_value")),
            };
            if let Some(values) = self.closed_values(input) {
                let read = ident(&format!("{source}_text"));
                let (from, words) = (self::source(input), limits::listed(values));
                return quote! {
                    let text = arguments.#read(#wire);
                    call.#setter = arguments.listed(#wire, #from, text, &[#(#values),*], #words);
                };
            }
            quote!(call.#setter = arguments.#method(#wire);)
        });
        let convert = if self.success.is_some() { quote!(into_json) } else { quote!(into_null) };
        quote! {
            pub(crate) fn invoke(client: &Client, mut arguments: Arguments) -> InvokeFuture {
                let mut call = Self::new(client);
                #(#fills)*
                call.call.begin(arguments);
                InvokeFuture::new(call.progress(), async move { call.send().await?.#convert() })
            }
        }
    }
}

/// What the client fills in and may have to ask for; only once everything else
/// is known to be right.
fn look_up(input: &Input<'_>) -> Option<TokenStream> {
    let (setter, wire) = (&input.setter, input.wire);
    let (source, limits) = (source(input), Checks::of_text(input.slot));
    let look_up = match input.filled_in? {
        ClientValue::ProjectId => quote!(look_up_project),
    };
    Some(quote! {
        let #setter = match #setter {
            Some(given) => given,
            None => call.#look_up(#wire, #source, #limits).await?,
        };
    })
}

/// The type of an input once it is checked.
fn resolved_type(input: &Input<'_>) -> TokenStream {
    match &input.held {
        Held::Text { into } => into.clone(),
        Held::Texts { wrap: Some(wrap), .. } => wrap.clone(),
        Held::Texts { item, wrap: None } => quote!(Vec<#item>),
        Held::Value { ty } => ty.clone(),
    }
}

fn source(input: &Input<'_>) -> TokenStream {
    match input.place {
        Place::Parameter(Location::Path) => quote!(Source::Path),
        Place::Parameter(Location::Query) => quote!(Source::Query),
        Place::Parameter(Location::Header) => quote!(Source::Header),
        Place::Field | Place::Body => quote!(Source::Body),
    }
}

fn operation_doc(operation: &Operation) -> String {
    let mut parts = Vec::new();
    parts.extend(operation.summary.as_deref().map(sentence));
    parts.extend(operation.description.as_deref().map(|text| docs::lines(text).join("\n")));
    parts.push(format!("Operation `{}`: `{} {}`.", operation.id, operation.method, operation.path));
    let answers: Vec<_> = operation
        .answers
        .iter()
        .map(|answer| {
            format!("- `{}`: {}", answer.status, docs::lines(&answer.description).join(" "))
        })
        .collect();
    parts.push(format!("Documented answers:\n\n{}", answers.join("\n")));
    parts.join("\n\n")
}

fn input_doc(model: &Model, input: &Input<'_>) -> String {
    let target = match &input.slot.shape {
        Shape::Ref(name) => model.schemas.get(name),
        _ => None,
    };
    let described = input
        .slot
        .description
        .as_deref()
        .or_else(|| target.and_then(|named| named.slot.description.as_deref()));
    let mut parts: Vec<String> =
        described.map(|text| docs::lines(text).join("\n")).into_iter().collect();
    let place = match input.place {
        Place::Parameter(Location::Path) => "in the path",
        Place::Parameter(Location::Query) => "in the query",
        Place::Parameter(Location::Header) => "a header",
        Place::Field => "in the body",
        Place::Body => "the body",
    };
    let need = if input.required { "Required" } else { "Optional" };
    let mut facts = vec![format!("{need}; `{}` {place}", input.wire)];
    facts.extend(limits::of(model, input.slot));
    let default = input.slot.default.as_ref();
    facts.extend(default.map(|value| format!("the service's default is `{value}`")));
    parts.push(format!("{}.", facts.join("; ")));
    parts.join("\n\n")
}

fn sentence(text: &str) -> String {
    let text = docs::lines(text).join(" ");
    if text.ends_with(['.', '!', '?', ':']) { text } else { format!("{text}.") }
}
