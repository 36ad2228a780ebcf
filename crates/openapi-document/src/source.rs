//! A named text with an index of its lines and characters.

use std::sync::Arc;

use crate::diagnostic::excerpt::{Excerpt, floor_char_boundary};
use crate::diagnostic::{Diagnostic, Position, Rule, escape};
use crate::node::Span;

/// The byte order mark, which is no part of the first line.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The text of a document and what it takes to point into it.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    name: Arc<str>,
    text: String,
    /// The first byte of each line.
    lines: Vec<usize>,
    /// The number of characters that start before byte `64 * index`: lines can be megabytes
    /// long, and counting from their start for every finding would take forever.
    characters: Vec<usize>,
}

const STRIDE: usize = 64;

impl Source {
    pub(crate) fn new(name: String, text: String) -> Self {
        let first = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
        let mut lines = vec![first];
        let mut characters = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut count = 0;
        let mut bytes = text.bytes().enumerate().peekable();
        while let Some((at, byte)) = bytes.next() {
            if at % STRIDE == 0 {
                characters.push(count);
            }
            if is_character_start(byte) {
                count += 1;
            }
            let next = bytes.peek().map(|&(_, next)| next);
            if byte == b'\n' || (byte == b'\r' && next != Some(b'\n')) {
                lines.push(at + 1);
            }
        }
        Self { name: name.into(), text, lines, characters }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The byte at which the character with this index starts; past the end, the length.
    pub(crate) fn byte_of_character(&self, character: usize) -> usize {
        let block =
            self.characters.partition_point(|&before| before <= character).saturating_sub(1);
        let before = self.characters.get(block).copied().unwrap_or(0);
        let start = block * STRIDE;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        rest.iter()
            .enumerate()
            .filter(|&(_, &byte)| is_character_start(byte))
            .nth(character - before)
            .map_or(self.text.len(), |(offset, _)| start + offset)
    }

    fn characters_before(&self, byte: usize) -> usize {
        let block = byte / STRIDE;
        let Some(&before) = self.characters.get(block) else {
            // Only the end of the text can lie past the last block.
            let last = self.characters.len().saturating_sub(1);
            return self
                .characters
                .last()
                .map_or(0, |before| before + self.count(last * STRIDE, byte));
        };
        before + self.count(block * STRIDE, byte)
    }

    fn count(&self, start: usize, end: usize) -> usize {
        let bytes = self.text.as_bytes().get(start..end).unwrap_or_default();
        bytes.iter().filter(|&&byte| is_character_start(byte)).count()
    }

    /// Where a quoted scalar ends. The parser takes white space and comments after it into its
    /// span; an anchor or a tag can stand before it.
    pub(crate) fn end_of_quoted(&self, span: Span) -> usize {
        let text = self.text.get(span.start..span.end).unwrap_or_default();
        let mut characters = text.char_indices().peekable();
        let Some((_, quote)) = characters.find(|(_, character)| matches!(character, '"' | '\''))
        else {
            return span.end;
        };
        while let Some((at, character)) = characters.next() {
            if character == '\\' && quote == '"' {
                characters.next();
            } else if character == quote {
                let doubled =
                    quote == '\'' && characters.next_if(|&(_, next)| next == quote).is_some();
                if !doubled {
                    return span.start + at + 1;
                }
            }
        }
        span.end
    }

    /// The line and column of a byte.
    pub(crate) fn position(&self, byte: usize) -> Position {
        let (line, start) = self.line_of(byte);
        let byte = byte.clamp(start, self.text.len().max(start));
        let column = self.characters_before(byte) - self.characters_before(start) + 1;
        Position { line, column }
    }

    /// The number of a byte's line, and its first byte.
    fn line_of(&self, byte: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|&start| start <= byte).max(1);
        (line, self.lines.get(line - 1).copied().unwrap_or(0))
    }

    pub(crate) fn diagnostic(
        &self,
        rule: &Rule,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        let at = floor_char_boundary(&self.text, span.start);
        let (line, start) = self.line_of(at);
        let end = self.lines.get(line).copied().unwrap_or(self.text.len());
        let shown = self.text.get(start..end).unwrap_or_default().trim_end_matches(['\r', '\n']);
        let end_of_span = span.end.clamp(at, (start + shown.len()).max(at));
        Diagnostic {
            file: Arc::clone(&self.name),
            position: self.position(at),
            severity: rule.severity,
            rule: rule.id,
            message: escape(&message.into()),
            help: escape(&help.into()),
            excerpt: Excerpt::new(
                shown,
                at.saturating_sub(start),
                end_of_span.saturating_sub(start),
            ),
        }
    }
}

/// Whether a byte is not the continuation of a character.
fn is_character_start(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_characters_convert_both_ways() {
        for text in ["", "a", &"aé漢🦀\n".repeat(100), &"é".repeat(64), &"a".repeat(64)] {
            let source = Source::new("test".into(), text.to_owned());
            for (index, (byte, _)) in text.char_indices().enumerate() {
                assert_eq!(source.byte_of_character(index), byte);
                assert_eq!(source.characters_before(byte), index);
            }
            let count = text.chars().count();
            assert_eq!(source.byte_of_character(count), text.len());
            assert_eq!(source.byte_of_character(count + 1_000), text.len());
            assert_eq!(source.characters_before(text.len()), count);
        }
    }
}
