//! The rules as documentation.

use std::fmt::Write;

use super::{Coverage, OBJECT_PROPERTIES, RULES, Rule};

/// The documentation of every rule as Markdown, with a table of every property of every OpenAPI
/// object and its rule.
#[must_use]
pub fn documentation() -> String {
    let mut out = String::from(HEAD);
    // Writing to a string cannot fail.
    for rule in RULES {
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} | {} |",
            rule.id,
            rule.axis.name(),
            cell(rule.meaning),
            cell(rule.level_policy),
            cell(&both_directions(rule))
        );
    }
    out.push_str(TABLE_HEAD);
    for property in OBJECT_PROPERTIES {
        let coverage = match property.coverage {
            Coverage::ReportedBy(rules) => {
                rules.iter().map(|rule| format!("`{}`", rule.id)).collect::<Vec<_>>().join(", ")
            }
            Coverage::Ignored(reason) => format!("nothing: {reason}"),
        };
        let _ = writeln!(
            out,
            "| {} | `{}` | {} |",
            property.object.name(),
            property.property.replace('|', "\\|"),
            cell(&coverage)
        );
    }
    out
}

/// The advice for both directions.
pub(crate) fn both_directions(rule: &Rule) -> String {
    match rule.response_advice {
        Some(response) => format!("in a request {}; in a response {response}", rule.advice),
        None => rule.advice.to_owned(),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

const HEAD: &str = "\
<!-- Written by `cargo xtask regen`; do not edit. -->

# The rules of spec-review

## The compatibility rule

The level of a change on the wire follows from its effect on the set of accepted values and from the direction in which the values
travel. A reader has to accept everything that the writer may write.

| effect on the set | in a request | in a response |
| --- | --- | --- |
| loses values | **breaking**: a caller that sends one is refused | info: readers already handle the remaining ones |
| gains values | info: callers need not send them | **breaking**: a reader gets values that were not documented |
| both | **breaking** | **breaking** |
| neither | info | info |

Under a `not`, losing and gaining are exchanged. Some facts lower the level: read-only properties are not sent in requests and
write-only ones not in responses; the status of a failure may be removed; what the base document marks as deprecated may be removed
with a warning; operations that `x-stability-level` calls draft or alpha may change. Properties that a document does not name count
as absent, unless `additionalProperties` describes them. Query and path parameters, headers, forms and XML are text, where a string
accepts the text of any number.

Every breaking change of a schema is shown with a payload that one document accepts and the other refuses. Where none is found, the
level is *suspected*.

## Rules

| Rule | Axis | What changed | Level | Instead |
| --- | --- | --- | --- | --- |
";

const TABLE_HEAD: &str = "
## Every property of every object

Objects and properties have the names of the JSON Schema of OpenAPI 3.0. A keyword that contains schemas is listed with the rules
for the keyword itself; changes inside are reported by the rules of the keywords there.

| Object | Property | Reported as |
| --- | --- | --- |
";
