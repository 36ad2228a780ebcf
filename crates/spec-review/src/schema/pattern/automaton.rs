//! A pattern as a deterministic automaton.

use std::collections::BTreeSet;

use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};

use super::translate::{representatives, translate};
use crate::budget::Budget;

/// Beyond this limit a pattern is undecided.
const MAX_AUTOMATON_BYTES: usize = 4 << 20;

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) automaton: dense::DFA<Vec<u32>>,
    /// Characters outside ASCII that represent all others.
    pub(super) others: BTreeSet<char>,
}

impl Compiled {
    pub(super) fn new(pattern: &str, budget: &Budget) -> Option<Self> {
        let pattern = translate(pattern)?;
        let automaton = build(&pattern);
        let bytes = automaton.as_ref().map_or(MAX_AUTOMATON_BYTES, dense::DFA::memory_usage);
        budget.spend_on_automata(bytes / 2);
        Some(Self { automaton: automaton?, others: representatives(&pattern) })
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
