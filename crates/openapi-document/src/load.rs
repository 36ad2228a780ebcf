//! Parser events to tree.
//!
//! The parser keeps its state on the heap and stops by itself at 255 nested flow collections. The
//! rest is kept within bounds here: the text beforehand (`guard`), the depth of the tree, and the
//! nodes in it.

mod anchors;
mod budget;
mod frame;
mod guard;
mod keys;
mod problem;
mod scalar;
mod surrogates;
mod syntax;

use std::collections::HashSet;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span as Marks, Tag};

use crate::diagnostic::{Diagnostic, Report};
use crate::node::{Entry, Node, Span, Value};
use crate::options::{Deviation, LoadOptions};
use crate::source::Source;
use anchors::Anchors;
use budget::{Budget, DEEPEST};
use frame::{Children, Frame, Mapping};
use problem::Problem;
use scalar::Refusal;
use surrogates::Joined;

/// Reads the one document of `source`.
pub(crate) fn load(source: &Source, options: &LoadOptions) -> Result<Node, Report> {
    let joined = if options.tolerates(Deviation::SurrogatePair) {
        surrogates::joined(source.text())
    } else {
        None
    };
    let text = joined.as_ref().map_or(source.text(), |joined| &joined.text);
    if let Some(refused) = guard::refuse(source, text) {
        return Err(Report::from_iter([refused]));
    }
    let mut loader = Loader {
        source,
        joined: joined.as_ref(),
        options,
        stack: Vec::new(),
        root: None,
        anchors: Anchors::default(),
        budget: Budget::default(),
        merge_keys: HashSet::new(),
        has_duplicate_keys: false,
        found: Vec::new(),
    };
    // An Err says that reading on makes no sense; what it is has been noted.
    let _ = loader.run(text);
    let Loader { root, found, merge_keys, has_duplicate_keys, .. } = loader;
    if !found.is_empty() {
        return Err(found.into_iter().collect());
    }
    let mut root = root.unwrap_or(Node { span: Span::default(), value: Value::Null });
    if has_duplicate_keys || !merge_keys.is_empty() {
        keys::resolve(&mut root, &merge_keys);
    }
    Ok(root)
}

/// Reading on makes no sense.
struct Stop;

struct Loader<'s> {
    source: &'s Source,
    /// What the parser gets, where that is not the text itself.
    joined: Option<&'s Joined>,
    options: &'s LoadOptions,
    stack: Vec<Frame>,
    root: Option<Node>,
    anchors: Anchors,
    budget: Budget,
    /// Where the merge keys are, where they are tolerated.
    merge_keys: HashSet<Span>,
    /// Whether there are keys that stand twice, where they are tolerated.
    has_duplicate_keys: bool,
    found: Vec<Diagnostic>,
}

impl Loader<'_> {
    fn run(&mut self, text: &str) -> Result<(), Stop> {
        let mut parser = Parser::new_from_str(text);
        let mut documents = 0;
        while let Some(event) = parser.next_event() {
            let (event, marks) = event.map_err(|error| self.syntax_error(&error))?;
            let span = self.span(marks);
            match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(self.stop(&Problem::SecondDocument, span));
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    self.scalar(&text, style, anchor, tag.as_deref(), span)?;
                }
                Event::SequenceStart(anchor, tag) => {
                    self.open(Children::Sequence(Vec::new()), anchor, tag.as_deref(), span)?;
                }
                Event::MappingStart(anchor, tag) => {
                    let statuses = self.under_key("responses");
                    let children = Children::Mapping(Mapping { statuses, ..Mapping::default() });
                    self.open(children, anchor, tag.as_deref(), span)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(span),
                Event::Alias(anchor) => self.alias(anchor, span)?,
                Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            }
        }
        Ok(())
    }

    fn report(&mut self, problem: &Problem<'_>, span: Span) {
        self.found.push(problem.at(span, self.source));
    }

    /// Reports what makes reading on senseless.
    fn stop(&mut self, problem: &Problem<'_>, span: Span) -> Stop {
        self.report(problem, span);
        Stop
    }

    fn syntax_error(&mut self, error: &ScanError) -> Stop {
        let start = self.byte(error.marker().index());
        let span = Span { start, end: start + 1 };
        let text = self.source.text();
        let (before, after) = text.split_at_checked(start).unwrap_or((text, ""));
        let open = syntax::open_brackets(before);
        // The parser's own limit is beyond ours.
        if open >= DEEPEST && after.starts_with(['[', '{']) {
            return self.stop(&Problem::TooDeep, span);
        }
        let tab = open == 0 && syntax::is_indented_with_tab(text, start);
        self.stop(&Problem::Syntax { error: error.info(), tab }, span)
    }

    /// The byte at which a character stands that the parser counted.
    fn byte(&self, character: usize) -> usize {
        let character = self.joined.map_or(character, |joined| joined.original(character));
        self.source.byte_of_character(character)
    }

    fn span(&self, marks: Marks) -> Span {
        let start = self.byte(marks.start.index());
        let end = self.byte(marks.end.index());
        Span { start, end: end.max(start) }
    }

    /// Whether the node that comes next stands under this key.
    fn under_key(&self, name: &str) -> bool {
        match self.stack.last().map(|frame| &frame.children) {
            Some(Children::Mapping(Mapping { key: Some((key, _)), .. })) => key == name,
            _ => false,
        }
    }

    fn open(
        &mut self,
        children: Children,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Stop> {
        self.count(span)?;
        if self.stack.len() >= DEEPEST {
            let opening = Span { start: span.start, end: span.start + 1 };
            return Err(self.stop(&Problem::TooDeep, opening));
        }
        let suffix = if matches!(children, Children::Sequence(_)) { "seq" } else { "map" };
        if tag.is_some_and(|tag| !tag.is_yaml_core_schema() || tag.suffix != suffix) {
            self.report(&Problem::Tag, span);
        }
        self.anchors.note(anchor, &self.stack);
        self.stack.push(Frame { anchor, span, children });
        Ok(())
    }

    fn close(&mut self, end: Span) {
        let Some(Frame { mut span, children, .. }) = self.stack.pop() else { return };
        // The end of a block collection is reported where the next token starts, the end of a
        // flow collection has a bracket.
        let bracket = self
            .source
            .text()
            .as_bytes()
            .get(end.start)
            .is_some_and(|byte| matches!(byte, b']' | b'}'));
        let (value, last) = match children {
            Children::Sequence(items) => {
                let last = items.last().map(|item| item.span.end);
                (Value::Sequence(items), last)
            }
            Children::Mapping(Mapping { entries, .. }) => {
                let last = entries.last().map(|entry| entry.value.span.end.max(entry.key_span.end));
                (Value::Mapping(entries), last)
            }
        };
        let written = if bracket && end.end > end.start { Some(end.start + 1) } else { last };
        span.end = written.unwrap_or(span.end).max(span.start);
        let node = Node { span, value };
        if self.stack.last().is_some_and(Frame::awaits_key) {
            self.report(&Problem::CollectionAsKey(node.kind_with_article()), span);
            self.push_key(None, span);
        } else {
            self.push(node);
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        mut span: Span,
    ) -> Result<(), Stop> {
        if let ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted = style {
            span.end = self.source.end_of_quoted(span);
        }
        self.count(span)?;
        if self.stack.last().is_some_and(Frame::awaits_key) {
            let key = self.key(text, style, tag, span);
            self.anchors.note_key(anchor, text);
            self.push_key(key, span);
            return Ok(());
        }
        let value = match self.resolve(text, style, tag, span) {
            Ok(value) => value,
            Err(refusal) if self.options.tolerates(deviation(refusal)) => scalar::tolerated(text),
            Err(Refusal::Ambiguous(reading)) => {
                self.report(&Problem::Ambiguous { text, reading }, span);
                Value::Null
            }
            Err(Refusal::Number(why)) => {
                self.report(&Problem::Number { text, why }, span);
                Value::Null
            }
        };
        self.anchors.note(anchor, &self.stack);
        self.push(Node { span, value });
        Ok(())
    }

    fn resolve(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<Value, Refusal> {
        let core = tag.is_none_or(Tag::is_yaml_core_schema);
        let suffix = tag.map(|tag| tag.suffix.as_str());
        if core && suffix == Some("str") || style != ScalarStyle::Plain && tag.is_none() {
            return Ok(Value::String(text.to_owned()));
        }
        let value = scalar::resolve(text)?;
        let fits = match (suffix, &value) {
            (None, _)
            | (Some("null"), Value::Null)
            | (Some("bool"), Value::Bool(_))
            | (Some("float"), Value::Number(_)) => true,
            (Some("int"), Value::Number(number)) => !number.is_f64(),
            _ => false,
        };
        if !(core && fits) {
            self.report(&Problem::Tag, span);
        }
        Ok(value)
    }

    /// The key that a scalar stands for; nothing if it stands for none. Another key that is refused
    /// is kept, so that what follows is read in its place.
    fn key<'t>(
        &mut self,
        text: &'t str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Span,
    ) -> Option<&'t str> {
        let statuses = self.stack.last().is_some_and(|frame| {
            matches!(frame.children, Children::Mapping(Mapping { statuses: true, .. }))
        });
        if style == ScalarStyle::Plain && tag.is_none() && text == "<<" {
            if self.options.tolerates(Deviation::MergeKey) {
                self.merge_keys.insert(span);
            } else {
                self.report(&Problem::MergeKey, span);
            }
            return Some(text);
        }
        match self.resolve(text, style, tag, span) {
            Ok(Value::String(_)) => {}
            Ok(Value::Number(number)) if statuses && number.is_u64() => {}
            Err(refusal @ Refusal::Ambiguous(reading)) => {
                if !self.options.tolerates(deviation(refusal)) {
                    self.report(&Problem::Ambiguous { text, reading }, span);
                }
            }
            _ if self.options.tolerates(Deviation::NonStringKey) => {}
            Ok(Value::Null) => {
                self.report(&Problem::EmptyKey, span);
                return None;
            }
            Ok(_) | Err(Refusal::Number(_)) => self.report(&Problem::KeyIsNoString(text), span),
        }
        Some(text)
    }

    /// Notes the key whose value comes next; nothing stands for one that was refused.
    fn push_key(&mut self, name: Option<&str>, span: Span) {
        let Some(Frame { children: Children::Mapping(mapping), .. }) = self.stack.last_mut() else {
            return;
        };
        mapping.key = Some((name.unwrap_or_default().to_owned(), span));
        let Some(name) = name else { return };
        let Some(earlier) = mapping.seen.get(name).copied() else {
            mapping.seen.insert(name.to_owned(), span);
            return;
        };
        if self.options.tolerates(Deviation::DuplicateKey) {
            self.has_duplicate_keys = true;
            return;
        }
        let line = self.source.position(earlier.start).line;
        self.report(&Problem::DuplicateKey { key: name, line }, span);
    }

    fn push(&mut self, node: Node) {
        match self.stack.last_mut().map(|frame| &mut frame.children) {
            Some(Children::Sequence(items)) => items.push(node),
            Some(Children::Mapping(Mapping { entries, key, .. })) => {
                if let Some((key, key_span)) = key.take() {
                    entries.push(Entry { key, key_span, value: node });
                }
            }
            None => self.root = Some(node),
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Stop> {
        self.count(span)?;
        if self.stack.last().is_some_and(Frame::awaits_key) {
            self.report(&Problem::AliasAsKey, span);
            self.push_key(None, span);
            return Ok(());
        }
        if self.stack.iter().any(|frame| frame.anchor == anchor) {
            self.report(&Problem::RecursiveAlias, span);
            self.push(Node { span, value: Value::Null });
            return Ok(());
        }
        match self.anchors.copy(anchor, span, &self.stack, &mut self.budget) {
            Ok(node) => {
                self.push(node);
                Ok(())
            }
            Err(anchors::Refusal::TooDeep) => Err(self.stop(&Problem::TooDeep, span)),
            Err(anchors::Refusal::TooLarge) => Err(self.stop(&Problem::AliasesTooLarge, span)),
        }
    }

    fn count(&mut self, span: Span) -> Result<(), Stop> {
        if self.budget.take(1, 0) {
            return Ok(());
        }
        Err(self.stop(&Problem::TooManyValues, span))
    }
}

/// What tolerates a refused scalar.
fn deviation(refusal: Refusal) -> Deviation {
    match refusal {
        Refusal::Ambiguous(_) => Deviation::AmbiguousScalar,
        Refusal::Number(_) => Deviation::NumberRange,
    }
}
