//! Builds the tree from the events of the YAML parser.
//!
//! The parser keeps its state on the heap and stops by itself at 255 nested flow collections. All
//! other resources are limited here: the size of the text before it is parsed (`precheck`), the
//! depth of the tree, and the number of its nodes.

mod anchors;
mod budget;
mod error;
mod frame;
mod keys;
mod precheck;
mod scalar;
mod surrogates;
mod syntax;

use std::collections::HashSet;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span as ParserSpan, Tag};

use crate::diagnostic::{Diagnostic, Report};
use crate::node::{Entry, Node, Span, Value};
use crate::options::{Deviation, LoadOptions};
use crate::source::Source;
use anchors::{AliasError, Anchors};
use budget::{Budget, MAX_DEPTH};
use error::LoadError;
use frame::{Children, Frame, OpenMapping};
use scalar::ScalarError;
use surrogates::JoinedText;

/// Parses `source`, which has to be a single document.
pub(crate) fn load(source: &Source, options: &LoadOptions) -> Result<Node, Report> {
    let joined = if options.tolerates(Deviation::SurrogatePair) {
        surrogates::join_pairs(source.text())
    } else {
        None
    };
    let text = joined.as_ref().map_or(source.text(), |joined| &joined.text);
    if let Some(diagnostic) = precheck::check(source, text) {
        return Err(Report::from_iter([diagnostic]));
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
        diagnostics: Vec::new(),
    };
    // `Aborted` has no content: the reason is among the diagnostics already.
    let _ = loader.run(text);
    let Loader { root, diagnostics, merge_keys, has_duplicate_keys, .. } = loader;
    if !diagnostics.is_empty() {
        return Err(diagnostics.into_iter().collect());
    }
    let mut root = root.unwrap_or(Node { span: Span::default(), value: Value::Null });
    if has_duplicate_keys || !merge_keys.is_empty() {
        keys::resolve(&mut root, &merge_keys);
    }
    Ok(root)
}

/// The rest of the text cannot be parsed; the reason has been reported.
struct Aborted;

struct Loader<'s> {
    source: &'s Source,
    /// The text for the parser, if it differs from that of `source`.
    joined: Option<&'s JoinedText>,
    options: &'s LoadOptions,
    stack: Vec<Frame>,
    root: Option<Node>,
    anchors: Anchors,
    budget: Budget,
    /// The spans of merge keys, if they are tolerated.
    merge_keys: HashSet<Span>,
    /// Whether there are duplicate keys, if they are tolerated.
    has_duplicate_keys: bool,
    diagnostics: Vec<Diagnostic>,
}

impl Loader<'_> {
    fn run(&mut self, text: &str) -> Result<(), Aborted> {
        let mut parser = Parser::new_from_str(text);
        let mut documents = 0;
        while let Some(event) = parser.next_event() {
            let (event, parser_span) = event.map_err(|error| self.syntax_error(&error))?;
            let span = self.span(parser_span);
            match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(self.abort(&LoadError::MultipleDocuments, span));
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    self.scalar(&text, style, anchor, tag.as_deref(), span)?;
                }
                Event::SequenceStart(anchor, tag) => {
                    self.open(Children::Sequence(Vec::new()), anchor, tag.as_deref(), span)?;
                }
                Event::MappingStart(anchor, tag) => {
                    let has_status_keys = self.is_value_of("responses");
                    let children = Children::Mapping(OpenMapping {
                        has_status_keys,
                        ..OpenMapping::default()
                    });
                    self.open(children, anchor, tag.as_deref(), span)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(span),
                Event::Alias(anchor) => self.alias(anchor, span)?,
                Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            }
        }
        Ok(())
    }

    fn report(&mut self, error: &LoadError<'_>, span: Span) {
        self.diagnostics.push(error.diagnostic(span, self.source));
    }

    /// Reports an error after which nothing can be parsed.
    fn abort(&mut self, error: &LoadError<'_>, span: Span) -> Aborted {
        self.report(error, span);
        Aborted
    }

    fn syntax_error(&mut self, error: &ScanError) -> Aborted {
        let start = self.byte_offset(error.marker().index());
        let span = Span { start, end: start + 1 };
        let text = self.source.text();
        let (before, after) = text.split_at_checked(start).unwrap_or((text, ""));
        let open = syntax::open_brackets(before);
        // Nested deeper than the parser takes, which is deeper than our limit.
        if open >= MAX_DEPTH && after.starts_with(['[', '{']) {
            return self.abort(&LoadError::TooDeep, span);
        }
        let tab = open == 0 && syntax::is_indented_with_tab(text, start);
        self.abort(&LoadError::Syntax { error: error.info(), tab }, span)
    }

    /// The offset in `source` of a character that the parser counted.
    fn byte_offset(&self, character: usize) -> usize {
        let character = self.joined.map_or(character, |joined| joined.original_index(character));
        self.source.byte_of_character(character)
    }

    fn span(&self, parser_span: ParserSpan) -> Span {
        let start = self.byte_offset(parser_span.start.index());
        let end = self.byte_offset(parser_span.end.index());
        Span { start, end: end.max(start) }
    }

    /// Whether the next node is the value of this key.
    fn is_value_of(&self, name: &str) -> bool {
        match self.stack.last().map(|frame| &frame.children) {
            Some(Children::Mapping(OpenMapping { pending_key: Some((key, _)), .. })) => key == name,
            _ => false,
        }
    }

    fn open(
        &mut self,
        children: Children,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Aborted> {
        self.charge_node(span)?;
        if self.stack.len() >= MAX_DEPTH {
            let opening = Span { start: span.start, end: span.start + 1 };
            return Err(self.abort(&LoadError::TooDeep, opening));
        }
        let suffix = if matches!(children, Children::Sequence(_)) { "seq" } else { "map" };
        if tag.is_some_and(|tag| !tag.is_yaml_core_schema() || tag.suffix != suffix) {
            self.report(&LoadError::UnsupportedTag, span);
        }
        self.anchors.record(anchor, &self.stack);
        self.stack.push(Frame { anchor, span, children });
        Ok(())
    }

    fn close(&mut self, end: Span) {
        let Some(Frame { mut span, children, .. }) = self.stack.pop() else { return };
        // The parser ends a flow collection at its bracket, and a block collection where the next
        // token starts, which can be many lines later. So a block collection ends with its last
        // child.
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
            Children::Mapping(OpenMapping { entries, .. }) => {
                let last = entries.last().map(|entry| entry.value.span.end.max(entry.key_span.end));
                (Value::Mapping(entries), last)
            }
        };
        let written = if bracket && end.end > end.start { Some(end.start + 1) } else { last };
        span.end = written.unwrap_or(span.end).max(span.start);
        let node = Node { span, value };
        if self.stack.last().is_some_and(Frame::expects_key) {
            self.report(&LoadError::CollectionAsKey(node.kind_with_article()), span);
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
    ) -> Result<(), Aborted> {
        if let ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted = style {
            span.end = self.source.end_of_quoted(span);
        }
        self.charge_node(span)?;
        if self.stack.last().is_some_and(Frame::expects_key) {
            let key = self.key(text, style, tag, span);
            self.anchors.record_key(anchor, text);
            self.push_key(key, span);
            return Ok(());
        }
        let value = match self.resolve(text, style, tag, span) {
            Ok(value) => value,
            Err(error) if self.options.tolerates(deviation(error)) => {
                scalar::resolve_tolerantly(text)
            }
            Err(ScalarError::Ambiguous(yaml_1_1_type)) => {
                self.report(&LoadError::AmbiguousScalar { text, yaml_1_1_type }, span);
                Value::Null
            }
            Err(ScalarError::OutOfRange(reason)) => {
                self.report(&LoadError::NumberOutOfRange { text, reason }, span);
                Value::Null
            }
        };
        self.anchors.record(anchor, &self.stack);
        self.push(Node { span, value });
        Ok(())
    }

    fn resolve(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<Value, ScalarError> {
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
            self.report(&LoadError::UnsupportedTag, span);
        }
        Ok(value)
    }

    /// The key that a scalar is. A rejected key is reported and kept, so that its value is checked
    /// as well; only an empty key is `None`.
    fn key<'t>(
        &mut self,
        text: &'t str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Span,
    ) -> Option<&'t str> {
        let has_status_keys = self.stack.last().is_some_and(|frame| {
            matches!(frame.children, Children::Mapping(OpenMapping { has_status_keys: true, .. }))
        });
        if style == ScalarStyle::Plain && tag.is_none() && text == "<<" {
            if self.options.tolerates(Deviation::MergeKey) {
                self.merge_keys.insert(span);
            } else {
                self.report(&LoadError::MergeKey, span);
            }
            return Some(text);
        }
        match self.resolve(text, style, tag, span) {
            Ok(Value::String(_)) => {}
            Ok(Value::Number(number)) if has_status_keys && number.is_u64() => {}
            Err(error @ ScalarError::Ambiguous(yaml_1_1_type)) => {
                if !self.options.tolerates(deviation(error)) {
                    self.report(&LoadError::AmbiguousScalar { text, yaml_1_1_type }, span);
                }
            }
            _ if self.options.tolerates(Deviation::NonStringKey) => {}
            Ok(Value::Null) => {
                self.report(&LoadError::EmptyKey, span);
                return None;
            }
            Ok(_) | Err(ScalarError::OutOfRange(_)) => {
                self.report(&LoadError::NonStringKey(text), span);
            }
        }
        Some(text)
    }

    /// Sets the key of the next value; `None` for a key that was rejected.
    fn push_key(&mut self, name: Option<&str>, span: Span) {
        let Some(Frame { children: Children::Mapping(mapping), .. }) = self.stack.last_mut() else {
            return;
        };
        mapping.pending_key = Some((name.unwrap_or_default().to_owned(), span));
        let Some(name) = name else { return };
        let Some(earlier) = mapping.key_spans.get(name).copied() else {
            mapping.key_spans.insert(name.to_owned(), span);
            return;
        };
        if self.options.tolerates(Deviation::DuplicateKey) {
            self.has_duplicate_keys = true;
            return;
        }
        let line = self.source.position(earlier.start).line;
        self.report(&LoadError::DuplicateKey { key: name, line }, span);
    }

    fn push(&mut self, node: Node) {
        match self.stack.last_mut().map(|frame| &mut frame.children) {
            Some(Children::Sequence(items)) => items.push(node),
            Some(Children::Mapping(OpenMapping { entries, pending_key, .. })) => {
                if let Some((key, key_span)) = pending_key.take() {
                    entries.push(Entry { key, key_span, value: node });
                }
            }
            None => self.root = Some(node),
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Aborted> {
        self.charge_node(span)?;
        if self.stack.last().is_some_and(Frame::expects_key) {
            self.report(&LoadError::AliasAsKey, span);
            self.push_key(None, span);
            return Ok(());
        }
        if self.stack.iter().any(|frame| frame.anchor == anchor) {
            self.report(&LoadError::RecursiveAlias, span);
            self.push(Node { span, value: Value::Null });
            return Ok(());
        }
        match self.anchors.copy(anchor, span, &self.stack, &mut self.budget) {
            Ok(node) => {
                self.push(node);
                Ok(())
            }
            Err(AliasError::TooDeep) => Err(self.abort(&LoadError::TooDeep, span)),
            Err(AliasError::TooLarge) => Err(self.abort(&LoadError::AliasBudgetExceeded, span)),
        }
    }

    fn charge_node(&mut self, span: Span) -> Result<(), Aborted> {
        if self.budget.take(1, 0) {
            return Ok(());
        }
        Err(self.abort(&LoadError::TooManyNodes, span))
    }
}

/// The deviation that has to be tolerated for a scalar to be accepted.
fn deviation(error: ScalarError) -> Deviation {
    match error {
        ScalarError::Ambiguous(_) => Deviation::AmbiguousScalar,
        ScalarError::OutOfRange(_) => Deviation::NumberRange,
    }
}
