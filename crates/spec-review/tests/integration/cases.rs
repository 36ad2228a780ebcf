//! The cases: `cases/<area>/base.yaml`, JSON Patches for it, and the expected reports.
//!
//! Each patch is compared in both directions: `>` from the base to the patched document, `<` back.
//! In a path `@` stands for `In`, a request, and for `Out`, a response. `info.x-crate` is the version
//! of the generated crate, and no part of the document. With `DBSS_REGEN=write`, which
//! `cargo xtask regen` sets, the expected reports are written instead of compared.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use openapi_document::{Document, LoadOptions};
use serde_json::{Map, Value};
use spec_review::render::{Colour, markdown, message, text};
use spec_review::rules::{RULES, Rule};
use spec_review::{AcceptedBy, DocumentText, Options, Report, Versions, compare};

use crate::{codegen, fingerprints, patch, proofs};

fn folders() -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(cases)? {
        folders.push(entry?.path());
    }
    folders.sort();
    Ok(folders)
}

fn review(base: &Value, head: &Value, with_rust: bool) -> Result<Report, Box<dyn Error>> {
    let mut documents = Versions::new(base.clone(), head.clone());
    let crates = documents.each_mut().map(|document| {
        let version = document.pointer_mut("/info")?.as_object_mut()?.shift_remove("x-crate")?;
        version.as_str().map(str::to_owned)
    });
    let input = |name: &str, value: &Value| DocumentText::new(name, value.to_string());
    let options = if with_rust { codegen::with_rust() } else { Options::default() };
    let options = options.package_versions(crates);
    let Versions { base, head } = documents;
    Ok(compare(&input("base.json", &base), &input("head.json", &head), &options)?)
}

/// What the cases of a folder show of a report.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Findings,
    /// And the versions that they need.
    Versions,
    /// The whole report, in Markdown.
    Report,
}

impl Shown {
    fn of(folder: &Path) -> Self {
        match folder.file_name().and_then(|name| name.to_str()) {
            Some("versions") => Self::Versions,
            Some("reports") => Self::Report,
            _ => Self::Findings,
        }
    }
}

/// The first sentence of a report, and its findings, one on a line, with their witnesses.
fn lines(mark: char, report: &Report, shown: Shown, out: &mut String) -> std::fmt::Result {
    if shown == Shown::Report {
        return writeln!(out, "{mark}\n{}", markdown(report));
    }
    let text = text(report, Colour::Never);
    writeln!(out, "{mark} {}", text.lines().next().unwrap_or_default())?;
    if shown == Shown::Versions {
        for line in text.lines().filter(|line| line.starts_with("  version of")) {
            writeln!(out, "{mark} {}", line.trim())?;
        }
    }
    for finding in &report.findings {
        write!(out, "{mark} {}[{}] {}", finding.level, finding.rule.id, message(finding))?;
        if let Some(witness) = &finding.witness {
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
fn reports_what_each_case_expects() -> Result<(), Box<dyn Error>> {
    let mut wrong = Vec::new();
    let mut everything = String::new();
    for folder in folders()? {
        let text = std::fs::read_to_string(folder.join("base.yaml"))?;
        let base = Document::parse("base.yaml", text, &LoadOptions::strict())?.to_json();
        let patches: Map<String, Value> =
            serde_json::from_str(&std::fs::read_to_string(folder.join("patches.json"))?)?;
        // No client is generated from the other bases.
        let rust = folder.ends_with("rust");
        assert!(review(&base, &base, rust)?.is_empty(), "{} differs from itself", folder.display());
        let mut reports = String::new();
        let shown = Shown::of(&folder);
        for (name, steps) in &patches {
            let head = patch::apply(&base, steps).map_err(|error| format!("{name}: {error}"))?;
            assert!(review(&head, &head, rust)?.is_empty(), "{name} differs from itself");
            writeln!(reports, "# {name}")?;
            for (mark, old, new) in [('>', &base, &head), ('<', &head, &base)] {
                let report = review(old, new, rust)?;
                lines(mark, &report, shown, &mut reports)?;
                let unproven = proofs::unproven(&report);
                assert!(unproven.is_empty(), "{name} {mark}: {unproven:#?}");
                let shared = fingerprints::shared(&report);
                assert!(shared.is_empty(), "{name} {mark}: {shared:#?}");
            }
            writeln!(reports)?;
        }
        let file = folder.join("expected.txt");
        if std::env::var_os("DBSS_REGEN").is_some_and(|value| value == "write") {
            std::fs::write(&file, &reports)?;
        }
        let expected = std::fs::read_to_string(&file)?.replace("\r\n", "\n");
        if expected != reports {
            let differing = expected.lines().zip(reports.lines()).find(|(old, new)| old != new);
            wrong.push(format!("{}: {differing:?}", file.display()));
        }
        everything.push_str(&reports);
    }
    assert!(wrong.is_empty(), "run `cargo xtask regen` and review the difference: {wrong:#?}");
    let cases = |rule: &Rule, mark: char| {
        let told = format!("[{}]", rule.id);
        let tells =
            |case: &&str| case.lines().any(|line| line.starts_with(mark) && line.contains(&told));
        everything.split("# ").filter(tells).count()
    };
    let unseen: Vec<String> = RULES
        .iter()
        .map(|rule| (rule.id, cases(rule, '>'), cases(rule, '<')))
        .filter(|(_, there, back)| there + back < 3 || *there == 0 || *back == 0)
        .map(|(id, there, back)| format!("{id}: {there} there, {back} back"))
        .collect();
    assert!(unseen.is_empty(), "rules without several cases, there and back: {unseen:#?}");
    Ok(())
}
