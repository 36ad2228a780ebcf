//! Where a change is: the places that a report names.

use crate::change::Change;
use crate::report::Finding;
use crate::subject::{Location, Target};
use crate::versions::Versions;

/// The place of a change in each document. What was added has none in the base document, and what
/// was removed none in the head document.
pub(super) fn places(finding: &Finding) -> Versions<Option<&Location>> {
    let exists = match (&finding.subject.target, &finding.change) {
        (_, Change::Added { .. }) => Versions::new(false, true),
        (_, Change::Removed { .. }) => Versions::new(true, false),
        (Target::Document { pointer, .. }, _) => pointer.each().map(Option::is_some),
        (Target::Item { .. }, _) => Versions::both(true),
    };
    let shown = exists.zip(finding.subject.locations.each());
    shown.map(|(exists, location)| exists.then_some(location))
}

/// `file:line:column`.
pub(super) fn written(location: &Location) -> String {
    format!("{}:{}:{}", location.file, location.line, location.column)
}
