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
pub(super) fn joined(text: &str) -> Option<Joined> {
    if !text.trim_start().starts_with('{') || !text.contains("\\u") {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut characters = 0;
    let mut ends = Vec::new();
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        characters += before.chars().count();
        if let Some(character) = pair(escape) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\U{character:08X}");
            characters += r"\U0001F600".len();
            ends.push(characters);
            rest = escape.get(12..).unwrap_or_default();
            continue;
        }
        // What follows a backslash belongs to it, be it another backslash.
        let end = 1 + escape.chars().nth(1).map_or(0, char::len_utf8);
        let kept = escape.get(..end).unwrap_or(escape);
        out.push_str(kept);
        characters += kept.chars().count();
        rest = escape.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
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
        for plain in
            [r#"{"a": "\\ud83d\\ude00"}"#, r#"{"a": "\u00e9"}"#, "a: b", r#"{"a": "\ud83d"}"#]
        {
            assert_eq!(text(plain), None, "{plain}");
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
