//! Texts that are made to take for ever or to eat all memory end at once, with a finding.

mod common;

use std::fmt::Write as _;

use common::check;

const MEGABYTE: usize = 1024 * 1024;

/// The rules of the errors.
fn errors(text: &str) -> Vec<&'static str> {
    let mut rules: Vec<_> = check("bomb", text).errors().map(|found| found.rule).collect();
    rules.dedup();
    rules
}

#[test]
fn aliases_of_aliases() {
    let mut text = format!("x0: &x0 [{}]\n", "1, ".repeat(10));
    for level in 1..40 {
        let _ = writeln!(text, "x{level}: &x{level} [{}]", format!("*x{}, ", level - 1).repeat(10));
    }
    assert_eq!(errors(&text), ["alias-budget"]);
}

#[test]
fn aliases_of_long_texts() {
    let text = format!("x: &x {}\nz: [{}]\n", "a".repeat(100_000), "*x, ".repeat(10_000));
    assert_eq!(errors(&text), ["alias-budget"]);
}

#[test]
fn aliases_that_deepen() {
    let mut text = "x0: &x0 [1]\n".to_owned();
    for level in 1..70 {
        let _ = writeln!(text, "x{level}: &x{level} [*x{}]", level - 1);
    }
    assert_eq!(errors(&text), ["nesting-depth"]);
}

#[test]
fn many_anchors() {
    let mut text = String::new();
    for level in 0..20_000 {
        let _ = writeln!(text, "x-{level}: &a{level} 1");
    }
    assert_eq!(errors(&text), ["missing-key"]);
}

#[test]
fn deep_nesting_of_each_kind() {
    for opening in [
        "[", "{", "[{", "{a: ", "- ", "? ", "- - ", "? - ", ": ", "[? ", "{? ", "[[],", "!!a ",
        "&a ",
    ] {
        let found = errors(&opening.repeat(20_000));
        // Keys that are refused on the way down are found as well.
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
fn huge_scalars() {
    let long = "a".repeat(5 * MEGABYTE);
    for text in [
        long.clone(),
        format!("\"{long}\""),
        format!("openapi: {long}\n"),
        format!("{long}: 1\n"),
        format!("x: |\n  {long}\n"),
        format!("# {long}\nx: 1\n"),
        format!(
            "openapi: 3.0.3\ninfo: {{title: '{long}', version: '{long}'}}\npaths: {{/{long}: {{get: {{operationId: '{long}'}}}}}}"
        ),
    ] {
        let report = check("bomb", &text);
        assert!(report.has_errors());
        assert!(report.to_string().len() < 10_000, "a report does not repeat the text");
    }
}

#[test]
fn huge_documents() {
    assert_eq!(errors(&" ".repeat(9 * MEGABYTE)), ["document-too-large"]);
    assert_eq!(errors(&format!("[{}]", "a: b, ".repeat(300_000))), ["document-too-large"]);
    assert_eq!(errors(&"- a\n".repeat(300_000)), ["document-too-large"]);
}

#[test]
fn blank_documents() {
    for text in ["", "\n", "\u{feff}", "# nothing\n", "---\n", "---\n...\n", "~", "\r\r\r"] {
        assert_eq!(errors(text), ["wrong-kind"], "{text:?}");
    }
    assert_eq!(errors(&"\n".repeat(MEGABYTE)), ["wrong-kind"]);
    for text in ["\0", "a: \u{7}", "a: \"\u{7f}\"", "a: \u{fffe}"] {
        assert_eq!(errors(text), ["yaml-syntax"], "{text:?}");
    }
}

#[test]
fn patterns_that_explode() {
    let text = format!(
        "\
openapi: 3.0.3
info: {{title: a, version: 1.0.0}}
paths: {{}}
components:
  schemas:
    A:
      type: string
      pattern: '^(a+)+b$'
      example: {}
",
        "a".repeat(10_000)
    );
    assert_eq!(errors(&text), ["value-mismatch"]);
}

#[test]
fn long_chains_of_schemas() {
    let mut text =
        "openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\npaths: {}\ncomponents:\n  schemas:\n"
            .to_owned();
    let count = 5_000;
    for index in 0..count {
        let next = (index + 1) % count;
        let _ = writeln!(
            text,
            "    A{index}: {{type: object, required: [a], properties: {{a: {{$ref: \"#/components/schemas/A{next}\"}}}}}}",
        );
    }
    assert_eq!(errors(&text), ["infinite-type"]);
}
