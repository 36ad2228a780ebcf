//! The form of reports: position, excerpt, order.

use crate::support::check;

#[test]
fn shows_source_line_of_diagnostic() {
    let text = "openapi: 3.0.3\r\ninfo: {title: \u{dc}ber, version: 1.0.0, descr\u{ef}ption: \u{1f980}}\r\n";
    let operation =
        "{operationId: a, summary: a, description: a, responses: {\"204\": {description: a}}}";
    let text = format!("{text}paths: {{/a: {{get: {operation}}}}}\r\n");
    let shown = check("openapi/\u{1b}dbss.yaml", &text).to_string();
    let expected = [
        "openapi/\\u{1b}dbss.yaml:2:37: error[unknown-key]: `descr\u{ef}ption` is not a key of `info`",
        "    2 | info: {title: \u{dc}ber, version: 1.0.0, descr\u{ef}ption: \u{1f980}}",
        "      |                                     ^^^^^^^^^^^",
        "  help: did you mean `description`?",
    ];
    assert_eq!(shown, expected.join("\n"));
}

#[test]
fn sorts_diagnostics_without_duplicates() {
    // Both operations have the wrong parameter of their path.
    let text = "\
openapi: 3.1.0
info: {title: a, version: b}
paths:
  /a:
    parameters:
      - &id {name: id, in: path, required: true, schema: {type: string}}
      - *id
    get: {operationId: a, responses: {'204': {description: a}}}
    put: {operationId: b, responses: {'204': {description: a}}}
";
    let report = check("test", text);
    let found: Vec<_> = report.errors().map(|found| (found.position.line, found.rule)).collect();
    let expected = [
        (1, "openapi-version"),
        (2, "version-not-semver"),
        (6, "duplicate-parameter"),
        (6, "duplicate-parameter"),
        (6, "unused-path-parameter"),
    ];
    assert_eq!(found, expected, "{report}");
    let mut twice = report.clone();
    twice.extend(report.clone());
    assert_eq!(twice, report);
    assert_eq!(report.summary(), format!("5 errors, {} warnings", report.warnings().count()));
}
