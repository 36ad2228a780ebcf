//! Decides by automata whether one set of patterns accepts a text that another pattern refuses.
//!
//! A `pattern` matches anywhere in the text. Each pattern is compiled to a deterministic automaton.
//! All automata run side by side over texts of growing length, until a text is found that all but
//! the last accept, or every reachable state was visited.

mod automaton;
mod search;
mod translate;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use automaton::Compiled;
use search::search;
use translate::{leading_lookaheads, without_lookaround};

use crate::budget::Budget;

/// The constraints that a text has to satisfy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct TextConstraints {
    pub(crate) patterns: Vec<String>,
    pub(crate) min_length: u64,
    pub(crate) max_length: Option<u64>,
}

/// The result of a search for a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TextSearch {
    /// There is no such text.
    NotFound,
    /// The shortest such text.
    Text(String),
    /// Undecided: a pattern is too large, or not expressible as an automaton.
    Undecided,
}

/// The patterns of both documents: each is compiled once, and each question answered once.
#[derive(Debug, Default)]
pub(crate) struct Patterns {
    pub(crate) budget: Rc<Budget>,
    compiled: RefCell<HashMap<String, Option<Rc<Compiled>>>>,
    found: RefCell<HashMap<(TextConstraints, Option<String>), TextSearch>>,
}

impl Patterns {
    /// Searches a text that satisfies `wanted` and that `refused` does not match.
    pub(crate) fn find_text(&self, wanted: &TextConstraints, refused: Option<&str>) -> TextSearch {
        let key = (wanted.clone(), refused.map(str::to_owned));
        if let Some(known) = self.found.borrow().get(&key) {
            return known.clone();
        }
        let found = refused
            .and_then(|refused| self.without_shared_lookaheads(wanted, refused))
            .unwrap_or_else(|| self.search(wanted, refused));
        // An answer that only the budget prevented is not kept.
        if !self.budget.is_used_up_for_automata() {
            self.found.borrow_mut().insert(key, found.clone());
        }
        found
    }

    fn search(&self, wanted: &TextConstraints, refused: Option<&str>) -> TextSearch {
        let mut automata = Vec::new();
        for pattern in wanted.patterns.iter().map(String::as_str).chain(refused) {
            let Some(compiled) = self.compiled(pattern) else { return TextSearch::Undecided };
            automata.push(compiled);
        }
        let others: BTreeSet<char> =
            automata.iter().flat_map(|compiled| compiled.others.iter().copied()).collect();
        let characters: Vec<char> = alphabet().into_iter().chain(others).collect();
        search(&automata, refused.is_some(), wanted, &characters, &self.budget)
    }

    fn compiled(&self, pattern: &str) -> Option<Rc<Compiled>> {
        if let Some(known) = self.compiled.borrow().get(pattern) {
            return known.clone();
        }
        if self.budget.is_used_up_for_automata() {
            return None;
        }
        let compiled = Compiled::new(pattern, &self.budget).map(Rc::new);
        self.compiled.borrow_mut().insert(pattern.to_owned(), compiled.clone());
        compiled
    }

    /// Where both patterns begin with the same lookaheads, which automata cannot express, the rest
    /// of the patterns may be enough to tell that there is no such text.
    fn without_shared_lookaheads(
        &self,
        wanted: &TextConstraints,
        refused: &str,
    ) -> Option<TextSearch> {
        let (shared, rest) = leading_lookaheads(refused)?;
        let mut wanted = wanted.clone();
        let same = wanted.patterns.iter_mut().find_map(|pattern| {
            let (lookaheads, rest) = leading_lookaheads(pattern)?;
            let rest = (lookaheads == shared).then(|| format!("^{rest}"))?;
            *pattern = rest;
            Some(())
        });
        same?;
        Some(match self.find_text(&wanted, Some(&format!("^{rest}"))) {
            TextSearch::NotFound => TextSearch::NotFound,
            TextSearch::Text(_) | TextSearch::Undecided => TextSearch::Undecided,
        })
    }

    /// Texts that a pattern which automata cannot express may match: texts of the pattern without
    /// its lookaheads, and common ones. The validator decides.
    pub(crate) fn guesses(&self, wanted: &TextConstraints) -> Vec<String> {
        let simpler = wanted
            .patterns
            .iter()
            .map(|pattern| without_lookaround(pattern).unwrap_or_else(|| pattern.clone()));
        let simpler = TextConstraints { patterns: simpler.collect(), ..wanted.clone() };
        let mut guesses = Vec::new();
        for more in [0, 1, 7] {
            let min_length = simpler.min_length.saturating_add(more);
            let longer = TextConstraints { min_length, ..simpler.clone() };
            if let TextSearch::Text(text) = self.find_text(&longer, None) {
                guesses.push(text);
            }
        }
        guesses.extend(COMMON_TEXTS.map(str::to_owned));
        guesses
    }
}

const COMMON_TEXTS: [&str; 16] = [
    "a",
    "A",
    "1",
    "aa",
    "a1",
    "A1",
    "abc",
    "name",
    "Aa1!aaaa",
    "Aa1_aaaa",
    "12345678",
    "a-b",
    "a_b",
    "a.b",
    "2020-01-01",
    "a@b.example",
];

/// Printable ASCII and two control characters, letters first so that witnesses are readable.
fn alphabet() -> Vec<char> {
    let letters = b'a'..=b'z';
    letters
        .chain(b'0'..=b'9')
        .chain(b'A'..=b'Z')
        .chain(b' '..=b'/')
        .chain(b':'..=b'@')
        .chain(b'['..=b'`')
        .chain(b'{'..=b'~')
        .chain([b'\n', b'\t'])
        .map(char::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find_between(wanted: &str, refused: &str) -> TextSearch {
        let wanted =
            TextConstraints { patterns: vec![wanted.to_owned()], ..TextConstraints::default() };
        Patterns::default().find_text(&wanted, Some(refused))
    }

    #[test]
    fn finds_the_shortest_text_between_two_patterns() {
        assert_eq!(find_between("^[a-z]+$", ".*"), TextSearch::NotFound);
        assert_eq!(find_between("^[a-z]+$", "^[a-z0-9]+$"), TextSearch::NotFound);
        assert_eq!(find_between("^[a-z0-9]+$", "^[a-z]+$"), TextSearch::Text("0".into()));
        assert_eq!(find_between("^\\w+$", "^[\\w\\s]+$"), TextSearch::NotFound);
        assert_eq!(find_between("^[\\w\\s]+$", "^\\w+$"), TextSearch::Text(" ".into()));
        assert_eq!(find_between("^(ab)*$", "^(abab)*$"), TextSearch::Text("ab".into()));
        assert_eq!(find_between("a", "^a"), TextSearch::Text("ba".into()));
        assert_eq!(find_between("^a{2,3}$", "^a+$"), TextSearch::NotFound);
        assert_eq!(find_between("^(?=a)", "^a"), TextSearch::Undecided);
    }

    #[test]
    fn decides_patterns_with_other_characters_than_ascii() {
        let (short, long) = ("^[\\u4e00-\\u9fa5a-z]{1,8}$", "^[\\u4e00-\\u9fa5a-z]{1,9}$");
        assert_eq!(find_between(short, long), TextSearch::NotFound);
        assert_eq!(find_between(long, short), TextSearch::Text("a".repeat(9)));
        assert_eq!(find_between("^[一-二]+$", "^[一-三]+$"), TextSearch::Text("上".into()));
        assert_eq!(find_between("^[0-9]+(s|µs)$", "^[0-9]+s$"), TextSearch::Text("0µs".into()));
        assert_eq!(find_between("^.$", "^[^é]$"), TextSearch::Text("é".into()));
        assert_eq!(find_between("^\\d$", "^[0-9]$"), TextSearch::NotFound);
        assert_eq!(find_between("^[[]$", "^\\[$"), TextSearch::NotFound);
    }

    #[test]
    fn decides_what_follows_the_same_lookahead() {
        assert_eq!(find_between("^(?!x)[a-z]+$", "^(?!x)[a-zA-Z]+$"), TextSearch::NotFound);
        assert_eq!(find_between("^(?!x)[a-zA-Z]+$", "^(?!x)[a-z]+$"), TextSearch::Undecided);
    }

    #[test]
    fn respects_length_limits() {
        let wanted =
            TextConstraints { patterns: vec!["^a*$".into()], min_length: 3, max_length: Some(5) };
        assert_eq!(Patterns::default().find_text(&wanted, None), TextSearch::Text("aaa".into()));
        assert_eq!(Patterns::default().find_text(&wanted, Some("^a{3,5}$")), TextSearch::NotFound);
        assert_eq!(
            Patterns::default().find_text(&wanted, Some("^a{3,4}$")),
            TextSearch::Text("aaaaa".into())
        );
    }
}
