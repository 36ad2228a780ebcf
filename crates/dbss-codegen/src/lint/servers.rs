//! Servers and tags.

use std::collections::{HashMap, HashSet};

use openapi_document::{Node, Value, quote};

use super::object_specs::ObjectKind;
use super::structure::Object;
use super::suggest::did_you_mean;
use super::{Context, Diagnostics};
use crate::rules;

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    for object in cx.objects(ObjectKind::Server) {
        check_url(cx, object, out);
    }
    for object in cx.objects(ObjectKind::ServerVariable) {
        check_variable(object, out);
    }
    check_tags(cx, out);
}

fn check_url<'d>(cx: &Context<'d>, object: &Object<'d>, out: &mut Diagnostics<'d>) {
    let Some((at, url)) = object.node.get("url").and_then(|node| Some((node, node.as_str()?)))
    else {
        return;
    };
    let Some(used) = url_variables(url) else {
        let message = format!("the URL {} has braces that do not match, or is empty", quote(url));
        out.report(&rules::SERVER_URL, at.span, message, "write a variable as `{name}`");
        return;
    };
    let declared = object.node.get("variables");
    for name in &used {
        if declared.is_none_or(|declared| cx.get(declared, name).is_none())
            && !cx.is_misspelt(object.node, "variables")
        {
            let message =
                format!("the URL has the variable {}, which is not declared", quote(name));
            out.report(
                &rules::SERVER_URL,
                at.span,
                message,
                "declare it under `variables`, with a `default`",
            );
        }
    }
    let used: HashSet<&str> = used.into_iter().collect();
    for entry in declared.map_or(&[][..], Node::entries) {
        if !used.contains(entry.key.as_str()) {
            let message = format!("the URL does not have the variable {}", quote(&entry.key));
            out.report(
                &rules::SERVER_URL,
                entry.key_span,
                message,
                "remove it, or use it in the URL",
            );
        }
    }
}

/// The names of the variables in a URL, in order and without duplicates; `None` if the braces do
/// not match.
fn url_variables(url: &str) -> Option<Vec<&str>> {
    if url.is_empty() {
        return None;
    }
    let mut names = Vec::new();
    let mut seen = HashSet::new();
    let mut rest = url;
    while let Some(at) = rest.find(['{', '}']) {
        let (name, after) = rest.get(at..)?.strip_prefix('{')?.split_once('}')?;
        if name.is_empty() || name.contains('{') {
            return None;
        }
        if seen.insert(name) {
            names.push(name);
        }
        rest = after;
    }
    Some(names)
}

fn check_variable<'d>(object: &Object<'d>, out: &mut Diagnostics<'d>) {
    let Some(list) =
        object.node.entry("enum").filter(|list| matches!(list.value.value, Value::Sequence(_)))
    else {
        return;
    };
    if list.value.items().is_empty() {
        let message = "a server variable without values";
        out.report(
            &rules::SERVER_VARIABLE,
            list.key_span,
            message,
            "list the values, or leave `enum` out",
        );
        return;
    }
    let mut seen = HashMap::new();
    for item in list.value.items() {
        let Some(value) = item.as_str() else { continue };
        if value.is_empty() {
            let message = "a value of a server variable is empty";
            out.report(&rules::SERVER_VARIABLE, item.span, message, "remove it");
        } else if let Some(earlier) = seen.insert(value, item.span) {
            let line = out.line_of(earlier);
            let message =
                format!("the server variable has {} already, in line {line}", quote(value));
            out.report(&rules::SERVER_VARIABLE, item.span, message, "list it once");
        }
    }
    let Some((at, default)) =
        object.node.get("default").and_then(|node| Some((node, node.as_str()?)))
    else {
        return;
    };
    if !seen.contains_key(default) {
        let message = format!(
            "the default {} is not among the values of the server variable",
            quote(default)
        );
        let near = out.nearest(default, list.value.items().iter().filter_map(Node::as_str));
        let help =
            did_you_mean(near).unwrap_or_else(|| "add it to `enum`, or correct it".to_owned());
        out.report(&rules::SERVER_VARIABLE, at.span, message, help);
    }
}

fn check_tags<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    let mut declared = HashMap::new();
    for object in cx.objects(ObjectKind::Tag) {
        let Some((at, name)) =
            object.node.get("name").and_then(|node| Some((node, node.as_str()?)))
        else {
            continue;
        };
        if let Some(earlier) = declared.insert(name, at.span) {
            let line = out.line_of(earlier);
            let message = format!("the tag {} is declared already, in line {line}", quote(name));
            out.report(&rules::DUPLICATE_TAG, at.span, message, "declare it once");
        }
    }
    let names =
        || cx.objects(ObjectKind::Tag).filter_map(|object| object.node.get("name")?.as_str());
    for operation in &cx.operations {
        let mut own = HashMap::new();
        for item in operation.node.get("tags").map_or(&[][..], Node::items) {
            let Some(tag) = item.as_str() else { continue };
            if let Some(earlier) = own.insert(tag, item.span) {
                let line = out.line_of(earlier);
                let message = format!(
                    "{} has the tag {} already, in line {line}",
                    operation.display_name(),
                    quote(tag)
                );
                out.report(&rules::DUPLICATE_TAG, item.span, message, "give it once");
            } else if !declared.contains_key(tag) {
                let message = format!("the tag {} is not declared", quote(tag));
                let near = out.nearest(tag, names());
                let help = did_you_mean(near).unwrap_or_else(|| {
                    "declare it under `tags` at the top, with a description".to_owned()
                });
                out.report(&rules::UNDECLARED_TAG, item.span, message, help);
            }
        }
    }
}
