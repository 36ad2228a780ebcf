//! The text of a document, with an index that converts between bytes, characters, lines and
//! columns.

use std::sync::Arc;

use crate::diagnostic::excerpt::{Excerpt, floor_char_boundary};
use crate::diagnostic::{Diagnostic, Position, Rule, escape};
use crate::node::Span;

/// The byte order mark; columns of the first line are counted after it.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A named text with its index.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    name: Arc<str>,
    text: String,
    /// The offset of the first byte of each line.
    line_starts: Vec<usize>,
    /// The number of characters that start before byte `BLOCK_BYTES * index`. Lines can be
    /// megabytes long, and counting from the start of the line for each diagnostic would be
    /// quadratic.
    characters_before_block: Vec<usize>,
}

const BLOCK_BYTES: usize = 64;

impl Source {
    pub(crate) fn new(name: String, text: String) -> Self {
        let first = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
        let mut line_starts = vec![first];
        let mut characters_before_block = Vec::with_capacity(text.len() / BLOCK_BYTES + 1);
        let mut count = 0;
        let mut bytes = text.bytes().enumerate().peekable();
        while let Some((at, byte)) = bytes.next() {
            if at % BLOCK_BYTES == 0 {
                characters_before_block.push(count);
            }
            if is_character_start(byte) {
                count += 1;
            }
            let next = bytes.peek().map(|&(_, next)| next);
            if byte == b'\n' || (byte == b'\r' && next != Some(b'\n')) {
                line_starts.push(at + 1);
            }
        }
        Self { name: name.into(), text, line_starts, characters_before_block }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The offset of the character with this index, or the length of the text if there are fewer.
    pub(crate) fn byte_of_character(&self, character: usize) -> usize {
        let block = self
            .characters_before_block
            .partition_point(|&before| before <= character)
            .saturating_sub(1);
        let before = self.characters_before_block.get(block).copied().unwrap_or(0);
        let start = block * BLOCK_BYTES;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        rest.iter()
            .enumerate()
            .filter(|&(_, &byte)| is_character_start(byte))
            .nth(character - before)
            .map_or(self.text.len(), |(offset, _)| start + offset)
    }

    fn characters_before(&self, byte: usize) -> usize {
        let block = byte / BLOCK_BYTES;
        let Some(&before) = self.characters_before_block.get(block) else {
            // Only the end of the text can be past the last block.
            let last = self.characters_before_block.len().saturating_sub(1);
            return self
                .characters_before_block
                .last()
                .map_or(0, |before| before + self.count_characters(last * BLOCK_BYTES, byte));
        };
        before + self.count_characters(block * BLOCK_BYTES, byte)
    }

    fn count_characters(&self, start: usize, end: usize) -> usize {
        let bytes = self.text.as_bytes().get(start..end).unwrap_or_default();
        bytes.iter().filter(|&&byte| is_character_start(byte)).count()
    }

    /// The end of a quoted scalar. The parser's span can begin with an anchor or a tag, and
    /// includes white space and comments after the closing quote.
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

    /// The line and column of a byte offset.
    pub(crate) fn position(&self, byte: usize) -> Position {
        let (line, start) = self.line_of(byte);
        let byte = byte.clamp(start, self.text.len().max(start));
        let column = self.characters_before(byte) - self.characters_before(start) + 1;
        Position { line, column }
    }

    /// The number of the line that a byte is in, and the offset of that line.
    fn line_of(&self, byte: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|&start| start <= byte).max(1);
        (line, self.line_starts.get(line - 1).copied().unwrap_or(0))
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
        let end = self.line_starts.get(line).copied().unwrap_or(self.text.len());
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

/// Whether a byte is the first of a UTF-8 character.
fn is_character_start(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_between_bytes_and_characters() {
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
