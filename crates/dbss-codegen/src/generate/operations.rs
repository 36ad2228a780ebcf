//! The facade: a method of the client and a call type for each operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::checks::Checks;
use super::docs;
use super::inputs::{self, Held, Input, Place};
use super::model::{Location, Model, Operation, Slot};
use super::names::{self, ident};
use super::types;

/// The parameter that a client can fill in for all of its calls.
const PROJECT_ID: &str = "project_id";

/// The items of `operations.rs`.
pub(crate) fn generate(model: &Model, checks: &Checks<'_>) -> TokenStream {
    let facades: Vec<_> =
        model.operations.iter().map(|operation| Facade::new(model, checks, operation)).collect();
    let methods = facades.iter().map(Facade::method);
    let calls = facades.iter().map(Facade::call);
    quote! {
        use crate::runtime::{self, Arguments, Call, Check, InvokeFuture, Outcome, Path, Problems, Source};
        use crate::{Client, Error, Response, descriptors, types};

        impl Client {
            #(#methods)*
        }

        #(#calls)*
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
        let (send, invoke) = (self.send(), self.invoke());
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

                #send

                #invoke
            }

            impl IntoFuture for #name {
                type Output = Result<Response<#value>, Error>;
                type IntoFuture = runtime::CallFuture<#value>;

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

    /// Checks every input, then runs the raw call.
    fn send(&self) -> TokenStream {
        let value = self.value_type();
        let held: Vec<_> = self.inputs.iter().map(|input| &input.setter).collect();
        let resolved = self.inputs.iter().map(|input| self.resolved(input));
        let (project, required): (Vec<&Input<'_>>, Vec<&Input<'_>>) =
            self.inputs.iter().filter(|input| input.required).partition(|input| is_project(input));
        let required: Vec<_> = required.iter().map(|input| &input.setter).collect();
        // IAM is asked only once everything else is known to be right.
        let look_up = project.first().map(|input| {
            let setter = &input.setter;
            quote! {
                let #setter = match #setter {
                    Some(given) => given,
                    None => call.look_up_project().await?,
                };
            }
        });
        let names = if required.is_empty() {
            quote!()
        } else {
            quote! {
                let (#(Some(#required),)*) = (#(#required,)*) else {
                    return Err(call.refuse(problems));
                };
            }
        };
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
            /// Sends the call; awaiting the call itself does the same.
            ///
            /// # Errors
            ///
            /// Every way in which the call can fail is an [`Error`]: inputs that
            /// do not fit (all of them at once, before anything is sent), no
            /// usable answer, an answer that is not a success, or a success
            /// whose body reports failure.
            pub async fn send(self) -> Result<Response<#value>, Error> {
                let Self { mut call, #(#held,)* } = self;
                let mut problems = call.problems();
                #(#resolved)*
                #names
                if !problems.is_empty() {
                    return Err(call.refuse(problems));
                }
                #look_up
                #body
                let raw = call.start();
                let request = raw.#method();
                #(#sets)*
                #set_body
                let result = call.traced(request.send()).await;
                call.finish(result, #outcome)
            }
        }
    }

    /// From what the call holds to what the raw layer takes.
    fn resolved(&self, input: &Input<'_>) -> TokenStream {
        let setter = &input.setter;
        let wire = input.wire;
        let source = match input.place {
            Place::Parameter(Location::Path) => quote!(Source::Path),
            Place::Parameter(Location::Query) => quote!(Source::Query),
            Place::Parameter(Location::Header) => quote!(Source::Header),
            Place::Field | Place::Body => quote!(Source::Body),
        };
        let project = is_project(input);
        let fallback = project.then(|| quote!(let #setter = call.or_project_id(#setter);));
        let present = if project {
            quote!(#setter.is_some() || call.can_look_up_project())
        } else {
            quote!(#setter.is_some())
        };
        let required = input.required.then(|| quote!(problems.require(#wire, #source, #present);));
        let path = quote!(&path);
        let check = self.checks.limits(
            &Slot { nullable: false, ..input.slot.clone() },
            &quote!(value),
            &path,
        );
        let convert = match &input.held {
            Held::Text { into } => quote! {
                let #setter: Option<#into> = problems.text(#wire, #source, #setter);
            },
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
                let wrap = wrap.as_ref().map(|wrap| quote!(let #setter = #setter.map(#wrap);));
                return quote! {
                    #fallback
                    #required
                    #check
                    let #setter: Option<Vec<#item>> = problems.texts(#wire, #source, #setter);
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
                return quote!(#fallback #required #check);
            }
        };
        quote!(#fallback #required #convert)
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
            quote!(call.#setter = arguments.#method(#wire);)
        });
        let convert = if self.success.is_some() { quote!(into_json) } else { quote!(into_null) };
        quote! {
            pub(crate) fn invoke(client: &Client, mut arguments: Arguments) -> InvokeFuture {
                let mut call = Self::new(client);
                #(#fills)*
                call.call.begin(arguments);
                Box::pin(async move { call.send().await?.#convert() })
            }
        }
    }
}

/// Whether the client can fill the input in: the project of the path.
fn is_project(input: &Input<'_>) -> bool {
    input.wire == PROJECT_ID
        && input.required
        && input.place == Place::Parameter(Location::Path)
        && matches!(input.held, Held::Text { .. })
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
        super::model::Shape::Ref(name) => model.schemas.get(name),
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
    facts.extend(input.limits(model));
    parts.push(format!("{}.", facts.join("; ")));
    parts.join("\n\n")
}

fn sentence(text: &str) -> String {
    let text = docs::lines(text).join(" ");
    if text.ends_with(['.', '!', '?', ':']) { text } else { format!("{text}.") }
}
