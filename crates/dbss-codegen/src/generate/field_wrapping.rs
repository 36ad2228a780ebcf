//! How typify wrapped each field, read from its output: in an `Option`, and in a `Box`,
//! by which typify breaks recursion.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use syn::visit::{self, Visit};

use super::model::{FieldWrapping, Model, Result, SchemaKind};

/// Reads the wrapping of every field of the model's objects.
pub(crate) fn read(model: &mut Model, raw: &TokenStream) -> Result<()> {
    let file: syn::File = syn::parse2(raw.clone())
        .map_err(|error| format!("progenitor's output does not parse: {error}"))?;
    let mut structs = Structs::default();
    for module in file.items.iter().filter(|item| matches!(item, syn::Item::Mod(_))) {
        structs.visit_item(module);
    }
    model.boxed_options = structs.boxed_options;
    for named in model.schemas.values_mut() {
        let SchemaKind::Object(fields) = &mut named.schema.kind else { continue };
        for field in fields {
            let found = structs.fields.get(&(named.rust.clone(), field.rust.clone()));
            field.wrapping = *found.ok_or_else(|| {
                format!("typify made no field `{}` of {}.{}", field.rust, named.wire, field.wire)
            })?;
        }
    }
    Ok(())
}

#[derive(Default)]
struct Structs {
    fields: BTreeMap<(String, String), FieldWrapping>,
    boxed_options: BTreeSet<String>,
}

/// Of the modules: progenitor's client stands beside them, and a schema may have its name.
impl<'ast> Visit<'ast> for Structs {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        // Within `types`, the module `builder` has structs of the same names.
        if module.ident != "builder" {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_type(&mut self, ty: &'ast syn::Type) {
        let boxed = argument(ty, "Option").and_then(|inner| argument(inner, "Box"));
        if let Some(syn::Type::Path(path)) = boxed {
            self.boxed_options.extend(path.path.get_ident().map(ToString::to_string));
        }
        visit::visit_type(self, ty);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        for field in &item.fields {
            let Some(name) = &field.ident else { continue };
            self.visit_type(&field.ty);
            let inner = argument(&field.ty, "Option");
            let wrapping = FieldWrapping {
                optional: inner.is_some(),
                boxed: argument(inner.unwrap_or(&field.ty), "Box").is_some(),
            };
            self.fields.insert((item.ident.to_string(), name.to_string()), wrapping);
        }
    }
}

/// The type argument of `…::<wrapper><_>`.
pub(super) fn argument<'t>(ty: &'t syn::Type, wrapper: &str) -> Option<&'t syn::Type> {
    let syn::Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == wrapper)?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
