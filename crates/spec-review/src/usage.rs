//! Which operations use a place in a document.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use openapi_document::Node;

use crate::resolver::{METHODS, NodeRef, Resolver};

/// The names of operations: their ids, or method and path.
pub(crate) type OperationNames = Rc<BTreeSet<String>>;

/// The references of a document, by what they refer to.
pub(crate) struct UsageIndex {
    /// The names of the operations, by their pointers.
    operations: BTreeMap<String, String>,
    /// The pointers of the operations and components that refer to a component.
    referrers: HashMap<String, Vec<String>>,
    cache: RefCell<HashMap<String, OperationNames>>,
}

impl UsageIndex {
    pub(crate) fn new(resolver: &Resolver<'_>) -> Self {
        let mut index = Self {
            operations: BTreeMap::new(),
            referrers: HashMap::new(),
            cache: RefCell::default(),
        };
        let paths = resolver.root().get("paths");
        for (path, item) in paths.iter().flat_map(NodeRef::entries) {
            for method in METHODS {
                let Some(at) = item.get(method) else { continue };
                let name = at.text("operationId").map(str::to_owned);
                let name = name.unwrap_or_else(|| format!("{} {path}", method.to_uppercase()));
                index.operations.insert(at.pointer.to_string(), name);
                index.record_references(&at.pointer, at.node);
                // Parameters that are shared by all operations of a path.
                if let Some(shared) = item.node.get("parameters") {
                    index.record_references(&at.pointer, shared);
                }
            }
        }
        let components = resolver.root().get("components");
        for (_, kind) in components.iter().flat_map(NodeRef::entries) {
            for (_, at) in kind.all_entries() {
                index.record_references(&at.pointer, at.node);
            }
        }
        index
    }

    /// Records the references inside a value.
    fn record_references(&mut self, from: &str, node: &Node) {
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            let reference = node.get("$ref").and_then(Node::as_str);
            if let Some(component) =
                reference.and_then(|reference| reference.strip_prefix('#')).and_then(component)
            {
                self.referrers.entry(component.to_owned()).or_default().push(from.to_owned());
            }
            open.extend(node.items());
            open.extend(node.entries().iter().map(|entry| &entry.value));
        }
    }

    /// The operations that use a place: the one that contains it, those of its path, or those that
    /// reach it through references.
    pub(crate) fn operations_at(&self, pointer: &str) -> OperationNames {
        let Some(component) = component(pointer) else {
            let inside = |(at, _): &(&String, &String)| {
                within(pointer, at) || pointer.starts_with("/paths/") && within(at, pointer)
            };
            let names = self.operations.iter().filter(inside).map(|(_, name)| name.clone());
            return Rc::new(names.collect());
        };
        if let Some(cache) = self.cache.borrow().get(component) {
            return Rc::clone(cache);
        }
        let mut names = BTreeSet::new();
        let mut seen = BTreeSet::from([component]);
        let mut open = vec![component];
        while let Some(at) = open.pop() {
            names.extend(self.operations.get(at).cloned());
            for referrer in self.referrers.get(at).into_iter().flatten() {
                if seen.insert(referrer) {
                    open.push(referrer);
                }
            }
        }
        let names = Rc::new(names);
        self.cache.borrow_mut().insert(component.to_owned(), Rc::clone(&names));
        names
    }
}

/// Whether a pointer is at or below another.
fn within(pointer: &str, outer: &str) -> bool {
    pointer.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The part of a pointer that names a component.
fn component(pointer: &str) -> Option<&str> {
    let rest = pointer.strip_prefix("/components/")?;
    let (kind, name) = rest.split_once('/')?;
    let name = name.split('/').next().unwrap_or_default();
    pointer.get(.."/components/".len() + kind.len() + 1 + name.len())
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn finds_the_operations_that_use_a_place() {
        let text = "
paths:
  /a:
    parameters: [{$ref: '#/components/parameters/P'}]
    get: {operationId: A, x: {$ref: '#/components/schemas/S/properties/inner'}}
    post: {x: 1}
  /ab: {get: {operationId: B}}
components:
  parameters: {P: {schema: {$ref: '#/components/schemas/T'}}}
  schemas:
    S: {properties: {inner: {$ref: '#/components/schemas/S'}}}
    T: {type: string}
    U: {type: string}
";
        let source = crate::DocumentText::new("t", text).parse().expect("well-formed");
        let index = UsageIndex::new(&Resolver::new(&source));
        for (pointer, expected) in [
            ("/components/schemas/S/properties/inner", vec!["A"]),
            ("/components/schemas/T/type", vec!["A", "POST /a"]),
            ("/components/schemas/U", vec![]),
            ("/paths/~1a/get/x", vec!["A"]),
            ("/paths/~1a/summary", vec![]),
            ("/paths/~1a", vec!["A", "POST /a"]),
            ("/info/title", vec![]),
        ] {
            let names: Vec<String> = index.operations_at(pointer).iter().cloned().collect();
            assert_eq!(names, expected, "{pointer}");
        }
    }
}
