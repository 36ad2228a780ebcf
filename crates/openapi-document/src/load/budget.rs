//! How large a tree may become.

/// How deep collections nest. Whatever walks the tree may recurse.
pub(super) const DEEPEST: usize = 64;
/// How many nodes a tree has at most, with its aliases written out.
const MOST_NODES: usize = 200_000;
/// How much text aliases copy at most, in bytes.
const MOST_TEXT_COPIED: usize = 8 * 1024 * 1024;

/// What may still be added to the tree.
pub(super) struct Budget {
    nodes: usize,
    /// Bytes of text that aliases copy.
    text: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { nodes: MOST_NODES, text: MOST_TEXT_COPIED }
    }
}

impl Budget {
    /// Takes nodes and text out of the budget, and says whether they were in it.
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
