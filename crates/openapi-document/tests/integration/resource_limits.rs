//! Texts made to exhaust time or memory are rejected quickly, with a diagnostic.

use std::fmt::Write as _;

use openapi_document::{Document, LoadOptions};

const MEGABYTE: usize = 1024 * 1024;

/// The rules of the errors. Tolerance never adds an error.
fn errors(text: &str) -> Vec<&'static str> {
    let rules = |options: &LoadOptions| {
        let report = Document::parse("test", text, options).err().unwrap_or_default();
        let mut rules: Vec<_> = report.errors().map(|found| found.rule).collect();
        rules.dedup();
        rules
    };
    let strict = rules(&LoadOptions::strict());
    let tolerant = rules(&LoadOptions::tolerant());
    assert!(tolerant.iter().all(|rule| strict.contains(rule)), "{strict:?}, {tolerant:?}");
    strict
}

#[test]
fn rejects_exponential_aliases() {
    let mut text = format!("x0: &x0 [{}]\n", "1, ".repeat(10));
    for level in 1..40 {
        let _ = writeln!(text, "x{level}: &x{level} [{}]", format!("*x{}, ", level - 1).repeat(10));
    }
    assert_eq!(errors(&text), ["alias-budget"]);
}

#[test]
fn rejects_aliases_that_copy_much_text() {
    let text = format!("x: &x {}\nz: [{}]\n", "a".repeat(100_000), "*x, ".repeat(10_000));
    assert_eq!(errors(&text), ["alias-budget"]);
}

#[test]
fn rejects_aliases_that_nest_too_deep() {
    let mut text = "x0: &x0 [1]\n".to_owned();
    for level in 1..70 {
        let _ = writeln!(text, "x{level}: &x{level} [*x{}]", level - 1);
    }
    assert_eq!(errors(&text), ["nesting-depth"]);
}

#[test]
fn rejects_deep_nesting_of_each_kind() {
    for opening in [
        "[", "{", "[{", "{a: ", "- ", "? ", "- - ", "? - ", ": ", "[? ", "{? ", "[[],", "!!a ",
        "&a ",
    ] {
        let found = errors(&opening.repeat(20_000));
        // Keys that are rejected on the way down are reported as well.
        let last = found.iter().filter(|rule| matches!(**rule, "nesting-depth" | "yaml-syntax"));
        assert_eq!(last.count(), 1, "{opening:?}: {found:?}");
    }
    let mut indented = String::new();
    for level in 0..1_000 {
        let _ = writeln!(indented, "{}a:", " ".repeat(level));
    }
    assert_eq!(errors(&indented), ["nesting-depth"]);
}

#[test]
fn rejects_huge_documents() {
    assert_eq!(errors(&" ".repeat(9 * MEGABYTE)), ["document-too-large"]);
    assert_eq!(errors(&format!("[{}]", "a: b, ".repeat(300_000))), ["document-too-large"]);
    assert_eq!(errors(&"- a\n".repeat(300_000)), ["document-too-large"]);
}
