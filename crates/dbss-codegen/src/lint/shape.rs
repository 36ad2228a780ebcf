//! The first pass: every object has the keys of its table, of the right kinds.
//!
//! On the way it notes where each object is, so that the rules after it need not search, and
//! which keys were misspelt, so that they do not report as missing what is there under a wrong
//! name. Values of a wrong kind need no note: rules read through accessors that do not see them.

use std::collections::HashSet;

use openapi_document::{Document, Entry, Node, Span, Value, quote};

use super::Findings;
use super::model::{EXTENSIONS, Kind, Object, ROOT, Shape, Stance};
use super::suggest::{did_you_mean, nearest, one_of};
use crate::rules;

/// An object and its place.
#[derive(Debug)]
pub(super) struct Site<'d> {
    pub(super) kind: Kind,
    pub(super) node: &'d Node,
    /// What to point at: the object's key where it has one.
    pub(super) at: Span,
    /// The key in the parent's table.
    pub(super) slot: &'static str,
    /// The name, where the slot holds names to objects.
    pub(super) name: Option<&'d str>,
    /// The site around this one.
    pub(super) parent: Option<usize>,
    /// For a reference, the section that it has to point to.
    pub(super) section: Option<&'static str>,
}

/// What the first pass has seen.
#[derive(Debug, Default)]
pub(super) struct Shapes<'d> {
    /// Objects in the order of the text, outer before inner.
    pub(super) sites: Vec<Site<'d>>,
    /// Objects, with the keys that they have under a wrong name.
    pub(super) misspelt: HashSet<(*const Node, &'static str)>,
}

/// Walks a contract along the tables of `model`.
pub(super) fn walk<'d>(document: &'d Document, out: &mut Findings<'d>) -> Shapes<'d> {
    let mut walker = Walker { out, shapes: Shapes::default() };
    let root = document.root();
    let head = Span::new(root.span.start, root.span.start);
    walker.object(&ROOT, root, Place { at: head, slot: "", name: None, parent: None });
    walker.shapes
}

struct Walker<'w, 'd> {
    out: &'w mut Findings<'d>,
    shapes: Shapes<'d>,
}

#[derive(Clone, Copy)]
struct Place<'d> {
    at: Span,
    slot: &'static str,
    name: Option<&'d str>,
    parent: Option<usize>,
}

impl<'d> Walker<'_, 'd> {
    fn enter(
        &mut self,
        kind: Kind,
        node: &'d Node,
        place: Place<'d>,
        section: Option<&'static str>,
    ) -> usize {
        let Place { at, slot, name, parent } = place;
        self.shapes.sites.push(Site { kind, node, at, slot, name, parent, section });
        self.shapes.sites.len() - 1
    }

    fn object(&mut self, object: &'static Object, node: &'d Node, place: Place<'d>) {
        let Value::Mapping(entries) = &node.value else {
            let takes = format!("{} is a mapping", object.name);
            self.wrong_kind(
                node,
                place.at,
                &takes,
                "indent its keys below it, one `key: value` a line",
            );
            return;
        };
        let site = self.enter(object.kind, node, place, None);
        let mut misspelt = Vec::new();
        for entry in entries {
            match object.key(&entry.key) {
                Some(key) => {
                    match &key.stance {
                        Stance::Refused(why, help) => {
                            let message = format!(
                                "{} on {} is not supported: {why}",
                                quote(&entry.key),
                                object.name
                            );
                            self.out.report(&rules::UNSUPPORTED, entry.key_span, message, *help);
                            continue;
                        }
                        Stance::Lost(help) if entry.value.as_bool() != Some(false) => {
                            let message = format!(
                                "{} on {} is not generated",
                                quote(&entry.key),
                                object.name
                            );
                            self.out.report(&rules::NOT_GENERATED, entry.key_span, message, *help);
                        }
                        _ => {}
                    }
                    let place = Place {
                        at: entry.key_span,
                        slot: key.name,
                        name: None,
                        parent: Some(site),
                    };
                    self.value(&key.shape, &entry.value, place);
                }
                None if entry.key.starts_with("x-") => self.extension(entry),
                None => misspelt.extend(self.unknown_key(object, entry)),
            }
        }
        misspelt.retain(|key| node.get(key).is_none());
        for key in object.keys.iter().filter(|key| matches!(key.stance, Stance::Required)) {
            if node.get(key.name).is_none() && !misspelt.contains(&key.name) {
                self.missing_key(object, key.name, place.at);
            }
        }
        // What stands in an `allOf` is judged with the `allOf`.
        for group in object.one_of.iter().filter(|_| place.slot != "allOf") {
            let has = |key: &&str| node.get(key).is_some() || misspelt.contains(key);
            if let (false, Some(first)) = (group.iter().any(has), group.first()) {
                self.missing_key(object, first, place.at);
            }
        }
        self.shapes
            .misspelt
            .extend(misspelt.into_iter().map(|key| (std::ptr::from_ref(node), key)));
    }

    fn missing_key(&mut self, object: &Object, key: &str, at: Span) {
        let message = format!("{} needs `{key}`", object.name);
        self.out.report(&rules::MISSING_KEY, at, message, format!("add `{key}: …`"));
    }

    fn unknown_key(&mut self, object: &'static Object, entry: &Entry) -> Option<&'static str> {
        let near = nearest(&entry.key, object.keys.iter().map(|key| key.name));
        let help = did_you_mean(near).unwrap_or_else(|| {
            "remove it, or let it start with `x-` if another tool reads it".to_owned()
        });
        let message = format!("{} is not a key of {}", quote(&entry.key), object.name);
        self.out.report(&rules::UNKNOWN_KEY, entry.key_span, message, help);
        near
    }

    /// A key that starts with `x-` and is not in the object's table.
    fn extension(&mut self, entry: &Entry) {
        if !entry.key.starts_with("x-dbss-") {
            return;
        }
        if let Some((key, _, place)) = EXTENSIONS.iter().find(|(key, ..)| *key == entry.key) {
            let message = format!("`{key}` has no meaning here");
            self.out.report(
                &rules::MISPLACED_EXTENSION,
                entry.key_span,
                message,
                format!("it belongs to {place}"),
            );
            return;
        }
        let known = || EXTENSIONS.iter().map(|(key, ..)| *key);
        let help = did_you_mean(nearest(&entry.key, known())).unwrap_or_else(|| one_of(known()));
        let message = format!("{} is not a key of this project", quote(&entry.key));
        self.out.report(&rules::UNKNOWN_EXTENSION, entry.key_span, message, help);
    }

    fn value(&mut self, shape: &'static Shape, node: &'d Node, place: Place<'d>) {
        match shape {
            Shape::Any => {}
            Shape::Object(object) => self.object(object, node, place),
            Shape::RefOr(object) => match node.entry("$ref") {
                Some(entry) if node.is_mapping() => self.reference(object, node, entry, place),
                _ => self.object(object, node, place),
            },
            Shape::List(item) => match &node.value {
                Value::Sequence(items) => {
                    for node in items {
                        self.value(item, node, Place { at: node.span, ..place });
                    }
                }
                _ => self.wrong_kind_of(shape, node, place),
            },
            Shape::Map(each) | Shape::Extensible(each) => {
                if !node.is_mapping() {
                    return self.wrong_kind_of(shape, node, place);
                }
                for entry in node.entries() {
                    if matches!(shape, Shape::Extensible(_)) && entry.key.starts_with("x-") {
                        self.extension(entry);
                        continue;
                    }
                    let place = Place { at: entry.key_span, name: Some(&entry.key), ..place };
                    self.value(each, &entry.value, place);
                }
            }
            Shape::Bool | Shape::BoolOr(_) if node.as_bool().is_some() => {}
            Shape::BoolOr(other) => self.value(other, node, place),
            Shape::Word(words) => match node.as_str() {
                Some(word) if words.contains(&word) => {}
                Some(word) => {
                    let help = did_you_mean(nearest(word, words.iter().copied()))
                        .unwrap_or_else(|| one_of(words.iter().copied()));
                    let message = format!("{} is not a value of `{}`", quote(word), place.slot);
                    self.out.report(&rules::UNKNOWN_VALUE, node.span, message, help);
                }
                None => self.wrong_kind_of(shape, node, place),
            },
            Shape::Text if node.as_str().is_some() => {}
            Shape::Number if node.as_number().is_some() => {}
            Shape::Count if node.as_number().is_some_and(|number| !number.is_f64()) => {
                self.count(node, place);
            }
            Shape::Text | Shape::Bool | Shape::Number | Shape::Count => {
                self.wrong_kind_of(shape, node, place);
            }
        }
    }

    fn count(&mut self, node: &Node, place: Place<'_>) {
        let count = node.as_number().and_then(serde_json::Number::as_u64);
        if count.is_none_or(|count| u32::try_from(count).is_err()) {
            let message = format!("`{}` is a count, from 0 to {}", place.slot, u32::MAX);
            self.out.report(
                &rules::BOUNDS,
                node.span,
                message,
                "leave it out if there is no such limit",
            );
        }
    }

    fn reference(&mut self, object: &Object, node: &'d Node, entry: &'d Entry, place: Place<'d>) {
        self.enter(Kind::Reference, node, place, object.section);
        if entry.value.as_str().is_none() {
            let help =
                "write it as `$ref: \"#/components/…\"`, in quotes: a bare `#` starts a comment";
            self.wrong_kind(&entry.value, entry.key_span, "`$ref` is a string", help);
        }
        for sibling in node.entries().iter().filter(|sibling| sibling.key != "$ref") {
            if sibling.key.starts_with("x-") {
                self.extension(sibling);
                continue;
            }
            let message = format!("{} beside `$ref` is ignored", quote(&sibling.key));
            let help = match place.slot {
                "parameters" | "responses" => "move it to the component",
                _ => "move it to the component, or wrap the reference: `allOf: [{$ref: …}]`",
            };
            self.out.report(&rules::REF_SIBLINGS, sibling.key_span, message, help);
        }
    }

    fn wrong_kind_of(&mut self, shape: &Shape, node: &Node, place: Place<'_>) {
        let (takes, help) = match shape {
            Shape::Text | Shape::Word(_)
                if matches!(node.value, Value::Number(_) | Value::Bool(_)) =>
            {
                ("a string", "put it in quotes")
            }
            Shape::Text | Shape::Word(_) => ("a string", "write text here"),
            Shape::Bool => ("`true` or `false`", "write `true` or `false`, without quotes"),
            Shape::Number => ("a number", "write a number, without quotes"),
            Shape::Count => {
                ("a whole number", "write a number without a fraction and without quotes")
            }
            Shape::List(_) => ("a list", "start each item with `- `, or write `[…]`"),
            _ => ("a mapping", "indent its keys below it, one `key: value` a line"),
        };
        let takes = match place.name {
            Some(name) => format!("{} takes {takes}", quote(name)),
            None => format!("`{}` takes {takes}", place.slot),
        };
        self.wrong_kind(node, place.at, &takes, help);
    }

    fn wrong_kind(&mut self, node: &Node, at: Span, takes: &str, help: &str) {
        // Where nothing stands there is nothing to point at but the key.
        let span = if matches!(node.value, Value::Null) { at } else { node.span };
        self.out.report(
            &rules::WRONG_KIND,
            span,
            format!("{takes}, not {}", node.kind_with_article()),
            help,
        );
    }
}
