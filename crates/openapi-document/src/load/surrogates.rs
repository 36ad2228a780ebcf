//! Surrogate pairs: JSON escapes a character beyond U+FFFF as two `\u` escapes, YAML as one `\U`.

use std::fmt::Write;

/// How many characters longer the two escapes of JSON are than the one of YAML.
const EXCESS_CHARACTERS: usize = r"\ud83d\ude00".len() - r"\U0001F600".len();

/// A text with its surrogate pairs replaced by YAML's escapes, and the mapping of its characters to
/// those of the original.
pub(super) struct JoinedText {
    pub(super) text: String,
    /// For each pair, the index in `text` of the character after it.
    pair_ends: Vec<usize>,
}

impl JoinedText {
    /// The index in the original of the character with this index in `text`.
    pub(super) fn original_index(&self, character: usize) -> usize {
        character + EXCESS_CHARACTERS * self.pair_ends.partition_point(|&end| end <= character)
    }
}

/// Replaces the surrogate pairs of a JSON text by YAML's escapes: `\ud83d\ude00` by `\U0001F600`.
/// `None` if there are none or the text is not JSON.
///
/// YAML can begin like JSON, and outside of double quotes a pair of escapes is nothing but twelve
/// characters there; so the scan keeps track of quotes.
pub(super) fn join_pairs(text: &str) -> Option<JoinedText> {
    if !text.trim_start().starts_with('{') || !text.contains("\\u") {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut pair_ends = Vec::new();
    let mut characters = 0;
    let mut quote = None;
    // The last character outside of quotes that is not white space.
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
                    pair_ends.push(characters);
                    rest = rest.get(12..).unwrap_or_default();
                    continue;
                }
                // The character after a backslash is escaped, be it another backslash or a quote.
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
    (!pair_ends.is_empty()).then_some(JoinedText { text: out, pair_ends })
}

/// The character that a surrogate pair at the beginning of a text encodes.
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
    fn replaces_surrogate_pairs_only_in_double_quoted_json_strings() {
        let text = |text: &str| join_pairs(text).map(|joined| joined.text);
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
    fn maps_character_indices_back_to_the_original() {
        let text = r#"{"é": "\ud83d\ude00\ud83d\ude00", "x": "\ud83d\ude00", "y": 1}"#;
        let joined = join_pairs(text).expect("there are pairs");
        for key in ["\"é\"", "\"x\"", "\"y\"", "}"] {
            let index = |text: &str| {
                let at = text.find(key).expect("is there");
                text.get(..at).expect("a boundary").chars().count()
            };
            assert_eq!(joined.original_index(index(&joined.text)), index(text), "{key}");
        }
    }
}
