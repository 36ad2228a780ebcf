//! The report for people at a terminal.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::message::message;
use super::reason::{advice, reason};
use super::words::{bump, escape, kind, operations, rust, sides, unavailable, wire};
use crate::law::Level;
use crate::report::{Finding, Report};
use crate::verdict::{RustVerdict, WireVerdict};

/// Whether to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// With ANSI escapes.
    Always,
    /// Plain text.
    Never,
}

/// What stands out.
const STRONG: Style = Style::new().bold();
/// What few look at.
const ASIDE: Style = Style::new().dimmed();

struct Paint(Colour);

impl Paint {
    fn with(&self, style: Style, text: &str) -> String {
        match self.0 {
            Colour::Always => format!("{style}{text}{style:#}"),
            Colour::Never => text.to_owned(),
        }
    }

    fn level(&self, level: Level, text: &str) -> String {
        let colour = match level {
            Level::Breaking => AnsiColor::Red,
            Level::Suspected => AnsiColor::Magenta,
            Level::Warning => AnsiColor::Yellow,
            Level::Info => AnsiColor::Cyan,
        };
        self.with(colour.on_default().bold(), text)
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
    let (before, now) = (&found.subject.at.base, &found.subject.at.head);
    let place = format!("{}:{}:{}", escape(&now.file), now.line, now.column);
    let mut mark = format!("{}[{}]", found.level, found.rule.id);
    if found.approved.is_some() {
        mark.push_str(" approved");
    }
    writeln!(
        out,
        "{}: {}: {}",
        paint.with(STRONG, &place),
        paint.level(found.level, &mark),
        escape(&message(found))
    )?;
    let mut line =
        |name: &str, text: &str| writeln!(out, "  {}: {}", paint.with(ASIDE, name), text);
    line("was", &format!("{}:{}:{}", escape(&before.file), before.line, before.column))?;
    line("why", &escape(&reason(found)))?;
    if found.level.is_break() {
        line("instead", &escape(advice(found)))?;
    }
    if !found.subject.operations.is_empty() {
        line("used by", &escape(&operations(&found.subject.operations)))?;
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
    writeln!(out, "{} → {}: {counts}", escape(&report.names.base), escape(&report.names.head))?;
    let word = wire(report.verdict.wire);
    let painted = match report.verdict.wire {
        WireVerdict::Breaking => paint.level(Level::Breaking, word),
        WireVerdict::Compatible => paint.level(Level::Info, word),
        WireVerdict::None => word.to_owned(),
    };
    writeln!(out, "  wire: {painted}")?;
    let word = rust(report.verdict.rust);
    let painted = match (&report.rust_unavailable, report.verdict.rust) {
        (Some(why), _) => format!("unavailable, {}", escape(&unavailable(why))),
        (None, RustVerdict::Breaking) => paint.level(Level::Breaking, word),
        (None, RustVerdict::Additive) => paint.level(Level::Info, word),
        (None, RustVerdict::None | RustVerdict::Unavailable) => word.to_owned(),
    };
    writeln!(out, "  rust: {painted}")?;
    writeln!(out, "  docs: {}", if report.verdict.docs { "changed" } else { "none" })?;
    let short =
        |text: String, falls: bool| if falls { paint.level(Level::Breaking, &text) } else { text };
    let contract = bump(report.bump.contract, &report.bump.contract_versions);
    writeln!(
        out,
        "  version of the contract: {}",
        short(escape(&contract), report.bump.contract.falls_short())
    )?;
    if !report.bump.package_versions.is_empty() {
        let package = bump(report.bump.package, &report.bump.package_versions);
        writeln!(
            out,
            "  version of the crate: {}",
            short(escape(&package), report.bump.package.falls_short())
        )?;
    }
    Ok(())
}
