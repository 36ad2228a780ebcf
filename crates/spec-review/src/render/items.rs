//! What a report lists as one item: a finding, or several findings that one edit causes and one
//! payload proves.

use std::collections::HashMap;

use crate::change::{Change, Part};
use crate::compatibility::Level;
use crate::report::{Finding, Report};
use crate::rules::{self, Axis};
use crate::subject::Target;

/// Findings that are shown as one item. All but the first are like the first.
#[derive(Debug, Clone)]
pub(super) struct Item<'r> {
    pub(super) first: &'r Finding,
    pub(super) others: Vec<&'r Finding>,
}

impl<'r> Item<'r> {
    pub(super) fn findings(&self) -> impl Iterator<Item = &'r Finding> {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }

    pub(super) fn is_open_break(&self) -> bool {
        self.first.level.is_break() && self.first.approved.is_none()
    }
}

/// The items of a report, in the order of its findings, without changes of text.
///
/// Required properties that are added to one schema are one item: whoever adds three of them makes
/// one edit, and a payload without them proves the break of each.
pub(super) fn items(report: &Report) -> Vec<Item<'_>> {
    let mut items: Vec<Item<'_>> = Vec::new();
    // Items of one schema, by their indices.
    let mut by_schema: HashMap<&str, Vec<usize>> = HashMap::new();
    for finding in report.findings.iter().filter(|finding| !is_text(finding)) {
        if let Some(property) = required_property(finding) {
            let of_schema = by_schema.entry(property.schema).or_default();
            let same = of_schema
                .iter()
                .copied()
                .find(|index| items.get(*index).is_some_and(|item| joins(item.first, finding)));
            if let Some(item) = same.and_then(|index| items.get_mut(index)) {
                item.others.push(finding);
                continue;
            }
            of_schema.push(items.len());
        }
        items.push(Item { first: finding, others: Vec::new() });
    }
    items
}

/// Whether a finding is a change of text or of an example, of which reports show only the number.
pub(super) fn is_text(finding: &Finding) -> bool {
    finding.rule == &rules::DOCUMENTATION
}

/// The number of changes of text for each keyword, sorted by keyword.
pub(super) fn text_changes(report: &Report) -> Vec<(&'static str, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| is_text(finding)) {
        let keyword = match &finding.change {
            Change::Added { part: Part::Text(keyword), .. }
            | Change::Removed { part: Part::Text(keyword), .. }
            | Change::Altered(Part::Text(keyword)) => *keyword,
            _ => "other text",
        };
        *counts.entry(keyword).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}

/// The number of items of a level on an axis.
pub(super) fn count(items: &[Item<'_>], axis: Axis, level: Level) -> usize {
    items.iter().filter(|item| item.first.axis() == axis && item.first.level == level).count()
}

fn joins(first: &Finding, finding: &Finding) -> bool {
    let (Some(one), Some(other)) = (required_property(first), required_property(finding)) else {
        return false;
    };
    first.rule == finding.rule
        && first.level == finding.level
        && first.approved == finding.approved
        && first.subject.operations == finding.subject.operations
        && first.subject.directions == finding.subject.directions
        && one.schema == other.schema
}

/// A required property that was added, or a property that became required.
pub(super) struct RequiredProperty<'f> {
    /// The pointer of its schema in the head document.
    pub(super) schema: &'f str,
    pub(super) name: &'f str,
}

/// The property of a break that is about one required property.
pub(super) fn required_property(finding: &Finding) -> Option<RequiredProperty<'_>> {
    let Target::Document { pointer, negated: false, .. } = &finding.subject.target else {
        return None;
    };
    if !finding.level.is_break() {
        return None;
    }
    let at = pointer.head.as_deref()?;
    match &finding.change {
        Change::Added { part: Part::Property(name), required: Some(true) } => {
            let schema = at.rsplit_once("/properties/")?.0;
            Some(RequiredProperty { schema, name })
        }
        Change::BecameRequired(Part::Property(name)) => Some(RequiredProperty { schema: at, name }),
        _ => None,
    }
}
