//! Characters that JSON writes as two escapes and YAML as one.

use std::fmt::Write;

/// A JSON text with its pairs of surrogates written as YAML has it: `\ud83d\ude00` becomes
/// `\U0001F600`. Nothing if there are none, or the text is not JSON.
pub(super) fn joined(text: &str) -> Option<String> {
    if !text.trim_start().starts_with('{') || !text.contains("\\u") {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        if let Some(character) = pair(escape) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\U{character:08X}");
            rest = escape.get(12..).unwrap_or_default();
            found = true;
            continue;
        }
        // What follows a backslash belongs to it, be it another backslash.
        let end = 1 + escape.chars().nth(1).map_or(0, char::len_utf8);
        out.push_str(escape.get(..end).unwrap_or(escape));
        rest = escape.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
    found.then_some(out)
}

/// The character that two escapes at the beginning of a text stand for.
fn pair(text: &str) -> Option<u32> {
    let unit = |text: &str| u32::from_str_radix(text.strip_prefix("\\u")?, 16).ok();
    let (high, low) = (unit(text.get(..6)?)?, unit(text.get(6..12)?)?);
    let both = (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(&low);
    both.then(|| 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_joined_and_nothing_else() {
        assert_eq!(joined(r#"{"a": "\ud83d\ude00"}"#).as_deref(), Some(r#"{"a": "\U0001F600"}"#));
        for text in
            [r#"{"a": "\\ud83d\\ude00"}"#, r#"{"a": "\u00e9"}"#, "a: b", r#"{"a": "\ud83d"}"#]
        {
            assert_eq!(joined(text), None, "{text}");
        }
    }
}
