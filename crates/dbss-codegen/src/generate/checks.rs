//! `checks.rs`: what the types do not enforce. Limits of texts, lists and numbers and the
//! listed values of enums, which are checked before a request is sent; and the values
//! of a response that mean failure.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::limits;
use super::model::{Bounds, Field, Model, NamedSchema, Schema, SchemaKind, StringSchema};
use super::names::{self, ident};

/// Which schemas have something to check, directly or in a nested schema.
pub(crate) struct Checks<'a> {
    model: &'a Model,
    limited: BTreeSet<String>,
    failing: BTreeSet<String>,
}

impl<'a> Checks<'a> {
    pub(crate) fn new(model: &'a Model) -> Self {
        Self {
            model,
            limited: reaching(model, |kind| match kind {
                SchemaKind::String(text) => is_limited(text),
                SchemaKind::Enum { .. } => true,
                SchemaKind::Integer { bounds, .. } => bounds.min.is_some() || bounds.max.is_some(),
                SchemaKind::Number { bounds, .. } => bounds.min.is_some() || bounds.max.is_some(),
                SchemaKind::Array { min, max, unique, .. } => {
                    min.is_some() || max.is_some() || *unique
                }
                _ => false,
            }),
            failing: reaching(model, |kind| match kind {
                SchemaKind::String(text) => !text.failure_values.is_empty(),
                SchemaKind::Enum { failure_values, .. } => !failure_values.is_empty(),
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
            .filter(|n| n.in_response && self.failing.contains(&n.wire))
            .filter(|n| !matches!(n.schema.kind, SchemaKind::Enum { .. } | SchemaKind::String(_)))
            .map(|n| self.outcome_of(n));
        let texts = self.model.schemas.values().filter(|named| named.in_input);
        let texts = texts.filter_map(|named| match self.model.resolve(&named.schema.kind) {
            SchemaKind::String(text) => Some(text_limits(named, text)),
            _ => None,
        });
        let patterns = self.model.schemas.values().any(
            |named| matches!(&named.schema.kind, SchemaKind::String(text) if text.pattern.is_some()),
        );
        let engine = patterns.then(|| {
            quote! {
                #[cfg(not(feature = "pattern"))]
                compile_error!("the contract has a `pattern`: enable the feature `pattern` of dbss-client");
            }
        });
        quote! {
            #engine
            #(#limits)*
            #(#outcomes)*

            /// The limits of texts.
            pub(super) mod limits {
                #(#texts)*
            }
        }
    }

    /// An expression that finds a value that means failure in `value`, a reference to a
    /// success value; `None` if there can be none.
    pub(crate) fn failure_in(&self, schema: &Schema) -> Option<TokenStream> {
        self.failure(schema, &quote!(value))
    }

    /// Statements that check a value behind a reference; `None` if there is nothing to
    /// check.
    pub(crate) fn limits(
        &self,
        schema: &Schema,
        value: &TokenStream,
        path: &TokenStream,
    ) -> Option<TokenStream> {
        self.limits_at(schema, value, path, 0)
    }

    /// An expression for the limits of a text.
    pub(crate) fn of_text(schema: &Schema) -> TokenStream {
        match &schema.kind {
            SchemaKind::Reference(name) => Self::of_text_named(name),
            _ => quote!(&crate::input::validation::NO_TEXT_LIMITS),
        }
    }

    fn of_text_named(wire: &str) -> TokenStream {
        let name = ident(&names::shouty(wire));
        quote!(&crate::generated::checks::limits::#name)
    }

    fn limits_of(&self, named: &NamedSchema) -> TokenStream {
        let name = ident(&named.rust);
        let body = match &named.schema.kind {
            SchemaKind::Object(fields) => {
                let checks = fields.iter().filter_map(|field| {
                    let rust = ident(&field.rust);
                    let wire = &field.wire;
                    let (schema, value) = (field.schema.present(), unboxed(field));
                    let check = self.limits_at(&schema, &value, &quote!(&at), 0)?;
                    Some(if field.wrapping.optional {
                        quote! {
                            if let ::std::option::Option::Some(value) = &self.#rust {
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
            SchemaKind::Enum { values, .. } => {
                let words = limits::listed(values);
                quote! {
                    if let Self::Unlisted(value) = self {
                        problems.unlisted(path, value, &[#(#values),*], #words);
                    }
                }
            }
            SchemaKind::String(_) => {
                let limits = Self::of_text_named(&named.wire);
                quote!(problems.text_limits(path, self.as_str(), #limits);)
            }
            _ => {
                let schema = named.schema.present();
                self.limits_at(&schema, &quote!((&self.0)), &quote!(path), 0).unwrap_or_default()
            }
        };
        quote! {
            impl crate::input::CheckLimits for crate::types::#name {
                fn check(
                    &self,
                    path: &crate::input::InputPath<'_>,
                    problems: &mut crate::input::Problems,
                ) {
                    #body
                }
            }
        }
    }

    fn limits_at(
        &self,
        schema: &Schema,
        value: &TokenStream,
        path: &TokenStream,
        depth: usize,
    ) -> Option<TokenStream> {
        if schema.nullable {
            let inner = schema.present();
            let check = self.limits_at(&inner, &quote!(value), path, depth)?;
            return Some(quote!(if let ::std::option::Option::Some(value) = #value { #check }));
        }
        match &schema.kind {
            SchemaKind::Integer { bounds, is_32_bit } => {
                let suffixed = |n: i64| {
                    if *is_32_bit {
                        let n = i32::try_from(n).unwrap_or(if n < 0 { i32::MIN } else { i32::MAX });
                        quote!(#n)
                    } else {
                        quote!(#n)
                    }
                };
                range(bounds, value, path, suffixed)
            }
            SchemaKind::Number { bounds, is_32_bit } => {
                range(
                    bounds,
                    value,
                    path,
                    |n| if *is_32_bit { quote!(#n as f32) } else { quote!(#n) },
                )
            }
            SchemaKind::Array { items, min, max, unique } => {
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
                                let #item_path = crate::input::InputPath::index(#path, index);
                                #check
                            }
                        }
                    });
                (count.is_some() || unique.is_some() || each.is_some())
                    .then(|| quote!(#count #unique #each))
            }
            SchemaKind::Map(values) => {
                let item_path = ident(&format!("at{depth}"));
                let check =
                    self.limits_at(values, &quote!(item), &quote!(&#item_path), depth + 1)?;
                Some(quote! {
                    for (key, item) in #value.iter() {
                        let #item_path = crate::input::InputPath::field(#path, key);
                        #check
                    }
                })
            }
            SchemaKind::Reference(name) => self
                .limited
                .contains(name)
                .then(|| quote!(crate::input::CheckLimits::check(#value, #path, problems);)),
            _ => None,
        }
    }

    fn outcome_of(&self, named: &NamedSchema) -> TokenStream {
        let name = ident(&named.rust);
        let body = match &named.schema.kind {
            SchemaKind::Object(fields) => {
                let checks = fields.iter().filter_map(|field| {
                    let rust = ident(&field.rust);
                    let wire = &field.wire;
                    let (schema, value) = (field.schema.present(), unboxed(field));
                    let look = self.failure(&schema, &value)?;
                    let look = if field.wrapping.optional {
                        quote!(self.#rust.as_ref().and_then(|value| #look))
                    } else {
                        quote!({ let value = &self.#rust; #look })
                    };
                    Some(quote! {
                        if let ::std::option::Option::Some(found) = #look {
                            return ::std::option::Option::Some(found.under(#wire));
                        }
                    })
                });
                quote!(#(#checks)* ::std::option::Option::None)
            }
            _ => {
                let schema = named.schema.present();
                self.failure(&schema, &quote!((&self.0)))
                    .unwrap_or(quote!(::std::option::Option::None))
            }
        };
        quote! {
            impl crate::error::outcome::ReportsOutcome for crate::types::#name {
                fn failed_value(
                    &self,
                ) -> ::std::option::Option<crate::error::outcome::FailedValue> {
                    #body
                }
            }
        }
    }

    /// An expression of type `Option<FailedValue>` over a reference.
    fn failure(&self, schema: &Schema, value: &TokenStream) -> Option<TokenStream> {
        if schema.nullable {
            let inner = schema.present();
            let look = self.failure(&inner, &quote!(value))?;
            return Some(quote!(#value.as_ref().and_then(|value| #look)));
        }
        match &schema.kind {
            SchemaKind::String(text) if !text.failure_values.is_empty() => {
                let failure_values = &text.failure_values;
                Some(
                    quote!(crate::error::outcome::failed_value(#value.as_str(), &[#(#failure_values),*])),
                )
            }
            SchemaKind::Array { items, .. } => {
                let look = self.failure(items, &quote!(item))?;
                Some(quote! {
                    #value.iter().enumerate().find_map(|(index, item)| {
                        (#look).map(|found| found.under(&index.to_string()))
                    })
                })
            }
            SchemaKind::Map(values) => {
                let look = self.failure(values, &quote!(item))?;
                Some(
                    quote!(#value.iter().find_map(|(key, item)| (#look).map(|found| found.under(key)))),
                )
            }
            SchemaKind::Reference(name) if self.failing.contains(name) => {
                match self.model.resolve(&schema.kind) {
                    SchemaKind::Enum { failure_values, .. } => Some(
                        quote!(crate::error::outcome::failed_value(#value.as_str(), &[#(#failure_values),*])),
                    ),
                    SchemaKind::String(text) => {
                        let failure_values = &text.failure_values;
                        Some(
                            quote!(crate::error::outcome::failed_value(#value, &[#(#failure_values),*])),
                        )
                    }
                    _ => Some(quote!(crate::error::outcome::ReportsOutcome::failed_value(#value))),
                }
            }
            _ => None,
        }
    }
}

/// The field behind `value`, out of the `Box` that typify may put it in.
fn unboxed(field: &Field) -> TokenStream {
    if field.wrapping.boxed { quote!((&**value)) } else { quote!(value) }
}

fn text_limits(named: &NamedSchema, text: &StringSchema) -> TokenStream {
    let name = ident(&names::shouty(&named.wire));
    let (min, max) = (option(text.min), option(text.max));
    let length = limits::length(text).unwrap_or_default();
    let pattern = match &text.pattern {
        Some(pattern) => {
            let words = limits::pattern(pattern);
            quote!(::std::option::Option::Some(crate::input::text_pattern::TextPattern::new(#pattern, #words)))
        }
        None => quote!(::std::option::Option::None),
    };
    quote! {
        pub(crate) static #name: crate::input::TextLimits = crate::input::TextLimits {
            min: #min,
            max: #max,
            length: #length,
            pattern: #pattern,
        };
    }
}

fn option(value: Option<usize>) -> TokenStream {
    match value {
        Some(value) => quote!(::std::option::Option::Some(#value)),
        None => quote!(::std::option::Option::None),
    }
}

fn range<T: Copy + std::fmt::Display>(
    bounds: &Bounds<T>,
    value: &TokenStream,
    path: &TokenStream,
    number: impl Fn(T) -> TokenStream,
) -> Option<TokenStream> {
    let bound = |bound: Option<T>, exclusive: bool| match bound {
        None => quote!(::std::ops::Bound::Unbounded),
        Some(n) => {
            let n = number(n);
            if exclusive {
                quote!(::std::ops::Bound::Excluded(#n))
            } else {
                quote!(::std::ops::Bound::Included(#n))
            }
        }
    };
    if bounds.min.is_none() && bounds.max.is_none() {
        return None;
    }
    let min = bound(bounds.min, bounds.exclusive_min);
    let max = bound(bounds.max, bounds.exclusive_max);
    let words = limits::range(bounds).unwrap_or_default();
    Some(quote!(problems.range(#path, *#value, #min, #max, #words);))
}

fn is_limited(text: &StringSchema) -> bool {
    text.min.is_some() || text.max.is_some() || text.pattern.is_some()
}

/// The named schemas that contain a schema of some kind, at any depth.
fn reaching(model: &Model, holds: impl Fn(&SchemaKind) -> bool) -> BTreeSet<String> {
    let mut users: std::collections::BTreeMap<String, Vec<&str>> =
        std::collections::BTreeMap::new();
    let mut open: Vec<&str> = Vec::new();
    for named in model.schemas.values() {
        let mut refs = Vec::new();
        if walk(&named.schema.kind, &holds, &mut refs) {
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

/// Whether the schema itself contains one; collects the names that it refers to.
fn walk(kind: &SchemaKind, holds: &impl Fn(&SchemaKind) -> bool, refs: &mut Vec<String>) -> bool {
    let inner = match kind {
        SchemaKind::Array { items, .. } => walk(&items.kind, holds, refs),
        SchemaKind::Map(values) => walk(&values.kind, holds, refs),
        SchemaKind::Object(fields) => {
            fields.iter().fold(false, |found, field| walk(&field.schema.kind, holds, refs) | found)
        }
        SchemaKind::Reference(name) => {
            refs.push(name.clone());
            false
        }
        _ => false,
    };
    inner | holds(kind)
}
