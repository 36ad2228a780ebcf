//! Rejects texts that the parser could not process in bounded time and memory, or not at all.

use crate::diagnostic::Diagnostic;
use crate::node::Span;
use crate::read::MAX_TEXT_BYTES;
use crate::rules;
use crate::source::Source;

/// The parser buffers the tokens of a flow collection until it knows that the collection is not a
/// key, so their number is limited before parsing. Each token contains one of these characters or
/// follows one.
const INDICATORS: [u8; 7] = *b",:[]{}?";
const MAX_INDICATORS: usize = 500_000;

/// The reason, if any, why a text is not parsed. `text` is what the parser would get for `source`.
pub(super) fn check(source: &Source, text: &str) -> Option<Diagnostic> {
    if text.len() > MAX_TEXT_BYTES {
        let message = format!(
            "the document has {} bytes, more than the limit of {MAX_TEXT_BYTES}",
            text.len()
        );
        let help = "split it, or take large examples out of it";
        return Some(source.diagnostic(&rules::DOCUMENT_TOO_LARGE, Span::default(), message, help));
    }
    if text.bytes().filter(|byte| INDICATORS.contains(byte)).count() > MAX_INDICATORS {
        let message =
            format!("the document has more than {MAX_INDICATORS} of the characters `,:[]{{}}?`");
        let help = "split it, or take large examples out of it";
        return Some(source.diagnostic(&rules::DOCUMENT_TOO_LARGE, Span::default(), message, help));
    }
    let control = |c: char| {
        (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}')) || c == '\u{fffe}'
    };
    let (at, character) = source.text().char_indices().find(|&(_, c)| control(c))?;
    Some(source.diagnostic(
        &rules::YAML_SYNTAX,
        Span { start: at, end: at + character.len_utf8() },
        format!("the control character U+{:04X} is not allowed in YAML", u32::from(character)),
        "remove it, or write it as an escape in a double-quoted string",
    ))
}
