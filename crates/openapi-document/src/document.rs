//! A document: its text, and the tree that was read from it.

use crate::diagnostic::{Diagnostic, Position, Report, Rule};
use crate::load;
use crate::node::{Node, Span, Value};
use crate::options::LoadOptions;
use crate::pointer;
use crate::source::Source;

/// A document that is well-formed YAML or JSON.
#[derive(Debug, Clone)]
pub struct Document {
    source: Source,
    root: Node,
}

impl Document {
    /// Reads a text. `name` is the path as people know it; reports show it.
    ///
    /// # Errors
    ///
    /// Every problem of the text that is not tolerated and can be told before the document is whole:
    /// all duplicate keys, ambiguous scalars and the like, but only the first syntax error.
    pub fn parse(
        name: impl Into<String>,
        text: impl Into<String>,
        options: &LoadOptions,
    ) -> Result<Self, Report> {
        let source = Source::new(name.into(), text.into());
        let root = load::load(&source, options)?;
        Ok(Self { source, root })
    }

    /// The name of the file, as it was given.
    #[must_use]
    pub fn name(&self) -> &str {
        self.source.name()
    }

    /// The text, as it was given.
    #[must_use]
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// The outermost node.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The document as JSON, without positions.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        self.root.to_json()
    }

    /// The node that a JSON Pointer (RFC 6901) names: `/paths/~1v1~1things/get`.
    #[must_use]
    pub fn at(&self, pointer: &str) -> Option<&Node> {
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return None;
        }
        let mut tokens = pointer::tokens(pointer);
        tokens.try_fold(&self.root, |node, token| node.child(&token))
    }

    /// A JSON Pointer in which items of lists go by what they say of themselves, so that it does
    /// not depend on their order: `/paths/~1things/get/parameters/query limit`.
    ///
    /// An item has such a name if it is a parameter (`in` and `name`), a server (`url`) or a
    /// reference (`$ref`). What the pointer does not lead to keeps its tokens.
    #[must_use]
    pub fn named_pointer(&self, pointer: &str) -> String {
        let mut node = Some(&self.root);
        let mut named = String::new();
        for token in pointer::tokens(pointer) {
            let parent = node;
            node = parent.and_then(|parent| parent.child(&token));
            let in_list = parent.is_some_and(|parent| matches!(parent.value, Value::Sequence(_)));
            let name = node.filter(|_| in_list).and_then(name_of_item);
            named = pointer::join(&named, name.as_deref().unwrap_or(&token));
        }
        named
    }

    /// Where a span starts.
    #[must_use]
    pub fn position(&self, span: Span) -> Position {
        self.source.position(span.start)
    }

    /// A finding of `rule` at `span`, with the line that it is about. Message and help are lower-case
    /// fragments.
    #[must_use]
    pub fn diagnostic(
        &self,
        rule: &Rule,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        self.source.diagnostic(rule, span, message, help)
    }
}

/// What an item of a list says of itself.
fn name_of_item(item: &Node) -> Option<String> {
    let text = |key: &str| item.get(key).and_then(Node::as_str);
    match (text("in"), text("name"), text("url"), text("$ref")) {
        (Some(location), Some(name), ..) => Some(format!("{location} {name}")),
        (.., Some(url), _) => Some(url.to_owned()),
        (.., Some(reference)) => Some(reference.to_owned()),
        _ => None,
    }
}
