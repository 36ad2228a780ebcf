//! Rust types of the contract's schemas, as in the raw layer.

use proc_macro2::TokenStream;
use quote::quote;

use super::model::{Model, Schema, SchemaKind};
use super::names::ident;

/// The type of a value, as an absolute path.
pub(crate) fn of(model: &Model, schema: &Schema) -> TokenStream {
    let plain = plain(model, &schema.kind);
    if !schema.nullable {
        return plain;
    }
    if is_boxed(model, schema) {
        quote!(crate::Option<::std::boxed::Box<#plain>>)
    } else {
        quote!(crate::Option<#plain>)
    }
}

/// Whether the `Option` of a nullable value has a `Box` in it, which breaks a recursion.
pub(crate) fn is_boxed(model: &Model, schema: &Schema) -> bool {
    let SchemaKind::Reference(name) = &schema.kind else { return false };
    let named = model.schemas.get(name);
    schema.nullable && named.is_some_and(|named| model.boxed_options.contains(&named.rust))
}

/// The same without the `Option` of a nullable value.
pub(crate) fn plain(model: &Model, kind: &SchemaKind) -> TokenStream {
    match kind {
        SchemaKind::Boolean => quote!(bool),
        SchemaKind::Integer { is_32_bit: true, .. } => quote!(i32),
        SchemaKind::Integer { is_32_bit: false, .. } => quote!(i64),
        SchemaKind::Number { is_32_bit: true, .. } => quote!(f32),
        SchemaKind::Number { is_32_bit: false, .. } => quote!(f64),
        SchemaKind::String(_) | SchemaKind::Enum { .. } => quote!(crate::String),
        SchemaKind::Array { items, .. } => {
            let items = of(model, items);
            quote!(crate::Vec<#items>)
        }
        SchemaKind::Map(values) => {
            let values = of(model, values);
            quote!(::std::collections::HashMap<crate::String, #values>)
        }
        SchemaKind::AnyObject | SchemaKind::Object(_) => {
            quote!(::serde_json::Map<crate::String, ::serde_json::Value>)
        }
        SchemaKind::Reference(name) => match model.schemas.get(name) {
            Some(named) => {
                let rust = ident(&named.rust);
                quote!(crate::types::#rust)
            }
            None => quote!(::serde_json::Value),
        },
    }
}

/// Whether a caller gives the value as text: a string, inline or named.
pub(crate) fn is_text(model: &Model, schema: &Schema) -> bool {
    !schema.nullable && matches!(model.resolve(&schema.kind), SchemaKind::String(_))
}

/// A value in the tuple structs that typify makes of the names that a schema refers to.
pub(crate) fn wrapped(model: &Model, kind: &SchemaKind, value: TokenStream) -> TokenStream {
    let SchemaKind::Reference(name) = kind else { return value };
    let Some(named) = model.schemas.get(name) else { return value };
    let (rust, inner) = (ident(&named.rust), wrapped(model, &named.schema.kind, value));
    quote!(crate::types::#rust(#inner))
}

/// A text as the type of a schema, which may be a named one; `value` is what the caller gave.
pub(crate) fn from_text(kind: &SchemaKind, value: &TokenStream) -> TokenStream {
    match kind {
        SchemaKind::Reference(_) => quote!(#value.into().into()),
        _ => quote!(#value.into()),
    }
}
