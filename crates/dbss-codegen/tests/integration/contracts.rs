//! The rules, held against contracts: `tests/contracts/bad` has one that breaks each rule,
//! `tests/contracts/poor` has one for each warning, `tests/contracts/good` has what is accepted.
//!
//! A file is called after its rule, with a suffix where there are several. `# <-- here` marks the
//! line that has to be reported, `# <-- below` the line before it.

use std::collections::BTreeSet;

use crate::support::{check, contracts, read};
use dbss_codegen::lint::rules;
use openapi_document::{Rule, Severity};

/// Rules that no file shows.
const SHOWN_ELSEWHERE: [&str; 1] = [
    // Eight megabytes of test data; see `bombs.rs`.
    "document-too-large",
];

/// The rule that a file is called after.
fn rule_of(name: &str) -> &'static Rule {
    let is_it = |rule: &&Rule| {
        name.strip_prefix(rule.id).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let longest = rules().filter(is_it).max_by_key(|rule| rule.id.len());
    longest.unwrap_or_else(|| panic!("{name} is called after no rule"))
}

fn marked_lines(text: &str) -> Vec<usize> {
    let line = |(index, line): (usize, &str)| {
        if line.trim_end().ends_with("# <-- here") {
            Some(index + 1)
        } else {
            line.trim_end().ends_with("# <-- below").then_some(index + 2)
        }
    };
    text.lines().enumerate().filter_map(line).collect()
}

/// Files that show one rule each: it is all that is found, in the marked line.
fn assert_each_shows_its_rule(directory: &str, severity: Severity) {
    let mut shown = BTreeSet::new();
    let mut failures = Vec::new();
    for (name, text) in contracts(directory).iter().filter(|(name, _)| name != "many-faults") {
        assert!(text.starts_with("# "), "{name} does not start with what it shows");
        let rule = rule_of(name);
        assert_eq!(rule.severity, severity, "{name} is in the wrong directory");
        let report = check(name, text);
        let found: Vec<_> = report.iter().map(|found| (found.rule, found.position.line)).collect();
        let expected: Vec<_> = marked_lines(text).into_iter().map(|line| (rule.id, line)).collect();
        assert_eq!(expected.len(), 1, "{name} marks one line");
        if found != expected {
            failures.push(format!("{name}: expected {expected:?}\n{report}"));
        }
        shown.insert(rule.id);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    let all: BTreeSet<_> =
        rules().filter(|rule| rule.severity == severity).map(|rule| rule.id).collect();
    let missing: Vec<_> =
        all.difference(&shown).filter(|id| !SHOWN_ELSEWHERE.contains(id)).collect();
    assert!(missing.is_empty(), "no file in {directory} shows {missing:?}");
}

#[test]
fn every_error_has_a_bad_contract() {
    assert_each_shows_its_rule("bad", Severity::Error);
}

#[test]
fn every_warning_has_a_poor_contract() {
    assert_each_shows_its_rule("poor", Severity::Warning);
}

#[test]
fn every_finding_says_what_to_do() {
    for (name, text) in contracts("bad").into_iter().chain(contracts("poor")) {
        for found in check(&name, &text).iter() {
            assert!(!found.help.is_empty(), "{name}: {found}");
            assert!(!found.message.ends_with('.'), "{name}: {found}");
            assert!(!found.help.ends_with('.'), "{name}: {found}");
            assert!(
                !found.message.starts_with(char::is_uppercase)
                    || found.message.starts_with("OpenAPI"),
                "{found}"
            );
        }
    }
}

#[test]
fn many_faults_are_reported_at_once() {
    let text = read("tests/contracts/bad/many-faults.yaml");
    let report = check("many-faults", &text);
    let lines: Vec<_> = report.errors().map(|found| found.position.line).collect();
    assert_eq!(lines, marked_lines(&text), "{report}");
    assert!(lines.len() >= 12);
}

#[test]
fn good_contracts_have_no_errors() {
    for (name, text) in contracts("good") {
        let report = check(&name, &text);
        assert!(!report.has_errors(), "{report}");
        // All but the one that shows that warnings keep nothing from being generated.
        assert_eq!(report.is_empty(), name != "no-examples", "{name}\n{report}");
    }
}

#[test]
fn the_contract_of_the_service_has_no_findings() {
    let report = check("openapi/dbss.yaml", &read("openapi/dbss.yaml"));
    assert!(report.is_empty(), "{report}");
}
