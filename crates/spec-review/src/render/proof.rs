//! What a witness shows: which value in it the other document refuses.

use serde_json::Value;

use super::pointer_label::cut;
use crate::validator::validator;
use crate::witness::{AcceptedBy, Witness};

/// Longer values are cut.
const MAX_VALUE: usize = 200;
/// Payloads of more lines are shown by the refused value.
pub(super) const MAX_LINES: usize = 15;

/// The payload on several lines.
pub(super) fn pretty(payload: &Value) -> String {
    serde_json::to_string_pretty(payload).unwrap_or_default()
}

/// The places in the payload that the other document refuses: JSON Pointer and value.
pub(super) fn refused_values(witness: &Witness) -> Vec<(String, String)> {
    let Some(schemas) = &witness.schemas else { return Vec::new() };
    let refusing = match witness.accepted_by {
        AcceptedBy::Base => &schemas.head,
        AcceptedBy::Head => &schemas.base,
    };
    let Some(validator) = validator(refusing) else { return Vec::new() };
    validator
        .iter_errors(&witness.payload)
        .map(|error| {
            let pointer = error.instance_path().to_string();
            (pointer, cut(&error.instance().to_string(), MAX_VALUE))
        })
        .take(3)
        .collect()
}
