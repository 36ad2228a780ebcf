//! Lookup of keys and list items in constant time.

use openapi_document::{Entry, Node, Value};

use std::collections::{HashMap, HashSet};

/// Up to this size a linear search is as fast.
const SMALL: usize = 16;

/// An index of the keys of large mappings and the strings of large lists.
#[derive(Debug, Default)]
pub(super) struct Index<'d> {
    mappings: HashMap<*const Node, HashMap<&'d str, &'d Entry>>,
    lists: HashMap<*const Node, HashSet<&'d str>>,
}

impl<'d> Index<'d> {
    pub(super) fn new(root: &'d Node) -> Self {
        let mut index = Self::default();
        index.add(root);
        index
    }

    // The loader limits the depth, so recursion is safe.
    fn add(&mut self, node: &'d Node) {
        match &node.value {
            Value::Mapping(entries) => {
                if entries.len() > SMALL {
                    let keys = entries.iter().map(|entry| (entry.key.as_str(), entry)).collect();
                    self.mappings.insert(node, keys);
                }
                for entry in entries {
                    self.add(&entry.value);
                }
            }
            Value::Sequence(items) => {
                if items.len() > SMALL {
                    self.lists.insert(node, items.iter().filter_map(Node::as_str).collect());
                }
                for item in items {
                    self.add(item);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// The entry of a mapping with this key.
    pub(super) fn entry(&self, node: &'d Node, key: &str) -> Option<&'d Entry> {
        match self.mappings.get(&std::ptr::from_ref(node)) {
            Some(keys) => keys.get(key).copied(),
            None => node.entry(key),
        }
    }

    /// Whether a list contains this string.
    pub(super) fn contains_string(&self, node: &Node, text: &str) -> bool {
        match self.lists.get(&std::ptr::from_ref(node)) {
            Some(texts) => texts.contains(text),
            None => node.items().iter().any(|item| item.as_str() == Some(text)),
        }
    }
}
