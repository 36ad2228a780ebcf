//! Reports without what depends on the direction of the comparison.

use std::collections::BTreeSet;

use spec_review::{Axis, Report, Target};

/// The rules of what can be added, and the rule of its removal.
const OPPOSITES: [(&str, &str); 6] = [
    ("property-added", "property-removed"),
    ("operation-added", "operation-removed"),
    ("parameter-added", "parameter-removed"),
    ("request-body-added", "request-body-removed"),
    ("status-added", "status-removed"),
    ("response-header-added", "response-header-removed"),
];

/// The rules and places of the changes on the wire. With `swapped`, as if base and head were
/// exchanged. Changes that are only reported with a payload are left out: whether one is found
/// depends on the direction.
pub(crate) fn places(
    report: &Report,
    swapped: bool,
) -> BTreeSet<(&'static str, Option<String>, Option<String>)> {
    let findings = report
        .on_axis(Axis::Wire)
        .filter(|finding| !finding.rule.requires_witness && finding.rule.id != "union-kind");
    let places = findings.filter_map(|finding| {
        let Target::Document { pointer, .. } = &finding.subject.target else { return None };
        let (base, head) = (pointer.base.clone(), pointer.head.clone());
        let removed = OPPOSITES.iter().find(|(_, removed)| *removed == finding.rule.id);
        let rule = removed.map_or(finding.rule.id, |(added, _)| added);
        Some(if swapped { (rule, head, base) } else { (rule, base, head) })
    });
    places.collect()
}
