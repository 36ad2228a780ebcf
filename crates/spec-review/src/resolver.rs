//! One of the two documents, with its references resolved.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use openapi_document::{Document, Node, Span, pointer};

/// The HTTP methods of a path item.
pub(crate) const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A longer chain of references counts as circular.
const MAX_REFERENCE_CHAIN: usize = 64;

/// A node of a document with its location.
#[derive(Debug, Clone)]
pub(crate) struct NodeRef<'d> {
    pub(crate) node: &'d Node,
    pub(crate) pointer: Rc<str>,
    /// What reports point at: the key of the node, or the node itself in a sequence.
    pub(crate) span: Span,
}

/// The location of a node, without the node.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeLocation {
    pub(crate) pointer: Rc<str>,
    pub(crate) span: Span,
}

/// Appends one token to a JSON Pointer.
pub(crate) fn join(pointer: &str, token: &str) -> Rc<str> {
    pointer::join(pointer, token).into()
}

impl<'d> NodeRef<'d> {
    pub(crate) fn location(&self) -> NodeLocation {
        NodeLocation { pointer: Rc::clone(&self.pointer), span: self.span }
    }

    /// The value under a key.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let entry = self.node.entry(key)?;
        Some(NodeRef {
            node: &entry.value,
            pointer: join(&self.pointer, key),
            span: entry.key_span,
        })
    }

    /// The location of a key, or of the mapping where the key is absent.
    pub(crate) fn location_of(&self, key: &str) -> NodeLocation {
        self.get(key).map_or_else(|| self.location(), |at| at.location())
    }

    /// The entries of a mapping, without extensions.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'d str, Self)> + '_ {
        self.node.entries().iter().filter(|entry| !entry.key.starts_with("x-")).map(|entry| {
            let at = NodeRef {
                node: &entry.value,
                pointer: join(&self.pointer, &entry.key),
                span: entry.key_span,
            };
            (entry.key.as_str(), at)
        })
    }

    /// All entries of a mapping, for mappings whose keys are names that the author chose.
    pub(crate) fn all_entries(&self) -> impl Iterator<Item = (&'d str, Self)> + '_ {
        self.node.entries().iter().map(|entry| {
            let at = NodeRef {
                node: &entry.value,
                pointer: join(&self.pointer, &entry.key),
                span: entry.key_span,
            };
            (entry.key.as_str(), at)
        })
    }

    /// The items of a sequence.
    pub(crate) fn items(&self) -> impl Iterator<Item = Self> + '_ {
        self.node.items().iter().enumerate().map(|(index, node)| NodeRef {
            node,
            pointer: join(&self.pointer, &index.to_string()),
            span: node.span,
        })
    }

    pub(crate) fn text(&self, key: &str) -> Option<&'d str> {
        self.node.get(key).and_then(Node::as_str)
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        self.node.get(key).and_then(Node::as_bool).unwrap_or(false)
    }
}

/// A reference that could not be followed.
#[derive(Debug, Clone)]
pub(crate) struct UnresolvedReference {
    pub(crate) location: NodeLocation,
    pub(crate) reference: String,
}

/// The entries of a mapping with their references resolved. An unresolved entry could contain
/// anything, so it is not compared.
#[derive(Debug, Default)]
pub(crate) struct ResolvedEntries<'d> {
    pub(crate) known: Vec<(&'d str, NodeRef<'d>)>,
    pub(crate) unknown: BTreeSet<&'d str>,
}

/// A document, and the nodes that its references resolve to.
#[derive(Debug)]
pub(crate) struct Resolver<'d> {
    pub(crate) source: &'d Document,
    targets: RefCell<HashMap<String, Option<NodeRef<'d>>>>,
    unresolved: RefCell<Vec<UnresolvedReference>>,
}

impl<'d> Resolver<'d> {
    pub(crate) fn new(source: &'d Document) -> Self {
        Self { source, targets: RefCell::default(), unresolved: RefCell::default() }
    }

    pub(crate) fn root(&self) -> NodeRef<'d> {
        NodeRef { node: self.source.root(), pointer: "".into(), span: Span::default() }
    }

    /// The references that could not be resolved so far, each location once.
    pub(crate) fn unresolved(&self) -> Vec<UnresolvedReference> {
        self.unresolved.borrow().clone()
    }

    /// Follows `$ref` to the first node that is not a reference. Returns `None`, and records the
    /// reference, where it leads nowhere, to another file, or in a circle.
    pub(crate) fn resolve(&self, at: &NodeRef<'d>) -> Option<NodeRef<'d>> {
        let mut current = at.clone();
        for _ in 0..MAX_REFERENCE_CHAIN {
            let Some(reference) = current.text("$ref") else { return Some(current) };
            let Some(target) = self.target(reference) else { break };
            current = target;
        }
        let reference = at.text("$ref").unwrap_or_default().to_owned();
        let mut unresolved = self.unresolved.borrow_mut();
        if !unresolved.iter().any(|known| known.location.pointer == at.pointer) {
            unresolved.push(UnresolvedReference { location: at.location_of("$ref"), reference });
        }
        None
    }

    /// Resolves the entries of a mapping.
    pub(crate) fn resolve_each(
        &self,
        entries: impl Iterator<Item = (&'d str, NodeRef<'d>)>,
    ) -> ResolvedEntries<'d> {
        let mut result = ResolvedEntries::default();
        for (key, at) in entries {
            match self.resolve(&at) {
                Some(at) => result.known.push((key, at)),
                None => drop(result.unknown.insert(key)),
            }
        }
        result
    }

    fn target(&self, reference: &str) -> Option<NodeRef<'d>> {
        if let Some(known) = self.targets.borrow().get(reference) {
            return known.clone();
        }
        let found = pointer::from_reference(reference).and_then(|pointer| {
            let mut at = self.root();
            for token in pointer::tokens(&pointer) {
                at = match at.node.items() {
                    [] => at.get(&token)?,
                    _ => at.items().nth(token.parse().ok()?)?,
                };
            }
            Some(at)
        });
        self.targets.borrow_mut().insert(reference.to_owned(), found.clone());
        found
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn decodes_references_and_stops_at_cycles() {
        let text = "a:\n  /x/{y}: {k: 1}\nb: {$ref: '#/a/~1x~1%7By%7D'}\nc: {$ref: '#/c'}\nd: {$ref: 'o.yaml#/x'}\n";
        let source = crate::DocumentText::new("t", text).parse().expect("well-formed");
        let side = Resolver::new(&source);
        let at = |key: &str| side.root().get(key).expect("is there");
        let found = side.resolve(&at("b")).expect("resolves");
        assert_eq!(&*found.pointer, "/a/~1x~1{y}");
        assert!(side.resolve(&at("c")).is_none());
        assert!(side.resolve(&at("d")).is_none());
        assert_eq!(side.unresolved().len(), 2);
    }
}
