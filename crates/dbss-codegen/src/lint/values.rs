//! Values: whether defaults and examples fit their schemas.

use openapi_document::{Node, Span, Value, quote};

use super::context::Schema;
use super::limits::{self, StringLimits, Violation};
use super::object_specs::ObjectKind;
use super::suggest::did_you_mean;
use super::{Context, Diagnostics};
use crate::rules;

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    let mut checker = Checker { cx, strings: StringLimits::default() };
    for object in cx.objects(ObjectKind::Schema) {
        for key in ["default", "example"] {
            if let (Some(value), Some(schema)) = (object.node.get(key), cx.schema(object.node)) {
                checker.check(value, schema, key, out);
            }
        }
    }
    for kind in [ObjectKind::Parameter, ObjectKind::MediaType] {
        for object in cx.objects(kind) {
            if let (Some(_), Some(examples)) =
                (object.node.get("example"), object.node.entry("examples"))
            {
                let message = "`example` and `examples` exclude each other";
                out.report(
                    &rules::TWO_EXAMPLE_KEYS,
                    examples.key_span,
                    message,
                    "move the one into the other",
                );
            }
            let Some(schema) = object.node.get("schema").and_then(|schema| cx.schema(schema))
            else {
                continue;
            };
            if let Some(value) = object.node.get("example") {
                checker.check(value, schema, "example", out);
            }
            for entry in object.node.get("examples").map_or(&[][..], Node::entries) {
                let example = cx.follow(&entry.value, "examples");
                if let Some(value) = example.and_then(|example| example.get("value")) {
                    checker.check(value, schema, "example", out);
                }
            }
        }
    }
}

/// Checks values against schemas.
struct Checker<'c, 'd> {
    cx: &'c Context<'d>,
    strings: StringLimits,
}

impl<'d> Checker<'_, 'd> {
    /// Recurses into the value, not the schema, so the depth limit of documents bounds it even if
    /// schemas are recursive.
    fn check(
        &mut self,
        value: &'d Node,
        schema: Schema<'d>,
        what: &str,
        out: &mut Diagnostics<'d>,
    ) {
        let node = schema.node;
        let mut mismatch = |at: Span, problem: &str, help: String| {
            out.report(&rules::VALUE_MISMATCH, at, format!("this {what} {problem}"), help);
        };
        let correct = || "correct the value, or the schema".to_owned();
        if matches!(value.value, Value::Null) {
            if !schema.nullable {
                mismatch(value.span, "is null, which the schema does not allow", correct());
            }
            return;
        }
        let Some(expected) = schema.type_name() else { return };
        let fits = match (&value.value, expected) {
            (Value::Bool(_), "boolean")
            | (Value::String(_), "string")
            | (Value::Sequence(_), "array")
            | (Value::Mapping(_), "object")
            | (Value::Number(_), "number") => true,
            (Value::Number(number), "integer") => !number.is_f64(),
            _ => false,
        };
        if !fits {
            let help = match (&value.value, expected) {
                (Value::Number(_) | Value::Bool(_), "string") => "put it in quotes".to_owned(),
                (Value::String(text), "integer" | "number") if text.parse::<f64>().is_ok() => {
                    "drop the quotes".to_owned()
                }
                (Value::String(text), "boolean") if text.parse::<bool>().is_ok() => {
                    "drop the quotes".to_owned()
                }
                _ => correct(),
            };
            let problem = match &value.value {
                Value::Number(_) if expected == "integer" => {
                    "has a fraction, and the schema takes an integer".to_owned()
                }
                _ => format!(
                    "is {}, and the schema takes the type `{expected}`",
                    value.kind_with_article()
                ),
            };
            mismatch(value.span, &problem, help);
            return;
        }
        match &value.value {
            Value::Number(number) => {
                if let Some(violation) = limits::number_violation(node, number, expected) {
                    mismatch(value.span, &violation.to_string(), correct());
                }
            }
            Value::String(text) => {
                if let Some(violation) = self.strings.violation(node, text) {
                    mismatch(value.span, &violation.to_string(), correct());
                } else if let Some(list) =
                    node.get("enum").filter(|list| !self.cx.contains_string(list, text))
                {
                    let near = out.nearest(text, list.items().iter().filter_map(Node::as_str));
                    let message =
                        format!("this {what} is {}, which the enum does not list", quote(text));
                    let help = did_you_mean(near).unwrap_or_else(correct);
                    out.report(&rules::VALUE_MISMATCH, value.span, message, help);
                }
            }
            Value::Sequence(items) => self.check_items(value, items, node, what, out),
            Value::Mapping(_) => self.check_properties(value, node, what, out),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn check_items(
        &mut self,
        list: &'d Node,
        items: &'d [Node],
        schema: &'d Node,
        what: &str,
        out: &mut Diagnostics<'d>,
    ) {
        let mut report = |at: Span, violation: &Violation<'_>| {
            let help = "correct the value, or the schema";
            out.report(&rules::VALUE_MISMATCH, at, format!("this {what} {violation}"), help);
        };
        for violation in limits::item_violations(schema, items.len() as u64) {
            report(list.span, &violation);
        }
        if let Some(again) = limits::repeated_item(schema, items) {
            report(again.span, &Violation::Repeated);
        }
        if let Some(schema) = schema.get("items").and_then(|items| self.cx.schema(items)) {
            for item in items {
                self.check(item, schema, what, out);
            }
        }
    }

    fn check_properties(
        &mut self,
        value: &'d Node,
        schema: &'d Node,
        what: &str,
        out: &mut Diagnostics<'d>,
    ) {
        for name in
            schema.get("required").map_or(&[][..], Node::items).iter().filter_map(Node::as_str)
        {
            if self.cx.get(value, name).is_none() {
                let message =
                    format!("this {what} lacks the property {}, which is required", quote(name));
                out.report(&rules::VALUE_MISMATCH, value.span, message, "add it");
            }
        }
        let properties =
            schema.get("properties").filter(|properties| !properties.entries().is_empty());
        let additional = schema.get("additionalProperties");
        for entry in value.entries() {
            let property = match properties {
                Some(properties) => self.cx.get(properties, &entry.key),
                None => additional.filter(|additional| additional.is_mapping()),
            };
            match property {
                Some(property) => {
                    if let Some(schema) = self.cx.schema(property) {
                        self.check(&entry.value, schema, what, out);
                    }
                }
                // A map, or an object without declared properties.
                None if properties.is_none()
                    && additional.and_then(Node::as_bool) != Some(false) => {}
                None => {
                    let names = properties.map_or(&[][..], Node::entries).iter();
                    let near = out.nearest(&entry.key, names.map(|entry| entry.key.as_str()));
                    let message = format!(
                        "this {what} has the property {}, which is not declared",
                        quote(&entry.key)
                    );
                    let help = did_you_mean(near)
                        .unwrap_or_else(|| "remove it, or declare it in the schema".to_owned());
                    out.report(&rules::VALUE_MISMATCH, entry.key_span, message, help);
                }
            }
        }
    }
}
