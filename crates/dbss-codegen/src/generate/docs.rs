//! Descriptions of a contract as rustdoc: Markdown without rustdoc warnings, doctests or
//! links to items.

/// The lines of a doc comment, without trailing space.
///
/// Fenced blocks are kept, and marked as `text` if they name no language, since rustdoc
/// would compile them. Outside of fences, lines that Markdown would take for an indented
/// code block lose their indentation, brackets and angle brackets are escaped, and bare
/// URLs become links.
pub(crate) fn lines(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut fence: Option<String> = None;
    for line in text.trim_matches('\n').split('\n') {
        let line = line.trim_end().replace('\t', "    ");
        let trimmed = line.trim_start();
        match &fence {
            Some(mark) => {
                if trimmed.starts_with(mark.as_str()) && trimmed.trim_matches(['`', '~']).is_empty()
                {
                    out.push(mark.clone());
                    fence = None;
                } else {
                    out.push(line);
                }
            }
            None => {
                let run = trimmed.chars().take_while(|c| *c == '`').count();
                let tildes = trimmed.chars().take_while(|c| *c == '~').count();
                if run >= 3 || tildes >= 3 {
                    let (mark, info) = trimmed.split_at(run.max(tildes));
                    out.push(format!("{mark}{}", language(info.trim())));
                    fence = Some(mark.to_owned());
                } else {
                    out.push(escaped(&line));
                }
            }
        }
    }
    if let Some(mark) = fence {
        out.push(mark);
    }
    out
}

/// The longest line that a short description and the facts after it share.
const SHARED_LINE: usize = 90;

/// What the contract says of something, and the facts about it.
///
/// The facts join a description of one line of prose. Anything else stays by itself: what follows
/// a list or a heading would be taken for a part of it.
pub(crate) fn with_facts(description: Option<&str>, facts: &str) -> String {
    let Some(description) = description else { return facts.to_owned() };
    let lines = lines(description);
    let separator = match lines.as_slice() {
        [line] if line.starts_with(char::is_alphabetic) && line.ends_with(['.', '!', '?']) => {
            if line.len() + facts.len() < SHARED_LINE {
                " "
            } else {
                "\n"
            }
        }
        _ => "\n\n",
    };
    format!("{}{separator}{facts}", lines.join("\n"))
}

/// The language of a fence. rustdoc compiles a fence without a language or with Rust;
/// progenitor's own examples are marked `ignore`.
fn language(info: &str) -> &str {
    let first = info.split([',', ' ']).next().unwrap_or_default();
    match first {
        "ignore" => "ignore",
        "json" | "yaml" | "http" | "sh" | "xml" | "console" => first,
        _ => "text",
    }
}

fn escaped(line: &str) -> String {
    let indent = line.len() - line.trim_start().len();
    let line = if indent >= 4 { line.trim_start() } else { line };
    let parts: Vec<&str> = line.split('`').collect();
    // Code spans are kept; an unpaired backtick starts none.
    let ticks = parts.len() - 1;
    let paired = ticks - ticks % 2;
    let mut out = String::with_capacity(line.len());
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_str(if index <= paired { "`" } else { "\\`" });
        }
        if index % 2 == 1 && index < paired {
            out.push_str(part);
        } else {
            prose(part, &mut out);
        }
    }
    out
}

/// Appends text, escaping what has a meaning in Markdown or rustdoc. Links to URLs stay
/// links, and bare URLs become links.
fn prose(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = if let Some(link) = inline_link(rest) {
            out.push_str(link);
            link.len()
        } else if let Some(address) = address(rest) {
            out.push('<');
            out.push_str(address);
            out.push('>');
            // The URL is in angle brackets already: ours replace them.
            let bracketed = out.strip_suffix(&format!("\\<<{address}>")).map(str::len);
            match bracketed
                .filter(|_| rest.get(address.len()..).is_some_and(|r| r.starts_with('>')))
            {
                Some(before) => {
                    out.truncate(before);
                    out.extend(["<", address, ">"]);
                    address.len() + 1
                }
                None => address.len(),
            }
        } else {
            if matches!(c, '[' | ']' | '<' | '>') && !out.ends_with('\\') {
                out.push('\\');
            }
            out.push(c);
            c.len_utf8()
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
}

/// A link with its text, `[text](https://…)`, at the start of the text.
fn inline_link(text: &str) -> Option<&str> {
    let (label, target) = text.strip_prefix('[')?.split_once("](")?;
    let found = address(target)?;
    let plain = !label.contains(['[', ']', '<', '>', '\\']) && !found.contains(['(', ')']);
    let end = 1 + label.len() + 2 + found.len();
    (plain && text.get(end..)?.starts_with(')')).then(|| text.get(..=end)).flatten()
}

/// A URL at the start of the text, without the punctuation after it.
fn address(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let ends = |c: char| c.is_whitespace() || c.is_control() || "<>\"'`[]{}|\\^".contains(c);
    let length = text.len() - rest.len() + rest.find(ends).unwrap_or(rest.len());
    let found = text.get(..length)?;
    let open = found.contains('(');
    let found = found.trim_end_matches(|c| ".,;:!?".contains(c) || (c == ')' && !open));
    (found.len() > text.len() - rest.len()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_facts_apart_from_what_is_no_prose() {
        let long = format!("{}.", "a".repeat(SHARED_LINE));
        for (description, expected) in [
            (None, "Required.".to_owned()),
            (Some("An id."), "An id. Required.".to_owned()),
            (Some(long.as_str()), format!("{long}\nRequired.")),
            (Some("An id"), "An id\n\nRequired.".to_owned()),
            (Some("- an item."), "- an item.\n\nRequired.".to_owned()),
            (Some("1. One."), "1. One.\n\nRequired.".to_owned()),
            (Some("One.\nTwo."), "One.\nTwo.\n\nRequired.".to_owned()),
        ] {
            assert_eq!(with_facts(description, "Required."), expected);
        }
    }

    #[test]
    fn escapes_descriptions_for_rustdoc() {
        let cases = [
            ("plain `code` text", "plain `code` text"),
            ("a [link] and <b>html</b>", "a \\[link\\] and \\<b\\>html\\</b\\>"),
            ("`Vec<[u8]>` stays", "`Vec<[u8]>` stays"),
            ("an odd ` tick", "an odd \\` tick"),
            ("see https://example.com/a_b.", "see <https://example.com/a_b>."),
            ("(https://example.com)", "(<https://example.com>)"),
            ("<https://example.com>", "<https://example.com>"),
            ("<https://example.com/a?b=<c>", "\\<<https://example.com/a?b=>\\<c\\>"),
            ("[text](https://example.com/x)", "[text](https://example.com/x)"),
            ("[a](b)", "\\[a\\](b)"),
            ("        deep", "deep"),
            ("  - nested", "  - nested"),
            ("trailing   ", "trailing"),
        ];
        for (given, wanted) in cases {
            assert_eq!(lines(given), [wanted], "{given}");
        }
    }

    #[test]
    fn marks_code_fences_as_text() {
        assert_eq!(lines("```\nlet x;\n```"), ["```text", "let x;", "```"]);
        assert_eq!(lines("```rust\nx\n```"), ["```text", "x", "```"]);
        assert_eq!(lines("~~~json\n{}\n~~~"), ["~~~json", "{}", "~~~"]);
        assert_eq!(lines("```\nopen"), ["```text", "open", "```"]);
    }
}
