//! Contracts made to exhaust time or memory are rejected quickly, with a diagnostic.

use std::fmt::Write as _;

use crate::support::check;

const MEGABYTE: usize = 1024 * 1024;

/// The rules of the errors.
fn errors(text: &str) -> Vec<&'static str> {
    let mut rules: Vec<_> = check("test", text).errors().map(|found| found.rule).collect();
    rules.dedup();
    rules
}

#[test]
fn loads_many_anchors_quickly() {
    let mut text = String::new();
    for level in 0..20_000 {
        let _ = writeln!(text, "x-{level}: &a{level} 1");
    }
    assert_eq!(errors(&text), ["missing-key"]);
}

#[test]
fn reports_huge_scalars_briefly() {
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
        let report = check("test", &text);
        assert!(report.has_errors());
        assert!(report.to_string().len() < 10_000, "a report does not repeat the text");
    }
}

#[test]
fn rejects_blank_documents_and_control_characters() {
    for text in ["", "\n", "\u{feff}", "# nothing\n", "---\n", "---\n...\n", "~", "\r\r\r"] {
        assert_eq!(errors(text), ["wrong-kind"], "{text:?}");
    }
    assert_eq!(errors(&"\n".repeat(MEGABYTE)), ["wrong-kind"]);
    for text in ["\0", "a: \u{7}", "a: \"\u{7f}\"", "a: \u{fffe}"] {
        assert_eq!(errors(text), ["yaml-syntax"], "{text:?}");
    }
}

#[test]
fn checks_backtracking_patterns_in_linear_time() {
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
fn reports_long_cycles_of_schemas() {
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

#[cfg(unix)]
#[test]
fn rejects_a_file_that_never_ends() {
    let error = dbss_codegen::Contract::read(std::path::Path::new("/dev/zero"), "zero");
    let Err(dbss_codegen::Error::Unreadable { source, .. }) = error else { panic!("{error:?}") };
    assert!(source.to_string().contains("more than 8388608 bytes"), "{source}");
}
