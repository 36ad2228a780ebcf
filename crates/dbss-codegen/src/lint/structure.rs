//! The first pass: checks that every object has the keys of its table, with values of the right
//! kinds.
//!
//! It also records all objects, so that the other checks need not search for them, and which keys
//! are misspelt, so that these are not reported as missing as well. Values of a wrong kind need not
//! be recorded: the accessors of `Node` that checks use return nothing for them.

use std::collections::HashSet;

use openapi_document::{Document, Entry, Node, Span, Value, quote};

use super::Diagnostics;
use super::object_specs::{EXTENSIONS, ObjectKind, ObjectSpec, ROOT, Support, ValueKind};
use super::suggest::{did_you_mean, nearest, one_of};
use crate::rules;

/// An object of the contract and where it is.
#[derive(Debug)]
pub(super) struct Object<'d> {
    pub(super) kind: ObjectKind,
    pub(super) node: &'d Node,
    /// What a diagnostic points at: the object's key if it has one, or else the object.
    pub(super) span: Span,
    /// The key of the parent that contains it, directly or in a list or mapping.
    pub(super) parent_key: &'static str,
    /// The name of the object, if the parent's key contains a mapping from names to objects.
    pub(super) name: Option<&'d str>,
    /// The index of the object that contains this one.
    pub(super) parent: Option<usize>,
    /// For a reference, the section of `components` that it has to point to.
    pub(super) section: Option<&'static str>,
}

/// The objects of a contract.
#[derive(Debug, Default)]
pub(super) struct Structure<'d> {
    /// All objects in the order of the text, outer before inner.
    pub(super) objects: Vec<Object<'d>>,
    /// Objects, each with a key that it probably has under a misspelt name.
    pub(super) misspelt: HashSet<(*const Node, &'static str)>,
}

/// Checks a contract against the tables of `object_specs`.
pub(super) fn check<'d>(document: &'d Document, out: &mut Diagnostics<'d>) -> Structure<'d> {
    let mut walker = Walker { out, structure: Structure::default() };
    let root = document.root();
    let head = Span::new(root.span.start, root.span.start);
    walker.check_object(
        &ROOT,
        root,
        Location { span: head, parent_key: "", name: None, parent: None },
    );
    walker.structure
}

struct Walker<'w, 'd> {
    out: &'w mut Diagnostics<'d>,
    structure: Structure<'d>,
}

#[derive(Clone, Copy)]
struct Location<'d> {
    span: Span,
    parent_key: &'static str,
    name: Option<&'d str>,
    parent: Option<usize>,
}

impl<'d> Walker<'_, 'd> {
    fn record(
        &mut self,
        kind: ObjectKind,
        node: &'d Node,
        location: Location<'d>,
        section: Option<&'static str>,
    ) -> usize {
        let Location { span, parent_key, name, parent } = location;
        self.structure.objects.push(Object { kind, node, span, parent_key, name, parent, section });
        self.structure.objects.len() - 1
    }

    fn check_object(&mut self, spec: &'static ObjectSpec, node: &'d Node, location: Location<'d>) {
        let Value::Mapping(entries) = &node.value else {
            let takes = format!("{} is a mapping", spec.name);
            self.wrong_kind(
                node,
                location.span,
                &takes,
                "indent its keys below it, one `key: value` a line",
            );
            return;
        };
        let index = self.record(spec.kind, node, location, None);
        let mut misspelt = Vec::new();
        for entry in entries {
            match spec.key(&entry.key) {
                Some(key) => {
                    match &key.support {
                        Support::Unsupported { reason, help } => {
                            let message = format!(
                                "{} on {} is not supported: {reason}",
                                quote(&entry.key),
                                spec.name
                            );
                            self.out.report(&rules::UNSUPPORTED, entry.key_span, message, *help);
                            continue;
                        }
                        Support::NotGenerated { help } if entry.value.as_bool() != Some(false) => {
                            let message =
                                format!("{} on {} is not generated", quote(&entry.key), spec.name);
                            self.out.report(&rules::NOT_GENERATED, entry.key_span, message, *help);
                        }
                        _ => {}
                    }
                    let location = Location {
                        span: entry.key_span,
                        parent_key: key.name,
                        name: None,
                        parent: Some(index),
                    };
                    self.check_value(&key.kind, &entry.value, location);
                }
                None if entry.key.starts_with("x-") => self.check_extension(entry),
                None => misspelt.extend(self.unknown_key(spec, entry)),
            }
        }
        misspelt.retain(|key| node.get(key).is_none());
        for key in spec.keys.iter().filter(|key| matches!(key.support, Support::Required)) {
            if node.get(key.name).is_none() && !misspelt.contains(&key.name) {
                self.missing_key(spec, key.name, location.span);
            }
        }
        // `schemas` checks what is inside an `allOf`.
        for group in spec.one_of.iter().filter(|_| location.parent_key != "allOf") {
            let has = |key: &&str| node.get(key).is_some() || misspelt.contains(key);
            if let (false, Some(first)) = (group.iter().any(has), group.first()) {
                self.missing_key(spec, first, location.span);
            }
        }
        self.structure
            .misspelt
            .extend(misspelt.into_iter().map(|key| (std::ptr::from_ref(node), key)));
    }

    fn missing_key(&mut self, spec: &ObjectSpec, key: &str, at: Span) {
        let message = format!("{} needs `{key}`", spec.name);
        self.out.report(&rules::MISSING_KEY, at, message, format!("add `{key}: …`"));
    }

    fn unknown_key(&mut self, spec: &'static ObjectSpec, entry: &Entry) -> Option<&'static str> {
        let near = nearest(&entry.key, spec.keys.iter().map(|key| key.name));
        let help = did_you_mean(near).unwrap_or_else(|| {
            "remove it, or let it start with `x-` if another tool reads it".to_owned()
        });
        let message = format!("{} is not a key of {}", quote(&entry.key), spec.name);
        self.out.report(&rules::UNKNOWN_KEY, entry.key_span, message, help);
        near
    }

    /// Checks a key that starts with `x-` and is not in the table of its object.
    fn check_extension(&mut self, entry: &Entry) {
        if !entry.key.starts_with("x-dbss-") {
            return;
        }
        if let Some((key, _, owner)) = EXTENSIONS.iter().find(|(key, ..)| *key == entry.key) {
            let message = format!("`{key}` has no meaning here");
            self.out.report(
                &rules::MISPLACED_EXTENSION,
                entry.key_span,
                message,
                format!("it belongs to {owner}"),
            );
            return;
        }
        let known = || EXTENSIONS.iter().map(|(key, ..)| *key);
        let help = did_you_mean(nearest(&entry.key, known())).unwrap_or_else(|| one_of(known()));
        let message = format!("{} is not one of the documented `x-dbss-` keys", quote(&entry.key));
        self.out.report(&rules::UNKNOWN_EXTENSION, entry.key_span, message, help);
    }

    fn check_value(&mut self, kind: &'static ValueKind, node: &'d Node, location: Location<'d>) {
        match kind {
            ValueKind::Any => {}
            ValueKind::Object(object) => self.check_object(object, node, location),
            ValueKind::RefOr(object) => match node.entry("$ref") {
                Some(entry) if node.is_mapping() => {
                    self.check_reference(object, node, entry, location);
                }
                _ => self.check_object(object, node, location),
            },
            ValueKind::List(item) => match &node.value {
                Value::Sequence(items) => {
                    for node in items {
                        self.check_value(item, node, Location { span: node.span, ..location });
                    }
                }
                _ => self.wrong_value_kind(kind, node, location),
            },
            ValueKind::Map(each) | ValueKind::Extensible(each) => {
                if !node.is_mapping() {
                    return self.wrong_value_kind(kind, node, location);
                }
                for entry in node.entries() {
                    if matches!(kind, ValueKind::Extensible(_)) && entry.key.starts_with("x-") {
                        self.check_extension(entry);
                        continue;
                    }
                    let location =
                        Location { span: entry.key_span, name: Some(&entry.key), ..location };
                    self.check_value(each, &entry.value, location);
                }
            }
            ValueKind::Bool | ValueKind::BoolOr(_) if node.as_bool().is_some() => {}
            ValueKind::BoolOr(other) => self.check_value(other, node, location),
            ValueKind::Word(words) => match node.as_str() {
                Some(word) if words.contains(&word) => {}
                Some(word) => {
                    let help = did_you_mean(nearest(word, words.iter().copied()))
                        .unwrap_or_else(|| one_of(words.iter().copied()));
                    let message =
                        format!("{} is not a value of `{}`", quote(word), location.parent_key);
                    self.out.report(&rules::UNKNOWN_VALUE, node.span, message, help);
                }
                None => self.wrong_value_kind(kind, node, location),
            },
            ValueKind::Text if node.as_str().is_some() => {}
            ValueKind::Number if node.as_number().is_some() => {}
            ValueKind::Count if node.as_number().is_some_and(|number| !number.is_f64()) => {
                self.check_count(node, location);
            }
            ValueKind::Text | ValueKind::Bool | ValueKind::Number | ValueKind::Count => {
                self.wrong_value_kind(kind, node, location);
            }
        }
    }

    fn check_count(&mut self, node: &Node, location: Location<'_>) {
        let count = node.as_number().and_then(serde_json::Number::as_u64);
        if count.is_none_or(|count| u32::try_from(count).is_err()) {
            let message = format!("`{}` is a count, from 0 to {}", location.parent_key, u32::MAX);
            self.out.report(
                &rules::BOUNDS,
                node.span,
                message,
                "leave it out if there is no such limit",
            );
        }
    }

    fn check_reference(
        &mut self,
        spec: &ObjectSpec,
        node: &'d Node,
        entry: &'d Entry,
        location: Location<'d>,
    ) {
        self.record(ObjectKind::Reference, node, location, spec.section);
        if entry.value.as_str().is_none() {
            let help =
                "write it as `$ref: \"#/components/…\"`, in quotes: a bare `#` starts a comment";
            self.wrong_kind(&entry.value, entry.key_span, "`$ref` is a string", help);
        }
        for sibling in node.entries().iter().filter(|sibling| sibling.key != "$ref") {
            if sibling.key.starts_with("x-") {
                self.check_extension(sibling);
                continue;
            }
            let message = format!("{} beside `$ref` is ignored", quote(&sibling.key));
            let help = match location.parent_key {
                "parameters" | "responses" => "move it to the component",
                _ => "move it to the component, or wrap the reference: `allOf: [{$ref: …}]`",
            };
            self.out.report(&rules::REF_SIBLINGS, sibling.key_span, message, help);
        }
    }

    fn wrong_value_kind(&mut self, kind: &ValueKind, node: &Node, location: Location<'_>) {
        let (takes, help) = match kind {
            ValueKind::Text | ValueKind::Word(_)
                if matches!(node.value, Value::Number(_) | Value::Bool(_)) =>
            {
                ("a string", "put it in quotes")
            }
            ValueKind::Text | ValueKind::Word(_) => ("a string", "write text here"),
            ValueKind::Bool => ("`true` or `false`", "write `true` or `false`, without quotes"),
            ValueKind::Number => ("a number", "write a number, without quotes"),
            ValueKind::Count => {
                ("a whole number", "write a number without a fraction and without quotes")
            }
            ValueKind::List(_) => ("a list", "start each item with `- `, or write `[…]`"),
            _ => ("a mapping", "indent its keys below it, one `key: value` a line"),
        };
        let takes = match location.name {
            Some(name) => format!("{} takes {takes}", quote(name)),
            None => format!("`{}` takes {takes}", location.parent_key),
        };
        self.wrong_kind(node, location.span, &takes, help);
    }

    fn wrong_kind(&mut self, node: &Node, at: Span, takes: &str, help: &str) {
        // A value that was left out has no text, so the diagnostic points at the key.
        let span = if matches!(node.value, Value::Null) { at } else { node.span };
        self.out.report(
            &rules::WRONG_KIND,
            span,
            format!("{takes}, not {}", node.kind_with_article()),
            help,
        );
    }
}
