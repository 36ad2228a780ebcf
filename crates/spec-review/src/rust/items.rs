//! Reads the public items of generated code.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Field, Fields, FnArg, ImplItem, Item, ItemImpl, Macro, ReturnType, Signature, Token,
    Type, Visibility,
};

use crate::change::ItemKind;
use crate::subject::{ItemPath, Member};

/// A public item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PublicItem {
    pub(super) kind: ItemKind,
    /// The type or signature that users see.
    pub(super) signature: String,
    /// Whether it may get more members without breaking its users.
    pub(super) non_exhaustive: bool,
}

/// All public items, by the path under which Rust code names them.
#[derive(Debug, Default)]
pub(super) struct PublicItems(pub(super) BTreeMap<ItemPath, PublicItem>);

impl PublicItems {
    /// Reads the items of a module.
    pub(super) fn read(&mut self, module: &str, items: &[Item]) {
        for item in items {
            self.add_item(module, item);
        }
    }

    fn add(&mut self, path: ItemPath, kind: ItemKind, signature: String, non_exhaustive: bool) {
        self.0.insert(path, PublicItem { kind, signature, non_exhaustive });
    }

    fn add_other(&mut self, path: ItemPath, signature: String) {
        self.add(path, ItemKind::Other, signature, false);
    }

    fn add_item(&mut self, module: &str, item: &Item) {
        let at = |name: &dyn ToString| ItemPath::new(module, name.to_string());
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let path = at(&item.ident);
                let hidden = item.fields.iter().any(|field| !is_public(&field.vis));
                let non_exhaustive = is_non_exhaustive(&item.attrs) || hidden;
                self.add(path.clone(), ItemKind::Struct, code_text(&item.generics), non_exhaustive);
                self.add_derives(&path, &item.attrs);
                self.add_fields(&path, &item.fields);
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let path = at(&item.ident);
                let non_exhaustive = is_non_exhaustive(&item.attrs);
                self.add(path.clone(), ItemKind::Enum, code_text(&item.generics), non_exhaustive);
                self.add_derives(&path, &item.attrs);
                for variant in &item.variants {
                    let path = path.member(Member::Associated(variant.ident.to_string()));
                    self.add(path, ItemKind::Variant, variant_fields(&variant.fields), false);
                }
            }
            Item::Impl(item) => self.add_impl_block(module, item),
            Item::Macro(item) => self.add_call_methods(module, &item.mac),
            Item::Mod(item) if is_public(&item.vis) => {
                // The client re-exports the types of the schemas as a module of its own.
                let inner = if module == "raw" && item.ident == "types" {
                    "types".to_owned()
                } else {
                    format!("{module}::{}", item.ident)
                };
                self.read(&inner, item.content.as_ref().map_or(&[], |(_, items)| items.as_slice()));
            }
            Item::Fn(item) if is_public(&item.vis) => {
                self.add_other(at(&item.sig.ident), signature(&item.sig));
            }
            Item::Const(item) if is_public(&item.vis) => {
                self.add_other(at(&item.ident), code_text(&item.ty));
            }
            Item::Static(item) if is_public(&item.vis) => {
                self.add_other(at(&item.ident), code_text(&item.ty));
            }
            Item::Type(item) if is_public(&item.vis) => {
                self.add_other(at(&item.ident), code_text(&item.ty));
            }
            Item::Trait(item) if is_public(&item.vis) => {
                self.add_other(at(&item.ident), item.items.len().to_string());
            }
            _ => {}
        }
    }

    /// The methods that a macro of the client gives to a call, `methods!(Call, Value)`: that which
    /// depends on the contract is `send`, which returns the value of a success response.
    fn add_call_methods(&mut self, module: &str, call: &Macro) {
        let is_methods = call.path.segments.last().is_some_and(|last| last.ident == "methods");
        let arguments = call.parse_body_with(Punctuated::<Type, Token![,]>::parse_terminated);
        let (true, Ok(arguments)) = (is_methods, arguments) else { return };
        let (Some(name), Some(value)) = (arguments.first(), arguments.last()) else { return };
        let value = match value {
            Type::Paren(inner) => code_text(&inner.elem),
            named => format!("types::{}", code_text(named)),
        };
        let path = ItemPath::new(module, code_text(name));
        let path = path.member(Member::Associated("send".to_owned()));
        let signature = format!("async fn(self) -> Result<Response<{value}>>");
        self.add(path, ItemKind::Method, signature, false);
    }

    fn add_fields(&mut self, path: &ItemPath, fields: &Fields) {
        for (index, field) in fields.iter().enumerate().filter(|(_, field)| is_public(&field.vis)) {
            let name = field.ident.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
            self.add(
                path.member(Member::Field(name)),
                ItemKind::Field,
                code_text(&field.ty),
                false,
            );
        }
    }

    fn add_derives(&mut self, path: &ItemPath, attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
            // The generator's derives are all lists of traits; anything else is not one of them.
            let _ = attribute.parse_nested_meta(|meta| {
                if let Some(name) = meta.path.segments.last() {
                    self.add_implementation(path, name.ident.to_string());
                }
                Ok(())
            });
        }
    }

    fn add_implementation(&mut self, path: &ItemPath, name: String) {
        let path = path.member(Member::Trait(name));
        self.add(path, ItemKind::Implementation, String::new(), false);
    }

    fn add_impl_block(&mut self, module: &str, item: &ItemImpl) {
        let owner = code_text(&item.self_ty);
        let owner = owner.split([' ', '<']).next().unwrap_or_default();
        let (module, owner) = if let Some(owner) = owner.strip_prefix("super::") {
            // An implementation in an inner module may be for a type of its parent.
            (module.rsplit_once("::").map_or(module, |(parent, _)| parent), owner)
        } else if is_crate_path(&item.self_ty) {
            // The client type of the facade, or the type of a schema.
            owner.rsplit_once("::").unwrap_or(("", owner))
        } else {
            (module, owner)
        };
        let path = match owner.rsplit_once("::") {
            Some((inside, name)) => ItemPath::new(&format!("{module}::{inside}"), name),
            None => ItemPath::new(module, owner),
        };
        if let Some(implemented) = item.trait_.as_ref() {
            self.add_implementation(&path, last_segment(&code_text(&implemented.0)));
            return;
        }
        for inner in &item.items {
            match inner {
                ImplItem::Fn(method) if is_public(&method.vis) => {
                    let path = path.member(Member::Associated(method.sig.ident.to_string()));
                    self.add(path, ItemKind::Method, signature(&method.sig), false);
                }
                ImplItem::Const(constant) if is_public(&constant.vis) => {
                    let path = path.member(Member::Associated(constant.ident.to_string()));
                    self.add_other(path, code_text(&constant.ty));
                }
                _ => {}
            }
        }
    }
}

/// Whether a type is written as a path from the root of the crate.
fn is_crate_path(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.first().is_some_and(|first| first.ident == "crate")
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_non_exhaustive(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("non_exhaustive"))
}

/// Tokens as text, with the spacing of formatted code.
fn code_text(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let mut tidy = text
        .replace(" :: ", "::")
        .replace(":: ", "::")
        .replace(" < ", "<")
        .replace(" <", "<")
        .replace(" >", ">")
        .replace("& ", "&");
    for (ugly, plain) in [
        ("impl::", "impl ::"),
        ("::std::option::Option", "Option"),
        ("::std::string::String", "String"),
        ("::std::vec::Vec", "Vec"),
        ("::std::convert::Into<", "Into<"),
        ("::std::iter::IntoIterator", "IntoIterator"),
        ("crate::", ""),
        ("::std::result::Result<Response", "Result<Response"),
        (" ,", ","),
    ] {
        tidy = tidy.replace(ugly, plain);
    }
    tidy.trim().trim_start_matches(":: ").to_owned()
}

/// A path without its modules.
fn last_segment(path: &str) -> String {
    let (start, arguments) =
        path.split_once('<').map_or((path, None), |(start, rest)| (start, Some(rest)));
    let name = start.rsplit("::").next().unwrap_or(start);
    arguments.map_or_else(|| name.to_owned(), |arguments| format!("{name}<{arguments}"))
}

/// The signature that a caller depends on: types, without the names of arguments.
fn signature(signature: &Signature) -> String {
    let arguments = signature.inputs.iter().map(|argument| match argument {
        FnArg::Receiver(receiver) => {
            let written = code_text(receiver);
            // `mut` is invisible to callers.
            if written == "mut self" { "self".to_owned() } else { written }
        }
        FnArg::Typed(typed) => code_text(&typed.ty),
    });
    let arguments: Vec<_> = arguments.collect();
    let output = match &signature.output {
        ReturnType::Default => String::new(),
        ReturnType::Type(_, output) => format!(" -> {}", code_text(output)),
    };
    let (generics, bounds) =
        (code_text(&signature.generics), code_text(&signature.generics.where_clause));
    let called = if signature.asyncness.is_some() { "async fn" } else { "fn" };
    format!("{called}{generics}({}){output} {bounds}", arguments.join(", ")).trim_end().to_owned()
}

fn variant_fields(fields: &Fields) -> String {
    let one = |field: &Field| {
        let name = field.ident.as_ref().map_or_else(String::new, |name| format!("{name}: "));
        format!("{name}{}", code_text(&field.ty))
    };
    let list: Vec<_> = fields.iter().map(one).collect();
    match fields {
        Fields::Unit => String::new(),
        Fields::Named(_) => format!("{{ {} }}", list.join(", ")),
        Fields::Unnamed(_) => format!("({})", list.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_from_the_macro_of_a_call_what_send_returns() -> syn::Result<()> {
        for (value, returned) in
            [("Thing", "types::Thing"), ("(crate::Vec<crate::types::Thing>)", "Vec<types::Thing>")]
        {
            let file = syn::parse_str::<syn::File>(&format!(
                "crate::call::methods!(ListThings, {value}); other!(ListThings, {value});"
            ))?;
            let mut items = PublicItems::default();
            items.read("operations", &file.items);
            let found: Vec<_> =
                items.0.iter().map(|(path, item)| (path.to_string(), &item.signature)).collect();
            let signature = format!("async fn(self) -> Result<Response<{returned}>>");
            assert_eq!(found, [("operations::ListThings::send".to_owned(), &signature)]);
        }
        Ok(())
    }
}
