//! The report as text, for terminals.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::headline::headline;
use super::items::{Item, items, text_changes};
use super::labels::{
    accepting_and_refusing, bump, escape, operations, readings, rust, unavailable, wire,
};
use super::message::item_message;
use super::places::{places, written};
use super::proof;
use super::reason::{advice, reason};
use crate::compatibility::Level;
use crate::report::Report;
use crate::verdict::{RustVerdict, WireVerdict};

/// Whether to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// With ANSI escape codes.
    Always,
    /// Without escape codes.
    Never,
}

/// For what should stand out.
const STRONG: Style = Style::new().bold();
/// For what is rarely read.
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

/// The report as text: one sentence, every finding with its location, reason and witness, and a
/// summary.
#[must_use]
pub fn text(report: &Report, colour: Colour) -> String {
    let paint = Paint(colour);
    let items = items(report);
    // Writing to a string cannot fail, here and below.
    let mut out = String::new();
    let _ = writeln!(out, "{}\n", paint.with(STRONG, &escape(&headline(report, &items))));
    for item in &items {
        let _ = write_item(&mut out, &paint, item);
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
    let _ = summary(&mut out, &paint, report, &items);
    out
}

fn write_item(out: &mut String, paint: &Paint, item: &Item<'_>) -> std::fmt::Result {
    let finding = item.first;
    let now = written(&finding.subject.locations.head);
    let mut mark = format!("{}[{}]", finding.level, finding.rule.id);
    if finding.approved.is_some() {
        mark.push_str(" approved");
    }
    writeln!(
        out,
        "{}: {}: {}",
        paint.with(STRONG, &escape(&now)),
        paint.level(finding.level, &mark),
        escape(&item_message(item))
    )?;
    let mut line =
        |name: &str, text: &str| writeln!(out, "  {}: {}", paint.with(ASIDE, name), text);
    if let Some(base) = places(finding).base {
        line("was", &escape(&written(base)))?;
    }
    line("why", &escape(&reason(finding)))?;
    if finding.level.is_break() {
        line("instead", &escape(&advice(finding)))?;
    }
    if !finding.subject.operations.is_empty() {
        line("used by", &escape(&operations(&finding.subject.operations)))?;
    }
    if let Some(witness) = proof::witness(item) {
        let (takes, refuses) = accepting_and_refusing(witness.accepted_by);
        let shown = format!(
            "{} is accepted by the {takes} document and refused by the {refuses} one",
            escape(&witness.payload.to_string())
        );
        line("proof", &shown)?;
        line("of", &format!("the {} of {}", witness.direction, escape(&witness.operation)))?;
    }
    if let Some(proof) = proof::described(finding) {
        line("proof", &proof)?;
    }
    if let Some(reason) = &finding.approved {
        line("approved", &escape(reason))?;
    }
    for finding in item.findings() {
        line("fingerprint", &finding.fingerprint)?;
    }
    writeln!(out)
}

fn summary(
    out: &mut String,
    paint: &Paint,
    report: &Report,
    items: &[Item<'_>],
) -> std::fmt::Result {
    let texts: usize = text_changes(report).iter().map(|(_, count)| count).sum();
    let counts: Vec<String> = [Level::Breaking, Level::Suspected, Level::Warning, Level::Info]
        .into_iter()
        .map(|level| {
            let of_level = items.iter().filter(|item| item.first.level == level).count();
            (level, of_level + if level == Level::Info { texts } else { 0 })
        })
        .filter(|(_, count)| *count > 0)
        .map(|(level, count)| {
            // "2 warnings", but "2 breaking".
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
    let partial = if report.verdict.partial { " (partial)" } else { "" };
    writeln!(out, "  wire: {painted}{partial}")?;
    let word = rust(report.verdict.rust);
    let painted = match (&report.rust_unavailable, report.verdict.rust) {
        (Some(why), _) => format!("unavailable, {}", escape(&unavailable(why))),
        (None, RustVerdict::Breaking) => paint.level(Level::Breaking, word),
        (None, RustVerdict::Additive) => paint.level(Level::Info, word),
        (None, RustVerdict::None | RustVerdict::Unavailable) => word.to_owned(),
    };
    writeln!(out, "  rust: {painted}")?;
    let texts: Vec<String> = text_changes(report)
        .iter()
        .map(|(keyword, count)| format!("{count} × {keyword}"))
        .collect();
    let texts = if texts.is_empty() { String::new() } else { format!(" ({})", texts.join(", ")) };
    writeln!(out, "  docs: {}{texts}", if report.verdict.docs { "changed" } else { "none" })?;
    for note in readings(report) {
        writeln!(out, "  {}", escape(&note))?;
    }
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
