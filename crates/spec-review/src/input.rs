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
