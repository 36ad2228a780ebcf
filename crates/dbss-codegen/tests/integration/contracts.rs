//! Checks the rules with contracts: `tests/contracts/bad` has at least one for each error,
//! `tests/contracts/poor` one for each warning, `tests/contracts/good` has contracts without
//! errors, and `tests/contracts/odd` such that are hard on a generator.
//!
//! A file is named after its rule, with a suffix if there are several. `# <-- here` marks the line
//! that has to be reported, `# <-- below` the line before it.

use std::collections::BTreeSet;

use crate::support::{check, contracts, read};
use dbss_codegen::Contract;
use dbss_codegen::lint::rules;
use openapi_document::{Rule, Severity};

/// Rules without a file.
const TESTED_ELSEWHERE: [&str; 1] = [
    // Eight megabytes of test data; see `resource_limits.rs`.
    "document-too-large",
];

/// The rule that a file is named after.
fn rule_of(name: &str) -> &'static Rule {
    let is_it = |rule: &&Rule| {
        name.strip_prefix(rule.id).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let longest = rules().filter(is_it).max_by_key(|rule| rule.id.len());
    longest.unwrap_or_else(|| panic!("{name} is not named after a rule"))
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

/// Checks that each file triggers the rule it is named after in the marked line, and no other rule.
fn assert_each_file_triggers_its_rule(directory: &str, severity: Severity) {
    let mut tested = BTreeSet::new();
    let mut failures = Vec::new();
    for (name, text) in contracts(directory).iter().filter(|(name, _)| name != "many-errors") {
        assert!(
            text.starts_with("# "),
            "{name} does not start with a comment that says what it shows"
        );
        let rule = rule_of(name);
        assert_eq!(rule.severity, severity, "{name} is in the wrong directory");
        let report = check(name, text);
        let found: Vec<_> = report.iter().map(|found| (found.rule, found.position.line)).collect();
        let expected: Vec<_> = marked_lines(text).into_iter().map(|line| (rule.id, line)).collect();
        assert_eq!(expected.len(), 1, "{name} marks one line");
        if found != expected {
            failures.push(format!("{name}: expected {expected:?}\n{report}"));
        }
        tested.insert(rule.id);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    let all: BTreeSet<_> =
        rules().filter(|rule| rule.severity == severity).map(|rule| rule.id).collect();
    let missing: Vec<_> =
        all.difference(&tested).filter(|id| !TESTED_ELSEWHERE.contains(id)).collect();
    assert!(missing.is_empty(), "no file in {directory} triggers {missing:?}");
}

#[test]
fn reports_each_error_for_its_bad_contract() {
    assert_each_file_triggers_its_rule("bad", Severity::Error);
}

#[test]
fn reports_each_warning_for_its_poor_contract() {
    assert_each_file_triggers_its_rule("poor", Severity::Warning);
}

#[test]
fn gives_help_with_each_diagnostic() {
    for (name, text) in contracts("bad").into_iter().chain(contracts("poor")) {
        for found in &check(&name, &text) {
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
fn reports_all_errors_at_once() {
    let text = read("tests/contracts/bad/many-errors.yaml");
    let report = check("many-errors", &text);
    let lines: Vec<_> = report.errors().map(|found| found.position.line).collect();
    assert_eq!(lines, marked_lines(&text), "{report}");
    assert!(lines.len() >= 12);
}

#[test]
fn accepts_good_contracts() {
    for (name, text) in contracts("good") {
        let report = check(&name, &text);
        assert!(!report.has_errors(), "{report}");
        // All but the one that shows that warnings do not prevent generating.
        assert_eq!(report.is_empty(), name != "no-examples", "{name}\n{report}");
    }
}

#[test]
fn generates_odd_contracts() {
    for (name, text) in contracts("odd") {
        let contract = Contract::parse(name, text).unwrap_or_else(|report| panic!("{report}"));
        contract.generate().unwrap_or_else(|report| panic!("{report}"));
        contract.generate_mocks().unwrap_or_else(|report| panic!("{report}"));
    }
}

#[test]
fn accepts_service_contract_without_warnings() {
    let report = check("openapi/dbss.yaml", &read("openapi/dbss.yaml"));
    assert!(report.is_empty(), "{report}");
}

#[test]
fn leaves_limits_out_of_types_that_responses_have() {
    let contract = Contract::parse("kitchen-sink", read("tests/contracts/good/kitchen-sink.yaml"));
    let contract = contract.unwrap_or_else(|report| panic!("{report}"));
    let files = contract.generate().unwrap_or_else(|report| panic!("{report}"));
    let text = |name: &str| files.iter().find(|file| file.name == name).map(|file| &*file.text);
    let (raw, checks) = (text("raw.rs").unwrap_or_default(), text("checks.rs").unwrap_or_default());
    for limit in ["shorter than", "longer than", "regress"] {
        assert!(!raw.contains(limit), "{limit}");
    }
    // The checks of what is sent have them.
    for limit in ["max: crate::Some(", "TextPattern::new("] {
        assert!(checks.contains(limit), "{limit}");
    }
}
