//! Decides by automata whether one set of patterns accepts a text that another pattern refuses.
//!
//! A `pattern` matches anywhere in the text. Each pattern is compiled to a deterministic automaton,
//! and so is each lookahead at its beginning and each lookbehind at its end. All automata run side by
//! side over texts of growing length, until a text is found that satisfies those of the wanted
//! patterns and not those of the refused one, or every reachable state was visited.

mod automaton;
mod search;
mod translate;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use automaton::{Compiled, compile, compile_simpler};
use search::search;

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
    compiled: RefCell<HashMap<String, Option<Rc<[Compiled]>>>>,
    /// What automata can express of those that they cannot express as a whole.
    simpler: RefCell<HashMap<String, Rc<[Compiled]>>>,
    found: RefCell<HashMap<(TextConstraints, Option<String>), TextSearch>>,
}

impl Patterns {
    pub(crate) fn new(budget: Budget) -> Self {
        Self { budget: Rc::new(budget), ..Self::default() }
    }

    /// Searches a text that satisfies `wanted` and that `refused` does not match.
    pub(crate) fn find_text(&self, wanted: &TextConstraints, refused: Option<&str>) -> TextSearch {
        let key = (wanted.clone(), refused.map(str::to_owned));
        if let Some(known) = self.found.borrow().get(&key) {
            return known.clone();
        }
        let found = self.search(wanted, refused);
        // An answer that only the budget prevented is not kept.
        if !self.budget.is_used_up_for_automata() {
            self.found.borrow_mut().insert(key, found.clone());
        }
        found
    }

    fn search(&self, wanted: &TextConstraints, refused: Option<&str>) -> TextSearch {
        let all = |patterns: &mut dyn Iterator<Item = &str>| {
            patterns.map(|pattern| self.compiled(pattern)).collect::<Option<Vec<_>>>()
        };
        let required = all(&mut wanted.patterns.iter().map(String::as_str));
        let (Some(required), Some(refused)) = (required, all(&mut refused.into_iter())) else {
            return TextSearch::Undecided;
        };
        let automata: Vec<&Compiled> = required.iter().chain(&refused).flat_map(|c| &**c).collect();
        let required = required.iter().map(|conditions| conditions.len()).sum();
        search(&automata, required, wanted, &self.budget)
    }

    fn compiled(&self, pattern: &str) -> Option<Rc<[Compiled]>> {
        if let Some(known) = self.compiled.borrow().get(pattern) {
            return known.clone();
        }
        if self.budget.is_used_up_for_automata() {
            return None;
        }
        let compiled = compile(pattern, &self.budget).map(Rc::from);
        self.compiled.borrow_mut().insert(pattern.to_owned(), compiled.clone());
        compiled
    }

    fn simpler(&self, pattern: &str) -> Rc<[Compiled]> {
        if let Some(compiled) = self.compiled(pattern) {
            return compiled;
        }
        let mut simpler = self.simpler.borrow_mut();
        let compiled = || Rc::from(compile_simpler(pattern, &self.budget));
        Rc::clone(simpler.entry(pattern.to_owned()).or_insert_with(compiled))
    }

    /// Texts that a pattern which automata cannot express may match: texts of simpler forms, and
    /// common ones. The validator decides.
    pub(crate) fn guesses(&self, wanted: &TextConstraints) -> Vec<String> {
        let patterns: Vec<_> =
            wanted.patterns.iter().map(|pattern| self.simpler(pattern)).collect();
        let automata: Vec<&Compiled> = patterns.iter().flat_map(|c| &**c).collect();
        let mut guesses = Vec::new();
        for more in [0, 1, 7] {
            let min_length = wanted.min_length.saturating_add(more);
            let longer = TextConstraints { min_length, ..wanted.clone() };
            if let TextSearch::Text(text) = search(&automata, automata.len(), &longer, &self.budget)
            {
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
        assert_eq!(find_between("^(?=a)", "^a"), TextSearch::NotFound);
        assert_eq!(find_between("^a(?=b)", "^a"), TextSearch::Undecided);
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
    fn decides_lookaheads_at_the_beginning_and_lookbehinds_at_the_end() {
        let found = |text: &str| TextSearch::Text(text.to_owned());
        for (wanted, refused, expected) in [
            ("^(?!x)[a-z]+$", "^(?!x)[a-zA-Z]+$", TextSearch::NotFound),
            ("^(?!x)[a-zA-Z]+$", "^(?!x)[a-z]+$", found("A")),
            ("^(?!x)[a-z]+$", "^[a-w]", found("y")),
            ("^[a-z]+$", "^(?!x)[a-z]+$", found("x")),
            ("^(?=.*[0-9])(?=.*[a-z]).{3,}$", "^[a-z]", found("0aa")),
            ("^(?=.*[0-9])[a-z0-9]{2}$", "^(?=.*[0-9])[a-z0-9]{1,3}$", TextSearch::NotFound),
            ("^[a-z-]+(?<!-)$", "^[a-z]+$", found("-a")),
            ("^[a-z-]+$", "^(?!-)[a-z-]+(?<!-)$", found("-")),
            ("^(?<year>[0-9]{4})$", "^[0-9]{4}$", TextSearch::NotFound),
        ] {
            assert_eq!(find_between(wanted, refused), expected, "{wanted} {refused}");
        }
    }

    #[test]
    fn guesses_texts_of_patterns_that_it_cannot_decide() {
        let guesses = |pattern: &str| {
            let patterns = vec![pattern.to_owned()];
            Patterns::default().guesses(&TextConstraints { patterns, ..TextConstraints::default() })
        };
        assert!(guesses("^(?=.*Z)[A-Z](?!9)[0-9A-Z]{4}$").contains(&"A000Z".to_owned()));
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
