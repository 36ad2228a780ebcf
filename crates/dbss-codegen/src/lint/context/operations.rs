//! The operations of a contract, each with the parameters of its path.

use std::collections::HashSet;

use openapi_document::{Entry, Node, Span, Value, quote};

use super::resolver::Resolver;
use crate::lint::object_specs::ObjectKind;
use crate::lint::structure::Object;

/// An operation with the parameters of its path.
#[derive(Debug)]
pub(in crate::lint) struct Operation<'d> {
    pub(in crate::lint) path: &'d str,
    /// The key in the contract, which is lower-case.
    pub(in crate::lint) method: &'static str,
    pub(in crate::lint) node: &'d Node,
    pub(in crate::lint) span: Span,
    pub(in crate::lint) parameters: Parameters<'d>,
}

impl<'d> Operation<'d> {
    /// The quoted operationId for messages, or method and path if there is none.
    pub(in crate::lint) fn display_name(&self) -> String {
        match self.node.get("operationId").and_then(Node::as_str) {
            Some(id) => quote(id),
            None => quote(&format!("{} {}", self.method, self.path)),
        }
    }

    /// The entries of `responses`, without extensions.
    pub(in crate::lint) fn responses(&self) -> impl Iterator<Item = &'d Entry> {
        let responses = self.node.get("responses").map_or(&[][..], Node::entries);
        responses.iter().filter(|entry| !entry.key.starts_with("x-"))
    }
}

/// All operations, in the order of the text.
pub(super) fn operations<'d>(cx: &Resolver<'d>) -> Vec<Operation<'d>> {
    let operation = |object: &Object<'d>| {
        let path = cx.parent(object)?;
        Some(Operation {
            path: path.name?,
            method: object.parent_key,
            node: object.node,
            span: object.span,
            parameters: parameters(cx, path.node, object.node),
        })
    };
    cx.objects(ObjectKind::Operation).filter_map(operation).collect()
}

/// The parameters of an operation, including those of its path.
#[derive(Debug)]
pub(in crate::lint) struct Parameters<'d> {
    /// The parameters whose references could be resolved.
    pub(in crate::lint) resolved: Vec<Parameter<'d>>,
    /// Whether that is all of them.
    pub(in crate::lint) complete: bool,
}

/// A parameter of an operation.
#[derive(Debug)]
pub(in crate::lint) struct Parameter<'d> {
    pub(in crate::lint) node: &'d Node,
    /// The span of its list item, which can be a reference.
    pub(in crate::lint) span: Span,
    pub(in crate::lint) name: Option<(&'d str, Span)>,
    pub(in crate::lint) location: Option<&'d str>,
}

/// The parameters of an operation, and those of its path that the operation does not override.
fn parameters<'d>(cx: &Resolver<'d>, path: &'d Node, operation: &'d Node) -> Parameters<'d> {
    let mut resolved = Vec::new();
    let mut complete =
        !cx.is_misspelt(operation, "parameters") && !cx.is_misspelt(path, "parameters");
    let mut own = HashSet::new();
    for (of_operation, list) in
        [(true, operation.get("parameters")), (false, path.get("parameters"))]
    {
        complete &= list.is_none_or(|list| matches!(list.value, Value::Sequence(_)));
        for item in list.map_or(&[][..], Node::items) {
            let Some(node) = cx.follow(item, "parameters") else {
                complete = false;
                continue;
            };
            let name = node.get("name").and_then(|name| Some((name.as_str()?, name.span)));
            let location = node.get("in").and_then(Node::as_str);
            complete &=
                name.is_some() && matches!(location, Some("path" | "query" | "header" | "cookie"));
            let key = (name.map(|(name, _)| name), location);
            if of_operation {
                own.insert(key);
            } else if own.contains(&key) {
                continue;
            }
            resolved.push(Parameter { node, span: item.span, name, location });
        }
    }
    Parameters { resolved, complete }
}
