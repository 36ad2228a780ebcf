//! One of the two documents, with its references resolved.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};
use openapi_document::{Document, Node, Span, pointer};

/// The HTTP methods of a path item.
pub(crate) const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Mappings of at most so many keys are searched one by one.
const SMALL: usize = 64;

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
    /// What is at the end of each chain of references.
    ends: RefCell<HashMap<&'d str, Option<NodeRef<'d>>>>,
    /// The positions of the keys of large mappings, by their pointers.
    indices: RefCell<HashMap<Rc<str>, HashMap<&'d str, usize>>>,
    unresolved: RefCell<IndexMap<Rc<str>, UnresolvedReference>>,
}

impl<'d> Resolver<'d> {
    pub(crate) fn new(source: &'d Document) -> Self {
        Self {
            source,
            ends: RefCell::default(),
            indices: RefCell::default(),
            unresolved: RefCell::default(),
        }
    }

    pub(crate) fn root(&self) -> NodeRef<'d> {
        NodeRef { node: self.source.root(), pointer: "".into(), span: Span::default() }
    }

    /// The references that could not be resolved so far, each location once.
    pub(crate) fn unresolved(&self) -> Vec<UnresolvedReference> {
        self.unresolved.borrow().values().cloned().collect()
    }

    /// Follows `$ref` to the first node that is not a reference. Returns `None`, and records the
    /// reference, where it leads nowhere, to another file, or in a circle.
    pub(crate) fn resolve(&self, at: &NodeRef<'d>) -> Option<NodeRef<'d>> {
        let found = self.follow(at);
        if let (None, Some(reference)) = (&found, at.text("$ref")) {
            let unresolved = UnresolvedReference {
                location: at.location_of("$ref"),
                reference: reference.to_owned(),
            };
            let mut known = self.unresolved.borrow_mut();
            known.entry(Rc::clone(&at.pointer)).or_insert(unresolved);
        }
        found
    }

    /// The same without recording anything, for what no message depends on.
    pub(crate) fn follow(&self, at: &NodeRef<'d>) -> Option<NodeRef<'d>> {
        match at.text("$ref") {
            Some(reference) => self.end_of_chain(reference),
            None => Some(at.clone()),
        }
    }

    /// The first node behind a reference that is not a reference itself. A chain of references may
    /// have any length.
    fn end_of_chain(&self, reference: &'d str) -> Option<NodeRef<'d>> {
        let mut chain = IndexSet::new();
        let mut next = reference;
        let end = loop {
            if let Some(known) = self.ends.borrow().get(next) {
                break known.clone();
            }
            let target = self.target(next).filter(|_| chain.insert(next));
            match target.as_ref().and_then(|target| target.text("$ref")) {
                Some(reference) => next = reference,
                None => break target,
            }
        };
        chain.insert(next);
        self.ends.borrow_mut().extend(chain.into_iter().map(|link| (link, end.clone())));
        end
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
        let pointer = pointer::from_reference(reference)?;
        let mut at = self.root();
        for token in pointer::tokens(&pointer) {
            at = match at.node.items() {
                [] => self.entry(&at, &token)?,
                _ => at.items().nth(token.parse().ok()?)?,
            };
        }
        Some(at)
    }

    /// The value under a key. Large mappings get an index, because there are as many references
    /// into them.
    fn entry(&self, at: &NodeRef<'d>, key: &str) -> Option<NodeRef<'d>> {
        let entries = at.node.entries();
        if entries.len() <= SMALL {
            return at.get(key);
        }
        let mut indices = self.indices.borrow_mut();
        let index = indices.entry(Rc::clone(&at.pointer)).or_insert_with(|| {
            entries.iter().enumerate().map(|(index, entry)| (entry.key.as_str(), index)).collect()
        });
        let entry = entries.get(*index.get(key)?)?;
        let (pointer, span) = (join(&at.pointer, key), entry.key_span);
        Some(NodeRef { node: &entry.value, pointer, span })
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
