//! Collections that are not yet closed.

use std::collections::HashMap;

use crate::node::{Entry, Node, Span};

/// A collection that is not yet closed.
pub(super) struct Frame {
    pub(super) anchor: usize,
    pub(super) span: Span,
    pub(super) children: Children,
}

pub(super) enum Children {
    Sequence(Vec<Node>),
    Mapping(Mapping),
}

#[derive(Default)]
pub(super) struct Mapping {
    pub(super) entries: Vec<Entry>,
    /// Where each key stands first.
    pub(super) seen: HashMap<String, Span>,
    /// The key whose value comes next.
    pub(super) key: Option<(String, Span)>,
    /// Whether the keys are statuses of responses.
    pub(super) statuses: bool,
}

impl Frame {
    /// How many children are complete; the index of the one that is being read.
    pub(super) fn len(&self) -> usize {
        match &self.children {
            Children::Sequence(items) => items.len(),
            Children::Mapping(mapping) => mapping.entries.len(),
        }
    }

    pub(super) fn child(&self, index: usize) -> Option<&Node> {
        match &self.children {
            Children::Sequence(items) => items.get(index),
            Children::Mapping(mapping) => mapping.entries.get(index).map(|entry| &entry.value),
        }
    }

    pub(super) fn awaits_key(&self) -> bool {
        matches!(&self.children, Children::Mapping(Mapping { key: None, .. }))
    }
}
