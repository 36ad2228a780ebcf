//! Patterns of texts, compiled when they are first needed.

#![allow(dead_code, reason = "a contract without patterns does not use it")]

#[cfg(feature = "pattern")]
use std::sync::OnceLock;

/// A pattern that a text has to match.
#[derive(Debug)]
pub(crate) struct TextPattern {
    pub(crate) pattern: &'static str,
    /// The same in words.
    pub(crate) words: &'static str,
    #[cfg(feature = "pattern")]
    compiled: OnceLock<Option<regress::Regex>>,
}

impl TextPattern {
    pub(crate) const fn new(pattern: &'static str, words: &'static str) -> Self {
        Self {
            pattern,
            words,
            #[cfg(feature = "pattern")]
            compiled: OnceLock::new(),
        }
    }

    /// Whether the text has a match. The lint has compiled the pattern with the same engine, so it
    /// compiles here.
    #[cfg(feature = "pattern")]
    pub(crate) fn matches(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| compile(self.pattern));
        compiled.as_ref().is_none_or(|regex| regex.find(text).is_some())
    }

    /// A contract with a pattern does not compile without the feature.
    #[cfg(not(feature = "pattern"))]
    #[allow(clippy::unused_self, reason = "the counterpart of the one with the feature")]
    pub(crate) fn matches(&self, _text: &str) -> bool {
        true
    }
}

/// Compiles a pattern. Without the flag `u`, `\p{L}` is the letter p, and so on, which no author
/// means.
#[cfg(feature = "pattern")]
fn compile(pattern: &str) -> Option<regress::Regex> {
    let is_unicode = [r"\p{", r"\P{", r"\u{"].iter().any(|escape| pattern.contains(escape));
    regress::Regex::with_flags(pattern, if is_unicode { "u" } else { "" }).ok()
}
