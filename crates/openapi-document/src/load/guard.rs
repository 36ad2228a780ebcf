//! Refuses texts that the parser could not read in bounded time and memory.

use crate::diagnostic::Diagnostic;
use crate::node::Span;
use crate::rules;
use crate::source::Source;

/// The longest text that is read, in bytes.
const LONGEST_TEXT: usize = 8 * 1024 * 1024;
/// The parser holds a flow collection's tokens until it knows that this is not a key, so their
/// number is bounded beforehand. Every token takes one of these characters, or follows one.
const INDICATORS: [u8; 7] = *b",:[]{}?";
const MOST_INDICATORS: usize = 500_000;

/// Why a text cannot be given to the parser at all. `text` is what the parser would get of `source`.
pub(super) fn refuse(source: &Source, text: &str) -> Option<Diagnostic> {
    if text.len() > LONGEST_TEXT {
        let message = format!(
            "the document has {} bytes, more than the {LONGEST_TEXT} that are read",
            text.len()
        );
        let help = "split it, or take large examples out of it";
        return Some(source.diagnostic(&rules::DOCUMENT_TOO_LARGE, Span::default(), message, help));
    }
    if text.bytes().filter(|byte| INDICATORS.contains(byte)).count() > MOST_INDICATORS {
        let message =
            format!("the document has more than {MOST_INDICATORS} of the characters `,:[]{{}}?`");
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
        format!("the control character U+{:04X} cannot stand in YAML", u32::from(character)),
        "remove it, or write it as an escape in a double-quoted string",
    ))
}
