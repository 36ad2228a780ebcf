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
    let doc = format!(
        "{doc}\n\nOpen: a value that the contract does not list is kept in [`{name}::Unlisted`].",
        doc = docs::lines(doc).join("\n"),
        name = named.rust
    );
    let values = match &named.schema.kind {
        SchemaKind::Enum { values, .. } => values.as_slice(),
        _ => &[],
    };
    let variants = variants(values);
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

        impl #name {
            /// The values that the contract lists.
            pub const LISTED: &'static [Self] = &[#(Self::#known),*];

            /// The value as it is sent and received.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#known => #values,)*
                    Self::Unlisted(value) => value.as_str(),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for #name {
            fn from(value: ::std::string::String) -> Self {
                match value.as_str() {
                    #(#values => Self::#known,)*
                    _ => Self::Unlisted(crate::UnlistedValue::new(value)),
                }
            }
        }

        impl ::std::convert::From<&str> for #name {
            fn from(value: &str) -> Self {
                <Self as ::std::convert::From<::std::string::String>>::from(
                    ::std::string::String::from(value),
                )
            }
        }

        impl ::std::str::FromStr for #name {
            type Err = ::std::convert::Infallible;

            fn from_str(value: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                ::std::result::Result::Ok(::std::convert::From::from(value))
            }
        }

        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let text = <::std::string::String as ::serde::Deserialize>::deserialize(deserializer)?;
                ::std::result::Result::Ok(::std::convert::From::from(text))
            }
        }
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
