//! The texts of the two documents, read with the place of every value.

mod surrogates;
mod tolerant;

use dbss_codegen::diagnostic::{Position, Report};
use dbss_codegen::document::{Document, Node, Span};

/// A document as somebody handed it over.
#[derive(Debug, Clone)]
pub struct Input {
    /// What reports call it: a path, usually.
    pub name: String,
    /// The text, YAML or JSON.
    pub text: String,
}

impl Input {
    /// A document with its name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }
}

/// A document that was read.
#[derive(Debug)]
pub(crate) struct Source {
    name: String,
    text: String,
    root: Node,
    /// The byte at which each line starts.
    lines: Vec<usize>,
}

impl Source {
    /// Reads a document. What the contract's own loader refuses for the sake of other tools (a
    /// bare `on`, a key that is a number) is read as YAML 1.2 has it; what it refuses as malformed
    /// or too large stays refused.
    pub(crate) fn read(input: &Input) -> Result<Self, Report> {
        let joined = surrogates::joined(&input.text);
        let text = joined.as_ref().unwrap_or(&input.text);
        let root = match Document::parse(input.name.as_str(), text.as_str()) {
            Ok(document) => document.root().clone(),
            Err(report) => match tolerant::read(text, &report) {
                Some(root) => root,
                None => return Err(report),
            },
        };
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(starts.map(|(at, _)| at + 1)).collect();
        Ok(Self { name: input.name.clone(), text: text.clone(), root, lines })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn root(&self) -> &Node {
        &self.root
    }

    /// Where a span starts, as editors count.
    pub(crate) fn position(&self, span: Span) -> Position {
        let line = self.lines.partition_point(|start| *start <= span.start).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or_default();
        let column = self.text.get(start..span.start).map_or(0, |before| before.chars().count());
        Position { line, column: column + 1 }
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use std::fmt::Write as _;
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn surrogate_pairs_do_not_move_columns() {
        let text = r#"{"a": "\ud83d\ude00\ud83d\ude00", "b": 1}"#;
        let source = Source::read(&Input::new("t", text)).expect("well-formed");
        let node = source.root().get("b").expect("is there");
        assert_eq!(source.position(node.span), Position { line: 1, column: 40 });
    }

    #[test]
    fn a_mapping_of_many_keys_is_read_at_once_where_something_is_tolerated() {
        let mut text = "x: 010\nkeys:\n".to_owned();
        for index in 0..60_000 {
            let _ = writeln!(text, "  key{index}: 1");
        }
        let started = Instant::now();
        let source = Source::read(&Input::new("t", text)).expect("well-formed");
        let taken = started.elapsed();
        assert_eq!(source.root().get("keys").map(|keys| keys.entries().len()), Some(60_000));
        // Less than a second; the rest is for machines that are busy with other things.
        assert!(taken < Duration::from_secs(8), "{taken:?}");
    }
}
