//! The report as JSON.

use serde_json::{Value, json};

use super::message::message;
use super::reason::reason;
use crate::report::{Finding, Report};

/// The JSON Schema of the result of [`json()`].
pub const JSON_SCHEMA: &str = include_str!("../../report.schema.json");

/// The report as JSON, in the format of [`JSON_SCHEMA`].
#[must_use]
pub fn json(report: &Report) -> Value {
    let mut value = json!({
        "base": report.names.base,
        "head": report.names.head,
        "verdict": report.verdict,
        "bump": { "required": report.bump.required(), "declared": report.bump.declared() },
        "findings": report.findings.iter().map(write_finding).collect::<Vec<_>>(),
    });
    if let (false, Some(object)) = (report.not_followed.is_empty(), value.as_object_mut()) {
        object.insert("notFollowed".to_owned(), json!(report.not_followed));
    }
    if let (Some(at), Some(object)) = (&report.read_as_null, value.as_object_mut()) {
        object.insert("readAsNull".to_owned(), json!(at));
    }
    if let (true, Some(object)) = (report.proofs_cut_short, value.as_object_mut()) {
        object.insert("proofsCutShort".to_owned(), json!(true));
    }
    value
}

fn write_finding(finding: &Finding) -> Value {
    let mut value = json!({
        "rule": finding.rule.id,
        "axis": finding.axis(),
        "level": finding.level,
        "operations": finding.subject.operations,
        "base": finding.subject.locations.base,
        "head": finding.subject.locations.head,
        "message": message(finding),
        "why": reason(finding),
        "witness": finding.witness,
        "fingerprint": finding.fingerprint,
        "approved": finding.approved.is_some(),
    });
    if let (None, Some(object)) = (&finding.witness, value.as_object_mut()) {
        object.insert("witness".to_owned(), Value::Null);
    }
    value
}
