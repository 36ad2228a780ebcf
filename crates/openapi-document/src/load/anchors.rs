//! Anchors, and the expansion of aliases within a budget.

use std::collections::HashMap;

use super::budget::{Budget, MAX_DEPTH};
use super::frame::Frame;
use crate::node::{Node, Span, Value};

/// Why an alias cannot be expanded.
pub(super) enum AliasError {
    TooDeep,
    TooLarge,
}

/// The targets of all anchors. A target is a path of child indices into the tree, not a copy of the
/// node: most anchors are used rarely, and nested ones would be copied once per level.
#[derive(Default)]
pub(super) struct Anchors {
    targets: HashMap<usize, AnchorTarget>,
}

enum AnchorTarget {
    Path(Box<[usize]>),
    Key(String),
}

impl Anchors {
    /// Records the anchor of the next node; 0 means that it has none.
    pub(super) fn record(&mut self, anchor: usize, stack: &[Frame]) {
        if anchor != 0 {
            self.targets
                .insert(anchor, AnchorTarget::Path(stack.iter().map(Frame::completed).collect()));
        }
    }

    /// Records the anchor of a key.
    pub(super) fn record_key(&mut self, anchor: usize, key: &str) {
        if anchor != 0 {
            self.targets.insert(anchor, AnchorTarget::Key(key.to_owned()));
        }
    }

    /// A copy of the node that an anchor marks.
    pub(super) fn copy(
        &self,
        anchor: usize,
        alias: Span,
        stack: &[Frame],
        budget: &mut Budget,
    ) -> Result<Node, AliasError> {
        let target = match self.targets.get(&anchor) {
            Some(AnchorTarget::Key(key)) => {
                let text =
                    budget.take(0, key.len()).then(|| key.clone()).ok_or(AliasError::TooLarge)?;
                return Ok(Node { span: alias, value: Value::String(text) });
            }
            Some(AnchorTarget::Path(path)) => find_node(path, stack),
            None => None,
        };
        // A target is missing only below a key that was rejected, and then the tree is discarded.
        let Some(target) = target else { return Ok(Node { span: alias, value: Value::Null }) };
        charge(target, stack.len(), budget)?;
        Ok(target.clone())
    }
}

/// Follows a path through the open collections, then through completed nodes.
fn find_node<'a>(path: &[usize], stack: &'a [Frame]) -> Option<&'a Node> {
    let mut frames = stack.iter();
    let mut indices = path.iter();
    let mut node = loop {
        let (frame, &index) = (frames.next()?, indices.next()?);
        if index < frame.completed() {
            break frame.completed_child(index)?;
        }
    };
    for &index in indices {
        node = match &node.value {
            Value::Sequence(items) => items.get(index)?,
            Value::Mapping(entries) => &entries.get(index)?.value,
            _ => return None,
        };
    }
    Some(node)
}

fn charge(node: &Node, depth: usize, budget: &mut Budget) -> Result<(), AliasError> {
    let charge_text = |budget: &mut Budget, text: &str| {
        budget.take(0, text.len()).then_some(()).ok_or(AliasError::TooLarge)
    };
    budget.take(1, 0).then_some(()).ok_or(AliasError::TooLarge)?;
    let inner = depth + 1;
    match &node.value {
        Value::Sequence(_) | Value::Mapping(_) if inner > MAX_DEPTH => {
            return Err(AliasError::TooDeep);
        }
        Value::Sequence(items) => {
            for item in items {
                charge(item, inner, budget)?;
            }
        }
        Value::Mapping(entries) => {
            for entry in entries {
                charge_text(budget, &entry.key)?;
                charge(&entry.value, inner, budget)?;
            }
        }
        Value::String(text) => charge_text(budget, text)?,
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}
