//! The excerpt of a source line that a diagnostic shows.

/// A source line, or a part of it, and the position of the carets below it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Excerpt {
    /// The text, escaped so that each character takes one column.
    pub(crate) text: String,
    /// The number of characters before the first caret.
    pub(crate) indent: usize,
    /// The number of carets, at least one.
    pub(crate) carets: usize,
}

/// How much of a line is shown before and after the marked span, in characters.
const CONTEXT_BEFORE: usize = 60;
const CONTEXT_AFTER: usize = 60;
/// The maximum number of carets; spans can be long (a whole flow mapping, a description).
const MAX_CARETS: usize = 60;

impl Excerpt {
    /// Shows `line` with its bytes `start..end` marked. Only the shown part is processed, since a
    /// line can be megabytes long.
    pub(crate) fn new(line: &str, start: usize, end: usize) -> Self {
        let start = floor_char_boundary(line, start);
        let end = floor_char_boundary(line, end).max(start);
        let before = line.get(..start).unwrap_or_default();
        let marked = line.get(start..end).unwrap_or_default();

        let shown_before: Vec<char> = before.chars().rev().take(CONTEXT_BEFORE).collect();
        let cut_before = before.chars().nth_back(CONTEXT_BEFORE).is_some();
        let mut text = if cut_before { "…".to_owned() } else { String::new() };
        for character in shown_before.into_iter().rev() {
            push_escaped(&mut text, character);
        }
        let indent = text.chars().count();

        for character in marked.chars().take(MAX_CARETS) {
            push_escaped(&mut text, character);
        }
        let carets = (text.chars().count() - indent).max(1);

        let cut_mark = marked.chars().nth(MAX_CARETS).is_some();
        let after = if cut_mark { "" } else { line.get(end..).unwrap_or_default() };
        for character in after.chars().take(CONTEXT_AFTER) {
            push_escaped(&mut text, character);
        }
        if cut_mark || after.chars().nth(CONTEXT_AFTER).is_some() {
            text.push('…');
        }
        text.truncate(text.trim_end().len());
        Self { text, indent, carets }
    }
}

/// The nearest character boundary at or before `index`.
pub(crate) fn floor_char_boundary(text: &str, index: usize) -> usize {
    let index = index.min(text.len());
    (0..=index).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Appends a character as [`escape`](super::escape) describes.
pub(super) fn push_escaped(text: &mut String, character: char) {
    match character {
        '\t' => text.push(' '),
        '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{00ad}'
        | '\u{fff9}'..='\u{fffb}' => text.extend(character.escape_unicode()),
        _ if character.is_control() => text.extend(character.escape_default()),
        _ => text.push(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_short_lines_whole() {
        let shown = Excerpt::new("  é: value", 2, 4);
        assert_eq!((shown.text.as_str(), shown.indent, shown.carets), ("  é: value", 2, 1));
    }

    #[test]
    fn cuts_long_lines_around_the_marked_span() {
        let line = format!("{}MARK{}", "é".repeat(5_000), "b".repeat(5_000));
        let shown = Excerpt::new(&line, 10_000, 10_004);
        assert_eq!(
            shown.text,
            format!("…{}MARK{}…", "é".repeat(CONTEXT_BEFORE), "b".repeat(CONTEXT_AFTER))
        );
        assert_eq!((shown.indent, shown.carets), (CONTEXT_BEFORE + 1, 4));
    }

    #[test]
    fn limits_carets_of_long_spans_and_gives_empty_ones_one() {
        assert_eq!(Excerpt::new(&"a".repeat(1_000), 0, 1_000).carets, MAX_CARETS);
        assert_eq!(Excerpt::new("", 0, 0).carets, 1);
        assert_eq!(Excerpt::new("é", 7, 9).carets, 1);
    }

    #[test]
    fn aligns_carets_after_escaped_characters() {
        let shown = Excerpt::new("a\u{7}b", 2, 3);
        assert_eq!((shown.text.as_str(), shown.indent), ("a\\u{7}b", 6));
    }
}
