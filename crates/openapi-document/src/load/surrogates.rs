//! Characters that JSON writes as two escapes and YAML as one.

use std::fmt::Write;

/// How many characters a pair of escapes is longer than the one that stands for it.
const SHORTER_BY: usize = r"\ud83d\ude00".len() - r"\U0001F600".len();

/// A text in which pairs of surrogates are written as YAML has them, with the way back to the places
/// of the original.
pub(super) struct Joined {
    pub(super) text: String,
    /// The characters in `text` that come first after a pair.
    ends: Vec<usize>,
}

impl Joined {
    /// The index in the original of a character that has this index in the joined text.
    pub(super) fn original(&self, character: usize) -> usize {
        character + SHORTER_BY * self.ends.partition_point(|&end| end <= character)
    }
}

/// A JSON text with its pairs of surrogates written as YAML has it: `\ud83d\ude00` becomes
/// `\U0001F600`. Nothing if there are none, or the text is not JSON.
///
/// YAML can begin like JSON, and there a pair outside of double quotes stands for its twelve
/// characters; so the quotes are followed.
pub(super) fn joined(text: &str) -> Option<Joined> {
    if !text.trim_start().starts_with('{') || !text.contains("\\u") {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut ends = Vec::new();
    let mut characters = 0;
    let mut quote = None;
    // The last character outside of quotes that is no white space.
    let mut last = '{';
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let mut taken = character.len_utf8();
        match (quote, character) {
            (Some('"'), '\\') => {
                if let Some(joined) = pair(rest) {
                    // Writing to a string cannot fail.
                    let _ = write!(out, "\\U{joined:08X}");
                    characters += r"\U0001F600".len();
                    ends.push(characters);
                    rest = rest.get(12..).unwrap_or_default();
                    continue;
                }
                // What follows a backslash belongs to it, be it another backslash or a quote.
                taken += rest.chars().nth(1).map_or(0, char::len_utf8);
            }
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') if matches!(last, '{' | '[' | ',' | ':') => {
                quote = Some(character);
                last = character;
            }
            (None, _) if !character.is_whitespace() => last = character,
            _ => {}
        }
        let kept = rest.get(..taken).unwrap_or(rest);
        out.push_str(kept);
        characters += kept.chars().count();
        rest = rest.get(taken..).unwrap_or_default();
    }
    (!ends.is_empty()).then_some(Joined { text: out, ends })
}

/// The character that two escapes at the beginning of a text stand for.
fn pair(text: &str) -> Option<u32> {
    let unit = |text: &str| u32::from_str_radix(text.strip_prefix("\\u")?, 16).ok();
    let (high, low) = (unit(text.get(..6)?)?, unit(text.get(6..12)?)?);
    let both = (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(&low);
    both.then(|| 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_joined_and_nothing_else() {
        let text = |text: &str| joined(text).map(|joined| joined.text);
        assert_eq!(text(r#"{"a": "\ud83d\ude00"}"#).as_deref(), Some(r#"{"a": "\U0001F600"}"#));
        for plain in [
            r#"{"a": "\\ud83d\\ude00"}"#,
            r#"{"a": "\u00e9"}"#,
            "a: b",
            r#"{"a": "\ud83d"}"#,
            r"{a: \ud83d\ude00}",
            r"{'a': '\ud83d\ude00'}",
            r#"{"a": b "\ud83d\ude00"}"#,
        ] {
            assert_eq!(text(plain), None, "{plain}");
        }
        for (plain, expected) in [
            (r#"{'"': "\ud83d\ude00"}"#, r#"{'"': "\U0001F600"}"#),
            (r#"{a: 5", b: ["\"\ud83d\ude00"]}"#, r#"{a: 5", b: ["\"\U0001F600"]}"#),
        ] {
            assert_eq!(text(plain).as_deref(), Some(expected), "{plain}");
        }
    }

    #[test]
    fn places_lead_back_to_the_original() {
        let text = r#"{"é": "\ud83d\ude00\ud83d\ude00", "x": "\ud83d\ude00", "y": 1}"#;
        let joined = joined(text).expect("there are pairs");
        for key in ["\"é\"", "\"x\"", "\"y\"", "}"] {
            let index = |text: &str| {
                let at = text.find(key).expect("is there");
                text.get(..at).expect("a boundary").chars().count()
            };
            assert_eq!(joined.original(index(&joined.text)), index(text), "{key}");
        }
    }
}
