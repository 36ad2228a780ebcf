//! Finds the objects of a contract and resolves its references.

use std::collections::{HashMap, HashSet};

use openapi_document::{Document, Entry, Node};

use super::index::Index;
use crate::lint::object_specs::ObjectKind;
use crate::lint::structure::{Object, Structure};

/// The only media type that is supported.
pub(in crate::lint) const JSON: &str = "application/json";

/// The objects of a contract, with lookup of components and resolution of references.
///
/// Nodes are identified by address here and in the rest of the lint. The document is borrowed for as
/// long as that, so addresses are stable; comparing nodes by value would be slower, and would take
/// equal objects in different places for the same one.
pub(in crate::lint) struct Resolver<'d> {
    pub(in crate::lint) document: &'d Document,
    objects: Vec<Object<'d>>,
    misspelt: HashSet<(*const Node, &'static str)>,
    index: Index<'d>,
    components: HashMap<(&'d str, &'d str), &'d Entry>,
}

impl<'d> Resolver<'d> {
    pub(super) fn new(document: &'d Document, structure: Structure<'d>) -> Self {
        let sections = document.root().get("components").map_or(&[][..], Node::entries);
        let components = sections.iter().flat_map(|section| {
            let names = section.value.entries().iter();
            names.map(|entry| ((section.key.as_str(), entry.key.as_str()), entry))
        });
        Self {
            document,
            objects: structure.objects,
            misspelt: structure.misspelt,
            index: Index::new(document.root()),
            components: components.collect(),
        }
    }

    /// The objects of one kind, in the order of the text.
    pub(in crate::lint) fn objects(&self, kind: ObjectKind) -> impl Iterator<Item = &Object<'d>> {
        self.objects.iter().filter(move |object| object.kind == kind)
    }

    pub(in crate::lint) fn parent(&self, object: &Object<'d>) -> Option<&Object<'d>> {
        self.objects.get(object.parent?)
    }

    /// Whether an object is a component itself, not a part of one.
    pub(in crate::lint) fn is_component(&self, object: &Object<'d>) -> bool {
        self.parent(object).is_some_and(|parent| parent.kind == ObjectKind::Components)
    }

    /// All objects, each with the section and name of the component that contains it, if any.
    pub(in crate::lint) fn objects_with_owners(
        &self,
    ) -> impl Iterator<Item = (Option<(&'d str, &'d str)>, &Object<'d>)> {
        // Parents are listed before their children.
        let mut owners: Vec<Option<(&str, &str)>> = Vec::with_capacity(self.objects.len());
        for object in &self.objects {
            owners.push(match object.name {
                Some(name) if self.is_component(object) => Some((object.parent_key, name)),
                _ => object.parent.and_then(|parent| owners.get(parent).copied().flatten()),
            });
        }
        owners.into_iter().zip(&self.objects)
    }

    /// All references to components, in the order of the text.
    pub(super) fn references(&self) -> impl Iterator<Item = ComponentReference<'d>> {
        self.objects_with_owners()
            .filter(|(_, object)| object.kind == ObjectKind::Reference)
            .filter_map(|(owner, object)| {
                Some((owner, component_reference(object.node.get("$ref")?.as_str()?)?))
            })
    }

    pub(in crate::lint) fn get(&self, node: &'d Node, key: &str) -> Option<&'d Node> {
        self.entry(node, key).map(|entry| &entry.value)
    }

    pub(in crate::lint) fn entry(&self, node: &'d Node, key: &str) -> Option<&'d Entry> {
        self.index.entry(node, key)
    }

    /// Whether a list contains this string.
    pub(in crate::lint) fn contains_string(&self, node: &Node, text: &str) -> bool {
        self.index.contains_string(node, text)
    }

    /// Whether a key is missing. A misspelt key does not count as missing, since it has been
    /// reported.
    pub(in crate::lint) fn is_missing(&self, node: &Node, key: &'static str) -> bool {
        node.get(key).is_none() && !self.is_misspelt(node, key)
    }

    /// Whether an object has a key that is probably this one, misspelt.
    pub(in crate::lint) fn is_misspelt(&self, node: &Node, key: &'static str) -> bool {
        self.misspelt.contains(&(std::ptr::from_ref(node), key))
    }

    pub(in crate::lint) fn component(&self, section: &str, name: &str) -> Option<&'d Entry> {
        self.components.get(&(section, name)).copied()
    }

    /// The components of a section, in the order of the text.
    pub(in crate::lint) fn section(&self, section: &str) -> &'d [Entry] {
        let components = self.document.root().get("components");
        components.and_then(|components| components.get(section)).map_or(&[], Node::entries)
    }

    /// Follows a reference to a component of this section. `None` if the reference is invalid,
    /// which has been reported, so that callers report nothing more about it.
    pub(in crate::lint) fn follow(&self, node: &'d Node, section: &str) -> Option<&'d Node> {
        let Some(reference) = node.get("$ref") else { return node.is_mapping().then_some(node) };
        let (found, name) = component_reference(reference.as_str()?)?;
        let target = &self.component(section, name).filter(|_| found == section)?.value;
        (target.is_mapping() && target.get("$ref").is_none()).then_some(target)
    }

    /// The schema of a node, which can be a reference or an `allOf` that wraps one.
    pub(in crate::lint) fn schema(&self, node: &'d Node) -> Option<Schema<'d>> {
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
        let name = reference.get("$ref").and_then(Node::as_str).and_then(component_reference);
        Some(Schema { node: target, name: name.map(|(_, name)| name), nullable })
    }
}

/// The component that contains a reference, if any, and the component that it points to, each as
/// section and name.
pub(in crate::lint) type ComponentReference<'d> = (Option<(&'d str, &'d str)>, (&'d str, &'d str));

/// A schema with its reference resolved.
#[derive(Debug, Clone, Copy)]
pub(in crate::lint) struct Schema<'d> {
    pub(in crate::lint) node: &'d Node,
    /// The name of the component, if it was referenced.
    pub(in crate::lint) name: Option<&'d str>,
    /// Whether `null` is allowed, by the reference's `allOf` or by the component.
    pub(in crate::lint) nullable: bool,
}

impl<'d> Schema<'d> {
    /// The value of `type`, if OpenAPI defines it.
    pub(in crate::lint) fn type_name(&self) -> Option<&'d str> {
        type_of(self.node)
    }
}

/// The value of `type`, if OpenAPI defines it.
pub(in crate::lint) fn type_of(node: &Node) -> Option<&str> {
    let known = ["string", "integer", "number", "boolean", "array", "object"];
    node.get("type").and_then(Node::as_str).filter(|kind| known.contains(kind))
}

/// The section and the name in `#/components/<section>/<name>`.
pub(in crate::lint) fn component_reference(reference: &str) -> Option<(&str, &str)> {
    let (section, name) = reference.strip_prefix("#/components/")?.split_once('/')?;
    (!section.is_empty() && !name.is_empty() && !name.contains('/')).then_some((section, name))
}
