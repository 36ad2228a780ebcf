//! `checks.rs`: what the types do not enforce. Limits of texts, lists and numbers and the
//! listed values of enums, which are checked before a request is sent; and what the
//! values of a response report as the outcome.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::limits;
use super::model::{
    Bounds, Field, Model, NamedSchema, OutcomeValues, Schema, SchemaKind, StringSchema,
};
use super::names::{self, ident};

/// Which schemas have something to check, directly or in a nested schema.
pub(crate) struct Checks<'a> {
    model: &'a Model,
    limited: BTreeSet<String>,
    reporting: BTreeSet<String>,
}

impl<'a> Checks<'a> {
    pub(crate) fn new(model: &'a Model) -> Self {
        Self {
            model,
            limited: reaching(model, |schema| match &schema.kind {
                SchemaKind::String(text) => is_limited(text),
                SchemaKind::Enum { .. } => true,
                SchemaKind::Integer { bounds, .. } => bounds.min.is_some() || bounds.max.is_some(),
                SchemaKind::Number { bounds, .. } => bounds.min.is_some() || bounds.max.is_some(),
                SchemaKind::Array { min, max, unique, .. } => {
                    min.is_some() || max.is_some() || *unique
                }
                _ => false,
            }),
            reporting: reaching(model, |schema| schema.outcome.is_some()),
        }
    }

    /// The items of `checks.rs`.
    pub(crate) fn generate(&self) -> TokenStream {
        let schemas = self.model.schemas.values();
        let inputs =
            schemas.clone().filter(|n| n.in_input && !n.is_enum()).map(|n| self.input_of(n));
        let outcomes = schemas
            .filter(|n| n.in_response && self.reporting.contains(&n.wire))
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
            #(#inputs)*
            #(#outcomes)*

            /// The limits of texts.
            pub(super) mod limits {
                #(#texts)*
            }
        }
    }

    /// An expression for what `value`, a reference to a success value, reports as the
    /// outcome; `None` if it reports none.
    pub(crate) fn outcome_in(&self, schema: &Schema) -> Option<TokenStream> {
        self.outcome(schema, &quote!(value))
    }

    fn of_text_named(wire: &str) -> TokenStream {
        let name = ident(&names::shouty(wire));
        quote!(&crate::generated::checks::limits::#name)
    }

    /// What a type of inputs checks, and how it is read.
    fn input_of(&self, named: &NamedSchema) -> TokenStream {
        let name = ident(&named.rust);
        let body = match &named.schema.kind {
            SchemaKind::Object(fields) => {
                let checks = fields.iter().filter_map(|field| self.field_limits(field));
                quote!(#(#checks)*)
            }
            SchemaKind::String(_) => {
                let limits = Self::of_text_named(&named.wire);
                quote!(problems.text(path, &self.0, #limits);)
            }
            _ => {
                let schema = named.schema.present();
                self.limits(&schema, &quote!((&self.0)), &quote!(path)).unwrap_or_default()
            }
        };
        let check = (!body.is_empty()).then(|| {
            quote! {
                fn check(
                    &self,
                    path: &crate::input::InputPath<'_>,
                    problems: &mut crate::input::Problems,
                ) {
                    #body
                }
            }
        });
        let is_read_within = matches!(
            named.schema.kind,
            SchemaKind::String(_) | SchemaKind::Array { .. } | SchemaKind::Reference(_)
        );
        let read = is_read_within.then(|| quote!(crate::input::read_within!();));
        quote! {
            impl crate::input::Input for crate::types::#name {
                #check
                #read
            }
        }
    }

    fn field_limits(&self, field: &Field) -> Option<TokenStream> {
        let rust = ident(&field.rust);
        let wire = &field.wire;
        let (schema, value) = (field.schema.present(), unboxed(field));
        let check = self.limits(&schema, &value, &quote!(&at))?;
        Some(if field.wrapping.optional {
            quote! {
                if let crate::Some(value) = &self.#rust {
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
    }

    /// Statements that check a value behind a reference; `None` if there is nothing to
    /// check.
    fn limits(
        &self,
        schema: &Schema,
        value: &TokenStream,
        path: &TokenStream,
    ) -> Option<TokenStream> {
        let inline = inline_limits(schema, value, path);
        let of_type = self
            .has_limited_type(&schema.kind)
            .then(|| quote!(crate::input::Input::check(#value, #path, problems);));
        (inline.is_some() || of_type.is_some()).then(|| quote!(#inline #of_type))
    }

    /// Whether the type of a value checks something.
    fn has_limited_type(&self, kind: &SchemaKind) -> bool {
        match kind {
            SchemaKind::Reference(name) => self.limited.contains(name),
            SchemaKind::Array { items, .. } => self.has_limited_type(&items.kind),
            SchemaKind::Map(values) => self.has_limited_type(&values.kind),
            _ => false,
        }
    }

    fn outcome_of(&self, named: &NamedSchema) -> TokenStream {
        let name = ident(&named.rust);
        let body = match &named.schema.kind {
            SchemaKind::Object(fields) => {
                let reports = fields.iter().filter_map(|field| {
                    let rust = ident(&field.rust);
                    let wire = &field.wire;
                    let (schema, value) = (field.schema.present(), unboxed(field));
                    let report = self.outcome(&schema, &value)?;
                    let report = if field.wrapping.optional {
                        self.of_optional(&schema, &quote!(self.#rust.as_ref()), &report)
                    } else {
                        quote!({ let value = &self.#rust; #report })
                    };
                    Some(quote!(crate::error::outcome::under(#wire, #report)))
                });
                quote!(crate::error::outcome::worst([#(#reports),*]))
            }
            SchemaKind::Enum { .. } | SchemaKind::String(_) => {
                of_text(named.schema.outcome.as_ref(), &quote!(self))
            }
            _ => {
                let schema = named.schema.present();
                let report = self.outcome(&schema, &quote!((&self.0)));
                report.unwrap_or(quote!(crate::None))
            }
        };
        quote! {
            impl crate::error::outcome::ReportsOutcome for crate::types::#name {
                fn reported(&self) -> crate::Option<crate::error::outcome::Reported> {
                    #body
                }
            }
        }
    }

    /// An expression of type `Option<Reported>` over a reference.
    fn outcome(&self, schema: &Schema, value: &TokenStream) -> Option<TokenStream> {
        if schema.nullable {
            let inner = schema.present();
            let report = self.outcome(&inner, &quote!(value))?;
            return Some(self.of_optional(&inner, &quote!(#value.as_ref()), &report));
        }
        match &schema.kind {
            SchemaKind::String(_) if schema.outcome.is_some() => {
                Some(of_text(schema.outcome.as_ref(), value))
            }
            SchemaKind::Array { items, .. } => {
                let report = self.outcome(items, &quote!(item))?;
                Some(quote! {
                    crate::error::outcome::worst(#value.iter().enumerate().map(
                        |(index, item)| crate::error::outcome::under(&index, #report),
                    ))
                })
            }
            SchemaKind::Map(values) => {
                let report = self.outcome(values, &quote!(item))?;
                Some(quote! {
                    crate::error::outcome::worst(
                        #value.iter().map(|(key, item)| crate::error::outcome::under(key, #report)),
                    )
                })
            }
            SchemaKind::Reference(name) if self.reporting.contains(name) => {
                Some(quote!(crate::error::outcome::ReportsOutcome::reported(#value)))
            }
            _ => None,
        }
    }

    /// What an optional value reports. One that itself says how the operation ended is missing
    /// if it is absent; something that only contains such values reports nothing then.
    fn of_optional(
        &self,
        schema: &Schema,
        optional: &TokenStream,
        report: &TokenStream,
    ) -> TokenStream {
        let is_text = matches!(
            self.model.resolve(&schema.kind),
            SchemaKind::String(_) | SchemaKind::Enum { .. }
        );
        if is_text {
            quote!(#optional.map_or_else(crate::error::outcome::missing, |value| #report))
        } else {
            quote!(#optional.and_then(|value| #report))
        }
    }
}

/// What a text reports.
fn of_text(values: Option<&OutcomeValues>, text: &TokenStream) -> TokenStream {
    let OutcomeValues { succeeded, failed } = values.cloned().unwrap_or_default();
    quote! {
        crate::error::outcome::text(#text.as_str(), &[#(#succeeded),*], &[#(#failed),*])
    }
}

/// Statements that check what the type of a value does not know: the limits of its own
/// schema, and of those in it that have no name. The value is behind a reference.
pub(crate) fn inline_limits(
    schema: &Schema,
    value: &TokenStream,
    path: &TokenStream,
) -> Option<TokenStream> {
    inline_limits_at(schema, value, path, 0)
}

fn inline_limits_at(
    schema: &Schema,
    value: &TokenStream,
    path: &TokenStream,
    depth: usize,
) -> Option<TokenStream> {
    if schema.nullable {
        let check = inline_limits_at(&schema.present(), &quote!(value), path, depth)?;
        return Some(quote!(if let crate::Some(value) = #value { #check }));
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
            range(bounds, value, path, |n| if *is_32_bit { quote!(#n as f32) } else { quote!(#n) })
        }
        SchemaKind::Array { items, min, max, unique } => {
            let count = (min.is_some() || max.is_some()).then(|| {
                let words = limits::count(*min, *max).unwrap_or_default();
                let (min, max) = (option(*min), option(*max));
                quote!(problems.count(#path, #value.len(), #min, #max, #words);)
            });
            let unique = unique.then(|| quote!(problems.unique(#path, #value);));
            let item_path = ident(&format!("at{depth}"));
            let each = inline_limits_at(items, &quote!(item), &quote!(&#item_path), depth + 1).map(
                |check| {
                    quote! {
                        for (index, item) in #value.iter().enumerate() {
                            let #item_path = crate::input::InputPath::index(#path, index);
                            #check
                        }
                    }
                },
            );
            (count.is_some() || unique.is_some() || each.is_some())
                .then(|| quote!(#count #unique #each))
        }
        SchemaKind::Map(values) => {
            let item_path = ident(&format!("at{depth}"));
            let check = inline_limits_at(values, &quote!(item), &quote!(&#item_path), depth + 1)?;
            Some(quote! {
                for (key, item) in #value.iter() {
                    let #item_path = crate::input::InputPath::field(#path, key);
                    #check
                }
            })
        }
        _ => None,
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
            quote!(crate::Some(crate::input::text_pattern::TextPattern::new(#pattern, #words)))
        }
        None => quote!(crate::None),
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
        Some(value) => quote!(crate::Some(#value)),
        None => quote!(crate::None),
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

/// The named schemas that contain a schema that has something, at any depth.
fn reaching(model: &Model, has: impl Fn(&Schema) -> bool) -> BTreeSet<String> {
    let mut users: std::collections::BTreeMap<String, Vec<&str>> =
        std::collections::BTreeMap::new();
    let mut open: Vec<&str> = Vec::new();
    for named in model.schemas.values() {
        let mut refs = Vec::new();
        if walk(&named.schema, &has, &mut refs) {
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
fn walk(schema: &Schema, has: &impl Fn(&Schema) -> bool, refs: &mut Vec<String>) -> bool {
    let inner = match &schema.kind {
        SchemaKind::Array { items, .. } => walk(items, has, refs),
        SchemaKind::Map(values) => walk(values, has, refs),
        SchemaKind::Object(fields) => {
            fields.iter().fold(false, |found, field| walk(&field.schema, has, refs) | found)
        }
        SchemaKind::Reference(name) => {
            refs.push(name.clone());
            false
        }
        _ => false,
    };
    inner | has(schema)
}
