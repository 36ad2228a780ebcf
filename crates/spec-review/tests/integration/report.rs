//! The rendered reports.

use std::error::Error;
use std::fmt::Write;

use serde_json::Value;
use spec_review::render::{Colour, JSON_SCHEMA, MARKDOWN_LIMIT, annotations, json, markdown, text};
use spec_review::{
    Approvals, Axis, Bump, DocumentText, FailOn, Level, Options, Report, WireVerdict, compare,
};

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: 1.0.0}\npaths:\n";

fn things(names: &[&str], limit: u32) -> String {
    let mut text = HEAD.to_owned();
    for name in names {
        let _ = write!(
            text,
            "  /{name}:\n    post:\n      operationId: Do{name}\n      requestBody:\n        required: true\n        content:\n          application/json:\n            schema:\n              type: object\n              properties:\n                value: {{type: string, maxLength: {limit}}}\n      responses:\n        \"204\": {{description: Done}}\n"
        );
    }
    text
}

fn review(old: &str, new: &str, options: &Options) -> Result<Report, Box<dyn Error>> {
    Ok(compare(&DocumentText::new("old.yaml", old), &DocumentText::new("new.yaml", new), options)?)
}

fn wire_only() -> Options {
    Options::default()
}

#[test]
fn renders_json_that_matches_its_schema() -> Result<(), Box<dyn Error>> {
    let schema: Value = serde_json::from_str(JSON_SCHEMA)?;
    let validator = jsonschema::validator_for(&schema)?;
    for (old, new) in [
        (things(&["a"], 9), things(&["a"], 5)),
        (things(&["a"], 5), things(&["b"], 5)),
        (HEAD.to_owned(), HEAD.to_owned()),
    ] {
        let report = json(&review(&old, &new, &wire_only())?);
        let errors: Vec<_> =
            validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{report:#}");
    }
    Ok(())
}

#[test]
fn renders_a_break_as_text() -> Result<(), Box<dyn Error>> {
    let report = review(&things(&["a"], 3), &things(&["a"], 2), &wire_only())?;
    let shown = text(&report, Colour::Never);
    let expected = "\
new.yaml:14:39: breaking[max-length]: POST /a › body.value: `maxLength` changed from 3 to 2 (in requests)
  was: old.yaml:14:39
  why: a caller that sends what was valid until now is refused
  instead: keep the old limit for this operation
  used by: Doa
  proof: {\"value\":\"aaa\"} is accepted by the old document and refused by the new one
  of: the request of POST /a
  fingerprint: ";
    assert!(shown.starts_with(expected), "{shown}");
    assert!(shown.contains("\n  version of the contract: major needed, none declared (1.0.0, unchanged): falls short\n"), "{shown}");
    assert!(!shown.contains('\u{1b}'));
    assert!(
        text(&report, Colour::Always).contains("\u{1b}[1m\u{1b}[31mbreaking[max-length]\u{1b}[0m")
    );
    Ok(())
}

#[test]
fn places_annotations_at_the_head_line() -> Result<(), Box<dyn Error>> {
    let shown = annotations(&review(&things(&["a"], 3), &things(&["a"], 2), &wire_only())?);
    assert!(shown.starts_with("::error file=new.yaml,line=14,col=39,title=breaking (wire)%3A max-length::POST /a › body.value: "), "{shown}");
    assert_eq!(shown.lines().count(), 1);
    Ok(())
}

#[test]
fn cuts_markdown_at_the_limit_and_counts_the_rest() -> Result<(), Box<dyn Error>> {
    let names: Vec<String> = (0..400).map(|index| format!("thing{index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (all, most) = (things(&names, 9), things(names.get(..350).ok_or("too few")?, 8));
    let report = review(&all, &most, &wire_only())?;
    let shown = markdown(&report);
    assert_eq!(report.count(Level::Breaking), 400);
    assert!(shown.chars().count() <= MARKDOWN_LIMIT, "{}", shown.len());
    // Every rule has its heading and some of its findings; the others are counted.
    let mut listed = 0;
    for heading in
        ["#### `operation-removed` breaking · wire (50)", "#### `max-length` breaking · wire (350)"]
    {
        let section = shown.split(heading).nth(1).ok_or("no heading")?;
        let items = section.split("\n#").next().unwrap_or_default().matches("· fingerprint");
        let items = items.count();
        assert!(items > 40, "{heading}: {items}");
        listed += items;
    }
    assert!(shown.contains("<summary>Proof: the old document accepts this request"), "{shown}");
    assert!(shown.contains(&format!("\n> **{} more findings are not shown**", 400 - listed)));
    assert_eq!(shown.matches("<details>").count(), shown.matches("</details>").count());
    assert!(shown.starts_with("## API review: `old.yaml` → `new.yaml`\n\n| Axis | Verdict |"));
    Ok(())
}

#[test]
fn escapes_names_from_documents() -> Result<(), Box<dyn Error>> {
    let rename = |name: &str| things(&["a"], 3).replace("value:", name);
    let report =
        review(&rename("value:"), &rename("\"<img src=x> | @you `*` \\e[31m\":"), &wire_only())?;
    let shown = markdown(&report);
    assert!(!shown.contains("<img") || shown.contains("`<img") || shown.contains("``"), "{shown}");
    assert!(!text(&report, Colour::Never).contains('\u{1b}'));
    Ok(())
}

#[test]
fn approves_only_findings_with_a_listed_fingerprint() -> Result<(), Box<dyn Error>> {
    let (old, new) = (things(&["a", "b"], 3), things(&["a", "b"], 2));
    let open = review(&old, &new, &wire_only())?;
    assert!(open.fails(Axis::Wire, FailOn::Breaking) && !open.fails(Axis::Wire, FailOn::Never));
    let approve = |fingerprints: &[&str]| -> Result<Report, Box<dyn Error>> {
        let entries = fingerprints
            .iter()
            .map(|print| format!("[[approval]]\nfingerprint = \"{print}\"\nreason = \"agreed\"\n"));
        let approvals = Approvals::parse(&entries.collect::<String>())?;
        review(&old, &new, &wire_only().approvals(approvals))
    };
    let prints: Vec<&str> =
        open.findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
    let [first, second] = prints.as_slice() else {
        return Err("two findings were expected".into());
    };
    let one = approve(&[first, "0000000000000000"])?;
    assert!(one.fails(Axis::Wire, FailOn::Breaking));
    assert_eq!(one.unmatched_approvals.len(), 1);
    let both = approve(&[first, second])?;
    assert!(!both.fails(Axis::Wire, FailOn::Breaking));
    assert_eq!(both.verdict.wire, WireVerdict::Breaking);
    assert_eq!(both.bump.required(), Bump::Minor);
    Ok(())
}

#[test]
fn keeps_fingerprints_when_lines_or_order_change() -> Result<(), Box<dyn Error>> {
    let plain = review(&things(&["a", "b"], 3), &things(&["a", "b"], 2), &wire_only())?;
    let moved = review(
        &format!("# a comment\n\n{}", things(&["b", "a"], 3)),
        &format!("\n# another\n\n\n{}", things(&["b", "a"], 2)),
        &wire_only(),
    )?;
    let prints = |report: &Report| -> std::collections::BTreeSet<String> {
        report.findings.iter().map(|finding| finding.fingerprint.clone()).collect()
    };
    assert_eq!(prints(&plain), prints(&moved));
    Ok(())
}

#[test]
fn requires_the_version_bump_that_a_change_needs() -> Result<(), Box<dyn Error>> {
    let version = |text: String, version: &str| {
        text.replace("version: 1.0.0", &format!("version: {version}"))
    };
    for (head, required, short) in [
        (version(things(&["a"], 2), "1.1.0"), Bump::Major, true),
        (version(things(&["a"], 2), "2.0.0"), Bump::Major, false),
        (version(things(&["a"], 4), "1.1.0"), Bump::Minor, false),
        (version(things(&["a"], 4), "1.0.0"), Bump::Minor, true),
        (version(things(&["a"], 3).replace("title: T", "title: U"), "1.0.0"), Bump::Patch, false),
    ] {
        let report = review(&things(&["a"], 3), &head, &wire_only())?;
        assert_eq!((report.bump.required(), report.bump.falls_short()), (required, short));
    }
    Ok(())
}
