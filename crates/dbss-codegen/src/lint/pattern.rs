//! Matches values against patterns in time linear in the length of the value.
//!
//! `regress`, which the generated code uses, backtracks: matching `(a+)+$` can take exponential
//! time. So a pattern is translated to the syntax of `regex`. Patterns that the two crates
//! interpret differently (look-around, back-references, unusual escapes) are not translated, and
//! values are not checked against them.

use regex::Regex;

/// A pattern that values can be checked against.
#[derive(Debug)]
pub(super) struct Pattern {
    regex: Regex,
}

impl Pattern {
    pub(super) fn new(pattern: &str) -> Option<Self> {
        // In bytes: 1,000 characters, the limit in `keywords`, of up to four bytes each.
        if pattern.len() > 4_000 || compile(pattern).is_err() {
            return None;
        }
        let regex = Regex::new(&translate(pattern)?).ok()?;
        Some(Self { regex })
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

/// Compiles a pattern as the client does: with the flag `u` if it has escapes that mean something else
/// without it, such as `\p{L}`, the letter p.
pub(super) fn compile(pattern: &str) -> Result<regress::Regex, regress::Error> {
    let is_unicode = [r"\p{", r"\P{", r"\u{"].iter().any(|escape| pattern.contains(escape));
    regress::Regex::with_flags(pattern, if is_unicode { "u" } else { "" })
}

/// Translates an ECMAScript pattern to the syntax of `regex`; `None` if the meaning would differ.
fn translate(pattern: &str) -> Option<String> {
    let mut translated = String::with_capacity(pattern.len());
    let mut characters = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => translated.push_str(&escape(characters.next()?, in_class)?),
            '[' if in_class => translated.push_str(r"\["),
            '[' => {
                in_class = true;
                translated.push('[');
                if characters.next_if_eq(&'^').is_some() {
                    translated.push('^');
                }
                // `[]` matches nothing in ECMAScript, and is not a class in `regex`.
                if characters.peek() == Some(&']') {
                    return None;
                }
            }
            ']' if in_class => {
                in_class = false;
                translated.push(']');
            }
            ']' | '}' => return None,
            '{' if !in_class => {
                // Only as a counted repetition does a brace mean the same in both.
                let mut count = String::new();
                loop {
                    match characters.next()? {
                        '}' => break,
                        digit if digit.is_ascii_digit() || digit == ',' => count.push(digit),
                        _ => return None,
                    }
                }
                let starts = count.starts_with(|c: char| c.is_ascii_digit());
                translated.push_str(&starts.then(|| format!("{{{count}}}"))?);
            }
            '(' if !in_class => {
                translated.push('(');
                if characters.next_if_eq(&'?').is_some() {
                    characters.next_if_eq(&':')?;
                    translated.push_str("?:");
                }
            }
            '&' | '~' if in_class => translated.extend(['\\', character]),
            '-' if in_class && characters.peek() == Some(&'-') => return None,
            '.' if !in_class => translated.push_str(r"[^\n\r\x{2028}\x{2029}]"),
            _ => translated.push(character),
        }
    }
    Some(translated)
}

fn escape(character: char, in_class: bool) -> Option<String> {
    const SPACE: &str =
        r"\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}";
    Some(match character {
        'd' => "[0-9]".to_owned(),
        'D' => "[^0-9]".to_owned(),
        'w' => "[0-9A-Za-z_]".to_owned(),
        'W' => "[^0-9A-Za-z_]".to_owned(),
        's' => format!("[{SPACE}]"),
        'S' => format!("[^{SPACE}]"),
        'n' | 'r' | 't' | 'f' | 'v' => format!("\\{character}"),
        'b' if !in_class => r"(?-u:\b)".to_owned(),
        _ if character.is_ascii_punctuation() => format!("\\{character}"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a failed expectation is a failed test")]

    use super::*;

    #[test]
    fn matches_like_ecmascript() {
        let texts = [
            "", "a", "ab", "A-1", "12", "a.b", "1.2.3", "x y", "é", "a-b-c", "[", "]", "&&", "1e3",
            "\n",
        ];
        for pattern in [
            "^[a-z]+$",
            r"^\d{1,3}$",
            r"^\w+-\w+$",
            r"\.",
            ".",
            "^.$",
            "[^a]",
            r"[\d.]+",
            r"^[A-Za-z0-9_\-]*$",
            "a|b",
            "^(?:a|b)+$",
            r"\s",
            r"\S",
            "[[a]",
            "[&&]",
            r"\bb",
            "^$",
            r"^[\w-]+$",
            "a{2,}",
            r"\[",
        ] {
            let ours = Pattern::new(pattern).expect("a pattern that is translated");
            let theirs = regress::Regex::new(pattern).expect("a pattern");
            for text in texts {
                assert_eq!(
                    ours.matches(text),
                    theirs.find(text).is_some(),
                    "{pattern} on {text:?}"
                );
            }
        }
    }

    #[test]
    fn translates_no_pattern_that_engines_interpret_differently() {
        for pattern in
            ["(?=a)", "(?<!a)b", r"(a)\1", "[]", "a{b", "]", r"\u0041", "[a--b]", "(", "(?<n>a)"]
        {
            assert!(Pattern::new(pattern).is_none(), "{pattern}");
        }
    }

    #[test]
    fn matches_backtracking_patterns_in_linear_time() {
        let text = "a".repeat(100_000);
        for pattern in ["^(a+)+b$", "(a*)*b", "(a|a)*b", "^(([a-z])+.)+[A-Z]([a-z])+$"] {
            let pattern = Pattern::new(pattern).expect("translated");
            assert!(!pattern.matches(&text));
        }
        // Too large to compile: left alone.
        assert!(Pattern::new("(((a{100}){100}){100}){100}").is_none());
    }
}
