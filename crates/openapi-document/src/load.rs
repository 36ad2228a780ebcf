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
mod scalar;
mod surrogates;
mod syntax;

use std::collections::HashSet;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marks, Tag};

use crate::diagnostic::{Diagnostic, Report, Rule, quote};
use crate::node::{Entry, Node, Span, Value};
use crate::options::{Deviation, LoadOptions};
use crate::rules;
use crate::source::Source;
use anchors::Anchors;
use budget::{Budget, DEEPEST};
use frame::{Children, Frame, Mapping};
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
                        let message = "a second YAML document starts here";
                        self.report(
                            &rules::MULTIPLE_DOCUMENTS,
                            span,
                            message,
                            "keep one document in one file",
                        );
                        return Err(Stop);
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

    fn report(
        &mut self,
        rule: &Rule,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.found.push(self.source.diagnostic(rule, span, message, help));
    }

    fn syntax_error(&mut self, error: &saphyr_parser::ScanError) -> Stop {
        let start = self.byte(error.marker().index());
        let span = Span { start, end: start + 1 };
        let text = self.source.text();
        let (before, after) = text.split_at_checked(start).unwrap_or((text, ""));
        let open = syntax::open_brackets(before);
        // The parser's own limit is beyond ours.
        if open >= DEEPEST && after.starts_with(['[', '{']) {
            return self.too_deep(span);
        }
        let help = if open == 0 && syntax::is_indented_with_tab(text, start) {
            "indent with spaces, not with tabs"
        } else {
            "mend this first; what follows it could not be read"
        };
        self.report(&rules::YAML_SYNTAX, span, error.info(), help);
        Stop
    }

    fn too_deep(&mut self, span: Span) -> Stop {
        let message = format!("collections nest more than {DEEPEST} levels deep here");
        self.report(
            &rules::NESTING_DEPTH,
            span,
            message,
            "give the inner parts names of their own under `components`",
        );
        Stop
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
            return Err(self.too_deep(Span { start: span.start, end: span.start + 1 }));
        }
        let suffix = if matches!(children, Children::Sequence(_)) { "seq" } else { "map" };
        if tag.is_some_and(|tag| !tag.is_yaml_core_schema() || tag.suffix != suffix) {
            self.refuse_tag(span);
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
            let message = format!("{} cannot be a key", node.kind());
            self.report(&rules::COMPLEX_KEY, span, message, "write a string as the key");
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
                self.refuse_ambiguous(text, reading, span);
                Value::Null
            }
            Err(Refusal::Number(why)) => {
                let message = format!("{} cannot be used as a number: {why}", quote(text));
                self.report(
                    &rules::NUMBER_RANGE,
                    span,
                    message,
                    "put it in quotes if text is meant",
                );
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
            self.refuse_tag(span);
        }
        Ok(value)
    }

    fn refuse_tag(&mut self, span: Span) {
        let message = "this tag is not of the YAML core schema, or does not fit its value";
        self.report(
            &rules::CUSTOM_TAG,
            span,
            message,
            "remove the tag; `!!str` is the one that can be of use",
        );
    }

    fn refuse_ambiguous(&mut self, text: &str, reading: &str, span: Span) {
        let message = format!("{} is {reading} to tools that read YAML 1.1", quote(text));
        self.report(&rules::AMBIGUOUS_SCALAR, span, message, "put it in quotes");
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
                let message = "the merge key `<<` is not part of YAML 1.2";
                let help = "write the keys out, or use a `$ref`";
                self.report(&rules::MERGE_KEY, span, message, help);
            }
            return Some(text);
        }
        match self.resolve(text, style, tag, span) {
            Ok(Value::String(_)) => {}
            Ok(Value::Number(number)) if statuses && number.is_u64() => {}
            Err(refusal @ Refusal::Ambiguous(reading)) => {
                if !self.options.tolerates(deviation(refusal)) {
                    self.refuse_ambiguous(text, reading, span);
                }
            }
            _ if self.options.tolerates(Deviation::NonStringKey) => {}
            Ok(Value::Null) => {
                let message = "a key is empty or null";
                self.report(&rules::NON_STRING_KEY, span, message, "write a string as the key");
                return None;
            }
            Ok(_) | Err(Refusal::Number(_)) => {
                let message = format!("the key {} is not a string", quote(text));
                self.report(&rules::NON_STRING_KEY, span, message, "put it in quotes");
            }
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
        let message =
            format!("the key {} stands in this mapping already, in line {line}", quote(name));
        self.report(&rules::DUPLICATE_KEY, span, message, "keep one of the two");
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
            self.report(&rules::COMPLEX_KEY, span, "an alias cannot be a key", "write the key out");
            self.push_key(None, span);
            return Ok(());
        }
        if self.stack.iter().any(|frame| frame.anchor == anchor) {
            let message = "this alias stands inside of what it stands for";
            self.report(
                &rules::RECURSIVE_ALIAS,
                span,
                message,
                "use a `$ref` to a named schema for recursion",
            );
            self.push(Node { span, value: Value::Null });
            return Ok(());
        }
        let copy = self.anchors.copy(anchor, span, &self.stack, &mut self.budget);
        match copy {
            Ok(node) => self.push(node),
            Err(anchors::Refusal::TooDeep) => return Err(self.too_deep(span)),
            Err(anchors::Refusal::TooLarge) => {
                let message = "with the aliases up to here written out, the document is too large";
                self.report(
                    &rules::ALIAS_BUDGET,
                    span,
                    message,
                    "use `$ref` instead of aliases for large parts",
                );
                return Err(Stop);
            }
        }
        Ok(())
    }

    fn count(&mut self, span: Span) -> Result<(), Stop> {
        if self.budget.take(1, 0) {
            return Ok(());
        }
        let message = "the document has more values than are read";
        self.report(
            &rules::DOCUMENT_TOO_LARGE,
            span,
            message,
            "split it, or take large examples out of it",
        );
        Err(Stop)
    }
}

/// What tolerates a refused scalar.
fn deviation(refusal: Refusal) -> Deviation {
    match refusal {
        Refusal::Ambiguous(_) => Deviation::AmbiguousScalar,
        Refusal::Number(_) => Deviation::NumberRange,
    }
}
