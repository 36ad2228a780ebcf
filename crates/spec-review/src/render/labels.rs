//! Labels that several renderers share.

use super::places::written;
use crate::bump::{AxisBump, Bump, raised_number};
use crate::report::{GenerationFailure, Report, RustUnavailable};
use crate::verdict::{RustVerdict, WireVerdict};
use crate::versions::Versions;
use crate::witness::AcceptedBy;

/// At most so many operations are listed with a finding.
const MAX_OPERATIONS_SHOWN: usize = 8;

/// At most so many references that were not followed are named.
const MAX_REFERENCES_SHOWN: usize = 8;

/// Why the Rust axis has no verdict.
pub(super) fn unavailable(reason: &RustUnavailable) -> String {
    match reason {
        RustUnavailable::NoGenerator => "it was left out".to_owned(),
        RustUnavailable::Base(failure) => {
            format!("nothing is generated from the old document: {}", generation_failure(failure))
        }
        RustUnavailable::Head(failure) => {
            format!("nothing is generated from the new document: {}", generation_failure(failure))
        }
    }
}

fn generation_failure(failure: &GenerationFailure) -> String {
    match failure {
        GenerationFailure::Rejected(report) => match report.errors().next() {
            Some(found) => {
                format!("{}:{}: {} [{}]", found.file, found.position, found.message, found.rule)
            }
            None => "the generator refuses it".to_owned(),
        },
        GenerationFailure::InvalidRust { module, error } => {
            format!("the module {module} does not parse: {error}")
        }
    }
}

pub(super) fn accepting_and_refusing(accepted_by: AcceptedBy) -> (&'static str, &'static str) {
    match accepted_by {
        AcceptedBy::Base => ("old", "new"),
        AcceptedBy::Head => ("new", "old"),
    }
}

/// The operations of a finding on one line.
pub(super) fn operations(operations: &[String]) -> String {
    let shown =
        operations.iter().take(MAX_OPERATIONS_SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match operations.len().saturating_sub(MAX_OPERATIONS_SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

pub(super) fn wire(verdict: WireVerdict) -> &'static str {
    match verdict {
        WireVerdict::None => "none",
        WireVerdict::Compatible => "compatible",
        WireVerdict::Breaking => "breaking",
    }
}

pub(super) fn rust(verdict: RustVerdict) -> &'static str {
    match verdict {
        RustVerdict::None => "none",
        RustVerdict::Additive => "additive",
        RustVerdict::Breaking => "breaking",
        RustVerdict::Unavailable => "unavailable",
    }
}

/// The required and the declared bump, as the numbers that they raise, with the versions.
pub(super) fn bump(bump: AxisBump, versions: &Versions<Option<String>>) -> String {
    let known = versions.each().map(Option::as_deref);
    let written = match known.complete() {
        Some(Versions { base, head }) if base == head => format!("{base}, unchanged"),
        Some(Versions { base, head }) => format!("{base} → {head}"),
        None => "version unknown".to_owned(),
    };
    let declared = known.complete().and_then(|known| raised_number(known.base, known.head));
    let declared = declared.unwrap_or("unknown");
    let number = known.base.and_then(|base| bump.required.number(base));
    let number = number.unwrap_or(bump.required.name());
    let needed = match known.base.and_then(|base| bump.required.next(base)) {
        Some(next) if bump.required != Bump::None => format!("{next} ({number})"),
        _ => number.to_owned(),
    };
    let short = if bump.falls_short() { ": falls short" } else { "" };
    format!("{needed} needed, {declared} declared ({written}){short}")
}

/// What a reader has to know about how the documents were read: fragments.
pub(super) fn readings(report: &Report) -> Vec<String> {
    let mut notes = Vec::new();
    if !report.not_followed.is_empty() {
        let shown: Vec<String> = report
            .not_followed
            .iter()
            .take(MAX_REFERENCES_SHOWN)
            .map(|reference| format!("`{reference}`"))
            .collect();
        let more = match report.not_followed.len().saturating_sub(MAX_REFERENCES_SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let shown = shown.join(", ");
        notes
            .push(format!("not compared, so the verdict is partial: what is behind {shown}{more}"));
    }
    if let Some(at) = &report.read_as_null {
        notes.push(format!(
            "an alternative that says only `nullable: true` is read as `null`, first at {}",
            written(at)
        ));
    }
    notes
}

/// Escapes characters that would move the cursor or reorder the text.
pub(super) fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        let hidden = character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
        if hidden {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}
