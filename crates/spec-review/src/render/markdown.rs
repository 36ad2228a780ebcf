//! The report as Markdown, for a comment on a pull request.

#![expect(
    clippy::format_push_string,
    reason = "reports are small, and `write!` would have results to drop everywhere"
)]

use super::labels::{accepting_and_refusing, bump, operations, rust, unavailable, wire};
use super::markdown_escape::{code, fence, prose};
use super::message::message;
use super::pointer_label::cut;
use super::reason::{advice, reason};
use crate::compatibility::Level;
use crate::report::{Finding, Report};
use crate::rules::Axis;
use crate::subject::Location;
use crate::verdict::{RustVerdict, WireVerdict};

/// GitHub accepts comments of up to 65,536 characters; the rest is for what a workflow adds.
pub const MARKDOWN_LIMIT: usize = 65_000;
/// Longer payloads are cut.
const MAX_PAYLOAD: usize = 4_000;
/// A longer finding is shown without its witness.
const MAX_FINDING: usize = 12_000;

/// The report as Markdown of at most [`MARKDOWN_LIMIT`] characters: a table of the axes, then the
/// findings by rule, the most severe first. If not all findings fit, each rule shows as many as
/// there is room for and the number of the others.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut sections = [
        Section::new("Breaking", false, report, &[Level::Breaking, Level::Suspected]),
        Section::new("Warnings", false, report, &[Level::Warning]),
        Section::new("Everything else", true, report, &[Level::Info]),
    ];
    let header = header(report);
    let fixed = header.len() + sections.iter().map(|section| section.print().len()).sum::<usize>();
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
    out
}

/// Room for the note on findings that were left out.
const CUT_NOTE_ROOM: usize = 300;

/// The findings of some levels.
struct Section<'r> {
    title: &'static str,
    folded: bool,
    groups: Vec<FindingGroup<'r>>,
}

/// Findings of one rule, level and reason, with the text that is shown of each.
struct FindingGroup<'r> {
    first: &'r Finding,
    reason: String,
    findings: Vec<(&'r Finding, Option<String>)>,
}

impl<'r> Section<'r> {
    fn new(title: &'static str, folded: bool, report: &'r Report, levels: &[Level]) -> Self {
        let mut groups: Vec<FindingGroup<'r>> = Vec::new();
        for finding in report.findings.iter().filter(|finding| levels.contains(&finding.level)) {
            let reason = reason(finding);
            let alike = |group: &&mut FindingGroup<'_>| {
                let first = group.first;
                let same = first.rule == finding.rule && first.level == finding.level;
                // Folded sections show no reasons.
                same && (folded || group.reason == reason)
            };
            match groups.iter_mut().find(alike) {
                Some(group) => group.findings.push((finding, None)),
                None => groups.push(FindingGroup {
                    first: finding,
                    reason,
                    findings: vec![(finding, None)],
                }),
            }
        }
        Self { title, folded, groups }
    }

    /// Writes findings that have no text yet, one of each group in turn, while there is room.
    fn fill(&mut self, room: &mut usize, write: fn(&Finding) -> String) {
        let longest = self.groups.iter().map(|group| group.findings.len()).max().unwrap_or(0);
        for index in 0..longest {
            for group in &mut self.groups {
                let Some((finding, text @ None)) = group.findings.get_mut(index) else { continue };
                let written = write(finding);
                if let Some(left) = room.checked_sub(written.len()) {
                    *room = left;
                    *text = Some(written);
                }
            }
        }
    }

    fn left_out(&self) -> usize {
        self.groups.iter().map(FindingGroup::left_out).sum()
    }

    fn print(&self) -> String {
        let count: usize = self.groups.iter().map(|group| group.findings.len()).sum();
        if count == 0 {
            return String::new();
        }
        let groups: String = self.groups.iter().map(|group| group.print(self.folded)).collect();
        if self.folded {
            let title = format!("<details><summary>{} ({count})</summary>", self.title);
            format!("\n{title}\n\n{groups}\n</details>\n")
        } else {
            format!("\n### {} ({count})\n\n{groups}", self.title)
        }
    }
}

impl FindingGroup<'_> {
    fn left_out(&self) -> usize {
        self.findings.iter().filter(|(_, text)| text.is_none()).count()
    }

    fn print(&self, folded: bool) -> String {
        let mut out = String::new();
        let (first, count) = (self.first, self.findings.len());
        if !folded {
            out.push_str(&format!(
                "#### {} {} · {} ({count})\n\n{}",
                code(first.rule.id),
                first.level,
                first.axis().name(),
                sentence(&self.reason)
            ));
            if first.level.is_break() {
                out.push_str(&format!(" Instead: {}.", prose(advice(first))));
            }
            out.push_str("\n\n");
        }
        out.extend(self.findings.iter().filter_map(|(_, text)| text.as_deref()));
        match self.left_out() {
            0 => {}
            left => out.push_str(&format!("- … and {left} more of {}\n", code(first.rule.id))),
        }
        if !folded {
            out.push('\n');
        }
        out
    }
}

/// A fragment as a sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    prose(&format!("{first}{}.", letters.as_str()))
}

fn header(report: &Report) -> String {
    let mut out =
        format!("## API review: {} → {}\n\n", code(&report.names.base), code(&report.names.head));
    out.push_str("| Axis | Verdict | Breaking | Suspected | Warnings | Info |\n| --- | --- | ---: | ---: | ---: | ---: |\n");
    let docs = if report.verdict.docs { "changed" } else { "none" };
    let (wire_breaks, rust_breaks) = (
        report.verdict.wire == WireVerdict::Breaking,
        report.verdict.rust == RustVerdict::Breaking,
    );
    for (axis, name, verdict, breaks) in [
        (Axis::Wire, "Wire", wire(report.verdict.wire), wire_breaks),
        (Axis::Rust, "Rust API", rust(report.verdict.rust), rust_breaks),
        (Axis::Docs, "Documentation", docs, false),
    ] {
        let count =
            |level: Level| report.on_axis(axis).filter(|finding| finding.level == level).count();
        let verdict = if breaks { format!("**{verdict}**") } else { verdict.to_owned() };
        let unknown = axis == Axis::Rust
            && report.rust_unavailable.is_some()
            && report.on_axis(axis).next().is_none();
        let counts = [Level::Breaking, Level::Suspected, Level::Warning, Level::Info]
            .map(|level| if unknown { "–".to_owned() } else { count(level).to_string() });
        out.push_str(&format!("| {name} | {verdict} | {} |\n", counts.join(" | ")));
    }
    out.push('\n');
    let mut version = |what: &str, text: String, short: bool| {
        let text = prose(&text);
        out.push_str(&format!("- {what}: {}\n", if short { format!("**{text}**") } else { text }));
    };
    let bumps = &report.bump;
    version(
        "Version of the contract",
        bump(bumps.contract, &bumps.contract_versions),
        bumps.contract.falls_short(),
    );
    if !bumps.package_versions.is_empty() {
        version(
            "Version of the crate",
            bump(bumps.package, &bumps.package_versions),
            bumps.package.falls_short(),
        );
    }
    if let Some(why) = &report.rust_unavailable {
        out.push_str(&format!(
            "- The Rust API was not compared: {}\n",
            prose(&cut(&unavailable(why), 500))
        ));
    }
    for approval in report.unmatched_approvals.iter().take(20) {
        out.push_str(&format!(
            "- The approval {} matches nothing ({})\n",
            code(&approval.fingerprint),
            prose(&cut(&approval.reason, 200))
        ));
    }
    if report.is_empty() {
        out.push_str("\nThe two documents do not differ.\n");
    }
    out
}

/// A finding with its operations and its witness.
fn full(finding: &Finding) -> String {
    let users = if finding.subject.operations.is_empty() {
        String::new()
    } else {
        let users = cut(&operations(&finding.subject.operations), 2_000);
        format!(" · used by {}", prose(&users))
    };
    let mut out = line(finding, 2_000, &users);
    if let Some(witness) = &finding.witness {
        let (takes, refuses) = accepting_and_refusing(witness.accepted_by);
        let payload = serde_json::to_string_pretty(&witness.payload).unwrap_or_default();
        let payload = cut(&payload, MAX_PAYLOAD);
        let fence = fence(&payload);
        let proof = format!(
            "<details><summary>Proof: the {takes} document accepts this {}, the {refuses} one refuses it</summary>\n\n{}:\n\n{fence}json\n{payload}\n{fence}\n\n</details>",
            witness.direction,
            code(&witness.operation),
        );
        out.push('\n');
        for line in proof.lines() {
            // Indented, to be part of the list item.
            out.push_str(if line.is_empty() { "" } else { "  " });
            out.push_str(line);
            out.push('\n');
        }
        out.push('\n');
    }
    if out.len() > MAX_FINDING { brief(finding) } else { out }
}

/// A finding on one line.
fn brief(finding: &Finding) -> String {
    line(finding, 500, "")
}

fn line(finding: &Finding, longest: usize, users: &str) -> String {
    let message = prose(&cut(&message(finding), longest));
    // Folded findings have no heading with their rule.
    let rule = match finding.level {
        Level::Info => format!("{} ({}): ", code(finding.rule.id), finding.axis().name()),
        _ => String::new(),
    };
    let (head, base) =
        (location(&finding.subject.locations.head), location(&finding.subject.locations.base));
    let mut out = format!("- {rule}{message} · {head} (was {base}){users}");
    if let Some(reason) = &finding.approved {
        out.push_str(&format!(" · approved: {}", prose(&cut(reason, 500))));
    }
    if finding.level.is_break() {
        out.push_str(&format!(" · fingerprint {}", code(&finding.fingerprint)));
    }
    out.push('\n');
    out
}

fn location(location: &Location) -> String {
    code(&format!("{}:{}:{}", location.file, location.line, location.column))
}
