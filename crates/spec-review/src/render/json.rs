//! The report for programs.

use serde_json::{Value, json};

use super::message::message;
use super::reason::reason;
use crate::report::{Finding, Report};

/// The JSON Schema of what [`json()`] gives.
pub const JSON_SCHEMA: &str = include_str!("../../report.schema.json");

/// The report as JSON, as [`JSON_SCHEMA`] describes it.
#[must_use]
pub fn json(report: &Report) -> Value {
    json!({
        "base": report.names.base,
        "head": report.names.head,
        "verdict": report.verdict,
        "bump": { "required": report.bump.required(), "declared": report.bump.declared() },
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn finding(found: &Finding) -> Value {
    let mut value = json!({
        "rule": found.rule.id,
        "axis": found.axis(),
        "level": found.level,
        "operations": found.subject.operations,
        "base": found.subject.at.base,
        "head": found.subject.at.head,
        "message": message(found),
        "why": reason(found),
        "witness": found.witness,
        "fingerprint": found.fingerprint,
        "approved": found.approved.is_some(),
    });
    if let (None, Some(object)) = (&found.witness, value.as_object_mut()) {
        object.insert("witness".to_owned(), Value::Null);
    }
    value
}
