//! What every witness has to fulfil.

use serde_json::Value;
use spec_review::{AcceptedBy, Change, Report};

/// The witnesses of a report that do not prove their findings: which are not accepted by one
/// document and refused by the other, or are still refused once the one change is reverted.
pub(crate) fn unproven(report: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    for finding in &report.findings {
        let Some(witness) = &finding.witness else { continue };
        let Some(schemas) = &witness.schemas else {
            wrong.push(format!("{finding:?}: nothing judges the payload"));
            continue;
        };
        let base = valid(&schemas.base, &witness.payload);
        let head = valid(&schemas.head, &witness.payload);
        let by_base = witness.accepted_by == AcceptedBy::Base;
        if (base, head) != (Some(by_base), Some(!by_base)) {
            wrong.push(format!("{finding:?}: base {base:?}, head {head:?}"));
        }
        let reverted = witness.reverted.as_ref().map(|schema| valid(schema, &witness.payload));
        // What no change explains cannot be reverted.
        let has_to_be = finding.change != Change::Unexplained;
        if reverted != has_to_be.then_some(Some(true)) {
            wrong.push(format!("{finding:?}: with the change reverted {reverted:?}"));
        }
    }
    wrong
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
