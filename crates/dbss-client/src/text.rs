//! Text from outside as it may be shown: without the passwords that addresses may hold, and
//! without characters that a terminal acts on or does not show.
//!
//! Not a part of this crate's API: it is public for the other crates of the same
//! repository.

use std::borrow::Cow;
use std::io;

/// Shown in place of a secret.
pub const MASK: &str = "***";

/// The text on one line, with everything escaped that a terminal acts on, that changes the
/// order of what is shown, or that is not shown: control characters, C1 included,
/// bidirectional ones, and invisible ones.
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_shown) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            c if is_shown(c) => escaped.push(c),
            // `\n` and the like.
            c if c.is_ascii() => escaped.extend(c.escape_debug()),
            c => escaped.extend(c.escape_unicode()),
        }
    }
    Cow::Owned(escaped)
}

/// Why a file cannot be read.
pub(crate) fn io_error(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        io::ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        _ => error.to_string(),
    }
}

/// Whether a terminal shows the character as it is.
#[must_use]
pub fn is_shown(c: char) -> bool {
    match c {
        ' '..='~' => true,
        // Default_Ignorable_Code_Point without general category Cf: the standard library
        // takes them for printable.
        '\u{34f}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{ffa0}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => false,
        // Behind another character, since a combining one is escaped at the beginning.
        c => ['a', c].iter().collect::<String>().escape_debug().eq(['a', c]),
    }
}

/// An address without its user name and password, whether it is well formed or not.
#[must_use]
pub fn without_login(address: &str) -> Cow<'_, str> {
    let Some((login, host)) = address.rsplit_once('@') else { return Cow::Borrowed(address) };
    let start = login.find("//").map(|slashes| slashes + 2);
    // A name before a host is no secret, unless it stands where the login of a URL does.
    if start.is_none() && !login.contains(':') {
        return Cow::Borrowed(address);
    }
    let scheme = login.get(..start.unwrap_or_default()).unwrap_or_default();
    Cow::Owned(format!("{scheme}{MASK}@{host}"))
}

/// A message without the user names and passwords of the addresses in it.
#[must_use]
pub fn without_logins(message: &str) -> Cow<'_, str> {
    if !message.contains('@') {
        return Cow::Borrowed(message);
    }
    let ends = |c: char| c.is_whitespace() || matches!(c, '`' | '"' | '\'' | '<' | '>');
    Cow::Owned(message.split_inclusive(ends).map(without_login).collect())
}

/// A message that repeats words of a command line as they were given: with these as they may
/// be shown.
#[must_use]
pub fn with_shown_words<W: AsRef<str>>(message: String, words: &[W]) -> String {
    let mut message = message;
    for word in words.iter().map(AsRef::as_ref) {
        // A message may repeat the value of `--option=VALUE` alone.
        let value = word.split_once('=').filter(|_| word.starts_with('-')).map(|(_, value)| value);
        for word in [value, Some(word)].into_iter().flatten() {
            let shown = without_login(word);
            let shown = escaped(&shown);
            if shown != word {
                message = message.replace(word, &shown);
            }
        }
    }
    without_logins(&message).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_is_not_shown_and_nothing_else() {
        for (text, expected) in [
            ("a b\\c\"'é日本 – e\u{301} 👍", None),
            ("a\nb\t\u{1b}[2J\u{7f}", Some("a\\nb\\t\\u{1b}[2J\\u{7f}")),
            ("\u{85}\u{9b}31m", Some("\\u{85}\\u{9b}31m")),
            ("x\u{202e}y\u{2066}\u{61c}", Some("x\\u{202e}y\\u{2066}\\u{61c}")),
            ("\u{200b}\u{feff}\u{ad}\u{2028}", Some("\\u{200b}\\u{feff}\\u{ad}\\u{2028}")),
            ("\u{3164}a\u{fe0f}\u{e0041}", Some("\\u{3164}a\\u{fe0f}\\u{e0041}")),
        ] {
            assert_eq!(escaped(text), expected.unwrap_or(text));
            assert!(escaped(text).chars().all(is_shown), "{text:?}");
        }
    }

    #[test]
    fn masks_the_login_of_an_address() {
        for (address, expected) in [
            ("https://dbss.example.com/a", "https://dbss.example.com/a"),
            ("https://user:pw@dbss.example.com", "https://***@dbss.example.com"),
            ("https://token@dbss.example.com", "https://***@dbss.example.com"),
            ("https://user:p@w/d@host:1/x", "https://***@host:1/x"),
            ("//user:pw@host", "//***@host"),
            ("user:pw@host", "***@host"),
            ("https:user:pw@host", "***@host"),
            ("https://user:pw@", "https://***@"),
            ("user@example.com", "user@example.com"),
            ("@file", "@file"),
        ] {
            assert_eq!(without_login(address), expected);
        }
        assert_eq!(
            without_logins("`https://u:pw@host` and user@host, or \"u:pw@host\": no"),
            "`https://***@host` and user@host, or \"***@host\": no"
        );
    }

    #[test]
    fn shows_words_of_a_command_line_without_passwords() {
        let words = ["--url=https://u:p w@host", "u:a'b@host", "bell\u{7}", "u:pw@host"];
        let message = "'https://u:p w@host' for '--url', 'u:a'b@host' and 'bell\u{7}'; x:u:pw@host";
        let expected = "'https://***@host' for '--url', '***@host' and 'bell\\u{7}'; ***@host";
        assert_eq!(with_shown_words(message.to_owned(), &words), expected);
    }
}
