//! Removes duplicate keys and expands merge keys when the tree is complete.
//!
//! Until then no entry is removed: anchors are recorded as paths of indices, and removing an entry
//! would make those behind it point to its neighbour.

use std::collections::HashSet;

use crate::node::{Entry, Node, Span, Value};

/// Removes duplicate keys and expands merge keys. `merge_keys` are the spans of the latter.
pub(super) fn resolve(node: &mut Node, merge_keys: &HashSet<Span>) {
    match &mut node.value {
        Value::Sequence(items) => {
            for item in items {
                resolve(item, merge_keys);
            }
        }
        Value::Mapping(entries) => {
            for entry in entries.iter_mut() {
                resolve(&mut entry.value, merge_keys);
            }
            let (merges, mut own): (Vec<Entry>, Vec<Entry>) = std::mem::take(entries)
                .into_iter()
                .partition(|entry| merge_keys.contains(&entry.key_span));
            // A second merge key is a duplicate key like any other: the first one wins.
            if let Some(merge) = merges.into_iter().next() {
                own.extend(merged_entries(merge.value));
            }
            *entries = first_of_each_key(own);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The entries that a merge key refers to: those of one mapping, or of several in their order.
fn merged_entries(sources: Node) -> Vec<Entry> {
    let sources = match sources.value {
        Value::Sequence(items) => items,
        _ => vec![sources],
    };
    let entries = |source: Node| match source.value {
        Value::Mapping(entries) => entries,
        _ => Vec::new(),
    };
    sources.into_iter().flat_map(entries).collect()
}

fn first_of_each_key(entries: Vec<Entry>) -> Vec<Entry> {
    let mut seen = HashSet::with_capacity(entries.len());
    let is_first: Vec<bool> = entries.iter().map(|entry| seen.insert(entry.key.as_str())).collect();
    let entries = entries.into_iter().zip(is_first);
    entries.filter_map(|(entry, is_first)| is_first.then_some(entry)).collect()
}
