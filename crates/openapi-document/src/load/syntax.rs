//! Determines the cause of a syntax error from the text, because the parser reports it only as
//! prose.

/// How many flow collections are open at the end of a text, judged by its brackets. Brackets inside
/// scalars are counted too, so the result is good enough for help texts only.
pub(super) fn open_brackets(text: &str) -> usize {
    text.bytes().fold(0, |open: usize, byte| match byte {
        b'[' | b'{' => open + 1,
        b']' | b'}' => open.saturating_sub(1),
        _ => open,
    })
}

/// Whether the line that a byte is in, or the next one that is not blank, is indented with a tab.
/// The next line matters because the parser reports a bad continuation line at the scalar it
/// continues.
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
    fn counts_open_brackets() {
        for (text, open) in [("", 0), ("[{a: [", 3), ("[{}, [], {", 2), ("]]", 0), ("]][", 1)] {
            assert_eq!(open_brackets(text), open, "{text}");
        }
    }

    #[test]
    fn detects_tab_indentation_in_the_line_and_the_next() {
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
