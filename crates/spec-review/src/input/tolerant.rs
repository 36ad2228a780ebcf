//! Reads what is YAML 1.2, though not everybody reads it alike.

use std::collections::HashMap;

use dbss_codegen::diagnostic::Report;
use dbss_codegen::document::{Entry, Node, Span, Value};
use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::Number;

/// What the contract's loader refuses although it can be read.
const TOLERABLE: [&str; 5] =
    ["ambiguous-scalar", "non-string-key", "number-range", "duplicate-key", "merge-key"];
/// How many values a document may have, aliases written out.
const MOST_NODES: usize = 200_000;
const DEEPEST: usize = 64;

/// Reads a text again, if all that was found in it can be tolerated.
pub(super) fn read(text: &str, report: &Report) -> Option<Node> {
    if !report.errors().all(|found| TOLERABLE.contains(&found.rule)) {
        return None;
    }
    let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut reader =
        Reader { bytes, stack: Vec::new(), anchors: HashMap::new(), nodes: 0, root: None };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, marks) = event.ok()?;
        let start = reader.byte(marks.start.index());
        let span = Span { start, end: reader.byte(marks.end.index()).max(start) };
        reader.take(event, span)?;
    }
    reader.root
}

/// A collection that is not yet closed.
struct Frame {
    anchor: usize,
    span: Span,
    node: Value,
    key: Option<(String, Span)>,
}

struct Reader {
    /// The byte at which each character starts.
    bytes: Vec<usize>,
    stack: Vec<Frame>,
    anchors: HashMap<usize, (Node, usize)>,
    nodes: usize,
    root: Option<Node>,
}

impl Reader {
    fn byte(&self, character: usize) -> usize {
        self.bytes.get(character).or(self.bytes.last()).copied().unwrap_or_default()
    }

    /// Takes one event; nothing says that there is too much of them.
    fn take(&mut self, event: Event<'_>, span: Span) -> Option<()> {
        match event {
            Event::SequenceStart(anchor, _) => self.open(Value::Sequence(Vec::new()), anchor, span),
            Event::MappingStart(anchor, _) => self.open(Value::Mapping(Vec::new()), anchor, span),
            Event::SequenceEnd | Event::MappingEnd => {
                let Frame { anchor, span: Span { start, .. }, node, .. } = self.stack.pop()?;
                let end = span.end.max(start);
                let node = merged(node);
                self.place(Node { span: Span { start, end }, value: node }, anchor, 1)
            }
            Event::Scalar(text, style, anchor, _) => {
                if let Some(Frame { node: Value::Mapping(_), key: key @ None, .. }) =
                    self.stack.last_mut()
                {
                    *key = Some((text.into_owned(), span));
                    return Some(());
                }
                let value = if style == ScalarStyle::Plain {
                    plain(&text)
                } else {
                    Value::String(text.into_owned())
                };
                self.place(Node { span, value }, anchor, 1)
            }
            Event::Alias(anchor) => {
                let (node, size) = self.anchors.get(&anchor)?.clone();
                self.place(node, 0, size)
            }
            _ => Some(()),
        }
    }

    fn open(&mut self, node: Value, anchor: usize, span: Span) -> Option<()> {
        self.stack.push(Frame { anchor, span, node, key: None });
        (self.stack.len() <= DEEPEST).then_some(())
    }

    fn place(&mut self, node: Node, anchor: usize, size: usize) -> Option<()> {
        self.nodes += size;
        if self.nodes > MOST_NODES {
            return None;
        }
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), count(&node)));
        }
        match self.stack.last_mut() {
            Some(Frame { node: Value::Sequence(items), .. }) => items.push(node),
            Some(Frame { node: Value::Mapping(entries), key, .. }) => {
                let (key, key_span) = key.take()?;
                if entries.iter().all(|entry| entry.key != key) {
                    entries.push(Entry { key, key_span, value: node });
                }
            }
            _ => self.root = Some(node),
        }
        Some(())
    }
}

/// A mapping with what its key `<<` brings, where it says nothing of its own.
fn merged(value: Value) -> Value {
    let Value::Mapping(mut entries) = value else { return value };
    let Some(at) = entries.iter().position(|entry| entry.key == "<<") else {
        return Value::Mapping(entries);
    };
    let merge = entries.remove(at);
    let sources = match &merge.value.value {
        Value::Sequence(items) => items.iter().collect(),
        _ => vec![&merge.value],
    };
    for entry in sources.into_iter().flat_map(Node::entries) {
        if entries.iter().all(|own| own.key != entry.key) {
            entries.push(entry.clone());
        }
    }
    Value::Mapping(entries)
}

fn count(node: &Node) -> usize {
    let inner: usize = match &node.value {
        Value::Sequence(items) => items.iter().map(count).sum(),
        Value::Mapping(entries) => entries.iter().map(|entry| count(&entry.value)).sum(),
        _ => 0,
    };
    inner + 1
}

/// A plain scalar by the core schema of YAML 1.2.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let numeric = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E'))
        && text.bytes().any(|b| b.is_ascii_digit());
    let number = numeric.then(|| {
        let integer = text
            .parse::<i64>()
            .map(Number::from)
            .or_else(|_| text.parse::<u64>().map(Number::from))
            .ok();
        integer.or_else(|| text.parse::<f64>().ok().and_then(Number::from_f64))
    });
    number.flatten().map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use crate::input::{Input, Source};

    #[test]
    fn merge_keys_bring_what_is_not_said() {
        let text = "a: &a {x: 1, y: 2}\nb: &b {z: 3}\nc: {<<: *a, y: 4}\nd: {<<: [*b, *a]}\n";
        let source = Source::read(&Input::new("t", text)).expect("well-formed");
        let of = |key: &str| source.root().get(key).map(|node| node.to_json().to_string());
        assert_eq!(of("c").as_deref(), Some(r#"{"y":4,"x":1}"#));
        assert_eq!(of("d").as_deref(), Some(r#"{"z":3,"x":1,"y":2}"#));
    }
}
