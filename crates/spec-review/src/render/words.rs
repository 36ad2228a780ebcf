//! Words that several reports share.

use crate::report::{NotGenerated, RustUnavailable};
use crate::verdict::{RustVerdict, WireVerdict};
use crate::version::AxisBump;
use crate::versions::Versions;
use crate::witness::{AcceptedBy, WitnessKind};

/// So many operations are listed with a finding.
const MOST_OPERATIONS: usize = 8;

/// Why there is no verdict on the generated client.
pub(super) fn unavailable(why: &RustUnavailable) -> String {
    match why {
        RustUnavailable::LeftOut => "it was left out".to_owned(),
        RustUnavailable::Base(why) => {
            format!("nothing is generated from the old document: {}", not_generated(why))
        }
        RustUnavailable::Head(why) => {
            format!("nothing is generated from the new document: {}", not_generated(why))
        }
    }
}

fn not_generated(why: &NotGenerated) -> String {
    match why {
        NotGenerated::Refused(report) => match report.errors().next() {
            Some(found) => {
                format!("{}:{}: {} [{}]", found.file, found.position, found.message, found.rule)
            }
            None => "the generator refuses it".to_owned(),
        },
        NotGenerated::NotRust { module, error } => {
            format!("the module {module} does not parse: {error}")
        }
    }
}

pub(super) fn kind(kind: WitnessKind) -> &'static str {
    match kind {
        WitnessKind::Request => "request",
        WitnessKind::Response => "answer",
    }
}

pub(super) fn sides(accepted_by: AcceptedBy) -> (&'static str, &'static str) {
    match accepted_by {
        AcceptedBy::Base => ("old", "new"),
        AcceptedBy::Head => ("new", "old"),
    }
}

/// The operations of a finding in one line.
pub(super) fn operations(operations: &[String]) -> String {
    let shown = operations.iter().take(MOST_OPERATIONS).cloned().collect::<Vec<_>>().join(", ");
    match operations.len().saturating_sub(MOST_OPERATIONS) {
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

/// What a version says and what it has to say.
pub(super) fn bump(bump: AxisBump, versions: &Versions<Option<String>>) -> String {
    let written = match versions.each().map(Option::as_ref).complete() {
        Some(Versions { base, head }) if base == head => format!("{base}, unchanged"),
        Some(Versions { base, head }) => format!("{base} → {head}"),
        None => "version unknown".to_owned(),
    };
    let declared = bump.declared.map_or("unknown", |declared| declared.name());
    let short = if bump.falls_short() { ": falls short" } else { "" };
    format!("{} needed, {declared} declared ({written}){short}", bump.required.name())
}

/// Makes characters visible that would move the cursor or change the order of the text.
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
