//! Null in what is sent and received: a property that is null is read like one that is absent, and
//! one that is absent is not sent.
//!
//! typify's types do both for optional properties in general. Two kinds differ. Lists and maps, which
//! are empty where they are absent, refuse null, and with it the whole response: services that write
//! lists as null are common. And fields that are boxed to break a recursion are sent as null. A type
//! can be given attributes by progenitor's settings, a field cannot, so they are added to its output.

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::visit_mut::VisitMut;

use super::field_wrapping::argument;
use super::model::Result;

/// Adds serde's attributes to the fields that need them.
pub(crate) fn read_as_absent(tokens: TokenStream) -> Result<TokenStream> {
    let mut file: syn::File = syn::parse2(tokens)
        .map_err(|error| format!("progenitor's output does not parse: {error}"))?;
    Fields.visit_file_mut(&mut file);
    Ok(file.into_token_stream())
}

struct Fields;

impl VisitMut for Fields {
    fn visit_field_mut(&mut self, field: &mut syn::Field) {
        if !field.attrs.iter().any(is_default) {
            return;
        }
        if ["Vec", "HashMap", "Map"].iter().any(|list| argument(&field.ty, list).is_some()) {
            field.attrs.push(
                syn::parse_quote!(#[serde(deserialize_with = "crate::http::null::or_default")]),
            );
        } else if argument(&field.ty, "Box")
            .is_some_and(|inner| argument(inner, "Option").is_some())
        {
            field.attrs.push(
                syn::parse_quote!(#[serde(skip_serializing_if = "crate::http::null::is_none")]),
            );
        }
    }
}

/// Whether this is `#[serde(…, default, …)]`, which typify gives what is optional.
fn is_default(attribute: &syn::Attribute) -> bool {
    let syn::Meta::List(list) = &attribute.meta else { return false };
    let mut tokens = list.tokens.clone().into_iter();
    list.path.is_ident("serde") && tokens.any(|token| token.to_string() == "default")
}
