//! How much work a comparison may do.
//!
//! Two documents of a few hundred kilobytes can describe more work than anybody wants to wait for.
//! So everything that can grow faster than the documents is paid for from one budget, in units that
//! do not depend on the machine: the same documents always give the same report. A unit is about as
//! much as following one reference. On real documents of three megabytes a comparison uses less
//! than a million.

use std::cell::Cell;

/// What each part of the comparison may use whatever the size of the documents: what can refer to
/// itself in a few lines describes more work than can be done, and is given up after a second.
const PART: u64 = 6_000_000;
/// What it may use in addition for each byte of the documents, whose work is their size and more.
const PER_BYTE: u64 = 40;
/// What it may use at most.
const MOST: u64 = 24_000_000;
/// What each part may use for automata of patterns. It is counted separately, so that patterns which
/// grow beyond all bounds keep nothing else from being compared.
const AUTOMATA: u64 = 24_000_000;

/// The units that are left.
#[derive(Debug)]
pub(crate) struct Budget {
    part: u64,
    left: Cell<u64>,
    for_automata: Cell<u64>,
}

impl Default for Budget {
    fn default() -> Self {
        Self::for_documents(0)
    }
}

impl Budget {
    /// For documents of that many bytes in all.
    pub(crate) fn for_documents(bytes: usize) -> Self {
        let part = MOST.min(PART.saturating_add(PER_BYTE.saturating_mul(bytes as u64)));
        Self { part, left: Cell::new(part), for_automata: Cell::new(AUTOMATA) }
    }

    /// Pays for some work. `false` if the budget is used up.
    pub(crate) fn spend(&self, units: usize) -> bool {
        spend(&self.left, units)
    }

    /// The same for work on automata.
    pub(crate) fn spend_on_automata(&self, units: usize) -> bool {
        spend(&self.for_automata, units)
    }

    pub(crate) fn is_used_up(&self) -> bool {
        self.left.get() == 0
    }

    pub(crate) fn is_used_up_for_automata(&self) -> bool {
        self.for_automata.get() == 0
    }

    /// Begins the next part: first schemas are compared, then the operations are found that their
    /// changes reach, and then payloads. None of them takes from the others.
    pub(crate) fn next_part(&self) {
        self.left.set(self.part);
        self.for_automata.set(AUTOMATA);
    }
}

fn spend(from: &Cell<u64>, units: usize) -> bool {
    let left = from.get().saturating_sub(units as u64);
    from.set(left);
    left > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_more_to_larger_documents_up_to_a_limit() {
        let given = |bytes| Budget::for_documents(bytes).left.get();
        assert_eq!(given(0), PART);
        assert!(given(1_000) > PART && given(100_000) > given(1_000));
        assert_eq!((given(10_000_000), given(usize::MAX)), (MOST, MOST));
    }

    #[test]
    fn gives_each_part_the_same_and_counts_automata_separately() {
        let budget = Budget::default();
        assert!(budget.spend(1) && !budget.is_used_up());
        assert!(!budget.spend(usize::MAX) && !budget.spend(0) && budget.is_used_up());
        assert!(budget.spend_on_automata(1) && !budget.is_used_up_for_automata());
        assert!(!budget.spend_on_automata(usize::MAX) && budget.is_used_up_for_automata());
        budget.next_part();
        assert!(!budget.is_used_up() && !budget.is_used_up_for_automata());
    }
}
