//! Our own cases: `cases/<area>/base.yaml` with JSON Patches and the reports that they lead to.
//!
//! Each patch is reviewed both ways, `>` from the base to the patched document and `<` back. In a
//! path `@` stands for `In`, which is a request, and for `Out`, which is an answer. With
//! `SPEC_REVIEW_WRITE=1` the expected reports are written instead of compared.

mod patch;

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use dbss_codegen::document::Document;
use serde_json::{Map, Value};
use spec_review::rules::RULES;
use spec_review::{AcceptedBy, Axis, Input, Options, Report, compare};

/// Rules that no patch of a well-formed document leads to.
const NOT_FROM_PATCHES: [&str; 2] = ["not-compared", "overlap"];

fn folders() -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(cases)? {
        folders.push(entry?.path());
    }
    folders.sort();
    Ok(folders)
}

fn review(base: &Value, head: &Value) -> Result<Report, Box<dyn Error>> {
    let input = |name: &str, value: &Value| Input::new(name, value.to_string());
    let options = Options { without_rust: true, ..Options::default() };
    Ok(compare(&input("base.json", base), &input("head.json", head), &options)?)
}

/// The findings, one a line, with their proofs.
fn lines(mark: char, report: &Report, out: &mut String) -> std::fmt::Result {
    if report.is_empty() {
        return writeln!(out, "{mark} nothing");
    }
    for found in &report.findings {
        write!(out, "{mark} {}[{}] {}", found.level, found.rule.id, found.message)?;
        if let Some(witness) = &found.witness {
            let by = if witness.accepted_by == AcceptedBy::Base { "old" } else { "new" };
            write!(out, " | {by}: {}", spec_review_short(&witness.payload))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn spec_review_short(payload: &Value) -> String {
    let text = payload.to_string();
    if text.chars().count() > 100 {
        format!("{}…", text.chars().take(100).collect::<String>())
    } else {
        text
    }
}

#[test]
fn patches_lead_to_the_expected_reports() -> Result<(), Box<dyn Error>> {
    let mut wrong = Vec::new();
    let mut everything = String::new();
    for folder in folders()? {
        let text = std::fs::read_to_string(folder.join("base.yaml"))?;
        let base = Document::parse("base.yaml", text)?.to_json();
        let patches: Map<String, Value> =
            serde_json::from_str(&std::fs::read_to_string(folder.join("patches.json"))?)?;
        assert!(review(&base, &base)?.is_empty(), "{} differs from itself", folder.display());
        let mut reports = String::new();
        for (name, steps) in &patches {
            let head = patch::apply(&base, steps).map_err(|error| format!("{name}: {error}"))?;
            assert!(review(&head, &head)?.is_empty(), "{name} differs from itself");
            writeln!(reports, "# {name}")?;
            lines('>', &review(&base, &head)?, &mut reports)?;
            lines('<', &review(&head, &base)?, &mut reports)?;
            writeln!(reports)?;
        }
        let file = folder.join("expected.txt");
        if std::env::var_os("SPEC_REVIEW_WRITE").is_some() {
            std::fs::write(&file, &reports)?;
        }
        let expected = std::fs::read_to_string(&file)?.replace("\r\n", "\n");
        if expected != reports {
            let differing = expected.lines().zip(reports.lines()).find(|(old, new)| old != new);
            wrong.push(format!("{}: {differing:?}", file.display()));
        }
        everything.push_str(&reports);
    }
    assert!(
        wrong.is_empty(),
        "review the difference, then run with SPEC_REVIEW_WRITE=1: {wrong:#?}"
    );
    let unseen: Vec<&str> = RULES
        .iter()
        .filter(|rule| rule.axis != Axis::Rust && !NOT_FROM_PATCHES.contains(&rule.id))
        .filter(|rule| everything.matches(&format!("[{}]", rule.id)).count() < 2)
        .map(|rule| rule.id)
        .collect();
    assert!(unseen.is_empty(), "rules without cases in both directions: {unseen:?}");
    Ok(())
}
