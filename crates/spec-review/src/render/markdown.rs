//! The report as Markdown, for a comment on a pull request.
//!
//! A reader has half a minute. So one sentence comes first, each break takes a line and its proof,
//! and what explains rather than reports is folded and stands once.

use super::approve;
use super::headline::{headline, plural};
use super::items::{Item, count, items, text_changes};
use super::labels::{accepting_and_refusing, bump, readings, rust, unavailable, wire};
use super::markdown_escape::{code, fence, prose};
use super::message::item_message;
use super::places::places;
use super::pointer_label::cut;
use super::proof;
use super::reason::{advice, reason};
use super::sections::{Section, operation_line, operations_of};
use crate::compatibility::Level;
use crate::report::Report;
use crate::rules::Axis;
use crate::verdict::{RustVerdict, WireVerdict};
use crate::versions::Versions;
use crate::witness::Witness;

/// The maximum length of the result of [`markdown`], in characters. GitHub accepts comments of up
/// to 65,536; the rest is for what a workflow adds.
pub const MARKDOWN_LIMIT: usize = 65_000;
/// Longer payloads are cut.
const MAX_PAYLOAD: usize = 4_000;
/// Payloads of at most so many characters are shown on the line of their finding.
const MAX_INLINE_PAYLOAD: usize = 100;
/// A longer item is shown without its witness.
const MAX_ITEM: usize = 12_000;
/// At most so many items are listed with the lines that approve them.
const MAX_APPROVALS: usize = 30;
/// At most so many characters explain rules.
const MAX_EXPLANATIONS: usize = 8_000;
/// Room for the note on findings that were left out.
const CUT_NOTE_ROOM: usize = 300;

/// The report as Markdown of at most [`MARKDOWN_LIMIT`] characters: one sentence, a table of the
/// axes, then the findings, the most severe first: those of several operations, then by operation.
/// If not all findings fit, each operation shows as many as there is room for, and the number of the
/// others.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let items = items(report);
    let breaks = [Level::Breaking, Level::Suspected];
    let mut sections = [
        Section::new("Breaks", false, &items, &breaks),
        Section::new("Warnings", false, &items, &[Level::Warning]),
        Section::new("Everything else", true, &items, &[Level::Info]),
    ];
    let header = header(report, &items);
    let footer = [text_counts(report), explanations(&items), approvals(report, &items)].concat();
    let fixed = header.len()
        + footer.len()
        + sections.iter().map(|section| section.print().len() + 100).sum::<usize>();
    let mut room = MARKDOWN_LIMIT.saturating_sub(fixed + CUT_NOTE_ROOM);
    // Findings with their witnesses take two thirds of the room; the rest is for short ones.
    let mut detailed = room * 2 / 3;
    let reserved = room - detailed;
    for section in sections.iter_mut().filter(|section| !section.folded) {
        section.fill(&mut detailed, full);
    }
    room = detailed + reserved;
    for section in &mut sections {
        section.fill(&mut room, brief);
    }
    let cut: usize = sections.iter().map(Section::left_out).sum();
    let mut out = header;
    out.extend(sections.iter().map(Section::print));
    if cut > 0 {
        let findings = if cut == 1 { "finding is" } else { "findings are" };
        out.push_str(&format!(
            "\n> **{cut} more {findings} not shown**, because a comment on GitHub ends at 65,536 characters. The whole report is in the JSON and text output.\n"
        ));
    }
    out.push_str(&footer);
    out
}

fn header(report: &Report, items: &[Item<'_>]) -> String {
    let names = report.names.each();
    let mut out = format!("## API review: {} → {}\n\n", code(names.base), code(names.head));
    out.push_str(&format!("**{}**\n\n", prose(&headline(report, items))));
    if report.is_empty() {
        out.push_str(&reading_notes(report));
        return out;
    }
    out.push_str("| Axis | Verdict | Breaking | Suspected | Warnings | Info |\n| --- | --- | ---: | ---: | ---: | ---: |\n");
    let docs = if report.verdict.docs { "changed" } else { "none" };
    let (wire_breaks, rust_breaks) = (
        report.verdict.wire == WireVerdict::Breaking,
        report.verdict.rust == RustVerdict::Breaking,
    );
    let texts: usize = text_changes(report).iter().map(|(_, count)| count).sum();
    for (axis, name, verdict, breaks) in [
        (Axis::Wire, "Wire", wire(report.verdict.wire), wire_breaks),
        (Axis::Rust, "Rust API", rust(report.verdict.rust), rust_breaks),
        (Axis::Docs, "Documentation", docs, false),
    ] {
        let counted = |level: Level| {
            let texts = if (axis, level) == (Axis::Docs, Level::Info) { texts } else { 0 };
            count(items, axis, level) + texts
        };
        let partial = if axis == Axis::Wire && report.verdict.partial { " (partial)" } else { "" };
        let verdict = format!("{verdict}{partial}");
        let verdict = if breaks { format!("**{verdict}**") } else { verdict };
        let unknown = axis == Axis::Rust
            && report.rust_unavailable.is_some()
            && report.on_axis(axis).next().is_none();
        let counts = [Level::Breaking, Level::Suspected, Level::Warning, Level::Info]
            .map(|level| if unknown { "–".to_owned() } else { counted(level).to_string() });
        out.push_str(&format!("| {name} | {verdict} | {} |\n", counts.join(" | ")));
    }
    out.push('\n');
    out.push_str(&notes(report));
    out
}

/// The versions, and what a reader has to know about the comparison.
fn notes(report: &Report) -> String {
    let mut out = String::new();
    let mut version = |what: &str, text: String, short: bool| {
        let text = prose(&text);
        out.push_str(&format!("- {what}: {}\n", if short { format!("**{text}**") } else { text }));
    };
    let bumps = &report.bump;
    let contract = bump(bumps.contract, &bumps.contract_versions);
    version("Version of the contract", contract, bumps.contract.falls_short());
    if !bumps.package_versions.is_empty() {
        let package = bump(bumps.package, &bumps.package_versions);
        version("Version of the crate", package, bumps.package.falls_short());
    }
    if let Some(why) = &report.rust_unavailable {
        out.push_str(&format!(
            "- The Rust API was not compared: {}\n",
            prose(&cut(&unavailable(why), 500))
        ));
    }
    out.push_str(&reading_notes(report));
    for approval in report.unmatched_approvals.iter().take(20) {
        out.push_str(&format!(
            "- The approval {} matches nothing ({})\n",
            code(&approval.fingerprint),
            prose(&cut(&approval.reason, 200))
        ));
    }
    out
}

/// What a reader has to know about how the documents were read.
fn reading_notes(report: &Report) -> String {
    let notes = readings(report).into_iter().map(|note| {
        let mut characters = note.chars();
        let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
        format!("- {first}{}\n", prose(&cut(characters.as_str(), 2_000)))
    });
    notes.collect()
}

/// An item with its operations and its witness.
fn full(item: &Item<'_>) -> String {
    let mut out = line(item, 2_000, &operations_of(item));
    if let Some(witness) = proof::witness(item) {
        for line in proof(&witness).lines() {
            // Indented, to be part of the list item.
            out.push_str(if line.is_empty() { "" } else { "  " });
            out.push_str(line);
            out.push('\n');
        }
        out.push('\n');
    }
    if let Some(proof) = proof::described(item.first) {
        out.push_str(&format!("\n  **Proof**: {}\n\n", prose(&proof)));
    }
    if out.len() > MAX_ITEM { brief(item) } else { out }
}

/// An item on one line.
fn brief(item: &Item<'_>) -> String {
    line(item, 500, "")
}

fn line(item: &Item<'_>, longest: usize, operations: &str) -> String {
    let finding = item.first;
    let message = item_message(item);
    // The heading names the operation; folded items have none.
    let heading = operation_line(item).filter(|_| finding.level != Level::Info);
    let message = heading
        .and_then(|heading| message.strip_prefix(&heading))
        .and_then(|rest| rest.strip_prefix(" › ").or_else(|| rest.strip_prefix(": ")))
        .unwrap_or(&message);
    let message = prose(&cut(message, longest));
    let suspected = if finding.level == Level::Suspected { "suspected: " } else { "" };
    // The heading names the documents.
    let place = match places(finding).map(|place| place.map(|place| place.line)) {
        Versions { base: Some(base), head: Some(head) } if base == head => {
            format!(" · line {head}")
        }
        Versions { base: Some(base), head: Some(head) } => format!(" · line {head} (was {base})"),
        Versions { base: None, head: Some(head) } => format!(" · line {head}"),
        Versions { base: Some(base), head: None } => format!(" · was line {base}"),
        Versions { base: None, head: None } => String::new(),
    };
    let rule = code(finding.rule.id);
    let mut out = format!("- {suspected}{message} · {rule}{place}{operations}");
    if let Some(reason) = &finding.approved {
        out.push_str(&format!(" · approved: {}", prose(&cut(reason, 500))));
    }
    out.push('\n');
    out
}

/// A payload on the line of its finding, below it, or, if it is long, by the value that is refused,
/// with the whole folded.
fn proof(witness: &Witness) -> String {
    let (takes, refuses) = accepting_and_refusing(witness.accepted_by);
    let whose = format!("the {} of {}", witness.direction, code(&witness.operation));
    let claim = format!("the {takes} document accepts, the {refuses} one refuses");
    let compact = witness.payload.to_string();
    if compact.chars().count() <= MAX_INLINE_PAYLOAD {
        return format!("\n**Proof**, {whose} that {claim}: {}\n", code(&compact));
    }
    let payload = proof::pretty(&witness.payload);
    let block = |payload: &str| {
        let payload = cut(payload, MAX_PAYLOAD);
        let fence = fence(&payload);
        format!("{fence}json\n{payload}\n{fence}\n")
    };
    if payload.lines().count() <= proof::MAX_LINES {
        return format!("\n**Proof**, {whose} that {claim}:\n\n{}", block(&payload));
    }
    let values: Vec<String> = proof::refused_values(witness)
        .iter()
        .map(|(pointer, value)| match pointer.as_str() {
            "" => format!("the whole, {}", code(value)),
            _ => format!("{} = {}", code(pointer), code(value)),
        })
        .collect();
    let at = if values.is_empty() { String::new() } else { format!(": {}", values.join("; ")) };
    format!(
        "\n**Proof**, {whose} that {claim}{at}\n\n<details><summary>The whole payload ({} lines)</summary>\n\n{}\n</details>\n",
        payload.lines().count(),
        block(&payload)
    )
}

/// How many texts changed.
fn text_counts(report: &Report) -> String {
    let counts: Vec<String> = text_changes(report)
        .iter()
        .map(|(keyword, count)| format!("{count} × {}", code(keyword)))
        .collect();
    if counts.is_empty() {
        String::new()
    } else {
        format!("\nText changed: {}.\n", counts.join(", "))
    }
}

/// Why the breaks and warnings are what they are, once for each rule, folded.
fn explanations(items: &[Item<'_>]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for item in items.iter().filter(|item| item.first.level <= Level::Warning) {
        let finding = item.first;
        let mut line = format!("- {}: {}", code(finding.rule.id), prose(&reason(finding)));
        if finding.level.is_break() {
            line.push_str(&format!(". Instead: {}", prose(&advice(finding))));
        }
        line.push_str(".\n");
        let used: usize = lines.iter().map(String::len).sum();
        if !lines.contains(&line) && used + line.len() <= MAX_EXPLANATIONS {
            lines.push(line);
        }
    }
    if lines.is_empty() {
        return String::new();
    }
    let title = "Why, and what to do instead";
    format!("\n<details><summary>{title}</summary>\n\n{}\n</details>\n", lines.concat())
}

/// How to approve the breaks, with the lines to paste.
fn approvals(report: &Report, items: &[Item<'_>]) -> String {
    let open = items.iter().filter(|item| item.is_open_break()).count();
    if open == 0 {
        return String::new();
    }
    let file = report.approvals_file.as_deref().map_or("the file of approvals".to_owned(), code);
    let entries = approve::entries(items, MAX_APPROVALS);
    let fence = fence(&entries);
    let more = match open.saturating_sub(MAX_APPROVALS) {
        0 => String::new(),
        more => format!(
            "\nThe fingerprints of {} are in the JSON and text output.\n",
            plural(more, "more break", "more breaks")
        ),
    };
    format!(
        "\n<details><summary>How to approve a break</summary>\n\nAdd its lines to {file}, each with a reason:\n\n{fence}toml\n{entries}\n{fence}\n{more}\n</details>\n"
    )
}
