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
    pub fn node_at(&self, pointer: &str) -> Option<&Node> {
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return None;
        }
        let mut tokens = pointer::tokens(pointer);
        tokens.try_fold(&self.root, |node, token| node.child(&token))
    }

    /// A JSON Pointer in which items of lists go by what they say of themselves, so that it does
    /// not depend on their order: `/paths/~1things/get/parameters/query limit`.
    ///
    /// What the pointer does not lead to keeps its tokens, and so does an item without a
    /// [name](Self::item_name).
    #[must_use]
    pub fn order_independent_pointer(&self, pointer: &str) -> String {
        let mut node = Some(&self.root);
        let mut named = String::new();
        for token in pointer::tokens(pointer) {
            let parent = node;
            node = parent.and_then(|parent| parent.child(&token));
            let in_list = parent.is_some_and(|parent| matches!(parent.value, Value::Sequence(_)));
            let name = node.filter(|_| in_list).and_then(|item| self.item_name(item));
            named = pointer::join(&named, name.as_deref().unwrap_or(&token));
        }
        named
    }

    /// What an item of a list says of itself: a parameter by `in` and `name`, a tag by `name`, a
    /// server by `url`. A reference is called like the parameter that it leads to, so that it does
    /// not matter where that is written, or else by its `$ref`.
    #[must_use]
    pub fn item_name(&self, item: &Node) -> Option<String> {
        let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
        let parameter =
            |node: &Node| Some(format!("{} {}", text(node, "in")?, text(node, "name")?));
        if let Some(reference) = text(item, "$ref") {
            let target =
                pointer::from_reference(&reference).and_then(|pointer| self.node_at(&pointer));
            return target.and_then(parameter).or(Some(reference));
        }
        parameter(item).or_else(|| text(item, "name")).or_else(|| text(item, "url"))
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
