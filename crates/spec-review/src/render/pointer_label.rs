//! Short labels for pointers and values.

use openapi_document::pointer;
use serde_json::Value;

use crate::resolver::METHODS;

/// Longer values are shortened.
const MAX_LENGTH: usize = 60;

/// A value on one line, shortened.
pub(super) fn short(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    cut(&text, MAX_LENGTH)
}

/// The first characters of a text, with an ellipsis if something is missing.
pub(super) fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A readable label for a JSON Pointer: `StopRequest.instance_id`, or `POST /things › body.name`.
pub(super) fn label(pointer: &str) -> String {
    let tokens: Vec<_> = pointer::tokens(pointer).collect();
    let texts: Vec<&str> = tokens.iter().map(AsRef::as_ref).collect();
    match texts.as_slice() {
        ["components", _, name, rest @ ..] => join(name, rest),
        ["paths", path, method, rest @ ..] if METHODS.contains(method) => {
            let operation = format!("{} {path}", method.to_uppercase());
            join(&operation, rest)
        }
        ["paths", path, rest @ ..] => join(path, rest),
        [first, rest @ ..] => join(first, rest),
        [] => "the document".to_owned(),
    }
}

/// The tokens that identify the place, without the keywords between them.
fn join(start: &str, rest: &[&str]) -> String {
    let mut label = start.to_owned();
    let mut rest = rest.iter();
    while let Some(token) = rest.next() {
        match *token {
            "properties" | "headers" | "callbacks" => {
                if let Some(name) = rest.next() {
                    label.push('.');
                    label.push_str(name);
                }
            }
            "responses" => {
                if let Some(status) = rest.next() {
                    label.push_str(" → ");
                    label.push_str(status);
                }
            }
            "requestBody" => label.push_str(" › body"),
            "parameters" => {
                label.push_str(" › ");
                // In order-independent pointers, list items have names: `query limit`.
                label.push_str(
                    rest.next().filter(|name| name.contains(' ')).copied().unwrap_or("parameter"),
                );
            }
            "items" => label.push_str("[]"),
            "additionalProperties" => label.push_str("{}"),
            "content" | "allOf" | "anyOf" | "oneOf" => drop(rest.next()),
            _ => {}
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_pointers_with_their_names() {
        for (pointer, expected) in [
            ("/components/schemas/Pet/properties/name/maxLength", "Pet.name"),
            ("/components/schemas/Pet/properties/tags/items/enum", "Pet.tags[]"),
            (
                "/paths/~1pets~1{id}/get/responses/200/content/application~1json/schema",
                "GET /pets/{id} → 200",
            ),
            ("/paths/~1pets/post/requestBody/required", "POST /pets › body"),
            ("/servers/0", "servers"),
        ] {
            assert_eq!(label(pointer), expected);
        }
    }
}
