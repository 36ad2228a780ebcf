//! The first sentence of a report: how many breaks, in which operations, and who has to act.

use super::items::Item;
use crate::bump::VersionBumps;
use crate::change::Change;
use crate::compatibility::{Direction, Level};
use crate::report::Report;
use crate::rules::Axis;

/// At most so many operations are named.
const MAX_NAMES: usize = 4;

/// The sentence; names are in backticks.
pub(super) fn headline(report: &Report, items: &[Item<'_>]) -> String {
    let mut text = verdict(report, items);
    // Where something breaks, that is more important.
    let versions = missing_versions(report);
    if !versions.is_empty() && !items.iter().any(Item::is_open_break) {
        text.push_str(&format!(" A new version is missing: {}.", and(&versions)));
    }
    let not_compared = not_compared(report);
    if !not_compared.is_empty() {
        text.push_str(&format!(" The verdict is partial: {}.", and(&not_compared)));
    }
    if report.proofs_cut_short {
        text.push_str(
            " The documents are too large for a payload for every break, so some are only suspected.",
        );
    }
    text
}

fn verdict(report: &Report, items: &[Item<'_>]) -> String {
    if report.is_empty() {
        return "The two documents say the same.".to_owned();
    }
    let open: Vec<&Item<'_>> = items.iter().filter(|item| item.is_open_break()).collect();
    let approved = items.iter().filter(|item| item.first.level.is_break()).count() - open.len();
    if open.is_empty() {
        let mut text = match approved {
            0 => "Nothing breaks".to_owned(),
            1 => "The only break is approved".to_owned(),
            more => format!("All {more} breaks are approved"),
        };
        let warnings = items.iter().filter(|item| item.first.level == Level::Warning).count();
        text.push_str(&match warnings {
            0 => ": no caller has to act.".to_owned(),
            count => format!("; {} a look.", plural(count, "warning needs", "warnings need")),
        });
        return text;
    }
    let mut text = plural(open.len(), "break", "breaks");
    let suspected = open.iter().filter(|item| item.first.level == Level::Suspected).count();
    if suspected == open.len() {
        text.push_str(if suspected == 1 { ", only suspected," } else { ", all only suspected," });
    } else if suspected > 0 {
        text.push_str(&format!(" ({suspected} only suspected)"));
    }
    text.push_str(&places(&open));
    text.push_str(": ");
    text.push_str(&who_has_to_act(&open));
    if approved > 0 {
        text.push_str(&format!(" ({approved} more approved)"));
    }
    text.push('.');
    text
}

/// ` in A, B and 3 more operations`.
fn places(open: &[&Item<'_>]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in open.iter().flat_map(|item| &item.first.subject.operations) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    if names.is_empty() {
        let rust = open.iter().all(|item| item.first.axis() == Axis::Rust);
        return if rust { " in the generated client" } else { "" }.to_owned();
    }
    let shown: Vec<String> = names.iter().take(MAX_NAMES).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(MAX_NAMES) {
        0 => format!(" in {}", and(&shown)),
        more => {
            format!(
                " in {} and {}",
                shown.join(", "),
                plural(more, "more operation", "more operations")
            )
        }
    }
}

fn who_has_to_act(open: &[&Item<'_>]) -> String {
    let wire = || open.iter().filter(|item| item.first.axis() == Axis::Wire);
    let travels = |direction: Direction| {
        wire().any(|item| item.first.subject.directions.contains(&direction))
    };
    let mut acts = Vec::new();
    match (travels(Direction::Request), travels(Direction::Response)) {
        (true, true) => acts.push("callers have to change what they send and what they read"),
        (true, false) => acts.push("callers have to change what they send"),
        (false, true) => acts.push("callers have to be ready for other responses"),
        (false, false) if wire().next().is_some() => acts.push("callers have to act"),
        (false, false) => {}
    }
    if open.iter().any(|item| item.first.axis() == Axis::Rust) {
        acts.push("Rust code that uses the generated client has to be adapted");
    }
    acts.join(", and ")
}

/// The versions that the findings require and that were not declared.
fn missing_versions(report: &Report) -> Vec<String> {
    let VersionBumps { contract, package, contract_versions, package_versions } = &report.bump;
    let missing = [
        (contract, contract_versions, "of the contract"),
        (package, package_versions, "of the crate"),
    ];
    let missing = missing.into_iter().filter(|(bump, ..)| bump.falls_short());
    let next = missing.filter_map(|(bump, versions, what)| {
        Some(format!("{} {what}", bump.required.next(versions.base.as_deref()?)?))
    });
    next.collect()
}

/// What was not compared, and why.
fn not_compared(report: &Report) -> Vec<String> {
    let mut parts = Vec::new();
    let references = report.not_followed.len();
    if references > 0 {
        let references = plural(references, "reference was", "references were");
        parts.push(format!("{references} not followed"));
    }
    let mut changes = report.findings.iter().map(|finding| &finding.change);
    if changes.any(|change| *change == Change::TooLarge) {
        parts.push("some schemas were too large to be compared completely".to_owned());
    }
    let mut changes = report.findings.iter().map(|finding| &finding.change);
    if changes.any(|change| matches!(change, Change::UnsupportedVersion { .. })) {
        parts.push("keywords that OpenAPI 3.0 does not have were left out".to_owned());
    }
    parts
}

/// A number with its noun.
pub(super) fn plural(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// `A, B and C`.
pub(super) fn and(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
