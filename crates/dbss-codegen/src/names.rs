//! Rust names of the contract's names, converted as typify and progenitor do it.
//!
//! The lint and the generators both ask here, so that what the lint takes for two different names
//! also becomes two different names.

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};
use proc_macro2::{Ident, Span};
use unicode_ident::{is_xid_continue, is_xid_start};

/// The Rust type of a schema, the builder of an operation, or the variant of an enum's value.
pub(crate) fn pascal(name: &str) -> String {
    sanitize(name, str::to_pascal_case, "X")
}

/// A parameter or an operation, as progenitor spells it.
pub(crate) fn parameter(name: &str) -> String {
    sanitize(name, str::to_snake_case, "_")
}

/// A field, as typify spells it.
pub(crate) fn snake(name: &str) -> String {
    sanitize(name, str::to_snake_case, "x")
}

/// A static.
pub(crate) fn shouty(name: &str) -> String {
    sanitize(name, str::to_shouty_snake_case, "X")
}

/// The descriptor of an operation, beside the one of the contract as a whole.
pub(crate) fn descriptor(operation: &str) -> String {
    let mut name = shouty(operation);
    if name == "API" {
        name.push('_');
    }
    name
}

/// The method of the client for an operation. `into` and `try_into` take the client by value, so
/// a call with a dot would find those of the standard library first.
pub(crate) fn method(operation: &str) -> String {
    let mut name = parameter(operation);
    if matches!(name.as_str(), "into" | "try_into") {
        name.push('_');
    }
    name
}

/// An identifier of generated code.
pub(crate) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

fn sanitize(name: &str, case: impl Fn(&str) -> String, prefix: &str) -> String {
    let kept: String = match name {
        // Two names that both of them spell out.
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => {
            let kept = name.chars().filter(|c| *c != '\'');
            kept.map(|c| if is_xid_continue(c) { c } else { '-' }).collect()
        }
    };
    let mut out = case(&kept);
    if !out.starts_with(is_xid_start) {
        out.insert_str(0, prefix);
    }
    if is_keyword(&out) {
        out.push('_');
    }
    out
}

/// Whether rustc takes an identifier for what it looks like.
///
/// It compares identifiers in normal form, so that two spellings of one letter are one name, and it
/// warns of letters that few alphabets use or that look like others, for the crate as a whole and so
/// that no `allow` in a file helps. Both are a matter of tables that belong to rustc; the letters of
/// Western European languages are in none of them.
pub(crate) fn is_plain(identifier: &str) -> bool {
    identifier.chars().all(|c| match c {
        '_' => true,
        // `æ` is read as `ae`.
        'Æ' | 'æ' => false,
        '\u{c0}'..='\u{ff}' => c.is_alphabetic(),
        _ => c.is_ascii_alphanumeric(),
    })
}

/// Whether this is a keyword of any edition of Rust.
pub(crate) fn is_keyword(name: &str) -> bool {
    matches!(
        name,
        "abstract"
            | "as"
            | "async"
            | "await"
            | "become"
            | "box"
            | "break"
            | "const"
            | "continue"
            | "crate"
            | "do"
            | "dyn"
            | "else"
            | "enum"
            | "extern"
            | "false"
            | "final"
            | "fn"
            | "for"
            | "gen"
            | "if"
            | "impl"
            | "in"
            | "let"
            | "loop"
            | "macro"
            | "match"
            | "mod"
            | "move"
            | "mut"
            | "override"
            | "priv"
            | "pub"
            | "ref"
            | "return"
            | "Self"
            | "self"
            | "static"
            | "struct"
            | "super"
            | "trait"
            | "true"
            | "try"
            | "type"
            | "typeof"
            | "unsafe"
            | "unsized"
            | "use"
            | "virtual"
            | "where"
            | "while"
            | "yield"
            | "_"
    )
}

/// Whether a type of this name would shadow a name that generated code uses.
pub(crate) fn is_reserved(name: &str) -> bool {
    is_keyword(name)
        || matches!(
            name,
            "AsMut"
                | "AsRef"
                | "AsyncFn"
                | "AsyncFnMut"
                | "AsyncFnOnce"
                | "Box"
                | "Clone"
                | "Copy"
                | "Debug"
                | "Default"
                | "DoubleEndedIterator"
                | "Drop"
                | "Eq"
                | "Err"
                | "ExactSizeIterator"
                | "Extend"
                | "Fn"
                | "FnMut"
                | "FnOnce"
                | "From"
                | "FromIterator"
                | "Future"
                | "Hash"
                | "Into"
                | "IntoFuture"
                | "IntoIterator"
                | "Iterator"
                | "None"
                | "Ok"
                | "Option"
                | "Ord"
                | "PartialEq"
                | "PartialOrd"
                | "Result"
                | "Send"
                | "Sized"
                | "Some"
                | "String"
                | "Sync"
                | "ToOwned"
                | "ToString"
                | "TryFrom"
                | "TryInto"
                | "Unpin"
                | "Vec"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_names_as_typify_and_progenitor_do() {
        for (name, field, variant, setter) in [
            ("a²", "a", "A", "a"),
            ("1", "x1", "X1", "_1"),
            ("x1", "x1", "X1", "x1"),
            ("+1", "plus1", "Plus1", "plus1"),
            ("type", "type_", "Type", "type_"),
            ("self", "self_", "Self_", "self_"),
            ("won't", "wont", "Wont", "wont"),
            ("ERR", "err", "Err", "err"),
            ("DBStatus", "db_status", "DbStatus", "db_status"),
            ("a\u{202e}b", "a_b", "AB", "a_b"),
            ("größe", "größe", "Größe", "größe"),
        ] {
            assert_eq!(
                (snake(name).as_str(), pascal(name).as_str(), parameter(name).as_str()),
                (field, variant, setter),
                "{name}"
            );
        }
    }

    #[test]
    fn tells_identifiers_that_rustc_warns_of() {
        for plain in ["a", "_1", "größe", "naïve", "Type_"] {
            assert!(is_plain(plain), "{plain}");
        }
        // Decomposed, a compatibility form, Greek, Cyrillic, and two letters in one.
        for odd in ["e\u{301}", "ﬁ", "µ", "ο", "а", "æ", "ŉ"] {
            assert!(!is_plain(odd), "{odd}");
        }
    }
}
