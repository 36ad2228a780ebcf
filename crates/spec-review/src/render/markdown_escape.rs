//! Escapes text from documents for Markdown.

use super::labels::escape;

/// A fence that is longer than any run of backticks in the text.
pub(super) fn fence(text: &str) -> String {
    "`".repeat(longest_run(text).max(2) + 1)
}

fn longest_run(text: &str) -> usize {
    text.split(|c: char| c != '`').map(str::len).max().unwrap_or(0)
}

/// A code span with any text, on one line. Not for tables, where `|` ends a cell even in code.
pub(super) fn code(text: &str) -> String {
    let text = escape(text);
    let ticks = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// Prose in which only code spans are markup.
pub(super) fn prose(text: &str) -> String {
    let text = escape(text);
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('`') {
        let Some((inside, behind)) = after.split_once('`') else { break };
        out.push_str(&plain(before));
        out.push_str(&code(inside));
        rest = behind;
    }
    out.push_str(&plain(rest));
    out
}

/// Escapes markup, HTML, mentions and links to issues.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("@\u{200b}"),
            '#' => out.push_str("&#35;"),
            '\\' | '*' | '_' | '[' | ']' | '|' | '~' | '`' => {
                out.push('\\');
                out.push(character);
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_markup_in_code_spans_and_prose() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("^(a|b)$"), "`^(a|b)$`");
        assert_eq!(
            prose("the <b>type</b> of `a*b` is *x* @me #1"),
            "the &lt;b&gt;type&lt;/b&gt; of `a*b` is \\*x\\* @\u{200b}me &#35;1"
        );
        assert_eq!(fence("``````"), "```````");
    }
}
