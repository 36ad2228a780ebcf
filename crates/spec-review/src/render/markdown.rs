//! The report as a comment on a pull request.

#![expect(
    clippy::format_push_string,
    reason = "reports are small, and `write!` would have results to drop everywhere"
)]

use super::terminal::{bump, escape, kind, operations, rust, sides, wire};
use crate::law::Level;
use crate::report::{Finding, Location, Report};
use crate::rules::Axis;

/// GitHub takes comments of up to 65,536 characters. Some room is left for what a workflow adds.
pub const MARKDOWN_LIMIT: usize = 65_000;
/// Payloads that are longer are cut.
const LONGEST_PAYLOAD: usize = 4_000;
/// What one finding may take of the whole.
const LONGEST_FINDING: usize = 12_000;

/// The report as Markdown: a table of the axes, then the findings, the worst first. What does not
/// fit is counted at the end.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut out = header(report);
    let mut cut = 0;
    for (title, folded, levels) in [
        ("Breaking", false, &[Level::Breaking, Level::Suspected][..]),
        ("Warnings", false, &[Level::Warning][..]),
        ("Everything else", true, &[Level::Info][..]),
    ] {
        let list: Vec<&Finding> =
            report.findings.iter().filter(|found| levels.contains(&found.level)).collect();
        if list.is_empty() {
            continue;
        }
        let (open, close) = if folded {
            (
                format!("\n<details><summary>{title} ({})</summary>\n\n", list.len()),
                "\n</details>\n".to_owned(),
            )
        } else {
            (format!("\n### {title} ({})\n\n", list.len()), String::new())
        };
        let mut section = String::new();
        for found in list {
            let text = if folded { brief(found) } else { full(found) };
            // A part that is cut in the middle would leave its markup open: it is whole or absent.
            let room =
                MARKDOWN_LIMIT.saturating_sub(CUT_NOTE_ROOM + out.len() + open.len() + close.len());
            if section.len() + text.len() > room {
                cut += 1;
            } else {
                section.push_str(&text);
            }
        }
        if !section.is_empty() {
            out.push_str(&open);
            out.push_str(&section);
            out.push_str(&close);
        }
    }
    if cut > 0 {
        let findings = if cut == 1 { "finding is" } else { "findings are" };
        out.push_str(&format!(
            "\n> **{cut} more {findings} not shown**, because a comment on GitHub ends at 65,536 characters. The whole report is in the JSON and text output.\n"
        ));
    }
    out
}

/// The room that is kept for the note on what was cut.
const CUT_NOTE_ROOM: usize = 300;

fn header(report: &Report) -> String {
    let mut out = format!("## API review: {} → {}\n\n", code(&report.base), code(&report.head));
    out.push_str("| Axis | Verdict | Breaking | Suspected | Warnings | Info |\n| --- | --- | ---: | ---: | ---: | ---: |\n");
    let docs = if report.verdict.docs { "changed" } else { "none" };
    for (axis, name, verdict) in [
        (Axis::Wire, "Wire", wire(report.verdict.wire)),
        (Axis::Rust, "Rust API", rust(report.verdict.rust)),
        (Axis::Docs, "Documentation", docs),
    ] {
        let count = |level: Level| report.of(axis).filter(|found| found.level == level).count();
        let verdict =
            if verdict == "breaking" { format!("**{verdict}**") } else { verdict.to_owned() };
        let counts = [Level::Breaking, Level::Suspected, Level::Warning, Level::Info]
            .map(|level| count(level).to_string());
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
    if bumps.package_versions.iter().any(Option::is_some) {
        version(
            "Version of the crate",
            bump(bumps.package, &bumps.package_versions),
            bumps.package.falls_short(),
        );
    }
    if let Some(why) = &report.rust_unavailable {
        out.push_str(&format!(
            "- The Rust API was not compared: {}\n",
            prose(&crate::text::cut(why, 500))
        ));
    }
    for approval in report.unmatched_approvals.iter().take(20) {
        out.push_str(&format!(
            "- The approval {} matches nothing ({})\n",
            code(&approval.fingerprint),
            prose(&crate::text::cut(&approval.reason, 200))
        ));
    }
    if report.is_empty() {
        out.push_str("\nThe two documents say the same.\n");
    }
    out
}

fn full(found: &Finding) -> String {
    let approved = if found.approved.is_some() { ", approved" } else { "" };
    let mut out = format!(
        "#### {} {}{approved} · {}\n\n",
        code(found.rule.id),
        found.level,
        found.axis.name()
    );
    out.push_str(&format!("{}\n\n", prose(&crate::text::cut(&found.message, 2_000))));
    out.push_str(&format!("- at {} (was {})\n", place(&found.head), place(&found.base)));
    out.push_str(&format!("- why: {}\n", prose(&found.why)));
    if found.level.is_break() {
        out.push_str(&format!("- instead: {}\n", prose(&found.instead)));
    }
    if !found.operations.is_empty() {
        out.push_str(&format!(
            "- used by: {}\n",
            prose(&crate::text::cut(&operations(&found.operations), 2_000))
        ));
    }
    if let Some(reason) = &found.approved {
        out.push_str(&format!("- approved: {}\n", prose(&crate::text::cut(reason, 500))));
    }
    out.push_str(&format!("- fingerprint: {}\n", code(&found.fingerprint)));
    if let Some(witness) = &found.witness {
        let (takes, refuses) = sides(witness.accepted_by);
        out.push_str(&format!(
            "\n<details><summary>Proof: the {takes} document accepts this {}, the {refuses} one refuses it</summary>\n\n{}:\n\n",
            kind(witness.kind),
            code(&witness.operation),
        ));
        let payload = serde_json::to_string_pretty(&witness.payload).unwrap_or_default();
        let payload = crate::text::cut(&payload, LONGEST_PAYLOAD);
        let fence = fence(&payload);
        out.push_str(&format!("{fence}json\n{payload}\n{fence}\n\n</details>\n"));
    }
    out.push('\n');
    if out.len() > LONGEST_FINDING { brief(found) } else { out }
}

fn brief(found: &Finding) -> String {
    format!(
        "- {} ({}): {} · {}\n",
        code(found.rule.id),
        found.axis.name(),
        prose(&crate::text::cut(&found.message, 500)),
        place(&found.head)
    )
}

fn place(place: &Location) -> String {
    code(&format!("{}:{}:{}", place.file, place.line, place.column))
}

/// A fence longer than any run of backticks inside.
fn fence(text: &str) -> String {
    "`".repeat(longest_run(text).max(2) + 1)
}

fn longest_run(text: &str) -> usize {
    text.split(|c: char| c != '`').map(str::len).max().unwrap_or(0)
}

/// A code span that holds any text on one line.
fn code(text: &str) -> String {
    let text = escape(text);
    let ticks = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    // A table would end its cell here even inside of code.
    format!("{ticks}{pad}{}{pad}{ticks}", text.replace('|', "\\|"))
}

/// Text in which only the code spans of messages keep their meaning.
fn prose(text: &str) -> String {
    let text = escape(text);
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('`') {
        let Some((inside, behind)) = after.split_once('`') else { break };
        out.push_str(&plain(before));
        out.push_str(&code(inside));
        rest = behind;
    }
    out.push_str(&plain(rest));
    out
}

/// Nobody is mentioned, nothing is linked, no markup and no HTML.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("@\u{200b}"),
            '#' => out.push_str("&#35;"),
            '\\' | '*' | '_' | '[' | ']' | '|' | '~' | '`' => {
                out.push('\\');
                out.push(character);
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_its_place() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(
            prose("the <b>type</b> of `a*b` is *x* @me #1"),
            "the &lt;b&gt;type&lt;/b&gt; of `a*b` is \\*x\\* @\u{200b}me &#35;1"
        );
        assert_eq!(fence("``````"), "```````");
    }
}
