//! The piece of a source line that a diagnostic shows.

/// A source line, or a window of it, and where the carets go beneath it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Excerpt {
    /// What is shown, with everything escaped that does not take one cell.
    pub(crate) text: String,
    /// How many characters stand before the first caret.
    pub(crate) indent: usize,
    /// How many carets there are; never none.
    pub(crate) carets: usize,
}

/// How much of a line is shown before and after the place that is meant, in characters.
const BEFORE: usize = 60;
const AFTER: usize = 60;
/// Long spans (a whole flow mapping, a description) get this many carets at most.
const LONGEST_MARK: usize = 60;

impl Excerpt {
    /// Shows `line` with its bytes `start..end` marked. Only the window is looked at, since a
    /// line can be megabytes long.
    pub(crate) fn new(line: &str, start: usize, end: usize) -> Self {
        let start = floor_char_boundary(line, start);
        let end = floor_char_boundary(line, end).max(start);
        let before = line.get(..start).unwrap_or_default();
        let marked = line.get(start..end).unwrap_or_default();

        let shown_before: Vec<char> = before.chars().rev().take(BEFORE).collect();
        let cut_before = before.chars().nth_back(BEFORE).is_some();
        let mut text = if cut_before { "…".to_owned() } else { String::new() };
        for character in shown_before.into_iter().rev() {
            push_escaped(&mut text, character);
        }
        let indent = text.chars().count();

        for character in marked.chars().take(LONGEST_MARK) {
            push_escaped(&mut text, character);
        }
        let carets = (text.chars().count() - indent).max(1);

        let cut_mark = marked.chars().nth(LONGEST_MARK).is_some();
        let after = if cut_mark { "" } else { line.get(end..).unwrap_or_default() };
        for character in after.chars().take(AFTER) {
            push_escaped(&mut text, character);
        }
        if cut_mark || after.chars().nth(AFTER).is_some() {
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

/// Appends a character as it is shown: tabs as one space, controls and the characters that
/// hide or reorder text as their escapes.
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
    fn a_short_line_is_shown_whole() {
        let shown = Excerpt::new("  é: value", 2, 4);
        assert_eq!((shown.text.as_str(), shown.indent, shown.carets), ("  é: value", 2, 1));
    }

    #[test]
    fn a_long_line_is_cut_round_the_mark() {
        let line = format!("{}MARK{}", "é".repeat(5_000), "b".repeat(5_000));
        let shown = Excerpt::new(&line, 10_000, 10_004);
        assert_eq!(shown.text, format!("…{}MARK{}…", "é".repeat(BEFORE), "b".repeat(AFTER)));
        assert_eq!((shown.indent, shown.carets), (BEFORE + 1, 4));
    }

    #[test]
    fn a_long_mark_is_cut_and_an_empty_one_has_a_caret() {
        assert_eq!(Excerpt::new(&"a".repeat(1_000), 0, 1_000).carets, LONGEST_MARK);
        assert_eq!(Excerpt::new("", 0, 0).carets, 1);
        assert_eq!(Excerpt::new("é", 7, 9).carets, 1);
    }

    #[test]
    fn escapes_move_the_carets_along() {
        let shown = Excerpt::new("a\u{7}b", 2, 3);
        assert_eq!((shown.text.as_str(), shown.indent), ("a\\u{7}b", 6));
    }
}
