//! `enums.rs`: the enums of the contract, each of them open: a value that the contract
//! does not list is kept.
//!
//! Enums of requests are open as well, so that a type does not depend on where else it is
//! used. Otherwise an operation added later that responds with an enum of a request would
//! turn it from closed to open, which breaks callers. The checks of inputs refuse what the
//! contract does not list.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::limits;
use super::model::{Model, NamedSchema, SchemaKind};
use super::names::{self, ident};

/// The items of `enums.rs`.
pub(crate) fn generate(model: &Model) -> TokenStream {
    let enums = model.schemas.values().filter(|named| named.is_enum()).map(open_enum);
    quote!(#(#enums)*)
}

fn open_enum(named: &NamedSchema) -> TokenStream {
    let name = ident(&named.rust);
    let doc = named.schema.description.as_deref().unwrap_or(&named.wire);
    let open = "Open: a value that the contract does not list is kept in";
    let doc = docs::with_facts(Some(doc), &format!("{open} [`{}::Unlisted`].", named.rust));
    let values = match &named.schema.kind {
        SchemaKind::Enum { values, .. } => values.as_slice(),
        _ => &[],
    };
    let variants = variants(values);
    let words = limits::listed(values);
    let variant_docs = values.iter().map(|value| format!("`{value}`"));
    let known = &variants;
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #variant_docs] #known,)*
            /// Any other value, unchanged.
            Unlisted(crate::UnlistedValue),
        }

        crate::input::open_enum! { #name, #words, #(#known(#values)),* }
    }
}

/// A variant for each value, all different and none of them `Unlisted`.
fn variants(values: &[String]) -> Vec<proc_macro2::Ident> {
    let mut used: BTreeSet<String> = BTreeSet::from(["Unlisted".to_owned()]);
    let mut variants = Vec::with_capacity(values.len());
    for value in values {
        let mut name = names::pascal(value);
        while !used.insert(name.clone()) {
            name.push('_');
        }
        variants.push(ident(&name));
    }
    variants
}
