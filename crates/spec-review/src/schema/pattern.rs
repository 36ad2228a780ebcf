//! Decides by automata whether one set of patterns accepts a text that another pattern refuses.
//!
//! A `pattern` matches anywhere in the text. Each pattern is compiled to a deterministic automaton.
//! All automata run side by side over texts of growing length, until a text is found that all but
//! the last accept, or every reachable state was visited.

mod translate;

use std::collections::{BTreeSet, HashMap, VecDeque};

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};

use translate::{leading_lookaheads, representatives, translate, without_lookaround};

/// Beyond these limits the search is undecided.
const MAX_STATES: usize = 60_000;
const MAX_AUTOMATON_BYTES: usize = 4 << 20;

/// The constraints that a text has to satisfy.
#[derive(Debug, Clone, Default)]
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

/// Searches a text that satisfies `wanted` and that `refused` does not match.
pub(crate) fn find_text(wanted: &TextConstraints, refused: Option<&str>) -> TextSearch {
    if let Some(found) = refused.and_then(|refused| without_shared_lookaheads(wanted, refused)) {
        return found;
    }
    let mut automata = Vec::new();
    let mut others = BTreeSet::new();
    for pattern in wanted.patterns.iter().map(String::as_str).chain(refused) {
        let Some(pattern) = translate(pattern) else { return TextSearch::Undecided };
        let Some(automaton) = build(&pattern) else { return TextSearch::Undecided };
        automata.push(automaton);
        others.extend(representatives(&pattern));
    }
    let characters: Vec<char> = alphabet().into_iter().chain(others).collect();
    search_automata(&automata, refused.is_some(), wanted, &characters)
}

/// Where both patterns begin with the same lookaheads, which automata cannot express, the rest of
/// the patterns may be enough to tell that there is no such text.
fn without_shared_lookaheads(wanted: &TextConstraints, refused: &str) -> Option<TextSearch> {
    let (shared, rest) = leading_lookaheads(refused)?;
    let mut wanted = wanted.clone();
    let same = wanted.patterns.iter_mut().find_map(|pattern| {
        let (lookaheads, rest) = leading_lookaheads(pattern)?;
        let rest = (lookaheads == shared).then(|| format!("^{rest}"))?;
        *pattern = rest;
        Some(())
    });
    same?;
    Some(match find_text(&wanted, Some(&format!("^{rest}"))) {
        TextSearch::NotFound => TextSearch::NotFound,
        TextSearch::Text(_) | TextSearch::Undecided => TextSearch::Undecided,
    })
}

/// Texts that a pattern which automata cannot express may match: texts of the pattern without its
/// lookaheads, and common ones. The validator decides.
pub(crate) fn guesses(wanted: &TextConstraints) -> Vec<String> {
    let simpler = wanted
        .patterns
        .iter()
        .map(|pattern| without_lookaround(pattern).unwrap_or_else(|| pattern.clone()));
    let simpler = TextConstraints { patterns: simpler.collect(), ..wanted.clone() };
    let mut guesses = Vec::new();
    for more in [0, 1, 7] {
        let min_length = simpler.min_length.saturating_add(more);
        let longer = TextConstraints { min_length, ..simpler.clone() };
        if let TextSearch::Text(text) = find_text(&longer, None) {
            guesses.push(text);
        }
    }
    guesses.extend(COMMON_TEXTS.map(str::to_owned));
    guesses
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

fn build(pattern: &str) -> Option<dense::DFA<Vec<u32>>> {
    // From the beginning of the text a failed match is seen at once, which ends most searches early.
    let syntax = regex_automata::util::syntax::Config::new().unicode(true).utf8(false);
    let parsed = regex_automata::util::syntax::parse_with(pattern, &syntax).ok()?;
    let anchored = pattern.starts_with('^')
        && parsed.properties().look_set_prefix().contains_anchor_haystack();
    let start = if anchored { StartKind::Anchored } else { StartKind::Unanchored };
    dense::Builder::new()
        .configure(
            dense::Config::new()
                .match_kind(MatchKind::All)
                .start_kind(start)
                .dfa_size_limit(Some(MAX_AUTOMATON_BYTES))
                .determinize_size_limit(Some(MAX_AUTOMATON_BYTES)),
        )
        .syntax(syntax)
        .build(pattern)
        .ok()
}

/// The state and match of each automaton, and the length of the text.
type State = (Vec<(StateID, bool)>, u64);

fn search_automata(
    automata: &[dense::DFA<Vec<u32>>],
    last_must_refuse: bool,
    wanted: &TextConstraints,
    characters: &[char],
) -> TextSearch {
    let mut first = Vec::new();
    for automaton in automata {
        let anchored = automaton.start_kind() == StartKind::Anchored;
        let config =
            start::Config::new().anchored(if anchored { Anchored::Yes } else { Anchored::No });
        let Ok(state) = automaton.start_state(&config) else { return TextSearch::Undecided };
        first.push((state, false));
    }
    // Lengths beyond the largest limit are equivalent.
    let cap = wanted.max_length.map_or(wanted.min_length, |max| max.saturating_add(1));
    let mut seen: HashMap<State, (usize, char)> = HashMap::new();
    let mut order: Vec<State> = Vec::new();
    let mut queue = VecDeque::new();
    let start: State = (first, 0);
    seen.insert(start.clone(), (usize::MAX, '\0'));
    order.push(start);
    queue.push_back(0);
    while let Some(index) = queue.pop_front() {
        let Some(state) = order.get(index).cloned() else { break };
        if is_accepted(automata, &state, last_must_refuse, wanted) {
            return TextSearch::Text(text_to(&order, &seen, index));
        }
        for character in characters {
            let Some(next) = step(automata, &state, *character, cap, wanted) else { continue };
            let required = automata.len() - usize::from(last_must_refuse);
            let is_dead = automata
                .iter()
                .zip(&next.0)
                .take(required)
                .any(|(automaton, (id, matched))| !matched && automaton.is_dead_state(*id));
            if is_dead {
                continue;
            }
            if seen.contains_key(&next) {
                continue;
            }
            if order.len() >= MAX_STATES {
                return TextSearch::Undecided;
            }
            seen.insert(next.clone(), (index, *character));
            order.push(next);
            queue.push_back(order.len() - 1);
        }
    }
    TextSearch::NotFound
}

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

fn step(
    automata: &[dense::DFA<Vec<u32>>],
    state: &State,
    character: char,
    cap: u64,
    wanted: &TextConstraints,
) -> Option<State> {
    let length = state.1.saturating_add(1).min(cap);
    if wanted.max_length.is_some_and(|max| length > max) {
        return None;
    }
    let next = automata
        .iter()
        .zip(&state.0)
        .map(|(automaton, (id, matched))| {
            let (mut next, mut matched) = (*id, *matched);
            let mut buffer = [0; 4];
            for byte in character.encode_utf8(&mut buffer).bytes() {
                next = automaton.next_state(next, byte);
                matched = matched || automaton.is_match_state(next);
            }
            // After a match the rest of the text does not matter.
            (if matched { *id } else { next }, matched)
        })
        .collect();
    Some((next, length))
}

fn is_accepted(
    automata: &[dense::DFA<Vec<u32>>],
    state: &State,
    last_must_refuse: bool,
    wanted: &TextConstraints,
) -> bool {
    let last = automata.len().saturating_sub(1);
    state.1 >= wanted.min_length
        && automata.iter().zip(&state.0).enumerate().all(|(index, (automaton, (id, matched)))| {
            let matches = *matched || automaton.is_match_state(automaton.next_eoi_state(*id));
            matches != (last_must_refuse && index == last)
        })
}

fn text_to(order: &[State], seen: &HashMap<State, (usize, char)>, mut index: usize) -> String {
    let mut characters = Vec::new();
    while let Some((from, character)) = order.get(index).and_then(|state| seen.get(state)) {
        if *from == usize::MAX {
            break;
        }
        characters.push(*character);
        index = *from;
    }
    characters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find_between(wanted: &str, refused: &str) -> TextSearch {
        let wanted =
            TextConstraints { patterns: vec![wanted.to_owned()], ..TextConstraints::default() };
        find_text(&wanted, Some(refused))
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
        assert_eq!(find_text(&wanted, None), TextSearch::Text("aaa".into()));
        assert_eq!(find_text(&wanted, Some("^a{3,5}$")), TextSearch::NotFound);
        assert_eq!(find_text(&wanted, Some("^a{3,4}$")), TextSearch::Text("aaaaa".into()));
    }
}
