//! Translates patterns of ECMAScript into the syntax of the automata.

use std::collections::BTreeSet;

/// The pattern in the syntax of the automata; `None` for what they cannot express.
///
/// The automata read Unicode characters. The classes of ECMAScript are written out, because `\d` and
/// `\w` are ASCII there.
pub(super) fn translate(pattern: &str) -> Option<String> {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let escaped = chars.next()?;
                match escaped {
                    'd' => out.push_str("[0-9]"),
                    'D' => out.push_str("[^0-9]"),
                    'w' => out.push_str("[0-9A-Za-z_]"),
                    'W' => out.push_str("[^0-9A-Za-z_]"),
                    's' => out.push_str(SPACE),
                    'S' => out.push_str(&SPACE.replacen('[', "[^", 1)),
                    'b' if !in_class => out.push_str("(?-u:\\b)"),
                    // Not ASCII, or a byte that is not a character.
                    'B' | 'b' | 'p' | 'P' | 'k' | 'c' | '1'..='9' => return None,
                    'u' | 'x' => {
                        let code = hexadecimal(&mut chars, escaped)?;
                        out.push_str(&code_of(code));
                    }
                    '0' => out.push_str("\\x{0}"),
                    't' | 'n' | 'r' | 'f' | 'v' => out.extend(['\\', escaped]),
                    other if other.is_ascii_alphanumeric() => return None,
                    other => out.push_str(&code_of(other)),
                }
            }
            '[' if in_class => out.push_str("\\["),
            '&' | '~' if in_class => out.extend(['\\', c]),
            '[' => {
                in_class = true;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    out.extend(chars.next());
                }
            }
            ']' => {
                in_class = false;
                out.push(']');
            }
            '(' if !in_class && chars.peek() == Some(&'?') => {
                chars.next();
                if chars.next() != Some(':') {
                    return None;
                }
                out.push_str("(?:");
            }
            // Without the flag `m`, `$` in ECMAScript is the end of the text, as it is here.
            other => out.push(other),
        }
    }
    Some(out)
}

const SPACE: &str = "[\\t\\n\\x0B\\f\\r \\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}\\x{FEFF}]";

/// A character by its code, which has no special meaning anywhere.
fn code_of(character: char) -> String {
    format!("\\x{{{:X}}}", u32::from(character))
}

/// The character after `\u` or `\x`.
fn hexadecimal(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, kind: char) -> Option<char> {
    let digits: String = if chars.peek() == Some(&'{') {
        chars.next();
        chars.by_ref().take_while(|c| *c != '}').collect()
    } else {
        chars.by_ref().take(if kind == 'u' { 4 } else { 2 }).collect()
    };
    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
}

/// Characters outside ASCII that represent all others for a translated pattern: those that it names
/// and their neighbours. Any other character is in the same classes as one of these.
pub(super) fn representatives(translated: &str) -> BTreeSet<char> {
    let mut named: BTreeSet<char> = translated.chars().filter(|c| !c.is_ascii()).collect();
    for part in translated.split("\\x{").skip(1) {
        let digits = part.split('}').next().unwrap_or_default();
        named.extend(u32::from_str_radix(digits, 16).ok().and_then(char::from_u32));
    }
    let near = named.iter().flat_map(|c| {
        let code = u32::from(*c);
        [code.saturating_sub(1), code, code.saturating_add(1)]
    });
    near.filter_map(char::from_u32).filter(|c| !c.is_ascii()).collect()
}

/// The lookaheads at the beginning of a pattern, with its `^`, and the rest.
pub(super) fn leading_lookaheads(pattern: &str) -> Option<(&str, &str)> {
    let body = pattern.strip_prefix('^')?;
    let mut rest = body;
    while rest.starts_with("(?=") || rest.starts_with("(?!") {
        rest = rest.get(group_length(rest)?..)?;
    }
    let length = body.len() - rest.len();
    (length > 0).then(|| (body.get(..length).unwrap_or_default(), rest))
}

/// The pattern without lookaheads and lookbehinds: it matches more texts.
pub(super) fn without_lookaround(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = pattern;
    let starts = ["(?=", "(?!", "(?<=", "(?<!"];
    while let Some(at) = starts.iter().filter_map(|start| rest.find(start)).min() {
        out.push_str(rest.get(..at)?);
        let group = rest.get(at..)?;
        rest = group.get(group_length(group)?..)?;
    }
    (rest.len() < pattern.len()).then(|| out + rest)
}

/// The length of the group with which a text begins.
fn group_length(text: &str) -> Option<usize> {
    let (mut depth, mut in_class, mut escaped) = (0_usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}
