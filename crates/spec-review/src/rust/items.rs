//! The public items of generated code.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::{
    Attribute, Field, Fields, FnArg, ImplItem, Item, ItemImpl, ReturnType, Signature, Visibility,
};

use crate::change::ItemKind;
use crate::subject::{ItemPath, Member};

/// One public item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Public {
    pub(super) kind: ItemKind,
    /// What code sees of it: a type, a signature.
    pub(super) signature: String,
    /// Whether code outside has to reckon with more members.
    pub(super) open: bool,
}

/// All public items, by the path under which code names them.
#[derive(Debug, Default)]
pub(super) struct Items(pub(super) BTreeMap<ItemPath, Public>);

impl Items {
    /// Reads the items of a module.
    pub(super) fn read(&mut self, module: &str, items: &[Item]) {
        for item in items {
            self.item(module, item);
        }
    }

    fn add(&mut self, path: ItemPath, kind: ItemKind, signature: String, open: bool) {
        self.0.insert(path, Public { kind, signature, open });
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
                let open = non_exhaustive(&item.attrs) || hidden;
                self.add(path.clone(), ItemKind::Struct, text(&item.generics), open);
                self.derives(&path, &item.attrs);
                self.fields(&path, &item.fields);
            }
            Item::Enum(item) if public(&item.vis) => {
                let path = at(&item.ident);
                let open = non_exhaustive(&item.attrs);
                self.add(path.clone(), ItemKind::Enum, text(&item.generics), open);
                self.derives(&path, &item.attrs);
                for variant in &item.variants {
                    let path = path.member(Member::Associated(variant.ident.to_string()));
                    self.add(path, ItemKind::Variant, shape(&variant.fields), false);
                }
            }
            Item::Impl(item) => self.implementation(module, item),
            Item::Mod(item) if public(&item.vis) => {
                // The crate gives the schemas' types a module of their own.
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
            // What cannot be read as a list of traits is no derive of the generator's.
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
        let (module, owner) = if let Some(owner) = owner.strip_prefix("super::") {
            // A module inside may implement something for its parent's type.
            (module.rsplit_once("::").map_or(module, |(parent, _)| parent), owner)
        } else if is_of_crate(&item.self_ty) {
            // Its client, or the type of a schema.
            owner.rsplit_once("::").unwrap_or(("", owner))
        } else {
            (module, owner)
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

/// Whether a type is written with its path from the root of the crate.
fn is_of_crate(ty: &syn::Type) -> bool {
    let syn::Type::Path(path) = ty else { return false };
    path.path.segments.first().is_some_and(|first| first.ident == "crate")
}

fn public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn non_exhaustive(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("non_exhaustive"))
}

/// Tokens as people write them.
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

/// A path without the modules that lead to it.
fn short(path: &str) -> String {
    let (start, arguments) =
        path.split_once('<').map_or((path, None), |(start, rest)| (start, Some(rest)));
    let name = start.rsplit("::").next().unwrap_or(start);
    arguments.map_or_else(|| name.to_owned(), |arguments| format!("{name}<{arguments}"))
}

/// What a call has to fit: the types, not the names of the arguments.
fn signature(signature: &Signature) -> String {
    let arguments = signature.inputs.iter().map(|argument| match argument {
        FnArg::Receiver(receiver) => {
            let written = text(receiver);
            // `mut self` is the method's own business.
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

fn shape(fields: &Fields) -> String {
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
