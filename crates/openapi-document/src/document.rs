//! A document: its text and the tree that was parsed from it.

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
    /// Parses a text. `name` is what diagnostics show as the file, usually its path.
    ///
    /// Whatever the options, a text may have at most 8 MiB and 500,000 of the characters `,:[]{}?`, and
    /// its tree at most 64 levels. With aliases expanded, the tree may have at most 200,000 values,
    /// and aliases may copy at most 8 MiB of text.
    ///
    /// # Errors
    ///
    /// A report of everything in the text that `options` do not tolerate: all duplicate keys,
    /// ambiguous scalars and the like, and at most one syntax error or exceeded size limit, since
    /// nothing is parsed after it. The report is never empty, and all its diagnostics are errors.
    pub fn parse(
        name: impl Into<String>,
        text: impl Into<String>,
        options: &LoadOptions,
    ) -> Result<Self, Report> {
        let source = Source::new(name.into(), text.into());
        let root = load::load(&source, options)?;
        Ok(Self { source, root })
    }

    /// The name that was passed to [`parse`](Self::parse).
    #[must_use]
    pub fn name(&self) -> &str {
        self.source.name()
    }

    /// The text that was passed to [`parse`](Self::parse), unchanged.
    #[must_use]
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The document as JSON, without positions.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        self.root.to_json()
    }

    /// The node at a JSON Pointer (RFC 6901) such as `/paths/~1v1~1things/get`; the empty pointer
    /// is the root. `None` if nothing is there or the pointer does not start with `/`. References
    /// are not followed.
    #[must_use]
    pub fn node_at(&self, pointer: &str) -> Option<&Node> {
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return None;
        }
        let mut tokens = pointer::tokens(pointer);
        tokens.try_fold(&self.root, |node, token| node.child(&token))
    }

    /// The pointer with the indices of list items replaced by their [names](Self::item_name), so
    /// that it does not depend on the order of lists: `/paths/~1things/get/parameters/0` becomes
    /// `/paths/~1things/get/parameters/query limit`. Meant for comparing and displaying;
    /// [`node_at`](Self::node_at) does not resolve it.
    ///
    /// The index of an item without a name is kept, and so is every token after the first that
    /// leads nowhere.
    ///
    /// ```
    /// # use openapi_document::{Document, LoadOptions};
    /// let text = "parameters: [{in: query, name: limit}, {in: query, name: offset}]";
    /// let document = Document::parse("api.yaml", text, &LoadOptions::strict())?;
    /// let pointer = document.order_independent_pointer("/parameters/1/name");
    /// assert_eq!(pointer, "/parameters/query offset/name");
    /// # Ok::<(), openapi_document::Report>(())
    /// ```
    #[must_use]
    pub fn order_independent_pointer(&self, pointer: &str) -> String {
        let is_index = |token: &str| token.bytes().all(|byte| byte.is_ascii_digit());
        if !pointer.split('/').skip(1).any(is_index) {
            return pointer.to_owned();
        }
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

    /// What identifies an item of a list: `in` and `name` of a parameter, `name` of a tag, `url` of
    /// a server. A reference to a parameter has the name of that parameter, whether it is defined
    /// inline or as a component; any other reference has its `$ref` as its name. `None` if it
    /// has none of these.
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

    /// The line and column at which a span starts.
    #[must_use]
    pub fn position(&self, span: Span) -> Position {
        self.source.position(span.start)
    }

    /// Creates a diagnostic of `rule` at `span`, with an excerpt of the line. `message` and `help`
    /// are lower-case fragments without a final dot; control characters in them are escaped.
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
