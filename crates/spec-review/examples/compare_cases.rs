//! Compares the verdicts of this crate with those of oasdiff and drift, pair by pair.
//!
//! ```text
//! SPEC_REVIEW_CASES=<folder> cargo run -p spec-review --example compare_cases [-- <file>]
//! ```
//!
//! The folder has `cases.json` and `drift-cases.json`. Every payload that proves oasdiff wrong is
//! written to `<file>` with the two schemas that judge it, so that another validator can confirm
//! it. With `SPEC_REVIEW_VERBOSE=1` all findings of a pair that disagrees are printed.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};
use spec_review::render::message;
use spec_review::{
    AcceptedBy, Axis, DocumentText, Finding, Options, Report, WireVerdict, Witness, compare,
};

/// The required agreement in percent, without the pairs that a payload settles.
const REQUIRED_AGREEMENT: f64 = 97.0;
/// Cases that drift classifies as equivalent although text, a default or an extension changes.
const NOT_EQUIVALENT: [&str; 3] =
    ["boolean-change", "body-description-change", "body-extension-change"];

fn main() -> ExitCode {
    let Some(folder) = std::env::var_os("SPEC_REVIEW_CASES").map(PathBuf::from) else {
        println!(
            "SPEC_REVIEW_CASES is not set, so there is nothing to compare with: set it to the folder of cases.json"
        );
        return ExitCode::SUCCESS;
    };
    match run(&folder) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(folder: &Path) -> Result<bool, Box<dyn Error>> {
    let file = std::env::args()
        .nth(1)
        .map_or_else(|| PathBuf::from("target/spec-review-witnesses.json"), PathBuf::from);
    let verbose = std::env::var_os("SPEC_REVIEW_VERBOSE").is_some();
    let mut witnesses = Vec::new();
    let agreed = against_oasdiff(folder, verbose, &mut witnesses)?;
    let silent = against_drift(folder, verbose)?;
    std::fs::write(&file, serde_json::to_string_pretty(&witnesses)?)?;
    println!("\n{} payloads with their schemas: {}", witnesses.len(), file.display());
    Ok(agreed && silent)
}

/// The report on a pair of documents.
fn report_on(folder: &Path, case: &Value) -> Result<Report, Box<dyn Error>> {
    let read = |key: &str| -> Result<DocumentText, Box<dyn Error>> {
        let path = case.get(key).and_then(Value::as_str).ok_or("a case without files")?;
        Ok(DocumentText::new(path, std::fs::read_to_string(folder.join(path))?))
    };
    let (base, head) = (read("base")?, read("revision")?);
    let options = Options::default();
    let itself = compare(&base, &base, &options)?;
    if !itself.is_empty() {
        return Err(format!("{} differs from itself", base.name).into());
    }
    Ok(compare(&base, &head, &options)?)
}

fn cases(folder: &Path, file: &str) -> Result<Vec<Value>, Box<dyn Error>> {
    Ok(serde_json::from_str(&std::fs::read_to_string(folder.join(file))?)?)
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn against_oasdiff(
    folder: &Path,
    verbose: bool,
    witnesses: &mut Vec<Value>,
) -> Result<bool, Box<dyn Error>> {
    let cases = cases(folder, "cases.json")?;
    let (mut agree, mut proven, mut open) = (0_u32, 0_u32, 0_u32);
    println!("oasdiff: pairs that disagree");
    for case in &cases {
        let id = text(case, "id");
        let report = report_on(folder, case)?;
        let theirs = case.get("breaking").and_then(Value::as_bool).unwrap_or_default();
        let ours = report.verdict.wire == WireVerdict::Breaking;
        if ours == theirs {
            agree += 1;
            continue;
        }
        let reported = case.get("changes").and_then(Value::as_array).into_iter().flatten();
        let reported: Vec<String> = reported
            .map(|change| format!("{}[{}]", text(change, "level"), text(change, "id")))
            .collect();
        println!("\n  {id}: oasdiff says {}, we say {}", word(theirs), word(ours));
        println!(
            "    oasdiff: {}",
            if reported.is_empty() { "nothing".to_owned() } else { reported.join(", ") }
        );
        // Only a payload that proves a break can settle it; there is no payload for the absence of
        // a break.
        let proof = report
            .on_axis(Axis::Wire)
            .find_map(|finding| Some((finding, finding.witness.as_ref()?)));
        match proof {
            Some((finding, witness)) if ours => {
                proven += 1;
                show_proof(id, finding, witness, witnesses);
            }
            _ => {
                open += 1;
                println!("    not settled by a payload");
            }
        }
        if verbose {
            show(&report);
        }
    }
    let total = u32::try_from(cases.len())?;
    let score = |part: u32, of: u32| 100.0 * f64::from(part) / f64::from(of.max(1));
    let settled = score(agree, total - proven);
    println!(
        "\noasdiff: {total} pairs, {agree} agree, {proven} where a payload proves oasdiff wrong, {open} open"
    );
    println!("  agreement with none left out: {:.1} %", score(agree, total));
    println!(
        "  agreement without the proven ones: {settled:.1} % (required: {REQUIRED_AGREEMENT} %)"
    );
    Ok(settled >= REQUIRED_AGREEMENT)
}

fn word(breaking: bool) -> &'static str {
    if breaking { "breaking" } else { "not breaking" }
}

fn show_proof(id: &str, finding: &Finding, witness: &Witness, witnesses: &mut Vec<Value>) {
    let (takes, refuses) = match witness.accepted_by {
        AcceptedBy::Base => ("base", "revision"),
        AcceptedBy::Head => ("revision", "base"),
    };
    println!("    {}: {}", finding.rule.id, message(finding));
    println!(
        "    {} {}: accepted by the {takes}, refused by the {refuses}",
        witness.operation, witness.payload
    );
    if let Some(schemas) = &witness.schemas {
        witnesses.push(json!({
            "case": id,
            "rule": finding.rule.id,
            "operation": witness.operation,
            "payload": witness.payload,
            "accepted_by": witness.accepted_by,
            "schemas": { "base": schemas.base, "head": schemas.head },
        }));
    }
}

fn against_drift(folder: &Path, verbose: bool) -> Result<bool, Box<dyn Error>> {
    let cases = cases(folder, "drift-cases.json")?;
    let (mut equivalent, mut loud, mut same) = (0_u32, 0_u32, 0_u32);
    println!("\ndrift: equivalences that are not silent on the wire");
    for case in &cases {
        let id = text(case, "id");
        let report = report_on(folder, case)?;
        let theirs = case.get("breaking").and_then(Value::as_bool).unwrap_or_default();
        same += u32::from(theirs == (report.verdict.wire == WireVerdict::Breaking));
        let verdict = text(case, "drift_verdict");
        let writing = !NOT_EQUIVALENT.iter().any(|name| id.ends_with(name));
        if !matches!(verdict, "trivial" | "none") || !writing {
            continue;
        }
        equivalent += 1;
        if report.on_axis(Axis::Wire).next().is_some() {
            loud += 1;
            println!("  {id}");
            show(&report);
        }
    }
    if loud == 0 {
        println!("  none of {equivalent}");
    }
    println!(
        "drift: the same verdict as drift's class in {same} of {} pairs (its own classes leave much unhandled)",
        cases.len()
    );
    if verbose {
        println!("left out as no equivalences: {}", NOT_EQUIVALENT.join(", "));
    }
    Ok(loud == 0)
}

fn show(report: &Report) {
    for finding in report.on_axis(Axis::Wire) {
        println!("    {}[{}] {}", finding.level, finding.rule.id, message(finding));
    }
}
