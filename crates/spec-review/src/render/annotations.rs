//! GitHub's workflow commands, which show findings beside lines of code.

use std::fmt::Write;

use super::headline::plural;
use super::items::{Item, items};
use super::message::item_message;
use super::reason::{advice, reason};
use crate::compatibility::Level;
use crate::report::{Finding, Report};

/// GitHub shows so many annotations of a step, and drops the rest without a word.
const MAX_ANNOTATIONS: usize = 10;

/// One workflow command for each finding of level warning or above, at its line in the head
/// document: at most ten, breaks first. If there are more, the last one says how many. Approved
/// findings are notices.
#[must_use]
pub fn annotations(report: &Report) -> String {
    let items = items(report);
    let mut shown: Vec<&Item<'_>> =
        items.iter().filter(|item| command(item.first).is_some()).collect();
    // Stable: within each, the order of the report.
    shown.sort_by_key(|item| (item.first.approved.is_some(), item.first.level));
    let most = if shown.len() > MAX_ANNOTATIONS { MAX_ANNOTATIONS - 1 } else { MAX_ANNOTATIONS };
    let mut text: String = shown.iter().take(most).map(|item| annotation(item)).collect();
    let rest = shown.get(most..).unwrap_or_default();
    if !rest.is_empty() {
        let breaks = rest.iter().filter(|item| item.is_open_break()).count();
        let command = if breaks > 0 { "error" } else { "warning" };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "::{command} title=spec-review::{}",
            data(&format!(
                "{}, {breaks} of them breaking: see the report",
                plural(rest.len(), "more finding", "more findings")
            ))
        );
    }
    text
}

fn annotation(item: &Item<'_>) -> String {
    let Some(command) = command(item.first) else { return String::new() };
    let finding = item.first;
    let location = &finding.subject.locations.head;
    let title = format!("{} ({}): {}", finding.level, finding.axis().name(), finding.rule.id);
    let mut shown = format!("{}\n{}", item_message(item), reason(finding));
    if let Some(reason) = &finding.approved {
        let _ = write!(shown, "\napproved: {reason}");
    } else if finding.level.is_break() {
        let prints: Vec<&str> =
            item.findings().map(|finding| finding.fingerprint.as_str()).collect();
        let _ = write!(shown, "\ninstead: {}\nfingerprint: {}", advice(finding), prints.join(", "));
    }
    format!(
        "::{command} file={},line={},col={},title={}::{}\n",
        property(&location.file),
        location.line,
        location.column,
        property(&title),
        data(&shown),
    )
}

fn command(finding: &Finding) -> Option<&'static str> {
    match finding.level {
        Level::Info => None,
        _ if finding.approved.is_some() => Some("notice"),
        Level::Breaking | Level::Suspected => Some("error"),
        Level::Warning => Some("warning"),
    }
}

/// Escapes the message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property, where commas and colons are separators.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_separators() {
        assert_eq!(property("a:b,c%d\ne"), "a%3Ab%2Cc%25d%0Ae");
        assert_eq!(data("50%: a,b\r\n"), "50%25: a,b%0D%0A");
    }
}
