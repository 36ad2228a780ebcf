//! What every witness has to fulfil, and every payload that a report prints.

#![allow(clippy::indexing_slicing, reason = "what is absent in a schema reads as null")]

use serde_json::Value;
use spec_review::render::{Colour, text};
use spec_review::{AcceptedBy, Finding, Report, Witness};

/// The witnesses of a report that do not prove their findings, and the payloads that it prints
/// without a proof: which are not accepted by one document and refused by the other, or are still
/// refused once the one change is reverted.
pub(crate) fn unproven(report: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    for finding in &report.findings {
        let Some(witness) = &finding.witness else { continue };
        if let Some(why) = fails(witness, &witness.payload, &witness.reverted) {
            wrong.push(format!("{finding:?}: {why}"));
        }
    }
    let shown = text(report, Colour::Never);
    for item in shown.split("\n\n") {
        if let Some(why) = printed_fails(report, item) {
            wrong.push(format!("{item}: {why}"));
        }
    }
    wrong
}

/// What is wrong with the payload that is printed for an item: for one finding, or for several that
/// have one proof.
fn printed_fails(report: &Report, item: &str) -> Option<String> {
    let value_of =
        |line: &'_ str, name: &str| line.trim_start().strip_prefix(name).map(str::to_owned);
    let proof = item.lines().find_map(|line| value_of(line, "proof: "))?;
    let findings: Vec<&Finding> = item
        .lines()
        .filter_map(|line| value_of(line, "fingerprint: "))
        .filter_map(|print| report.findings.iter().find(|finding| finding.fingerprint == print))
        .collect();
    let witnesses: Vec<&Witness> =
        findings.iter().filter_map(|finding| finding.witness.as_ref()).collect();
    // What is too long to print is described.
    let first = witnesses.first()?;
    let payload = proof.split(" is accepted by the ").next().unwrap_or_default();
    let payload: Value = match serde_json::from_str(payload) {
        Ok(payload) => payload,
        // Characters that reorder text are escaped as in Rust.
        Err(_) if payload.contains("\\u{") => return None,
        Err(error) => return Some(error.to_string()),
    };
    let mut reverted = (*first.reverted).clone();
    for other in &witnesses {
        require_less(&mut reverted, &other.reverted);
    }
    fails(first, &payload, &reverted)
}

/// Keeps of what a schema requires only what another one requires as well.
fn require_less(schema: &mut Value, other: &Value) {
    let definitions = schema.get_mut("$defs").and_then(Value::as_object_mut);
    for (name, definition) in definitions.into_iter().flatten() {
        let kept = &other["$defs"][name.as_str()]["required"];
        let kept = kept.as_array().cloned().unwrap_or_default();
        if let Some(list) = definition.get_mut("required").and_then(Value::as_array_mut) {
            list.retain(|name| kept.contains(name));
        }
    }
}

/// Why a payload is no proof of a break.
fn fails(witness: &Witness, payload: &Value, reverted: &Value) -> Option<String> {
    let Some(schemas) = &witness.schemas else {
        return Some("nothing judges the payload".to_owned());
    };
    let (base, head) = (valid(&schemas.base, payload), valid(&schemas.head, payload));
    let by_base = witness.accepted_by == AcceptedBy::Base;
    if (base, head) != (Some(by_base), Some(!by_base)) {
        return Some(format!("base {base:?}, head {head:?}"));
    }
    let reverted = valid(reverted, payload);
    (reverted != Some(true)).then(|| format!("with the change reverted {reverted:?}"))
}

fn valid(schema: &Value, payload: &Value) -> Option<bool> {
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        // A format of OpenAPI only, which a plain validator does not know.
        .with_format("byte", |text: &str| {
            let digits = text.trim_end_matches('=');
            text.len().is_multiple_of(4)
                && text.len() - digits.len() <= 2
                && digits.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
        })
        .build(schema);
    validator.ok().map(|validator| validator.is_valid(payload))
}
