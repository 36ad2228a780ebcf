//! From a body to the edits inside it.

use std::collections::{HashSet, VecDeque};

use super::{Certainty, Effect, PairId, Schematics, Step};
use crate::side::Place;
use crate::versions::Versions;

/// An edit that can be reached from a body.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub(crate) pair: PairId,
    pub(crate) edit: usize,
    /// What it does to the body.
    pub(crate) effect: Effect,
    /// Whether it stands under a `not`.
    pub(crate) flip: bool,
    /// How many steps lead to it.
    pub(crate) depth: usize,
    /// Where it is written, or else what it is written in.
    pub(crate) at: Versions<Option<Place>>,
}

impl Hit {
    /// Whether it is about the value as a whole.
    pub(crate) fn is_root(&self) -> bool {
        self.depth == 0
    }
}

impl Schematics<'_> {
    /// Every edit that can be reached from a pair, nearest first.
    pub(crate) fn walk(&mut self, root: PairId) -> Vec<Hit> {
        if !self.leads_to_edits(root) {
            return Vec::new();
        }
        let mut hits = Vec::new();
        let mut seen = HashSet::new();
        let mut queue = VecDeque::from([(root, false, Effect::BOTH, 0, Versions::default())]);
        while let Some((id, flip, mask, depth, outer)) = queue.pop_front() {
            if !seen.insert((id, flip, mask)) {
                continue;
            }
            let diff = self.diff(id);
            let here = diff.at.clone().or(outer);
            for (index, edit) in diff.edits.iter().enumerate() {
                // What is only shown with a payload needs no other reason to reach the outside.
                let mask = if edit.certainty == Certainty::Probe { Effect::BOTH } else { mask };
                let effect = edit.effect.flipped(flip).masked(mask);
                if effect == Effect::NEITHER && edit.effect != Effect::NEITHER {
                    continue;
                }
                hits.push(Hit {
                    pair: id,
                    edit: index,
                    effect,
                    flip,
                    depth,
                    at: edit.at.clone().or(here.clone()),
                });
            }
            for link in &diff.links {
                if self.leads_to_edits(link.pair) {
                    let mask = link.mask.flipped(flip).masked(mask);
                    let depth = depth + usize::from(link.step != Step::Same);
                    queue.push_back((link.pair, flip ^ link.flip, mask, depth, here.clone()));
                }
            }
        }
        hits
    }

    /// The shortest way from one pair to another.
    pub(crate) fn way(&self, root: PairId, wanted: PairId) -> Vec<Step> {
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
            for link in &self.diff(id).links {
                let next = if link.step == Step::Same {
                    at
                } else {
                    steps.push((link.step.clone(), at));
                    Some(steps.len() - 1)
                };
                queue.push_back((link.pair, next));
            }
        }
        Vec::new()
    }

    fn leads_to_edits(&mut self, id: PairId) -> bool {
        if self.interesting.is_none() {
            self.interesting = Some(self.find_interesting());
        }
        self.interesting.as_ref().is_some_and(|interesting| interesting.contains(&id))
    }

    /// All pairs from which an edit can be reached.
    fn find_interesting(&self) -> HashSet<PairId> {
        let mut from: Vec<Vec<PairId>> = vec![Vec::new(); self.diffs.len()];
        let mut found = HashSet::new();
        let mut stack = Vec::new();
        for (index, diff) in self.diffs.iter().enumerate() {
            let Some(diff) = diff else { continue };
            for link in &diff.links {
                if let Some(list) = from.get_mut(link.pair.0) {
                    list.push(PairId(index));
                }
            }
            if !diff.edits.is_empty() && found.insert(PairId(index)) {
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
