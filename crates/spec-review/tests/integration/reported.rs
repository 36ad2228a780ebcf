//! The cases from public bug reports, where `SPEC_REVIEW_REPORTS` names their directory.

#![allow(clippy::indexing_slicing, reason = "an absent key of a case reads as null")]

use std::error::Error;
use std::path::Path;

use crate::proofs::unproven;
use serde_json::Value;
use spec_review::render::{Colour, message, text};
use spec_review::{Axis, DocumentText, Finding, Level, Options, Report, WireVerdict, compare};

/// The cases whose verdict is still wrong.
const NOT_YET: &[&str] = &[];

/// What is wrong with a report, if anything.
fn wrong(case: &Value, report: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    let wire: Vec<&Finding> = report.on_axis(Axis::Wire).collect();
    let breaking: Vec<&Finding> =
        wire.iter().copied().filter(|finding| finding.level == Level::Breaking).collect();
    let suspected = wire.iter().any(|finding| finding.level == Level::Suspected);
    let warning = wire.iter().any(|finding| finding.level == Level::Warning);
    let fits = match case["verdict"].as_str().unwrap_or_default() {
        "none" => report.verdict.wire == WireVerdict::None,
        "compatible" => report.verdict.wire == WireVerdict::Compatible,
        "breaking" => !breaking.is_empty() && (case["witness"].is_null() || !suspected),
        "breaking-or-warning" => !breaking.is_empty() || warning,
        _ => false,
    };
    if !fits {
        wrong.push(format!("the verdict is {:?}", report.verdict.wire));
    }
    if let Some(wanted) = case["breaking_under"].as_str() {
        let pointer = format!("/components/schemas/{wanted}");
        let elsewhere = |finding: &&Finding| {
            let locations = &finding.subject.locations;
            ![&locations.base, &locations.head]
                .iter()
                .any(|location| location.pointer.starts_with(&pointer))
        };
        wrong.extend(breaking.iter().copied().filter(elsewhere).map(message));
    }
    if let Some(wanted) = case["only_at"].as_str() {
        let marked = format!("`{wanted}`");
        let elsewhere = |finding: &&Finding| {
            let message = message(finding);
            !message.contains(&marked) && !message.contains(&format!(" {wanted}:"))
        };
        wrong.extend(breaking.iter().copied().filter(elsewhere).map(message));
    }
    if case["witness"].as_bool() == Some(true) {
        wrong.extend(
            breaking.iter().filter(|finding| finding.witness.is_none()).map(|f| message(f)),
        );
    }
    let mentions = case["mentions"].as_str();
    if mentions.is_some_and(|wanted| !text(report, Colour::Never).contains(wanted)) {
        wrong.push("it does not say what it has to".to_owned());
    }
    wrong
}

#[test]
fn gives_the_verdicts_of_reported_cases() -> Result<(), Box<dyn Error>> {
    let Some(folder) = std::env::var_os("SPEC_REVIEW_REPORTS") else { return Ok(()) };
    let folder = Path::new(&folder);
    let cases: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(folder.join("cases.json"))?)?;
    let mut failed = Vec::new();
    for case in &cases {
        let name = case["name"].as_str().ok_or("a case has a name")?;
        let read = |side: &str| -> Result<DocumentText, Box<dyn Error>> {
            let file = case[side].as_str().ok_or("a case has two files")?;
            Ok(DocumentText::new(file, std::fs::read_to_string(folder.join(file))?))
        };
        let report = compare(&read("base")?, &read("head")?, &Options::default())?;
        let mut wrong = wrong(case, &report);
        wrong.extend(unproven(&report));
        if wrong.is_empty() == NOT_YET.contains(&name) {
            failed.push(format!("{name}: {wrong:#?}\n{}", text(&report, Colour::Never)));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    Ok(())
}
