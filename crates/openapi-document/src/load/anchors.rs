//! Anchors and aliases, written out under a budget.

use std::collections::HashMap;

use super::budget::{Budget, DEEPEST};
use super::frame::Frame;
use crate::node::{Node, Span, Value};

/// Why an alias is not written out.
pub(super) enum Refusal {
    TooDeep,
    TooLarge,
}

/// Where each anchor is. The path of child indices into the tree is kept, not a copy: nearly no
/// anchor is ever used twice, and nested ones would be copied once per level.
#[derive(Default)]
pub(super) struct Anchors {
    places: HashMap<usize, Place>,
}

enum Place {
    Path(Box<[usize]>),
    Key(String),
}

impl Anchors {
    /// Notes that the node that comes next carries an anchor; 0 is none.
    pub(super) fn note(&mut self, anchor: usize, stack: &[Frame]) {
        if anchor != 0 {
            self.places.insert(anchor, Place::Path(stack.iter().map(Frame::len).collect()));
        }
    }

    /// Notes that a key carries an anchor.
    pub(super) fn note_key(&mut self, anchor: usize, key: &str) {
        if anchor != 0 {
            self.places.insert(anchor, Place::Key(key.to_owned()));
        }
    }

    /// A copy of what an anchor stands for.
    pub(super) fn copy(
        &self,
        anchor: usize,
        alias: Span,
        stack: &[Frame],
        budget: &mut Budget,
    ) -> Result<Node, Refusal> {
        let target = match self.places.get(&anchor) {
            Some(Place::Key(key)) => {
                let text =
                    budget.take(0, key.len()).then(|| key.clone()).ok_or(Refusal::TooLarge)?;
                return Ok(Node { span: alias, value: Value::String(text) });
            }
            Some(Place::Path(path)) => follow(path, stack),
            None => None,
        };
        // Nothing is found only below a key that was refused, and then the tree is not used.
        let Some(target) = target else { return Ok(Node { span: alias, value: Value::Null }) };
        charge(target, stack.len(), budget)?;
        Ok(target.clone())
    }
}

/// Goes down the open collections, then down the closed ones.
fn follow<'a>(path: &[usize], stack: &'a [Frame]) -> Option<&'a Node> {
    let mut frames = stack.iter();
    let mut indices = path.iter();
    let mut node = loop {
        let (frame, &index) = (frames.next()?, indices.next()?);
        if index < frame.len() {
            break frame.child(index)?;
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

fn charge(node: &Node, depth: usize, budget: &mut Budget) -> Result<(), Refusal> {
    let charge_text = |budget: &mut Budget, text: &str| {
        budget.take(0, text.len()).then_some(()).ok_or(Refusal::TooLarge)
    };
    budget.take(1, 0).then_some(()).ok_or(Refusal::TooLarge)?;
    let inner = depth + 1;
    match &node.value {
        Value::Sequence(_) | Value::Mapping(_) if inner > DEEPEST => return Err(Refusal::TooDeep),
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
