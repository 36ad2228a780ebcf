//! A pattern as deterministic automata.

use std::collections::BTreeSet;

use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};

use super::translate::{Condition, conditions, representatives, translate, without_lookaround};
use crate::budget::Budget;

/// Beyond this limit a pattern is undecided.
const MAX_AUTOMATON_BYTES: usize = 4 << 20;

/// A condition on a text.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) automaton: dense::DFA<Vec<u32>>,
    /// Whether the automaton has to match, or must not.
    pub(super) matches: bool,
    /// Characters outside ASCII that represent all others.
    pub(super) others: BTreeSet<char>,
}

/// The conditions of a pattern, of which a text has to satisfy all.
pub(super) fn compile(pattern: &str, budget: &Budget) -> Option<Vec<Compiled>> {
    conditions(pattern).iter().map(|condition| Compiled::new(condition, budget)).collect()
}

/// The conditions of a pattern that automata can express, or forms of them that match more texts.
pub(super) fn compile_simpler(pattern: &str, budget: &Budget) -> Vec<Compiled> {
    let conditions = conditions(pattern).into_iter();
    let compiled = conditions.filter_map(|condition| {
        Compiled::new(&condition, budget).or_else(|| {
            let simpler = without_lookaround(&condition.0).filter(|_| condition.1)?;
            Compiled::new(&(simpler, true), budget)
        })
    });
    compiled.collect()
}

impl Compiled {
    fn new((pattern, matches): &Condition, budget: &Budget) -> Option<Self> {
        let pattern = translate(pattern)?;
        let automaton = build(&pattern);
        let bytes = automaton.as_ref().map_or(MAX_AUTOMATON_BYTES, dense::DFA::memory_usage);
        budget.spend_on_automata(bytes / 2);
        Some(Self { automaton: automaton?, matches: *matches, others: representatives(&pattern) })
    }

    pub(super) fn start(&self) -> Option<StateID> {
        let anchored = self.automaton.start_kind() == StartKind::Anchored;
        let anchored = if anchored { Anchored::Yes } else { Anchored::No };
        self.automaton.start_state(&start::Config::new().anchored(anchored)).ok()
    }

    /// What tells a character from others: characters with the same classes lead to the same states.
    pub(super) fn classes(&self, character: char) -> impl Iterator<Item = u8> {
        let mut buffer = [0; 4];
        let bytes = character.encode_utf8(&mut buffer).as_bytes().to_vec();
        bytes.into_iter().map(|byte| self.automaton.byte_classes().get(byte))
    }
}

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
