//! Prints tokens as readable source: doc comments line by line, safe for rustdoc, and
//! blank lines between items.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use syn::visit::{self, Visit};
use syn::visit_mut::VisitMut;

use super::docs;
use super::model::Result;

/// Where the doc comments of a file come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DocSource {
    /// Copied from the contract by progenitor: they are escaped here.
    Pasted,
    /// Written by this crate: the descriptions in them are escaped already.
    Written,
}

/// Prints a file: header, then the items of `tokens`.
pub(crate) fn file(header: &str, docs: DocSource, tokens: TokenStream) -> Result<String> {
    let mut file: syn::File = syn::parse2(tokens)
        .map_err(|error| format!("the generated code does not parse: {error}"))?;
    Docs(docs).visit_file_mut(&mut file);
    let printed = prettyplease::unparse(&file);
    Ok(format!("{header}\n{}", spaced(&printed)?))
}

/// Splits every doc attribute into one per line, so that the printer writes
/// `///` lines. A `/** … */` block would have its text indented by formatters,
/// which turns prose into code that rustdoc then compiles.
struct Docs(DocSource);

impl VisitMut for Docs {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        let mut split = Vec::with_capacity(attributes.len());
        for attribute in attributes.drain(..) {
            match doc_text(&attribute) {
                Some(text) => {
                    let text = text.replace("\r\n", "\n").replace('\r', "\n");
                    let lines = match self.0 {
                        DocSource::Pasted if is_generators_own(&text) => own_lines(&text),
                        DocSource::Pasted => docs::lines(&text),
                        DocSource::Written => own_lines(&text),
                    };
                    split.extend(lines.into_iter().map(|line| {
                        let line = visible(&line);
                        let line = if line.is_empty() { line } else { format!(" {line}") };
                        syn::parse_quote!(#[doc = #line])
                    }));
                }
                None => split.push(attribute),
            }
        }
        *attributes = split;
    }
}

/// A line in which every character can be seen.
///
/// rustc refuses characters in comments that change the direction of the text after them, because
/// they let code look like other code; and a control character can do as much in a terminal. In
/// string literals, which are printed with escapes, they are what the contract says.
fn visible(line: &str) -> String {
    let hides = |c: char| {
        (c.is_control() && c != '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let shown = |c: char| if hides(c) { c.escape_unicode().to_string() } else { c.to_string() };
    line.chars().map(shown).collect()
}

/// Whether progenitor wrote the text itself: then it links to its own methods.
fn is_generators_own(text: &str) -> bool {
    text.starts_with("Builder for [`Client::")
}

/// The lines unchanged; `///` in `quote!` includes the space after it.
fn own_lines(text: &str) -> Vec<String> {
    let text = if text.contains('\n') { text } else { text.strip_prefix(' ').unwrap_or(text) };
    text.split('\n').map(|line| line.trim_end().to_owned()).collect()
}

/// The text of a `#[doc = "…"]` attribute.
pub(crate) fn doc_text(attribute: &syn::Attribute) -> Option<String> {
    let syn::Meta::NameValue(pair) = &attribute.meta else { return None };
    let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &pair.value else {
        return None;
    };
    pair.path.is_ident("doc").then(|| text.value())
}

/// Puts an empty line between items, except for those of one line that follow each other.
fn spaced(printed: &str) -> Result<String> {
    let file = syn::parse_file(printed)
        .map_err(|error| format!("the printed code does not parse: {error}"))?;
    let mut starts = Starts::default();
    starts.items(&file.items);
    starts.visit_file(&file);
    let mut out = String::with_capacity(printed.len() + starts.lines.len());
    for (index, line) in printed.lines().enumerate() {
        if starts.lines.contains(&(index + 1)) {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
    }
    Ok(out)
}

/// The lines at which items begin that are not the first of their block.
#[derive(Default)]
struct Starts {
    lines: BTreeSet<usize>,
}

impl Starts {
    fn items(&mut self, items: &[syn::Item]) {
        self.siblings(items.iter().map(syn::spanned::Spanned::span));
    }

    fn siblings(&mut self, spans: impl Iterator<Item = proc_macro2::Span>) {
        let mut before = None;
        for span in spans {
            let (start, end) = (span.start().line, span.end().line);
            let is_short = start == end;
            if before.is_some_and(|was_short| !(was_short && is_short)) {
                self.lines.insert(start);
            }
            before = Some(is_short);
        }
    }
}

impl<'ast> Visit<'ast> for Starts {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if let Some((_, items)) = &module.content {
            self.items(items);
        }
        visit::visit_item_mod(self, module);
    }

    fn visit_item_impl(&mut self, block: &'ast syn::ItemImpl) {
        self.siblings(block.items.iter().map(syn::spanned::Spanned::span));
        visit::visit_item_impl(self, block);
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn prints_texts_that_rustc_takes_in_comments() {
        let text = "one\rtwo\r\nthree\u{202e} \u{2066} \0\u{b}\u{1b}";
        for docs in [DocSource::Pasted, DocSource::Written] {
            let item = quote! {
                #[doc = #text]
                pub const TEXT: &str = #text;
            };
            let printed = file("// header", docs, item).unwrap_or_else(|error| error);
            let expected = [
                "// header",
                "/// one",
                "/// two",
                r"/// three\u{202e} \u{2066} \u{0}\u{b}\u{1b}",
                r#"pub const TEXT: &str = "one\rtwo\r\nthree\u{202e} \u{2066} \0\u{b}\u{1b}";"#,
                "",
            ];
            assert_eq!(printed, expected.join("\n"));
        }
    }
}
