//! Path templates, and whether placeholders and path parameters match.

use std::collections::{HashMap, HashSet};

use openapi_document::{Span, quote};

use super::context::Operation;
use super::object_specs::ObjectKind;
use super::{Context, Diagnostics};
use crate::rules;

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    let mut templates: HashMap<String, (&str, Span)> = HashMap::new();
    for object in cx.objects(ObjectKind::PathItem) {
        let Some(path) = object.name else { continue };
        if let Err((problem, help)) = placeholders(path) {
            let message = format!("the path {} {problem}", quote(path));
            out.report(&rules::PATH_TEMPLATE, object.span, message, help);
            continue;
        }
        if path.len() > 1 && path.ends_with('/') {
            let message = format!("the path {} ends with a slash", quote(path));
            out.report(
                &rules::TRAILING_SLASH,
                object.span,
                message,
                "remove the slash if the service accepts the path without it",
            );
        }
        let anonymous: Vec<_> =
            path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect();
        if let Some((other, earlier)) = templates.insert(anonymous.join("/"), (path, object.span)) {
            let line = out.line_of(earlier);
            let message = format!(
                "the paths {} and {} (line {line}) match the same requests",
                quote(path),
                quote(other)
            );
            out.report(
                &rules::DUPLICATE_PATH,
                object.span,
                message,
                "put the operations of both under one path",
            );
        }
    }
    for operation in &cx.operations {
        if let Ok(placeholders) = placeholders(operation.path) {
            check_parameters(operation, &placeholders, out);
        }
    }
}

fn check_parameters<'d>(
    operation: &Operation<'d>,
    placeholders: &HashSet<&str>,
    out: &mut Diagnostics<'d>,
) {
    let mut declared = HashSet::new();
    for parameter in
        operation.parameters.resolved.iter().filter(|parameter| parameter.location == Some("path"))
    {
        let Some((name, _)) = parameter.name else { continue };
        declared.insert(name);
        if !placeholders.contains(name) {
            let message = format!(
                "the path {} has no placeholder for {}",
                quote(operation.path),
                quote(name)
            );
            let placeholder = quote(&format!("{{{name}}}"));
            let help = format!("add {placeholder} to the path, or remove the parameter");
            out.report(&rules::UNUSED_PATH_PARAMETER, parameter.span, message, help);
        }
    }
    // A parameter that could not be resolved may be the missing one.
    if !operation.parameters.complete {
        return;
    }
    let mut missing: Vec<_> = placeholders.difference(&declared).copied().collect();
    missing.sort_unstable();
    for name in missing {
        let message = format!(
            "{} has no parameter for the placeholder {}",
            operation.display_name(),
            quote(name)
        );
        let help = format!("add a parameter {} with `in: path`", quote(name));
        out.report(&rules::UNDECLARED_PATH_PARAMETER, operation.span, message, help);
    }
}

/// The placeholders of a template, or what is wrong with it and how to fix it.
fn placeholders(path: &str) -> Result<HashSet<&str>, (String, &'static str)> {
    let Some(rest) = path.strip_prefix('/') else {
        return Err(("does not start with a slash".to_owned(), "start it with `/`"));
    };
    let illegal = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '\\' | '"' | '<' | '>')
    };
    if let Some(character) = path.chars().find(|&c| illegal(c)) {
        let help = "percent-encode it; queries are described as parameters";
        return Err((format!("has the character {}", quote(&character.to_string())), help));
    }
    let mut names = HashSet::new();
    let mut segments = rest.split('/').peekable();
    while let Some(segment) = segments.next() {
        if segment.is_empty() && segments.peek().is_some() {
            return Err((
                "has an empty segment".to_owned(),
                "write one slash between two segments",
            ));
        }
        if is_dot_segment(segment) {
            return Err((
                format!(
                    "has the segment {}, which is resolved before a request is sent",
                    quote(segment)
                ),
                "write the path that remains then, or leave the operation out: it cannot be called",
            ));
        }
        let inner = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match inner {
            Some(name) if !name.is_empty() && !name.contains(['{', '}']) => {
                if !names.insert(name) {
                    return Err((
                        format!("has the placeholder {} twice", quote(name)),
                        "use different names",
                    ));
                }
            }
            None if !segment.contains(['{', '}']) => {}
            _ => {
                let help = "a placeholder is a whole segment, `{name}`; an operation with another path cannot be generated: leave it out";
                return Err((format!("has the segment {}", quote(segment)), help));
            }
        }
    }
    Ok(names)
}

/// Whether a segment is `.` or `..` to a URL parser, which takes an encoded dot for a dot.
fn is_dot_segment(segment: &str) -> bool {
    let dots = segment.to_ascii_lowercase().replace("%2e", ".");
    matches!(dots.as_str(), "." | "..")
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn accepts_valid_path_templates_only() {
        for good in
            ["/", "/a", "/a/", "/{a}", "/v1/{a}/b/{c-d.e}", "/a:b", "/é", "/...", "/.a", "/a."]
        {
            assert!(placeholders(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "//",
            "/a//b",
            "/{",
            "/}",
            "/{}",
            "/{a",
            "/a}",
            "/{a}{b}",
            "/{a}.json",
            "/x{a}",
            "/{{a}}",
            "/{a}/{a}",
            "/a?b=c",
            "/a#b",
            "/a b",
            "/a\nb",
            "{a}",
            "/.",
            "/a/../b",
            "/a/%2E%2e/b",
            "/.%2e",
            "/%2e/b",
        ] {
            assert!(placeholders(bad).is_err(), "{bad}");
        }
    }
}
