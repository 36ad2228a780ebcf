//! The limits of a tree.

/// How deep collections may nest. Low enough that code which walks the tree may recurse.
pub(super) const MAX_DEPTH: usize = 64;
/// How many nodes a tree may have with its aliases expanded.
pub(super) const MAX_NODES: usize = 300_000;
/// How many bytes of text the expansion of aliases may copy.
const MAX_COPIED_BYTES: usize = 8 * 1024 * 1024;

/// What may be added to the tree before a limit is reached.
pub(super) struct Budget {
    nodes: usize,
    /// Bytes of text that aliases may copy.
    text: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { nodes: MAX_NODES, text: MAX_COPIED_BYTES }
    }
}

impl Budget {
    /// Deducts nodes and bytes of text; `false` if the budget does not have them.
    pub(super) fn take(&mut self, nodes: usize, text: usize) -> bool {
        match (self.nodes.checked_sub(nodes), self.text.checked_sub(text)) {
            (Some(nodes), Some(text)) => {
                *self = Self { nodes, text };
                true
            }
            _ => false,
        }
    }
}
