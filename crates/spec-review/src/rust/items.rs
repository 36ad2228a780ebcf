//! Reads the public items of generated code.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::{
    Attribute, Field, Fields, FnArg, ImplItem, Item, ItemImpl, ReturnType, Signature, Visibility,
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
            self.item(module, item);
        }
    }

    fn add(&mut self, path: ItemPath, kind: ItemKind, signature: String, non_exhaustive: bool) {
        self.0.insert(path, PublicItem { kind, signature, non_exhaustive });
    }

    fn other(&mut self, path: ItemPath, signature: String) {
        self.add(path, ItemKind::Other, signature, false);
    }

    fn item(&mut self, module: &str, item: &Item) {
        let at = |name: &dyn ToString| ItemPath::new(module, name.to_string());
        match item {
            Item::Struct(item) if public(&item.vis) => {
                let path = at(&item.ident);
                let hidden = item.fields.iter().any(|field| !public(&field.vis));
                let non_exhaustive = is_non_exhaustive(&item.attrs) || hidden;
                self.add(path.clone(), ItemKind::Struct, text(&item.generics), non_exhaustive);
                self.derives(&path, &item.attrs);
                self.fields(&path, &item.fields);
            }
            Item::Enum(item) if public(&item.vis) => {
                let path = at(&item.ident);
                let non_exhaustive = is_non_exhaustive(&item.attrs);
                self.add(path.clone(), ItemKind::Enum, text(&item.generics), non_exhaustive);
                self.derives(&path, &item.attrs);
                for variant in &item.variants {
                    let path = path.member(Member::Associated(variant.ident.to_string()));
                    self.add(path, ItemKind::Variant, variant_fields(&variant.fields), false);
                }
            }
            Item::Impl(item) => self.implementation(module, item),
            Item::Mod(item) if public(&item.vis) => {
                // The client re-exports the types of the schemas as a module of its own.
                let inner = if module == "raw" && item.ident == "types" {
                    "types".to_owned()
                } else {
                    format!("{module}::{}", item.ident)
                };
                self.read(&inner, item.content.as_ref().map_or(&[], |(_, items)| items.as_slice()));
            }
            Item::Fn(item) if public(&item.vis) => {
                self.other(at(&item.sig.ident), signature(&item.sig));
            }
            Item::Const(item) if public(&item.vis) => self.other(at(&item.ident), text(&item.ty)),
            Item::Static(item) if public(&item.vis) => self.other(at(&item.ident), text(&item.ty)),
            Item::Type(item) if public(&item.vis) => self.other(at(&item.ident), text(&item.ty)),
            Item::Trait(item) if public(&item.vis) => {
                self.other(at(&item.ident), item.items.len().to_string());
            }
            _ => {}
        }
    }

    fn fields(&mut self, path: &ItemPath, fields: &Fields) {
        for (index, field) in fields.iter().enumerate().filter(|(_, field)| public(&field.vis)) {
            let name = field.ident.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
            self.add(path.member(Member::Field(name)), ItemKind::Field, text(&field.ty), false);
        }
    }

    fn derives(&mut self, path: &ItemPath, attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
            // The generator's derives are all lists of traits; anything else is not one of them.
            let _ = attribute.parse_nested_meta(|meta| {
                if let Some(name) = meta.path.segments.last() {
                    self.implements(path, name.ident.to_string());
                }
                Ok(())
            });
        }
    }

    fn implements(&mut self, path: &ItemPath, name: String) {
        let path = path.member(Member::Trait(name));
        self.add(path, ItemKind::Implementation, String::new(), false);
    }

    fn implementation(&mut self, module: &str, item: &ItemImpl) {
        let owner = text(&item.self_ty);
        let owner = owner.split([' ', '<']).next().unwrap_or_default();
        // The client type of the facade is at the root of the crate.
        let (module, owner) = match owner.strip_prefix("super::") {
            // An implementation in an inner module may be for a type of its parent.
            Some(owner) => (module.rsplit_once("::").map_or(module, |(parent, _)| parent), owner),
            None if module == "operations" && owner == "Client" => ("", owner),
            None => (module, owner),
        };
        let path = match owner.rsplit_once("::") {
            Some((inside, name)) => ItemPath::new(&format!("{module}::{inside}"), name),
            None => ItemPath::new(module, owner),
        };
        if let Some(implemented) = item.trait_.as_ref() {
            self.implements(&path, short(&text(&implemented.0)));
            return;
        }
        for inner in &item.items {
            match inner {
                ImplItem::Fn(method) if public(&method.vis) => {
                    let path = path.member(Member::Associated(method.sig.ident.to_string()));
                    self.add(path, ItemKind::Method, signature(&method.sig), false);
                }
                ImplItem::Const(constant) if public(&constant.vis) => {
                    let path = path.member(Member::Associated(constant.ident.to_string()));
                    self.other(path, text(&constant.ty));
                }
                _ => {}
            }
        }
    }
}

fn public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_non_exhaustive(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("non_exhaustive"))
}

/// Tokens as text, with the spacing of formatted code.
fn text(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let mut tidy = text
        .replace(" :: ", "::")
        .replace(":: ", "::")
        .replace(" < ", "<")
        .replace(" <", "<")
        .replace(" >", ">")
        .replace("& ", "&");
    for (ugly, plain) in [
        ("::std::option::Option", "Option"),
        ("::std::string::String", "String"),
        ("::std::vec::Vec", "Vec"),
        (" ,", ","),
    ] {
        tidy = tidy.replace(ugly, plain);
    }
    tidy.trim().trim_start_matches(":: ").to_owned()
}

/// A path without its modules.
fn short(path: &str) -> String {
    let (start, arguments) =
        path.split_once('<').map_or((path, None), |(start, rest)| (start, Some(rest)));
    let name = start.rsplit("::").next().unwrap_or(start);
    arguments.map_or_else(|| name.to_owned(), |arguments| format!("{name}<{arguments}"))
}

/// The signature that a caller depends on: types, without the names of arguments.
fn signature(signature: &Signature) -> String {
    let arguments = signature.inputs.iter().map(|argument| match argument {
        FnArg::Receiver(receiver) => {
            let written = text(receiver);
            // `mut` is invisible to callers.
            if written == "mut self" { "self".to_owned() } else { written }
        }
        FnArg::Typed(typed) => text(&typed.ty),
    });
    let arguments: Vec<_> = arguments.collect();
    let output = match &signature.output {
        ReturnType::Default => String::new(),
        ReturnType::Type(_, output) => format!(" -> {}", text(output)),
    };
    let (generics, bounds) = (text(&signature.generics), text(&signature.generics.where_clause));
    let called = if signature.asyncness.is_some() { "async fn" } else { "fn" };
    format!("{called}{generics}({}){output} {bounds}", arguments.join(", ")).trim_end().to_owned()
}

fn variant_fields(fields: &Fields) -> String {
    let one = |field: &Field| {
        let name = field.ident.as_ref().map_or_else(String::new, |name| format!("{name}: "));
        format!("{name}{}", text(&field.ty))
    };
    let list: Vec<_> = fields.iter().map(one).collect();
    match fields {
        Fields::Unit => String::new(),
        Fields::Named(_) => format!("{{ {} }}", list.join(", ")),
        Fields::Unnamed(_) => format!("({})", list.join(", ")),
    }
}
