//! Generated Rust as a reviewer reads it: an item and what can be done with it,
//! without the bodies.

use std::collections::BTreeMap;

use syn::{ImplItem, Item, Visibility};

use crate::Snapshot;

/// One snapshot a type: its definition, its traits and its methods.
///
/// A tuple struct that checks what it is made from shows its `FromStr` whole,
/// since that is where its limits stand.
#[must_use]
pub fn types(source: &str) -> Vec<Snapshot> {
    let file = parse(source);
    let items = module(&file.items, &["types"]).unwrap_or(&file.items);
    // Conversions into foreign types say nothing that those from them do not.
    let defined = |name: &String| items.iter().any(|item| defines(item).as_ref() == Some(name));
    group(items).into_iter().filter(|(name, _)| defined(name)).collect()
}

/// The name of the type that the item defines.
fn defines(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

/// One snapshot for each public type with public methods, and one for the free
/// functions and statics of a module.
#[must_use]
pub fn signatures(source: &str, modules: &[&str], prefix: &str) -> Vec<Snapshot> {
    let file = parse(source);
    let items = module(&file.items, modules).unwrap_or_default();
    group(items).into_iter().map(|(name, text)| (format!("{prefix}{name}"), text)).collect()
}

fn parse(source: &str) -> syn::File {
    syn::parse_file(source).unwrap_or_else(|error| unreadable(&error.to_string()))
}

#[allow(clippy::panic, reason = "a test that cannot read what it tests has failed")]
fn unreadable(message: &str) -> ! {
    panic!("the generated source does not parse: {message}")
}

fn module<'a>(items: &'a [Item], path: &[&str]) -> Option<&'a [Item]> {
    let Some((first, rest)) = path.split_first() else { return Some(items) };
    let inner = items.iter().find_map(|item| match item {
        Item::Mod(found) if found.ident == first => found.content.as_ref(),
        _ => None,
    })?;
    module(&inner.1, rest)
}

/// The public items by name, each with what is implemented for it.
fn group(items: &[Item]) -> BTreeMap<String, String> {
    let mut parts: BTreeMap<String, Vec<Item>> = BTreeMap::new();
    for item in items {
        let name = match item {
            Item::Struct(found) if is_public(&found.vis) => found.ident.to_string(),
            Item::Enum(found) if is_public(&found.vis) => found.ident.to_string(),
            Item::Static(found) if is_public(&found.vis) => "statics".to_owned(),
            Item::Const(found) if is_public(&found.vis) => "statics".to_owned(),
            Item::Fn(found) if is_public(&found.vis) => "functions".to_owned(),
            Item::Impl(found) => match implementor(found) {
                Some(name) => name,
                None => continue,
            },
            _ => continue,
        };
        parts.entry(name).or_default().push(item.clone());
    }
    let mut texts = BTreeMap::new();
    for (name, items) in parts {
        let checks = items.iter().any(
            |item| matches!(item, Item::Struct(s) if matches!(s.fields, syn::Fields::Unnamed(_))),
        );
        let items: Vec<Item> = items.into_iter().filter_map(|item| outline(item, checks)).collect();
        let printed: Vec<String> = items
            .into_iter()
            .map(|item| {
                prettyplease::unparse(&syn::File {
                    shebang: None,
                    frontmatter: None,
                    attrs: Vec::new(),
                    items: vec![item],
                })
            })
            .collect();
        if !printed.is_empty() {
            // Empty bodies are the printer's, not the code's.
            let text = printed.join("\n").replace(" {}\n", ";\n").replace(",\n   ;\n", ";\n");
            texts.insert(name, text);
        }
    }
    texts
}

/// The item without the bodies of its functions; nothing for what is private.
fn outline(item: Item, keep_checks: bool) -> Option<Item> {
    match item {
        Item::Impl(mut block) => {
            let of_trait = block.trait_.is_some();
            let trait_name = block.trait_.as_ref().and_then(|(path, ..)| path.segments.last());
            let checks = keep_checks && trait_name.is_some_and(|s| s.ident == "FromStr");
            block.items.retain(|item| of_trait || is_public_item(item));
            if !checks {
                block.items.iter_mut().for_each(empty);
            }
            // What a trait asks for is known from the trait.
            if of_trait && !checks {
                block.items.retain(|item| matches!(item, ImplItem::Type(_)));
            }
            (of_trait || !block.items.is_empty()).then_some(Item::Impl(block))
        }
        Item::Fn(mut function) => {
            function.block.stmts.clear();
            Some(Item::Fn(function))
        }
        Item::Static(mut item) => {
            *item.expr = syn::parse_quote!(_);
            Some(Item::Static(item))
        }
        Item::Struct(mut item) => {
            // Private fields are nobody's business but the generator's.
            let fields = match &mut item.fields {
                syn::Fields::Named(fields) => &mut fields.named,
                syn::Fields::Unnamed(fields) => &mut fields.unnamed,
                syn::Fields::Unit => return Some(Item::Struct(item)),
            };
            let kept = std::mem::take(fields).into_iter();
            *fields = kept.filter(|field| is_public(&field.vis)).collect();
            Some(Item::Struct(item))
        }
        other => Some(other),
    }
}

fn empty(item: &mut ImplItem) {
    if let ImplItem::Fn(function) = item {
        function.block.stmts.clear();
        function.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    }
}

/// The type that an `impl` block is for; none of ours for a foreign one.
fn implementor(block: &syn::ItemImpl) -> Option<String> {
    let syn::Type::Path(path) = block.self_ty.as_ref() else { return None };
    Some(path.path.segments.last()?.ident.to_string())
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_public_item(item: &ImplItem) -> bool {
    match item {
        ImplItem::Fn(function) => is_public(&function.vis),
        ImplItem::Const(constant) => is_public(&constant.vis),
        _ => true,
    }
}
