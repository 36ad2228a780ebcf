//! From a body to the edits inside it.

use std::collections::{HashSet, VecDeque};

use super::{Certainty, PairId, SchemaComparison, SetEffect, Step};
use crate::resolver::NodeLocation;
use crate::versions::Versions;

/// An edit that can be reached from a body.
#[derive(Debug, Clone)]
pub(crate) struct Occurrence {
    pub(crate) pair: PairId,
    pub(crate) schema_change: usize,
    /// What it does to the body.
    pub(crate) effect: SetEffect,
    /// Whether it stands under a `not`.
    pub(crate) negated: bool,
    /// How many steps lead to it.
    pub(crate) depth: usize,
    /// Where it is written, or else what it is written in.
    pub(crate) at: Versions<Option<NodeLocation>>,
}

impl Occurrence {
    /// Whether it is about the value as a whole.
    pub(crate) fn is_root(&self) -> bool {
        self.depth == 0
    }
}

impl SchemaComparison<'_> {
    /// Every edit that can be reached from a pair, nearest first.
    pub(crate) fn occurrences(&mut self, root: PairId) -> Vec<Occurrence> {
        if !self.reaches_changes(root) {
            return Vec::new();
        }
        let mut occurrences = Vec::new();
        let mut seen = HashSet::new();
        let mut queue = VecDeque::from([(root, false, SetEffect::BOTH, 0, Versions::default())]);
        while let Some((id, negated, mask, depth, outer)) = queue.pop_front() {
            if !seen.insert((id, negated, mask)) {
                continue;
            }
            let diff = self.diff(id);
            let here = diff.at.clone().or(outer);
            for (index, schema_change) in diff.schema_changes.iter().enumerate() {
                // What is only shown with a payload needs no other reason to reach the outside.
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
                    queue.push_back((
                        inner_pair.pair,
                        negated ^ inner_pair.negated,
                        mask,
                        depth,
                        here.clone(),
                    ));
                }
            }
        }
        occurrences
    }

    /// The shortest way from one pair to another.
    pub(crate) fn path_to(&self, root: PairId, wanted: PairId) -> Vec<Step> {
        let mut steps: Vec<(Step, Option<usize>)> = Vec::new();
        let mut seen = HashSet::new();
        let mut queue = VecDeque::from([(root, None)]);
        while let Some((id, at)) = queue.pop_front() {
            if id == wanted {
                return trace(&steps, at);
            }
            if !seen.insert(id) {
                continue;
            }
            for inner_pair in &self.diff(id).inner_pairs {
                let next = if inner_pair.step == Step::SameValue {
                    at
                } else {
                    steps.push((inner_pair.step.clone(), at));
                    Some(steps.len() - 1)
                };
                queue.push_back((inner_pair.pair, next));
            }
        }
        Vec::new()
    }

    fn reaches_changes(&mut self, id: PairId) -> bool {
        if self.with_changes.is_none() {
            self.with_changes = Some(self.pairs_with_changes());
        }
        self.with_changes.as_ref().is_some_and(|with_changes| with_changes.contains(&id))
    }

    /// All pairs from which an edit can be reached.
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

fn trace(steps: &[(Step, Option<usize>)], mut at: Option<usize>) -> Vec<Step> {
    let mut path = Vec::new();
    while let Some((step, parent)) = at.and_then(|at| steps.get(at)) {
        path.push(step.clone());
        at = *parent;
    }
    path.reverse();
    path
}
