//! The stack of collections that are being parsed.

use std::collections::HashMap;

use crate::node::{Entry, Node, Span};

/// A collection that is being parsed.
pub(super) struct Frame {
    pub(super) anchor: usize,
    pub(super) span: Span,
    pub(super) children: Children,
}

pub(super) enum Children {
    Sequence(Vec<Node>),
    Mapping(OpenMapping),
}

#[derive(Default)]
pub(super) struct OpenMapping {
    pub(super) entries: Vec<Entry>,
    /// The span of the first occurrence of each key.
    pub(super) key_spans: HashMap<String, Span>,
    /// The key of the next value.
    pub(super) pending_key: Option<(String, Span)>,
    /// Whether the keys are statuses of responses, which may be integers.
    pub(super) has_status_keys: bool,
}

impl Frame {
    /// The number of completed children, which is the index of the next one.
    pub(super) fn completed(&self) -> usize {
        match &self.children {
            Children::Sequence(items) => items.len(),
            Children::Mapping(mapping) => mapping.entries.len(),
        }
    }

    pub(super) fn completed_child(&self, index: usize) -> Option<&Node> {
        match &self.children {
            Children::Sequence(items) => items.get(index),
            Children::Mapping(mapping) => mapping.entries.get(index).map(|entry| &entry.value),
        }
    }

    pub(super) fn expects_key(&self) -> bool {
        matches!(&self.children, Children::Mapping(OpenMapping { pending_key: None, .. }))
    }
}
