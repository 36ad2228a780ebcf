//! What the types do not enforce: limits of arrays and numbers, checked before
//! a request is sent, and the values of an answer that mean failure.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::limits;
use super::model::{Bounds, Field, Model, Named, Shape, Slot, Text};
use super::names::{self, ident};

/// Which schemas have something to check, directly or further in.
pub(crate) struct Checks<'a> {
    model: &'a Model,
    limited: BTreeSet<String>,
    failing: BTreeSet<String>,
}

impl<'a> Checks<'a> {
    pub(crate) fn new(model: &'a Model) -> Self {
        Self {
            model,
            limited: reaching(model, |shape| match shape {
                Shape::Integer { bounds, .. } => bounds.min.is_some() || bounds.max.is_some(),
                Shape::Number { bounds, .. } => bounds.min.is_some() || bounds.max.is_some(),
                Shape::Array { min, max, unique, .. } => min.is_some() || max.is_some() || *unique,
                _ => false,
            }),
            failing: reaching(model, |shape| match shape {
                Shape::String(text) => !text.failures.is_empty(),
                Shape::Enum { failures, .. } => !failures.is_empty(),
                _ => false,
            }),
        }
    }

    /// The items of `checks.rs`.
    pub(crate) fn generate(&self) -> TokenStream {
        let schemas = self.model.schemas.values();
        let limits = schemas
            .clone()
            .filter(|n| n.in_input && self.limited.contains(&n.wire))
            .map(|n| self.limits_of(n));
        let outcomes = schemas
            .filter(|n| n.in_answer && self.failing.contains(&n.wire))
            .filter(|n| !matches!(n.slot.shape, Shape::Enum { .. } | Shape::String(_)))
            .map(|n| self.outcome_of(n));
        let texts = self.model.schemas.values().filter(|named| named.in_input);
        let texts = texts.filter_map(|named| match self.model.resolve(&named.slot.shape) {
            Shape::String(text) => Some(text_limits(named, text)),
            _ => None,
        });
        let patterns = self.model.schemas.values().any(
            |named| matches!(&named.slot.shape, Shape::String(text) if text.pattern.is_some()),
        );
        let engine = patterns.then(|| {
            quote! {
                #[cfg(not(feature = "pattern"))]
                compile_error!("the contract has a `pattern`: enable the feature `pattern` of dbss-client");
            }
        });
        quote! {
            #engine
            use crate::descriptor::Bound;
            use crate::error::outcome::{self, FailedValue, Outcome};
            use crate::input::{Check, Path, Problems};
            use crate::types;
            #(#limits)*
            #(#outcomes)*

            /// What the contract allows of each text.
            pub(super) mod limits {
                use crate::input::TextLimits;

                #(#texts)*
            }
        }
    }

    /// An expression that looks for failure in `value`, a reference to a success
    /// value, if that can hold any.
    pub(crate) fn failure_in(&self, slot: &Slot) -> Option<TokenStream> {
        self.failure(slot, &quote!(value))
    }

    /// Statements that check a value behind a reference, if there is any to check.
    pub(crate) fn limits(
        &self,
        slot: &Slot,
        value: &TokenStream,
        path: &TokenStream,
    ) -> Option<TokenStream> {
        self.limits_at(slot, value, path, 0)
    }

    /// An expression for what the contract allows of a text.
    pub(crate) fn of_text(slot: &Slot) -> TokenStream {
        match &slot.shape {
            Shape::Ref(name) => {
                let name = ident(&names::shouty(name));
                quote!(&limits::#name)
            }
            _ => quote!(&TextLimits::NONE),
        }
    }

    fn limits_of(&self, named: &Named) -> TokenStream {
        let name = ident(&named.rust);
        let body = match &named.slot.shape {
            Shape::Object(fields) => {
                let checks = fields.iter().filter_map(|field| {
                    let rust = ident(&field.rust);
                    let wire = &field.wire;
                    let (slot, value) = (field.slot.present(), unboxed(field));
                    let check = self.limits_at(&slot, &value, &quote!(&at), 0)?;
                    Some(if field.form.optional {
                        quote! {
                            if let Some(value) = &self.#rust {
                                let at = path.field(#wire);
                                #check
                            }
                        }
                    } else {
                        quote! {
                            {
                                let (value, at) = (&self.#rust, path.field(#wire));
                                #check
                            }
                        }
                    })
                });
                quote!(#(#checks)*)
            }
            _ => {
                let slot = named.slot.present();
                self.limits_at(&slot, &quote!((&self.0)), &quote!(path), 0).unwrap_or_default()
            }
        };
        quote! {
            impl Check for types::#name {
                fn check(&self, path: &Path<'_>, problems: &mut Problems) {
                    #body
                }
            }
        }
    }

    fn limits_at(
        &self,
        slot: &Slot,
        value: &TokenStream,
        path: &TokenStream,
        depth: usize,
    ) -> Option<TokenStream> {
        if slot.nullable {
            let inner = slot.present();
            let check = self.limits_at(&inner, &quote!(value), path, depth)?;
            return Some(quote!(if let Some(value) = #value { #check }));
        }
        match &slot.shape {
            Shape::Integer { bounds, short } => {
                let suffixed = |n: i64| {
                    if *short {
                        let n = i32::try_from(n).unwrap_or(if n < 0 { i32::MIN } else { i32::MAX });
                        quote!(#n)
                    } else {
                        quote!(#n)
                    }
                };
                range(bounds, value, path, suffixed)
            }
            Shape::Number { bounds, short } => {
                range(bounds, value, path, |n| if *short { quote!(#n as f32) } else { quote!(#n) })
            }
            Shape::Array { items, min, max, unique } => {
                let count = (min.is_some() || max.is_some()).then(|| {
                    let words = limits::count(*min, *max).unwrap_or_default();
                    let (min, max) = (option(*min), option(*max));
                    quote!(problems.count(#path, #value.len(), #min, #max, #words);)
                });
                let unique = unique.then(|| quote!(problems.unique(#path, #value);));
                let item_path = ident(&format!("at{depth}"));
                let each = self
                    .limits_at(items, &quote!(item), &quote!(&#item_path), depth + 1)
                    .map(|check| {
                        quote! {
                            for (index, item) in #value.iter().enumerate() {
                                let #item_path = Path::index(#path, index);
                                #check
                            }
                        }
                    });
                (count.is_some() || unique.is_some() || each.is_some())
                    .then(|| quote!(#count #unique #each))
            }
            Shape::Map(values) => {
                let item_path = ident(&format!("at{depth}"));
                let check =
                    self.limits_at(values, &quote!(item), &quote!(&#item_path), depth + 1)?;
                Some(quote! {
                    for (key, item) in #value.iter() {
                        let #item_path = Path::field(#path, key);
                        #check
                    }
                })
            }
            Shape::Ref(name) => {
                self.limited.contains(name).then(|| quote!(Check::check(#value, #path, problems);))
            }
            _ => None,
        }
    }

    fn outcome_of(&self, named: &Named) -> TokenStream {
        let name = ident(&named.rust);
        let body = match &named.slot.shape {
            Shape::Object(fields) => {
                let checks = fields.iter().filter_map(|field| {
                    let rust = ident(&field.rust);
                    let wire = &field.wire;
                    let (slot, value) = (field.slot.present(), unboxed(field));
                    let look = self.failure(&slot, &value)?;
                    let look = if field.form.optional {
                        quote!(self.#rust.as_ref().and_then(|value| #look))
                    } else {
                        quote!({ let value = &self.#rust; #look })
                    };
                    Some(quote! {
                        if let Some(found) = #look {
                            return Some(found.under(#wire));
                        }
                    })
                });
                quote!(#(#checks)* None)
            }
            _ => {
                let slot = named.slot.present();
                self.failure(&slot, &quote!((&self.0))).unwrap_or(quote!(None))
            }
        };
        quote! {
            impl Outcome for types::#name {
                fn failure(&self) -> Option<FailedValue> {
                    #body
                }
            }
        }
    }

    /// An expression of type `Option<FailedValue>` over a reference.
    fn failure(&self, slot: &Slot, value: &TokenStream) -> Option<TokenStream> {
        if slot.nullable {
            let inner = slot.present();
            let look = self.failure(&inner, &quote!(value))?;
            return Some(quote!(#value.as_ref().and_then(|value| #look)));
        }
        match &slot.shape {
            Shape::String(text) if !text.failures.is_empty() => {
                let failures = &text.failures;
                Some(quote!(outcome::failed(#value.as_str(), &[#(#failures),*])))
            }
            Shape::Array { items, .. } => {
                let look = self.failure(items, &quote!(item))?;
                Some(quote! {
                    #value.iter().enumerate().find_map(|(index, item)| {
                        (#look).map(|found| found.under(&index.to_string()))
                    })
                })
            }
            Shape::Map(values) => {
                let look = self.failure(values, &quote!(item))?;
                Some(
                    quote!(#value.iter().find_map(|(key, item)| (#look).map(|found| found.under(key)))),
                )
            }
            Shape::Ref(name) if self.failing.contains(name) => {
                match self.model.resolve(&slot.shape) {
                    Shape::Enum { failures, .. } => {
                        Some(quote!(outcome::failed(#value.as_str(), &[#(#failures),*])))
                    }
                    Shape::String(text) => {
                        let failures = &text.failures;
                        Some(quote!(outcome::failed(#value, &[#(#failures),*])))
                    }
                    _ => Some(quote!(Outcome::failure(#value))),
                }
            }
            _ => None,
        }
    }
}

/// The value of a field behind `value`, out of the box that typify may put it in.
fn unboxed(field: &Field) -> TokenStream {
    if field.form.boxed { quote!((&**value)) } else { quote!(value) }
}

fn text_limits(named: &Named, text: &Text) -> TokenStream {
    let name = ident(&names::shouty(&named.wire));
    let (min, max) = (option(text.min), option(text.max));
    let length = limits::length(text).unwrap_or_default();
    let pattern = match &text.pattern {
        Some(pattern) => {
            let words = limits::pattern(pattern);
            quote!(Some((#pattern, #words)))
        }
        None => quote!(None),
    };
    quote! {
        pub(crate) const #name: TextLimits =
            TextLimits { min: #min, max: #max, length: #length, pattern: #pattern };
    }
}

fn option(value: Option<usize>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}

fn range<T: Copy + std::fmt::Display>(
    bounds: &Bounds<T>,
    value: &TokenStream,
    path: &TokenStream,
    number: impl Fn(T) -> TokenStream,
) -> Option<TokenStream> {
    let bound = |bound: Option<T>, exclusive: bool| match bound {
        None => quote!(None),
        Some(n) => {
            let n = number(n);
            if exclusive { quote!(Some(Bound::Beyond(#n))) } else { quote!(Some(Bound::At(#n))) }
        }
    };
    if bounds.min.is_none() && bounds.max.is_none() {
        return None;
    }
    let min = bound(bounds.min, bounds.above);
    let max = bound(bounds.max, bounds.below);
    let words = limits::range(bounds).unwrap_or_default();
    Some(quote!(problems.range(#path, *#value, #min, #max, #words);))
}

/// The named schemas that hold a shape of some kind, at any depth.
fn reaching(model: &Model, holds: impl Fn(&Shape) -> bool) -> BTreeSet<String> {
    let mut users: std::collections::BTreeMap<String, Vec<&str>> =
        std::collections::BTreeMap::new();
    let mut open: Vec<&str> = Vec::new();
    for named in model.schemas.values() {
        let mut refs = Vec::new();
        if walk(&named.slot.shape, &holds, &mut refs) {
            open.push(&named.wire);
        }
        for target in refs {
            users.entry(target).or_default().push(&named.wire);
        }
    }
    let mut reached = BTreeSet::new();
    while let Some(name) = open.pop() {
        if reached.insert(name.to_owned()) {
            open.extend(users.get(name).into_iter().flatten());
        }
    }
    reached
}

/// Whether the shape itself holds one; collects the names that it refers to.
fn walk(shape: &Shape, holds: &impl Fn(&Shape) -> bool, refs: &mut Vec<String>) -> bool {
    let inner = match shape {
        Shape::Array { items, .. } => walk(&items.shape, holds, refs),
        Shape::Map(values) => walk(&values.shape, holds, refs),
        Shape::Object(fields) => {
            fields.iter().fold(false, |found, field| walk(&field.slot.shape, holds, refs) | found)
        }
        Shape::Ref(name) => {
            refs.push(name.clone());
            false
        }
        _ => false,
    };
    inner | holds(shape)
}
