//! Decides by automata whether one set of patterns accepts a text that another pattern refuses.
//!
//! A `pattern` matches anywhere in the text. Each pattern is compiled to a deterministic automaton.
//! All automata run side by side over texts of growing length, until a text is found that all but
//! the last accept, or every reachable state was visited.

use std::collections::{HashMap, VecDeque};

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};

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
    let mut automata = Vec::new();
    for pattern in wanted.patterns.iter().map(String::as_str).chain(refused) {
        let Some(automaton) = build(pattern) else { return TextSearch::Undecided };
        automata.push(automaton);
    }
    search_automata(&automata, refused.is_some(), wanted)
}

fn build(pattern: &str) -> Option<dense::DFA<Vec<u32>>> {
    let pattern = translate(pattern)?;
    dense::Builder::new()
        .configure(
            dense::Config::new()
                .match_kind(MatchKind::All)
                .start_kind(StartKind::Unanchored)
                .dfa_size_limit(Some(MAX_AUTOMATON_BYTES))
                .determinize_size_limit(Some(MAX_AUTOMATON_BYTES)),
        )
        // Character classes of ECMAScript are ASCII: `\d` is `[0-9]`.
        .syntax(regex_automata::util::syntax::Config::new().unicode(false).utf8(false))
        .build(&pattern)
        .ok()
}

/// The pattern in the syntax of the automata; `None` for what they cannot express.
///
/// The automata read bytes, so a pattern with other characters than ASCII would be misread. Such
/// patterns are left to the samples of the witness search.
fn translate(pattern: &str) -> Option<String> {
    if !pattern.is_ascii()
        || pattern.contains("\\u")
        || pattern.contains("\\p")
        || pattern.contains("(?") && !has_only_plain_groups(pattern)
    {
        return None;
    }
    // Without the flag `m`, `$` in ECMAScript is the end of the text, as it is here.
    Some(pattern.replace("\\/", "/").replace("\\-", "\\x2D"))
}

fn has_only_plain_groups(pattern: &str) -> bool {
    pattern
        .match_indices("(?")
        .all(|(at, _)| pattern.get(at..).is_some_and(|rest| rest.starts_with("(?:")))
}

/// The state and match of each automaton, and the length of the text.
type State = (Vec<(StateID, bool)>, u64);

fn search_automata(
    automata: &[dense::DFA<Vec<u32>>],
    last_must_refuse: bool,
    wanted: &TextConstraints,
) -> TextSearch {
    let config = start::Config::new().anchored(Anchored::No);
    let mut first = Vec::new();
    for automaton in automata {
        let Ok(state) = automaton.start_state(&config) else { return TextSearch::Undecided };
        first.push((state, false));
    }
    // Lengths beyond the largest limit are equivalent.
    let cap = wanted.max_length.map_or(wanted.min_length, |max| max.saturating_add(1));
    let bytes = alphabet();
    let mut seen: HashMap<State, (usize, u8)> = HashMap::new();
    let mut order: Vec<State> = Vec::new();
    let mut queue = VecDeque::new();
    let start: State = (first, 0);
    seen.insert(start.clone(), (usize::MAX, 0));
    order.push(start);
    queue.push_back(0);
    while let Some(index) = queue.pop_front() {
        let Some(state) = order.get(index).cloned() else { break };
        if is_accepted(automata, &state, last_must_refuse, wanted) {
            return TextSearch::Text(text_to(&order, &seen, index));
        }
        for byte in &bytes {
            let Some(next) = step(automata, &state, *byte, cap, wanted) else { continue };
            if seen.contains_key(&next) {
                continue;
            }
            if order.len() >= MAX_STATES {
                return TextSearch::Undecided;
            }
            seen.insert(next.clone(), (index, *byte));
            order.push(next);
            queue.push_back(order.len() - 1);
        }
    }
    TextSearch::NotFound
}

/// Printable ASCII and two control characters, letters first so that witnesses are readable.
fn alphabet() -> Vec<u8> {
    let letters = b'a'..=b'z';
    letters
        .chain(b'0'..=b'9')
        .chain(b'A'..=b'Z')
        .chain(b' '..=b'/')
        .chain(b':'..=b'@')
        .chain(b'['..=b'`')
        .chain(b'{'..=b'~')
        .chain([b'\n', b'\t'])
        .collect()
}

fn step(
    automata: &[dense::DFA<Vec<u32>>],
    state: &State,
    byte: u8,
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
            let next = automaton.next_state(*id, byte);
            // After a match the rest of the text does not matter.
            let matched = *matched || automaton.is_match_state(next);
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

fn text_to(order: &[State], seen: &HashMap<State, (usize, u8)>, mut index: usize) -> String {
    let mut bytes = Vec::new();
    while let Some((from, byte)) = order.get(index).and_then(|state| seen.get(state)) {
        if *from == usize::MAX {
            break;
        }
        bytes.push(*byte);
        index = *from;
    }
    bytes.reverse();
    String::from_utf8(bytes).unwrap_or_default()
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
    fn respects_length_limits() {
        let wanted =
            TextConstraints { patterns: vec!["^a*$".into()], min_length: 3, max_length: Some(5) };
        assert_eq!(find_text(&wanted, None), TextSearch::Text("aaa".into()));
        assert_eq!(find_text(&wanted, Some("^a{3,5}$")), TextSearch::NotFound);
        assert_eq!(find_text(&wanted, Some("^a{3,4}$")), TextSearch::Text("aaaaa".into()));
    }
}
