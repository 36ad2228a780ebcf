//! Rust types of the contract's schemas, as the raw layer spells them.

use proc_macro2::TokenStream;
use quote::quote;

use super::model::{Model, Shape, Slot};
use super::names::ident;

/// The type of a value, seen from a module that imports `types`.
pub(crate) fn of(model: &Model, slot: &Slot) -> TokenStream {
    let plain = plain(model, &slot.shape);
    if slot.nullable { quote!(Option<#plain>) } else { plain }
}

/// The same without the `Option` of a nullable value.
pub(crate) fn plain(model: &Model, shape: &Shape) -> TokenStream {
    match shape {
        Shape::Boolean => quote!(bool),
        Shape::Integer { short: true, .. } => quote!(i32),
        Shape::Integer { short: false, .. } => quote!(i64),
        Shape::Number { short: true, .. } => quote!(f32),
        Shape::Number { short: false, .. } => quote!(f64),
        Shape::String(_) | Shape::Enum { .. } => quote!(String),
        Shape::Array { items, .. } => {
            let items = of(model, items);
            quote!(Vec<#items>)
        }
        Shape::Map(values) => {
            let values = of(model, values);
            quote!(std::collections::HashMap<String, #values>)
        }
        Shape::Free | Shape::Object(_) => quote!(serde_json::Map<String, serde_json::Value>),
        Shape::Ref(name) => match model.schemas.get(name) {
            Some(named) => {
                let rust = ident(&named.rust);
                quote!(types::#rust)
            }
            None => quote!(serde_json::Value),
        },
    }
}

/// Whether a caller gives the value as text: a plain string or a named one.
pub(crate) fn is_text(model: &Model, slot: &Slot) -> bool {
    !slot.nullable && matches!(model.resolve(&slot.shape), Shape::String(_))
}
