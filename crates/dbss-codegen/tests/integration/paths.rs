//! Generated code names things by absolute paths only, so that no name of a contract can collide
//! with one of its own.

use std::collections::BTreeSet;

use crate::support::{contracts, read};
use dbss_codegen::Contract;
use syn::visit::{self, Visit};

const PRIMITIVES: [&str; 9] = ["bool", "f32", "f64", "i32", "i64", "str", "u16", "u8", "usize"];

/// Looks for imports, and for paths that depend on what is in scope.
#[derive(Default)]
struct Paths {
    /// The type parameters of the functions and blocks around.
    parameters: Vec<String>,
    found: BTreeSet<String>,
}

impl Paths {
    fn within(&mut self, generics: &syn::Generics, visit: impl FnOnce(&mut Self)) {
        let before = self.parameters.len();
        self.parameters.extend(generics.type_params().map(|parameter| parameter.ident.to_string()));
        visit(self);
        self.parameters.truncate(before);
    }

    /// Whether a path means the same wherever it stands. A local variable is a name in small letters;
    /// no item that a value could be confused with has such a name.
    fn is_absolute(&self, path: &syn::Path, is_value: bool) -> bool {
        let Some(first) = path.segments.first() else { return false };
        let name = first.ident.to_string();
        let is_single = path.segments.len() == 1;
        path.leading_colon.is_some()
            || name == "crate"
            || name == "Self"
            || (is_value && is_single && !name.starts_with(char::is_uppercase))
            || self.parameters.contains(&name)
            || (is_single && PRIMITIVES.contains(&name.as_str()))
    }

    fn check(&mut self, path: &syn::Path, is_value: bool) {
        if !self.is_absolute(path, is_value) {
            let names: Vec<_> = path.segments.iter().map(|part| part.ident.to_string()).collect();
            self.found.insert(names.join("::"));
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, _: &'ast syn::ItemUse) {
        self.found.insert("use".to_owned());
    }

    // Names of attributes and macros are not those of items.
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_macro(&mut self, found: &'ast syn::Macro) {
        if !found.path.is_ident("compile_error") {
            self.check(&found.path, false);
        }
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        self.within(&item.generics, |paths| match &*item.self_ty {
            // The type that this file declares.
            syn::Type::Path(own) if own.path.get_ident().is_some() => {
                if let Some((path, _)) = &item.trait_ {
                    paths.visit_path(path);
                }
                item.items.iter().for_each(|item| paths.visit_impl_item(item));
            }
            _ => visit::visit_item_impl(paths, item),
        });
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.within(&item.sig.generics, |paths| visit::visit_impl_item_fn(paths, item));
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.within(&item.sig.generics, |paths| visit::visit_item_fn(paths, item));
    }

    fn visit_expr_path(&mut self, found: &'ast syn::ExprPath) {
        if let Some(own) = &found.qself {
            self.visit_type(&own.ty);
        }
        self.check(&found.path, true);
        found.path.segments.iter().for_each(|part| self.visit_path_arguments(&part.arguments));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.check(path, false);
        visit::visit_path(self, path);
    }
}

#[test]
fn names_everything_by_absolute_paths() {
    let own = ("dbss".to_owned(), read("openapi/dbss.yaml"));
    for (name, text) in contracts("good").into_iter().chain(contracts("odd")).chain([own]) {
        let contract = Contract::parse(&name, text).unwrap_or_else(|report| panic!("{report}"));
        let files = contract.generate().unwrap_or_else(|report| panic!("{report}"));
        // What progenitor writes has its imports; the names in it are replaced where they collide.
        for file in files.iter().filter(|file| file.name != "raw.rs") {
            let parsed = syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{error}"));
            let mut paths = Paths::default();
            paths.visit_file(&parsed);
            assert!(paths.found.is_empty(), "{name}: {}: {:?}", file.name, paths.found);
        }
    }
}
