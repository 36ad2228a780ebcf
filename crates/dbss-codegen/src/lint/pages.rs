//! `x-dbss-pages`: whether the parameters and fields that it names are there.

use openapi_document::{Node, quote};

use super::context::{JSON, Operation, Schema, success_responses};
use super::{Context, Diagnostics};
use crate::rules;

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    for operation in &cx.operations {
        let Some(pages) = operation.node.get("x-dbss-pages").filter(|pages| pages.is_mapping())
        else {
            continue;
        };
        let Some(body) = success_schema(cx, operation) else {
            let message = format!("{} returns nothing in pages", operation.display_name());
            let help = "remove `x-dbss-pages`, or describe the success response as a named object";
            out.report(&rules::PAGES, pages.span, message, help);
            continue;
        };
        for key in ["offset", "limit"] {
            if let Some(named) = pages.get(key) {
                check_parameter(cx, operation, named, out);
            }
        }
        if let Some(total) = pages.get("total") {
            check_field(cx, body, total, &["integer"], "of the response", out);
        }
        let Some(items) = pages.get("items") else { continue };
        if !check_field(cx, body, items, &["array"], "of the response", out) {
            continue;
        }
        let Some(item) = item_schema(cx, operation) else {
            let message = format!("{} has no named objects as items", shown(items));
            let help =
                "write the array here, with `items` that refer to a component of type object";
            out.report(&rules::PAGES, items.span, message, help);
            continue;
        };
        if let Some(id) = pages.get("id") {
            check_field(cx, item, id, &["string", "integer"], "of an item", out);
        }
    }
}

fn check_parameter<'d>(
    cx: &Context<'d>,
    operation: &Operation<'d>,
    named: &'d Node,
    out: &mut Diagnostics<'d>,
) {
    let Some(name) = named.as_str() else { return };
    let mut parameters = operation.parameters.resolved.iter();
    let found = parameters.find(|parameter| {
        parameter.name.is_some_and(|(found, _)| found == name)
            && parameter.location == Some("query")
    });
    let message = match found {
        None if !operation.parameters.complete => return,
        None => {
            format!("{} has no parameter {} in the query", operation.display_name(), quote(name))
        }
        Some(parameter) => {
            let schema = parameter.node.get("schema").and_then(|schema| cx.schema(schema));
            if schema.is_none_or(|schema| schema.type_name().is_none_or(|kind| kind == "integer")) {
                return;
            }
            format!("the parameter {} is not an integer", quote(name))
        }
    };
    let help = "name a parameter of type integer, in the query";
    out.report(&rules::PAGES, named.span, message, help);
}

/// Checks that an object has a field of one of these types. Returns whether it has.
fn check_field<'d>(
    cx: &Context<'d>,
    object: Schema<'d>,
    named: &'d Node,
    types: &[&str],
    of_what: &str,
    out: &mut Diagnostics<'d>,
) -> bool {
    let Some(name) = named.as_str() else { return false };
    let Some(field) = field(cx, object, name) else {
        let help = help_with_field(object, name, out);
        let message = format!("there is no field {} {of_what}", quote(name));
        out.report(&rules::PAGES, named.span, message, help);
        return false;
    };
    let Some(found) = field.type_name().filter(|found| !types.contains(found)) else { return true };
    let expected = types.join(" or ");
    let message = format!("the field {} {of_what} has type {found}, not {expected}", quote(name));
    out.report(&rules::PAGES, named.span, message, "name another field, or correct its type");
    false
}

fn shown(named: &Node) -> String {
    quote(named.as_str().unwrap_or_default())
}

/// What to do about a field that the schema does not have.
pub(super) fn help_with_field(object: Schema<'_>, name: &str, out: &mut Diagnostics<'_>) -> String {
    let fields = object.node.get("properties").map_or(&[][..], Node::entries);
    match out.nearest(name, fields.iter().map(|entry| entry.key.as_str())) {
        Some(near) => format!("did you mean {}?", quote(near)),
        None => "name a property that the schema has".to_owned(),
    }
}

/// A field of an object, by its name.
pub(super) fn field<'d>(cx: &Context<'d>, object: Schema<'d>, name: &str) -> Option<Schema<'d>> {
    cx.schema(cx.get(object.node.get("properties")?, name)?)
}

/// The named object that an operation returns as success.
pub(super) fn success_schema<'d>(
    cx: &Context<'d>,
    operation: &Operation<'d>,
) -> Option<Schema<'d>> {
    let response = cx.follow(&success_responses(operation).next()?.value, "responses")?;
    let schema = cx.schema(response.get("content")?.get(JSON)?.get("schema")?)?;
    let is_object = schema.name.is_some() && schema.type_name() == Some("object");
    (is_object && !schema.nullable).then_some(schema)
}

/// The named object that the items of a list in pages are.
pub(super) fn item_schema<'d>(cx: &Context<'d>, operation: &Operation<'d>) -> Option<Schema<'d>> {
    let items = operation.node.get("x-dbss-pages")?.get("items")?.as_str()?;
    let list = field(cx, success_schema(cx, operation)?, items)?;
    let item = cx.schema(list.node.get("items")?)?;
    let is_object = item.name.is_some() && item.type_name() == Some("object");
    (is_object && !item.nullable).then_some(item)
}
