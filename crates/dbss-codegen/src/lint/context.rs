//! The contract as the rules see it: where everything is, with references followed.

use std::collections::{HashMap, HashSet};

use openapi_document::{Document, Entry, Node};

use super::index::Index;
use super::model::Kind;
use super::operations::{Operation, operations};
use super::shape::{Shapes, Site};
use super::usage::Usage;

/// What every rule reads from.
pub(super) struct Context<'d> {
    pub(super) document: &'d Document,
    pub(super) operations: Vec<Operation<'d>>,
    pub(super) usage: Usage<'d>,
    sites: Vec<Site<'d>>,
    misspelt: HashSet<(*const Node, &'static str)>,
    index: Index<'d>,
    components: HashMap<(&'d str, &'d str), &'d Entry>,
}

impl<'d> Context<'d> {
    pub(super) fn new(document: &'d Document, shapes: Shapes<'d>) -> Self {
        let sections = document.root().get("components").map_or(&[][..], Node::entries);
        let components = sections.iter().flat_map(|section| {
            let names = section.value.entries().iter();
            names.map(|entry| ((section.key.as_str(), entry.key.as_str()), entry))
        });
        let mut cx = Self {
            document,
            operations: Vec::new(),
            usage: Usage::default(),
            sites: shapes.sites,
            misspelt: shapes.misspelt,
            index: Index::new(document.root()),
            components: components.collect(),
        };
        cx.operations = operations(&cx);
        cx.usage = Usage::new(&cx);
        cx
    }

    /// The objects of one kind, in the order of the text.
    pub(super) fn sites(&self, kind: Kind) -> impl Iterator<Item = &Site<'d>> {
        self.sites.iter().filter(move |site| site.kind == kind)
    }

    pub(super) fn parent(&self, site: &Site<'d>) -> Option<&Site<'d>> {
        self.sites.get(site.parent?)
    }

    /// Whether a site stands directly under `components`.
    pub(super) fn is_component(&self, site: &Site<'d>) -> bool {
        self.parent(site).is_some_and(|parent| parent.kind == Kind::Components)
    }

    /// All sites, each with the section and name of the component that it is part of, if any.
    pub(super) fn owned_sites(
        &self,
    ) -> impl Iterator<Item = (Option<(&'d str, &'d str)>, &Site<'d>)> {
        // Parents stand before their children.
        let mut owners: Vec<Option<(&str, &str)>> = Vec::with_capacity(self.sites.len());
        for site in &self.sites {
            owners.push(match site.name {
                Some(name) if self.is_component(site) => Some((site.slot, name)),
                _ => site.parent.and_then(|parent| owners.get(parent).copied().flatten()),
            });
        }
        owners.into_iter().zip(&self.sites)
    }

    pub(super) fn get(&self, node: &'d Node, key: &str) -> Option<&'d Node> {
        self.entry(node, key).map(|entry| &entry.value)
    }

    pub(super) fn entry(&self, node: &'d Node, key: &str) -> Option<&'d Entry> {
        self.index.entry(node, key)
    }

    /// Whether a list has this string.
    pub(super) fn lists(&self, node: &Node, text: &str) -> bool {
        self.index.lists(node, text)
    }

    /// Whether a key is missing, and not because it is misspelt: that is reported already.
    pub(super) fn lacks(&self, node: &Node, key: &'static str) -> bool {
        node.get(key).is_none() && !self.is_misspelt(node, key)
    }

    /// Whether a key is there under a name that is nearly right.
    pub(super) fn is_misspelt(&self, node: &Node, key: &'static str) -> bool {
        self.misspelt.contains(&(std::ptr::from_ref(node), key))
    }

    pub(super) fn component(&self, section: &str, name: &str) -> Option<&'d Entry> {
        self.components.get(&(section, name)).copied()
    }

    /// The components of a section, in the order of the text.
    pub(super) fn section(&self, section: &str) -> &'d [Entry] {
        let components = self.document.root().get("components");
        components.and_then(|components| components.get(section)).map_or(&[], Node::entries)
    }

    /// Follows a reference to a component of this section. Nothing is found where the reference
    /// is refused, so nothing more is said about it.
    pub(super) fn follow(&self, node: &'d Node, section: &str) -> Option<&'d Node> {
        let Some(reference) = node.get("$ref") else { return node.is_mapping().then_some(node) };
        let (found, name) = local_reference(reference.as_str()?)?;
        let target = &self.component(section, name).filter(|_| found == section)?.value;
        (target.is_mapping() && target.get("$ref").is_none()).then_some(target)
    }

    /// The schema that a node stands for, through a reference or an `allOf` around one.
    pub(super) fn schema(&self, node: &'d Node) -> Option<Schema<'d>> {
        let mut nullable = node.get("nullable").and_then(Node::as_bool).unwrap_or(false);
        let reference = match node.get("allOf").map(Node::items) {
            Some([only]) if only.get("$ref").is_some() => only,
            Some(_) => return None,
            None => node,
        };
        let target = self.follow(reference, "schemas")?;
        if target.get("allOf").is_some() {
            return None;
        }
        nullable |= target.get("nullable").and_then(Node::as_bool).unwrap_or(false);
        let name = reference.get("$ref").and_then(Node::as_str).and_then(local_reference);
        Some(Schema { node: target, name: name.map(|(_, name)| name), nullable })
    }
}

/// A schema with its reference followed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schema<'d> {
    pub(super) node: &'d Node,
    /// The component's name, if it was referred to.
    pub(super) name: Option<&'d str>,
    /// Whether `null` is allowed, here or by the component.
    pub(super) nullable: bool,
}

impl<'d> Schema<'d> {
    /// The value of `type`, if it is a known one.
    pub(super) fn of_type(&self) -> Option<&'d str> {
        type_of(self.node)
    }
}

/// The value of `type`, if it is a known one.
pub(super) fn type_of(node: &Node) -> Option<&str> {
    let known = ["string", "integer", "number", "boolean", "array", "object"];
    node.get("type").and_then(Node::as_str).filter(|kind| known.contains(kind))
}

/// The section and the name in `#/components/<section>/<name>`.
pub(super) fn local_reference(reference: &str) -> Option<(&str, &str)> {
    let (section, name) = reference.strip_prefix("#/components/")?.split_once('/')?;
    (!section.is_empty() && !name.is_empty() && !name.contains('/')).then_some((section, name))
}
