//! Contracts that could exhaust time or memory are rejected quickly, with a diagnostic, or generated
//! from in bounds.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::support::{check, read};
use dbss_codegen::Contract;

const MEGABYTE: usize = 1024 * 1024;

/// The rules of the errors.
fn errors(text: &str) -> Vec<&'static str> {
    let mut rules: Vec<_> = check("test", text).errors().map(|found| found.rule).collect();
    rules.dedup();
    rules
}

/// An operation, so that there is one.
const PATHS: &str = "{/a: {get: {operationId: a, responses: {\"204\": {description: a}}}}}";

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
paths: {PATHS}
components:
  schemas:
    A:
      type: string
      pattern: '^(a+)+b$'
      example: {example}
",
        example = "a".repeat(10_000)
    );
    assert_eq!(errors(&text), ["value-mismatch"]);
}

#[test]
fn reports_long_cycles_of_schemas() {
    let mut text = format!(
        "openapi: 3.0.3\ninfo: {{title: a, version: 1.0.0}}\npaths: {PATHS}\ncomponents:\n  schemas:\n"
    );
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
    let error = Contract::read("/dev/zero", "zero");
    let Err(dbss_codegen::Error::Unreadable { source, .. }) = error else { panic!("{error:?}") };
    assert!(source.to_string().contains("more than 8388608 bytes"), "{source}");
}

/// Far more than it takes: what this finds is work that grows with the number of ways through a
/// schema, and does not end.
const TIME_LIMIT: Duration = Duration::from_secs(20);

#[test]
fn generates_bounded_code_from_recursive_schemas() {
    let text = read("tests/contracts/odd/recursive.yaml");
    let started = Instant::now();
    let contract = Contract::parse("recursive", text).unwrap_or_else(|report| panic!("{report}"));
    let files = contract.generate().unwrap_or_else(|report| panic!("{report}"));
    assert!(started.elapsed() < TIME_LIMIT, "it took {:?}", started.elapsed());
    for file in files.iter().filter(|file| file.name != "raw.rs") {
        assert!(file.text.len() < 256 * 1024, "{} has {} bytes", file.name, file.text.len());
    }
}

#[test]
fn makes_no_example_where_the_smallest_is_huge() {
    // Every level requires two of the next, or a thousand.
    let mut text = "\
openapi: 3.0.3
info: {title: a, version: 1.0.0}
paths:
  /a:
    get:
      operationId: GetThing
      responses:
        '200': {description: a, content: {application/json: {schema: {$ref: \"#/components/schemas/A0\"}}}}
        '400': {description: a, content: {application/json: {schema: {$ref: \"#/components/schemas/B0\"}}}}
components:
  schemas:
    A31: {type: object, properties: {a: {type: string}}}
    B7: {type: object, properties: {a: {type: string}}}
"
    .to_owned();
    for level in 0..31 {
        let next = format!("{{$ref: \"#/components/schemas/A{}\"}}", level + 1);
        let _ = writeln!(
            text,
            "    A{level}: {{type: object, required: [a, b], properties: {{a: {{type: array, minItems: 1, items: {next}}}, b: {{type: array, minItems: 1, items: {next}}}}}}}"
        );
    }
    for level in 0..7 {
        let next = format!("{{$ref: \"#/components/schemas/B{}\"}}", level + 1);
        let _ = writeln!(
            text,
            "    B{level}: {{type: object, required: [a], properties: {{a: {{type: array, minItems: 1000, items: {next}}}}}}}"
        );
    }
    let started = Instant::now();
    let contract = Contract::parse("huge", text).unwrap_or_else(|report| panic!("{report}"));
    let files = contract.generate().unwrap_or_else(|report| panic!("{report}"));
    assert!(started.elapsed() < TIME_LIMIT, "it took {:?}", started.elapsed());
    let largest = files.iter().map(|file| file.text.len()).max();
    assert!(largest < Some(512 * 1024), "{largest:?} bytes");
}
