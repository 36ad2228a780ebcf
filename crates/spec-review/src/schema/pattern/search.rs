//! Runs automata side by side over texts of growing length.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use regex_automata::dfa::Automaton as _;
use regex_automata::util::primitives::StateID;

use super::automaton::Compiled;
use super::{TextConstraints, TextSearch};
use crate::budget::Budget;

/// Beyond this limit the search is undecided.
const MAX_STATES: usize = 60_000;
/// What one step of one automaton costs.
const STEP: usize = 3;

/// The state and match of each automaton, and the length of the text.
type State = (Vec<(StateID, bool)>, u64);

/// Searches a text that satisfies the first `required` conditions, and not all of the others, if
/// there are others.
pub(super) fn search(
    automata: &[&Compiled],
    required: usize,
    wanted: &TextConstraints,
    budget: &Budget,
) -> TextSearch {
    let mut first = Vec::new();
    for compiled in automata {
        let Some(state) = compiled.start() else { return TextSearch::Undecided };
        first.push((state, false));
    }
    let characters = one_of_each_class(automata);
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
        if is_accepted(automata, required, &state, wanted) {
            return TextSearch::Text(text_to(&order, &seen, index));
        }
        for character in &characters {
            if !budget.spend_on_automata(STEP * automata.len()) {
                return TextSearch::Undecided;
            }
            let Some(next) = step(automata, &state, *character, cap, wanted) else { continue };
            let mut each = automata.iter().zip(&next.0).take(required);
            let is_dead = each.any(|(compiled, (id, matched))| {
                let never = || compiled.automaton.is_dead_state(*id);
                if compiled.matches { !matched && never() } else { *matched }
            });
            if is_dead || seen.contains_key(&next) {
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

fn step(
    automata: &[&Compiled],
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
        .map(|(compiled, (id, matched))| {
            let automaton = &compiled.automaton;
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
    automata: &[&Compiled],
    required: usize,
    state: &State,
    wanted: &TextConstraints,
) -> bool {
    let satisfied = |(compiled, (id, matched)): (&&Compiled, &(StateID, bool))| {
        let automaton = &compiled.automaton;
        let matches = *matched || automaton.is_match_state(automaton.next_eoi_state(*id));
        matches == compiled.matches
    };
    let mut each = automata.iter().zip(&state.0).map(satisfied);
    let accepted = state.1 >= wanted.min_length && each.by_ref().take(required).all(|is| is);
    accepted && (automata.len() == required || each.any(|is| !is))
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

/// The characters that the automata tell apart: the first of each class.
fn one_of_each_class(automata: &[&Compiled]) -> Vec<char> {
    let others: BTreeSet<char> =
        automata.iter().flat_map(|compiled| compiled.others.iter().copied()).collect();
    let mut seen = HashSet::new();
    let classes = |character: char| -> Vec<u8> {
        // The number of bytes is the same for all automata.
        automata.iter().flat_map(|compiled| compiled.classes(character)).collect()
    };
    alphabet().chain(others).filter(|character| seen.insert(classes(*character))).collect()
}

/// Printable ASCII and two control characters, letters first so that witnesses are readable.
fn alphabet() -> impl Iterator<Item = char> {
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
}
