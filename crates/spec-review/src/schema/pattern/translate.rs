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
                match (chars.next(), chars.peek()) {
                    (Some(':'), _) => out.push_str("(?:"),
                    // A group with a name, but not a lookbehind.
                    (Some('<'), Some(next)) if !matches!(next, '=' | '!') => out.push_str("(?<"),
                    _ => return None,
                }
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

/// A pattern, and whether a text has to match it, or must not.
pub(super) type Condition = (String, bool);

/// A pattern as conditions that mean the same together. Lookaheads behind `^` and lookbehinds before
/// the last `$` say something about the text by themselves, so each of them becomes a condition.
pub(super) fn conditions(pattern: &str) -> Vec<Condition> {
    let mut conditions = Vec::new();
    let mut rest = pattern.to_owned();
    // `^(?=a)b|c` has the lookahead in one of its alternatives only.
    let mut next = !has_alternatives(pattern);
    while next {
        let found = first_lookahead(&rest).or_else(|| last_lookbehind(&rest));
        next = found.is_some();
        if let Some((condition, shorter)) = found {
            conditions.push(condition);
            rest = shorter;
        }
    }
    conditions.push((rest, true));
    conditions
}

/// The lookahead behind the `^` of a pattern, and the pattern without it.
fn first_lookahead(pattern: &str) -> Option<(Condition, String)> {
    let body = pattern.strip_prefix('^')?;
    let (group, rest) = body.split_at_checked(group_length(body)?)?;
    let (inside, matches) = look(group, ["(?=", "(?!"])?;
    let repeated = rest.starts_with(['*', '+', '?', '{']);
    (!repeated).then(|| ((format!("^(?:{inside})"), matches), format!("^{rest}")))
}

/// The lookbehind before the `$` at the end of a pattern, and the pattern without it.
fn last_lookbehind(pattern: &str) -> Option<(Condition, String)> {
    let body = pattern.strip_suffix('$')?;
    let (before, group) = body.split_at_checked(last_group(body)?)?;
    let (inside, matches) = look(group, ["(?<=", "(?<!"])?;
    Some(((format!("(?:{inside})$"), matches), format!("{before}$")))
}

/// What is inside a group that looks around, and whether that has to match.
fn look<'p>(group: &'p str, [positive, negative]: [&str; 2]) -> Option<(&'p str, bool)> {
    let inside = group.strip_suffix(')')?;
    let positive = inside.strip_prefix(positive).map(|inside| (inside, true));
    positive.or_else(|| inside.strip_prefix(negative).map(|inside| (inside, false)))
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

/// The characters of a pattern that are neither escaped nor in a class, with their positions and the
/// number of groups around them; for a bracket of a group, those around the group.
fn syntax(pattern: &str) -> impl Iterator<Item = (usize, char, usize)> + '_ {
    let (mut depth, mut in_class, mut escaped) = (0_usize, false, false);
    pattern.char_indices().filter_map(move |(at, c)| {
        if std::mem::take(&mut escaped) {
            return None;
        }
        match c {
            '\\' => escaped = true,
            ']' if in_class => in_class = false,
            _ if in_class => {}
            '[' => in_class = true,
            '(' => {
                depth += 1;
                return Some((at, c, depth - 1));
            }
            ')' => {
                depth = depth.saturating_sub(1);
                return Some((at, c, depth));
            }
            _ => return Some((at, c, depth)),
        }
        None
    })
}

/// Whether a pattern has alternatives that are not in a group.
fn has_alternatives(pattern: &str) -> bool {
    syntax(pattern).any(|(_, c, depth)| c == '|' && depth == 0)
}

/// Where the group begins with which a text ends.
fn last_group(text: &str) -> Option<usize> {
    let (end, ..) = syntax(text).last().filter(|(_, c, depth)| *c == ')' && *depth == 0)?;
    let start = syntax(text).filter(|(_, c, depth)| *c == '(' && *depth == 0).last();
    start.filter(|_| end + 1 == text.len()).map(|(at, ..)| at)
}

/// The length of the group with which a text begins.
fn group_length(text: &str) -> Option<usize> {
    let end = syntax(text).find(|(_, c, depth)| *c == ')' && *depth == 0);
    end.filter(|_| text.starts_with('(')).map(|(at, ..)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_lookaheads_at_the_beginning_and_lookbehinds_at_the_end_for_conditions() {
        let of = |pattern: &str| {
            let conditions = conditions(pattern).into_iter();
            let shown = conditions
                .map(|(text, matches)| format!("{}{text}", if matches { "" } else { "not " }));
            shown.collect::<Vec<_>>().join(" ; ")
        };
        for (pattern, expected) in [
            ("^[a-z]+$", "^[a-z]+$"),
            ("^(?=.*\\d)(?!x|y)[a-z)]+$", "^(?:.*\\d) ; not ^(?:x|y) ; ^[a-z)]+$"),
            ("^(?!-)a+(?<!-)$", "not ^(?:-) ; not (?:-)$ ; ^a+$"),
            ("^(?=a)b|c$", "^(?=a)b|c$"),
            ("^(?=a)?b$", "^(?=a)?b$"),
            ("^a(?=b)[(?<!c]$", "^a(?=b)[(?<!c]$"),
            ("(?=a)b", "(?=a)b"),
            ("a(?<=b)\\$", "a(?<=b)\\$"),
        ] {
            assert_eq!(of(pattern), expected);
        }
    }
}
