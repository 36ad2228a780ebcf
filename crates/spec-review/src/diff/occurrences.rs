//! The changes that a body reaches.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::rc::Rc;

use super::{Certainty, FOLLOWING, PairId, SchemaComparison, SetEffect, Step};
use crate::change::{Change, Part};
use crate::resolver::NodeLocation;
use crate::versions::Versions;

/// The shortest paths from one pair: the pair around each, and which of its inner pairs it is.
pub(crate) struct Paths {
    root: PairId,
    outer: HashMap<PairId, (PairId, usize)>,
}

/// A schema change that a body reaches.
#[derive(Debug, Clone)]
pub(crate) struct Occurrence {
    pub(crate) pair: PairId,
    pub(crate) schema_change: usize,
    /// Its effect on the set of accepted bodies.
    pub(crate) effect: SetEffect,
    /// Whether it is inside a `not`.
    pub(crate) negated: bool,
    /// The number of steps from the body to it.
    pub(crate) depth: usize,
    /// Its locations, or those of the schema around it.
    pub(crate) at: Versions<Option<NodeLocation>>,
}

impl Occurrence {
    /// Whether it changes the body or parameter as a whole.
    pub(crate) fn is_root(&self) -> bool {
        self.depth == 0
    }
}

impl SchemaComparison<'_> {
    /// All changes that a pair reaches, nearest first.
    pub(crate) fn occurrences(&mut self, root: PairId) -> Vec<Occurrence> {
        if !self.reaches_changes(root) {
            return Vec::new();
        }
        let mut occurrences = Vec::new();
        let mut seen = HashSet::new();
        let none = Rc::new(BTreeSet::new());
        let outer = Versions::default();
        let mut queue =
            VecDeque::from([(root, false, SetEffect::BOTH, 0, outer, Rc::clone(&none))]);
        while let Some((id, negated, mask, depth, outer, moved)) = queue.pop_front() {
            if !seen.insert((id, negated, mask, Rc::clone(&moved))) {
                continue;
            }
            let diff = self.diff(id);
            if !self.budget().spend(FOLLOWING * (1 + diff.inner_pairs.len())) {
                self.incomplete.get_or_insert_with(|| diff.at.clone());
                break;
            }
            let here = diff.at.clone().or(outer);
            for (index, schema_change) in diff.schema_changes.iter().enumerate() {
                if is_move(&schema_change.change, &moved) {
                    continue;
                }
                // A change that is only reported with a witness is proven by it, whatever is around
                // it.
                let mask = if schema_change.certainty == Certainty::NeedsWitness {
                    SetEffect::BOTH
                } else {
                    mask
                };
                let effect = schema_change.effect.reversed_if(negated).masked(mask);
                if effect == SetEffect::NEITHER && schema_change.effect != SetEffect::NEITHER {
                    continue;
                }
                occurrences.push(Occurrence {
                    pair: id,
                    schema_change: index,
                    effect,
                    negated,
                    depth,
                    at: schema_change.at.clone().or(here.clone()),
                });
            }
            for inner_pair in &diff.inner_pairs {
                if self.reaches_changes(inner_pair.pair) {
                    let mask = inner_pair.mask.reversed_if(negated).masked(mask);
                    let depth = depth + usize::from(inner_pair.step != Step::SameValue);
                    let moved = if inner_pair.moved.is_empty() {
                        Rc::clone(&none)
                    } else {
                        Rc::new(inner_pair.moved.clone())
                    };
                    queue.push_back((
                        inner_pair.pair,
                        negated ^ inner_pair.negated,
                        mask,
                        depth,
                        here.clone(),
                        moved,
                    ));
                }
            }
        }
        occurrences
    }

    /// The shortest path from one pair to another.
    pub(crate) fn path_to(&mut self, root: PairId, wanted: PairId) -> Vec<Step> {
        let known = self.paths.take().filter(|paths| paths.root == root);
        let paths = known.unwrap_or_else(|| self.paths_from(root));
        let mut path = Vec::new();
        let mut at = wanted;
        while let Some((from, index)) = paths.outer.get(&at) {
            if let Some(inner_pair) = self.diff(*from).inner_pairs.get(*index)
                && inner_pair.step != Step::SameValue
            {
                path.push(inner_pair.step.clone());
            }
            at = *from;
        }
        path.reverse();
        self.paths = Some(paths);
        path
    }

    fn paths_from(&self, root: PairId) -> Paths {
        let mut outer = HashMap::new();
        let mut queue = VecDeque::from([root]);
        while let Some(id) = queue.pop_front() {
            let diff = self.diff(id);
            self.budget().spend(FOLLOWING * diff.inner_pairs.len());
            for (index, inner_pair) in diff.inner_pairs.iter().enumerate() {
                if inner_pair.pair != root && !outer.contains_key(&inner_pair.pair) {
                    outer.insert(inner_pair.pair, (id, index));
                    queue.push_back(inner_pair.pair);
                }
            }
        }
        Paths { root, outer }
    }

    fn reaches_changes(&mut self, id: PairId) -> bool {
        if self.with_changes.is_none() {
            self.with_changes = Some(self.pairs_with_changes());
        }
        self.with_changes.as_ref().is_some_and(|with_changes| with_changes.contains(&id))
    }

    /// All pairs from which a change can be reached.
    fn pairs_with_changes(&self) -> HashSet<PairId> {
        let mut from: Vec<Vec<PairId>> = vec![Vec::new(); self.diffs.len()];
        let mut found = HashSet::new();
        let mut stack = Vec::new();
        for (index, diff) in self.diffs.iter().enumerate() {
            let Some(diff) = diff else { continue };
            for inner_pair in &diff.inner_pairs {
                if let Some(list) = from.get_mut(inner_pair.pair.0) {
                    list.push(PairId(index));
                }
            }
            if !diff.schema_changes.is_empty() && found.insert(PairId(index)) {
                stack.push(PairId(index));
            }
        }
        while let Some(id) = stack.pop() {
            for outer in from.get(id.0).into_iter().flatten() {
                if found.insert(*outer) {
                    stack.push(*outer);
                }
            }
        }
        found
    }
}

/// Whether a change is that one of the properties was added or removed.
fn is_move(change: &Change, moved: &BTreeSet<String>) -> bool {
    match change {
        Change::Added { part: Part::Property(name), .. }
        | Change::Removed { part: Part::Property(name), .. } => moved.contains(name),
        _ => false,
    }
}
