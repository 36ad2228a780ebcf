//! What a syntax error is about, told from the text: the parser says it in prose only.

/// How many flow collections are open at the end of a text, as its brackets have it. Brackets inside
/// of scalars count as well, so this is good for advice and for nothing else.
pub(super) fn open_brackets(text: &str) -> usize {
    text.bytes().fold(0, |open: usize, byte| match byte {
        b'[' | b'{' => open + 1,
        b']' | b'}' => open.saturating_sub(1),
        _ => open,
    })
}

/// Whether the line of a byte, or the one after it that is not blank, is indented with a tab. The
/// parser points to a scalar when the line that continues it is.
pub(super) fn is_indented_with_tab(text: &str, at: usize) -> bool {
    let start =
        text.get(..at).and_then(|before| before.rfind(['\n', '\r'])).map_or(0, |end| end + 1);
    let rest = text.get(start..).unwrap_or_default();
    let lines = rest.split(['\n', '\r']).filter(|line| !line.trim().is_empty());
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    lines.take(2).any(|line| line.get(..indent(line)).unwrap_or_default().contains('\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_that_are_open_are_counted() {
        for (text, open) in [("", 0), ("[{a: [", 3), ("[{}, [], {", 2), ("]]", 0), ("]][", 1)] {
            assert_eq!(open_brackets(text), open, "{text}");
        }
    }

    #[test]
    fn tabs_count_as_indentation_at_the_line_and_after_it() {
        for (text, at, expected) in [
            ("a:\n\tb: 1\n", 4, true),
            ("a: 1\n\n  \tb: 1\n", 3, true),
            ("a: 1\nb: 2\n\tc: 3\n", 0, false),
            ("a:\tb\nc: 1\n", 0, false),
            ("\tx", 1, true),
            ("", 0, false),
        ] {
            assert_eq!(is_indented_with_tab(text, at), expected, "{text:?}");
        }
    }
}
