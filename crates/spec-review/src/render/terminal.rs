//! The report for people at a terminal.

use std::fmt::Write;

use crate::law::Level;
use crate::report::{Finding, Report, RustVerdict, WireVerdict};
use crate::version::AxisBump;
use crate::witness::AcceptedBy;

/// Whether to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// With ANSI escapes.
    Always,
    /// Plain text.
    Never,
}

/// So many operations are listed with a finding.
const MOST_OPERATIONS: usize = 8;

struct Paint(Colour);

impl Paint {
    fn with(&self, code: &str, text: &str) -> String {
        match self.0 {
            Colour::Always => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Colour::Never => text.to_owned(),
        }
    }

    fn level(&self, level: Level, text: &str) -> String {
        let code = match level {
            Level::Breaking => "1;31",
            Level::Suspected => "1;35",
            Level::Warning => "1;33",
            Level::Info => "1;36",
        };
        self.with(code, text)
    }
}

/// The report as text: every finding with its place, reason and proof, and a summary at the end.
#[must_use]
pub fn text(report: &Report, colour: Colour) -> String {
    let paint = Paint(colour);
    let mut out = String::new();
    for found in &report.findings {
        // Writing to a string cannot fail, here and below.
        let _ = finding(&mut out, &paint, found);
    }
    for approval in &report.unmatched_approvals {
        let mark = paint.level(Level::Warning, "warning");
        let _ = writeln!(
            out,
            "{mark}: the approval {} matches nothing ({})\n",
            escape(&approval.fingerprint),
            escape(&approval.reason)
        );
    }
    let _ = summary(&mut out, &paint, report);
    out
}

fn finding(out: &mut String, paint: &Paint, found: &Finding) -> std::fmt::Result {
    let place = format!("{}:{}:{}", escape(&found.head.file), found.head.line, found.head.column);
    let mut mark = format!("{}[{}]", found.level, found.rule.id);
    if found.approved.is_some() {
        mark.push_str(" approved");
    }
    writeln!(
        out,
        "{}: {}: {}",
        paint.with("1", &place),
        paint.level(found.level, &mark),
        escape(&found.message)
    )?;
    let mut line = |name: &str, text: &str| writeln!(out, "  {}: {}", paint.with("2", name), text);
    let before = &found.base;
    line("was", &format!("{}:{}:{}", escape(&before.file), before.line, before.column))?;
    line("why", &escape(&found.why))?;
    if found.level.is_break() {
        line("instead", &escape(&found.instead))?;
    }
    if !found.operations.is_empty() {
        line("used by", &escape(&operations(&found.operations)))?;
    }
    if let Some(witness) = &found.witness {
        let (takes, refuses) = sides(witness.accepted_by);
        let proof = format!(
            "{} is accepted by the {takes} document and refused by the {refuses} one",
            escape(&witness.payload.to_string())
        );
        line("proof", &proof)?;
        line("of", &format!("the {} of {}", kind(witness.kind), escape(&witness.operation)))?;
    }
    if let Some(reason) = &found.approved {
        line("approved", &escape(reason))?;
    }
    line("fingerprint", &found.fingerprint)?;
    writeln!(out)
}

pub(super) fn kind(kind: crate::witness::WitnessKind) -> &'static str {
    match kind {
        crate::witness::WitnessKind::Request => "request",
        crate::witness::WitnessKind::Response => "answer",
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
pub(super) fn bump(bump: AxisBump, versions: &[Option<String>; 2]) -> String {
    let written = match versions {
        [Some(old), Some(new)] if old == new => format!("{old}, unchanged"),
        [Some(old), Some(new)] => format!("{old} → {new}"),
        _ => "version unknown".to_owned(),
    };
    let declared = bump.declared.map_or("unknown", |declared| declared.name());
    let short = if bump.falls_short() { ": falls short" } else { "" };
    format!("{} needed, {declared} declared ({written}){short}", bump.required.name())
}

fn summary(out: &mut String, paint: &Paint, report: &Report) -> std::fmt::Result {
    let counts: Vec<String> = [Level::Breaking, Level::Suspected, Level::Warning, Level::Info]
        .into_iter()
        .map(|level| (level, report.count(level)))
        .filter(|(_, count)| *count > 0)
        .map(|(level, count)| {
            // The other levels are adjectives.
            let plural = if level == Level::Warning && count > 1 { "s" } else { "" };
            format!("{count} {level}{plural}")
        })
        .collect();
    let counts = if counts.is_empty() { "no differences".to_owned() } else { counts.join(", ") };
    writeln!(out, "{} → {}: {counts}", escape(&report.base), escape(&report.head))?;
    let verdict = |text: &str| match text {
        "breaking" => paint.level(Level::Breaking, text),
        "compatible" | "additive" => paint.level(Level::Info, text),
        _ => text.to_owned(),
    };
    writeln!(out, "  wire: {}", verdict(wire(report.verdict.wire)))?;
    match &report.rust_unavailable {
        Some(why) => writeln!(out, "  rust: unavailable, {}", escape(why))?,
        None => writeln!(out, "  rust: {}", verdict(rust(report.verdict.rust)))?,
    }
    writeln!(out, "  docs: {}", if report.verdict.docs { "changed" } else { "none" })?;
    let short =
        |text: String, falls: bool| if falls { paint.level(Level::Breaking, &text) } else { text };
    let contract = bump(report.bump.contract, &report.bump.contract_versions);
    writeln!(
        out,
        "  version of the contract: {}",
        short(escape(&contract), report.bump.contract.falls_short())
    )?;
    if report.bump.package_versions.iter().any(Option::is_some) {
        let package = bump(report.bump.package, &report.bump.package_versions);
        writeln!(
            out,
            "  version of the crate: {}",
            short(escape(&package), report.bump.package.falls_short())
        )?;
    }
    Ok(())
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
