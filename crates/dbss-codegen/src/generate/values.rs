//! `values.rs`: what makes values for inputs: constructors and setters of objects, and named texts
//! from plain ones.
//!
//! typify's builders take `TryInto` and end in `try_into()`, which can fail with a bare text. Here a
//! constructor takes what is required and setters take the rest, none of which can fail: whether a
//! value is within its limits is checked with all other inputs of a call, where the error has the
//! path of the value.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs;
use super::limits;
use super::model::{Field, Model, NamedSchema, Schema, SchemaKind};
use super::names::ident;
use super::types;

/// Functions that the type has already: typify's, the constructor, and those of traits that
/// generated code calls by the name of the type, where a setter would come first.
const RESERVED: [&str; 5] = ["builder", "default", "from", "new", "try_from"];

/// The items of `values.rs`.
pub(crate) fn generate(model: &Model) -> TokenStream {
    let objects = model.schemas.values().filter(|named| named.in_input);
    let objects = objects.filter_map(|named| match &named.schema.kind {
        SchemaKind::Object(fields) => Some(object(model, named, fields)),
        _ => None,
    });
    let texts = model.schemas.values();
    let texts = texts.filter(|named| matches!(named.schema.kind, SchemaKind::String(_)));
    let texts = texts.map(|named| {
        let name = ident(&named.rust);
        // typify has it for `String` alone.
        quote! {
            impl ::std::convert::From<&str> for crate::types::#name {
                fn from(value: &str) -> Self {
                    <Self as ::std::convert::From<crate::String>>::from(value.to_owned())
                }
            }
        }
    });
    quote!(#(#texts)* #(#objects)*)
}

fn object(model: &Model, named: &NamedSchema, fields: &[Field]) -> TokenStream {
    let name = ident(&named.rust);
    let setters = setters(fields);
    let setter_of = |field: &Field| setters.iter().find(|(rust, _)| *rust == field.rust);
    let required: Vec<_> = fields.iter().filter(|field| is_required(field)).collect();
    let parameters = required.iter().map(|field| {
        let (argument, ty) = (ident(&field.rust), parameter(model, &field.schema));
        quote!(#argument: #ty)
    });
    let values = fields.iter().map(|field| {
        let rust = ident(&field.rust);
        if is_required(field) {
            let value = wrapped(field, &converted(model, &field.schema, &quote!(#rust)));
            quote!(#rust: #value)
        } else {
            quote!(#rust: ::std::default::Default::default())
        }
    });
    let optional = fields.iter().filter(|field| !is_required(field)).filter_map(|field| {
        let (_, setter) = setter_of(field)?;
        Some(setter_fn(model, field, setter))
    });
    quote! {
        impl crate::types::#name {
            /// A value with what is required.
            #[must_use]
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values,)* }
            }

            #(#optional)*
        }
    }
}

fn setter_fn(model: &Model, field: &Field, setter: &Ident) -> TokenStream {
    let rust = ident(&field.rust);
    let ty = parameter(model, &field.schema);
    let value = wrapped(field, &converted(model, &field.schema, &quote!(value)));
    let mut facts = vec![format!("`{}`", field.wire)];
    facts.extend(limits::of(model, &field.schema));
    let described = field.schema.description.as_deref();
    let doc = docs::with_facts(described, &format!("{}.", facts.join("; ")));
    quote! {
        #[doc = #doc]
        #[must_use]
        pub fn #setter(mut self, value: #ty) -> Self {
            self.#rust = #value;
            self
        }
    }
}

/// The setter of each field, unlike each other and what the type has already.
fn setters(fields: &[Field]) -> Vec<(&str, Ident)> {
    let mut used: BTreeSet<String> = RESERVED.iter().map(ToString::to_string).collect();
    let setter = |field: &'_ Field| {
        let mut name = field.rust.clone();
        while !used.insert(name.clone()) {
            name.push('_');
        }
        ident(&name)
    };
    let names: Vec<Ident> = fields.iter().map(setter).collect();
    fields.iter().map(|field| field.rust.as_str()).zip(names).collect()
}

/// Whether a value without the field cannot be made. A required field that can be null is `None`
/// where it is not set, which is sent as null.
fn is_required(field: &Field) -> bool {
    field.required && !field.schema.nullable
}

/// The type of the argument for a value.
fn parameter(model: &Model, schema: &Schema) -> TokenStream {
    let inner = schema.present();
    if types::is_text(model, &inner) {
        return quote!(impl crate::Into<crate::String>);
    }
    match &inner.kind {
        SchemaKind::Array { items, .. } if !items.nullable => {
            let item = if types::is_text(model, items) {
                quote!(crate::String)
            } else {
                types::of(model, items)
            };
            quote!(impl crate::IntoIterator<Item = impl crate::Into<#item>>)
        }
        _ => {
            let ty = types::plain(model, &inner.kind);
            quote!(impl crate::Into<#ty>)
        }
    }
}

/// The argument as the type of the field, without `Option` and `Box`.
fn converted(model: &Model, schema: &Schema, value: &TokenStream) -> TokenStream {
    let inner = schema.present();
    if types::is_text(model, &inner) {
        return text(model, &inner, value);
    }
    match &inner.kind {
        SchemaKind::Array { items, .. } if !items.nullable => {
            if types::is_text(model, items) {
                let item = text(model, items, &quote!(item));
                quote!(#value.into_iter().map(|item| #item).collect())
            } else {
                quote!(#value.into_iter().map(crate::Into::into).collect())
            }
        }
        _ => quote!(#value.into()),
    }
}

fn text(model: &Model, schema: &Schema, value: &TokenStream) -> TokenStream {
    let string = quote!(#value.into());
    match &schema.kind {
        SchemaKind::Reference(_) => {
            let ty = types::plain(model, &schema.kind);
            quote!(<#ty as ::std::convert::From<crate::String>>::from(#string))
        }
        _ => string,
    }
}

fn wrapped(field: &Field, value: &TokenStream) -> TokenStream {
    let some = |value: &TokenStream| quote!(crate::Some(#value));
    let boxed = |value: &TokenStream| quote!(::std::boxed::Box::new(#value));
    match (field.wrapping.optional, field.wrapping.boxed) {
        (true, true) => some(&boxed(value)),
        (true, false) => some(value),
        // typify boxes some options as a whole.
        (false, true) if !is_required(field) => boxed(&some(value)),
        (false, true) => boxed(value),
        (false, false) => value.clone(),
    }
}
