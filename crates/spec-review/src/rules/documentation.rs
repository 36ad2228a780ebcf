//! The rules as documentation.

use std::fmt::Write;

use super::{Coverage, OBJECT_PROPERTIES, RULES};

/// The documentation of every rule, and the table of everything that a document can say.
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
            cell(rule.advice)
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

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

const HEAD: &str = "\
<!-- Written by `cargo xtask regen`; do not edit. -->

# The rules of spec-review

## One law

The level of a change on the wire follows from three things: what it does to the set of accepted values, the direction in which
they travel, and guards.

| the set | in a request | in an answer |
| --- | --- | --- |
| loses values | **breaking**: a caller sends one and is refused | info: readers were ready for more |
| gains values | info: nobody has to send them | **breaking**: a reader meets one that it was never told of |
| both | **breaking** | **breaking** |
| neither | info | info |

Under a `not` losing and gaining change places. Guards lower a level: what is read-only does not travel in requests and what is
write-only not in answers; the status of a failure may go; what was deprecated before may go with a warning; what
`x-stability-level` calls draft or alpha may change. Properties that a document does not name are taken for absent, unless it
says something about them by `additionalProperties`. Query and path parameters, headers, forms and XML are text, where a string
takes whatever a number is written as.

Every break of a schema is shown with a payload that one document accepts and the other refuses. Where none is found the level is
*suspected*.

## Rules

| Rule | Axis | What changed | Level | Instead |
| --- | --- | --- | --- | --- |
";

const TABLE_HEAD: &str = "
## Everything that a document can say

Objects and properties are called as in the JSON Schema of OpenAPI 3.0. A schema keyword that contains schemas is listed with the
rules that its own change is reported by; what changes inside is reported by the rules of the keywords there.

| Object | Property | Reported as |
| --- | --- | --- |
";
