//! Rust names of the contract's names, converted as typify and progenitor do, since the
//! facade uses the items that they generate.

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};
use proc_macro2::{Ident, Span};
use unicode_ident::{is_xid_continue, is_xid_start};

/// The Rust type of a schema, or the builder of an operation.
pub(crate) fn pascal(name: &str) -> String {
    sanitize(name, str::to_pascal_case, "X")
}

/// A parameter or an operation in progenitor's output.
pub(crate) fn parameter(name: &str) -> String {
    sanitize(name, str::to_snake_case, "_")
}

/// A field in typify's output.
pub(crate) fn snake(name: &str) -> String {
    sanitize(name, str::to_snake_case, "x")
}

/// A static.
pub(crate) fn shouty(name: &str) -> String {
    sanitize(name, str::to_shouty_snake_case, "X")
}

/// An identifier of generated code.
pub(crate) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

fn sanitize(name: &str, case: impl Fn(&str) -> String, prefix: &str) -> String {
    let kept: String = name
        .chars()
        .filter(|c| *c != '\'')
        .map(|c| if is_xid_continue(c) { c } else { '-' })
        .collect();
    let mut out = case(&kept);
    if !out.starts_with(is_xid_start) {
        out.insert_str(0, prefix);
    }
    if syn::parse_str::<Ident>(&out).is_err() || out == "gen" {
        out.push('_');
    }
    out
}
