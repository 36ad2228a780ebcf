//! GitHub's workflow commands, which show findings beside lines of code.

use std::fmt::Write;

use super::message::message;
use super::reason::{advice, reason};
use crate::compatibility::Level;
use crate::report::{Finding, Report};

/// One workflow command for each finding of level warning or above, at its line in the head
/// document. Approved findings are notices.
#[must_use]
pub fn annotations(report: &Report) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let Some(command) = command(finding) else { continue };
        let location = &finding.subject.locations.head;
        let title = format!("{} ({}): {}", finding.level, finding.axis().name(), finding.rule.id);
        let mut shown = format!("{}\n{}", message(finding), reason(finding));
        if let Some(reason) = &finding.approved {
            let _ = write!(shown, "\napproved: {reason}");
        } else if finding.level.is_break() {
            let _ = write!(
                shown,
                "\ninstead: {}\nfingerprint: {}",
                advice(finding),
                finding.fingerprint
            );
        }
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "::{command} file={},line={},col={},title={}::{}",
            property(&location.file),
            location.line,
            location.column,
            property(&title),
            data(&shown),
        );
    }
    text
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
