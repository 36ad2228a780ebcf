//! Fingerprints: what they depend on, and what they do not.

#![allow(clippy::indexing_slicing, reason = "the documents are built here, and a test may fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;

use serde_json::{Value, json};
use spec_review::render::message;
use spec_review::{DocumentText, Options, Report, compare};

/// The messages of findings that have a fingerprint in common.
pub(crate) fn shared(report: &Report) -> Vec<Vec<String>> {
    let mut known: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for finding in &report.findings {
        known.entry(&finding.fingerprint).or_default().push(message(finding));
    }
    known.into_values().filter(|messages| messages.len() > 1).collect()
}

fn review(base: &Value, head: &Value) -> Result<Report, Box<dyn Error>> {
    let input = |name: &str, value: &Value| DocumentText::new(name, value.to_string());
    Ok(compare(&input("base", base), &input("head", head), &Options::default())?)
}

/// A document with operations, given by their paths, and components.
fn document(operations: &[(&str, Value)], components: &Value) -> Value {
    let paths: serde_json::Map<String, Value> = operations
        .iter()
        .map(|(path, operation)| ((*path).to_owned(), json!({ "post": operation })))
        .collect();
    json!({ "openapi": "3.0.3", "info": { "title": "T", "version": "1" }, "paths": paths, "components": components })
}

fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// An operation whose body is the schema `S`, in some media types.
fn taking(media: &[&str]) -> Value {
    let content: serde_json::Map<String, Value> = media
        .iter()
        .map(|media| ((*media).to_owned(), json!({ "schema": reference("schemas", "S") })))
        .collect();
    json!({ "requestBody": { "content": content }, "responses": { "204": { "description": "" } } })
}

fn limited(limit: u64) -> Value {
    let property = json!({ "type": "string", "maxLength": limit });
    json!({ "schemas": { "S": { "type": "object", "properties": { "p": property } } } })
}

/// The fingerprints of all findings, which must be of one rule.
fn prints(report: &Report, rule: &str) -> Result<Vec<String>, Box<dyn Error>> {
    match report.findings.iter().find(|finding| finding.rule.id != rule) {
        Some(other) => Err(format!("{}: {}", other.rule.id, message(other)).into()),
        None => Ok(report.findings.iter().map(|finding| finding.fingerprint.clone()).collect()),
    }
}

#[test]
fn reports_a_shared_change_once_with_one_fingerprint() -> Result<(), Box<dyn Error>> {
    let mut known = BTreeSet::new();
    for operations in [
        vec![("/a", taking(&["application/json"]))],
        vec![("/a", taking(&["application/json"])), ("/b", taking(&["application/json"]))],
        vec![("/c", taking(&["application/json", "text/json", "application/xml"]))],
        vec![("/a", taking(&["application/x-www-form-urlencoded"])), ("/b", taking(&["a/b+json"]))],
    ] {
        let report =
            review(&document(&operations, &limited(9)), &document(&operations, &limited(5)))?;
        let prints = prints(&report, "max-length")?;
        assert_eq!(prints.len(), 1, "{operations:?}: {:?}", shared(&report));
        assert_eq!(
            report.findings.first().map(|finding| finding.subject.operations.len()),
            Some(operations.len())
        );
        known.extend(prints);
    }
    assert_eq!(known.len(), 1, "the fingerprint depends on whom the change reaches: {known:?}");
    Ok(())
}

#[test]
fn reports_an_added_reference_once_per_operation() -> Result<(), Box<dyn Error>> {
    let parameter =
        json!({ "in": "query", "name": "q", "required": true, "schema": { "type": "string" } });
    let response = json!({ "description": "", "headers": {} });
    let header = json!({ "schema": { "type": "string" } });
    let components = json!({ "parameters": { "Q": parameter }, "responses": { "R": response }, "headers": { "H": header } });
    let plain = || json!({ "responses": { "200": { "description": "" } } });
    let with = |change: fn(&mut Value)| {
        let mut operation = plain();
        change(&mut operation);
        document(&["/a", "/b", "/c"].map(|path| (path, operation.clone())), &components)
    };
    let base = with(|_| {});
    for (rule, back, head) in [
        (
            "parameter-added",
            "parameter-removed",
            with(|operation| operation["parameters"] = json!([reference("parameters", "Q")])),
        ),
        (
            "status-added",
            "status-removed",
            with(|operation| operation["responses"]["500"] = reference("responses", "R")),
        ),
        (
            "response-header-added",
            "response-header-removed",
            with(|operation| {
                operation["responses"]["200"]["headers"] =
                    json!({ "H": reference("headers", "H") });
            }),
        ),
    ] {
        for (rule, base, head) in [(rule, &base, &head), (back, &head, &base)] {
            let prints = prints(&review(base, head)?, rule)?;
            assert_eq!(prints.len(), 3, "{rule}");
            assert_eq!(prints.iter().collect::<BTreeSet<_>>().len(), 3, "{rule}: {prints:?}");
        }
    }
    Ok(())
}

#[test]
fn reports_a_path_item_parameter_once_for_all_its_operations() -> Result<(), Box<dyn Error>> {
    let operation = json!({ "responses": { "204": { "description": "" } } });
    let item = |parameters: Value| {
        let item = json!({ "get": operation, "post": operation, "put": operation, "parameters": parameters });
        json!({ "openapi": "3.0.3", "info": { "title": "T", "version": "1" }, "paths": { "/a": item } })
    };
    let parameter = json!({ "in": "query", "name": "q", "schema": { "type": "string" } });
    let (base, head) = (item(json!([])), item(json!([parameter])));
    for (rule, base, head) in
        [("parameter-added", &base, &head), ("parameter-removed", &head, &base)]
    {
        let report = review(base, head)?;
        assert_eq!(prints(&report, rule)?.len(), 1);
        let operations =
            report.findings.first().map(|finding| finding.subject.operations.as_slice());
        assert_eq!(operations, Some(&["GET /a", "POST /a", "PUT /a"].map(str::to_owned)[..]));
    }
    Ok(())
}

#[test]
fn reports_a_change_of_an_all_of_member_once() -> Result<(), Box<dyn Error>> {
    let body = |name: &str| {
        let content = json!({ "application/json": { "schema": reference("schemas", name) } });
        json!({ "requestBody": { "content": content }, "responses": { "204": { "description": "" } } })
    };
    let operations = [("/a", body("Part")), ("/b", body("Whole")), ("/c", body("Other"))];
    let components = |part: &Value| {
        let more = |name: &str| {
            json!({ "allOf": [
            reference("schemas", "Part"),
            { "type": "object", "properties": { name: { "type": "string" } } },
        ] })
        };
        json!({ "schemas": { "Part": part, "Whole": more("w"), "Other": more("o") } })
    };
    let plain = json!({ "type": "object", "properties": { "p": { "type": "string" } } });
    for (rule, path, value) in [
        ("property-added", "/properties/q", json!({ "type": "integer" })),
        ("required", "/required", json!(["p"])),
        ("min-properties", "/minProperties", json!(1)),
        ("additional-properties", "/additionalProperties", json!(false)),
        ("max-length", "/properties/p/maxLength", json!(5)),
    ] {
        let step = json!([{ "op": "add", "path": path, "value": value }]);
        let edited = crate::patch::apply(&plain, &step)?;
        let document = |part| document(&operations, &components(part));
        let (base, head) = (document(&plain), document(&edited));
        let report = review(&base, &head)?;
        let told: Vec<_> =
            report.findings.iter().filter(|finding| finding.rule.id == rule).collect();
        let [finding] = told.as_slice() else { return Err(format!("{rule}: {told:#?}").into()) };
        assert_eq!(finding.subject.operations, ["POST /a", "POST /b", "POST /c"], "{rule}");
    }
    Ok(())
}

#[test]
fn reports_retargeted_references_separately() -> Result<(), Box<dyn Error>> {
    let body = |name: &str| {
        let content = json!({ "application/json": { "schema": reference("schemas", name) } });
        json!({ "requestBody": { "content": content }, "responses": { "204": { "description": "" } } })
    };
    let old = json!({ "type": "object" });
    let new =
        json!({ "type": "object", "properties": { "p": { "type": "string" } }, "required": ["p"] });
    let components = json!({ "schemas": { "A": old, "B": old, "C": old, "New": new } });
    let base = [("/a", body("A")), ("/b", body("B")), ("/c", body("C"))];
    let head = ["/a", "/b", "/c"].map(|path| (path, body("New")));
    let report = review(&document(&base, &components), &document(&head, &components))?;
    assert_eq!(prints(&report, "property-added")?.len(), 3);
    assert!(shared(&report).is_empty());
    Ok(())
}

#[test]
fn reports_a_shared_response_or_security_scheme_once() -> Result<(), Box<dyn Error>> {
    let operation = |statuses: &[&str], security: Value| {
        let responses: serde_json::Map<String, Value> = statuses
            .iter()
            .map(|status| ((*status).to_owned(), reference("responses", "R")))
            .collect();
        json!({ "responses": responses, "security": security })
    };
    let operations = [
        ("/a", operation(&["200", "201"], json!([{ "key": [] }]))),
        ("/b", operation(&["202"], json!([{ "key": [], "other": [] }]))),
    ];
    let components = |header: &str, media: &[&str]| {
        let content: serde_json::Map<String, Value> =
            media.iter().map(|media| ((*media).to_owned(), json!({}))).collect();
        json!({
            "responses": { "R": { "description": "", "content": content } },
            "securitySchemes": {
                "key": { "type": "apiKey", "in": "header", "name": header },
                "other": { "type": "http", "scheme": "basic" },
            },
        })
    };
    let base = document(&operations, &components("X-A", &["text/plain", "text/csv"]));
    let head = document(&operations, &components("X-B", &["text/plain"]));
    let report = review(&base, &head)?;
    let mut messages: Vec<String> = report.findings.iter().map(message).collect();
    messages.sort();
    assert_eq!(
        messages,
        [
            "R: the media type `text/csv` was removed from the responses `200`, `201`, `202`",
            "key: calls that present apiKey in header `x-a` are now refused; required is apiKey in header `x-b`",
        ]
    );
    for finding in &report.findings {
        assert_eq!(finding.subject.operations, ["POST /a", "POST /b"]);
    }
    Ok(())
}

#[test]
fn distinguishes_changes_of_the_same_place() -> Result<(), Box<dyn Error>> {
    let mut known = BTreeSet::new();
    for (base, head) in [(9, 5), (9, 6), (8, 5), (5, 9)] {
        let operations = [("/a", taking(&["application/json"]))];
        let report =
            review(&document(&operations, &limited(base)), &document(&operations, &limited(head)))?;
        known.extend(prints(&report, "max-length")?);
    }
    assert_eq!(known.len(), 4);
    Ok(())
}

/// Approvals hold fingerprints of earlier releases, so a changed value would void them.
#[test]
fn keeps_published_fingerprints() -> Result<(), Box<dyn Error>> {
    let operations = [("/a", taking(&["application/json"]))];
    let report = review(&document(&operations, &limited(9)), &document(&operations, &limited(5)))?;
    assert_eq!(prints(&report, "max-length")?, ["7eecf77fd3fc882c"]);
    let report = review(&document(&operations, &limited(9)), &document(&[], &limited(9)))?;
    assert_eq!(prints(&report, "operation-removed")?, ["15ee7d9c19bdcb87"]);
    Ok(())
}

/// Fingerprints must not depend on the wording of messages, so no module but the renderers may use
/// the renderers.
#[test]
fn rejects_imports_of_renderers_outside_of_render() -> Result<(), Box<dyn Error>> {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut seen = 0;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.extend((!path.ends_with("src/render")).then_some(path));
                continue;
            }
            if path.ends_with("src/render.rs") {
                continue;
            }
            seen += 1;
            let text = std::fs::read_to_string(&path)?;
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let reaching: Vec<&str> = code.filter(|line| line.contains("render::")).collect();
            assert!(reaching.is_empty(), "{}: {reaching:?}", path.display());
        }
    }
    assert!(seen > 40, "{seen} files");
    Ok(())
}

/// The test cases of other tools, in the folder that `SPEC_REVIEW_CASES` names.
#[test]
fn gives_unique_fingerprints_on_pairs_of_other_tools() -> Result<(), Box<dyn Error>> {
    let Some(folder) = std::env::var_os("SPEC_REVIEW_CASES").map(std::path::PathBuf::from) else {
        eprintln!("left out without SPEC_REVIEW_CASES: the pairs of other tools");
        return Ok(());
    };
    for list in ["cases.json", "drift-cases.json"] {
        let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(folder.join(list))?)?;
        for case in &cases {
            let read = |key: &str| -> Result<DocumentText, Box<dyn Error>> {
                let path = case.get(key).and_then(Value::as_str).ok_or("a case without files")?;
                Ok(DocumentText::new(path, std::fs::read_to_string(folder.join(path))?))
            };
            let (base, head) = (read("base")?, read("revision")?);
            for (base, head) in [(&base, &head), (&head, &base)] {
                let shared = shared(&compare(base, head, &Options::default())?);
                assert!(shared.is_empty(), "{} to {}: {shared:#?}", base.name, head.name);
            }
        }
    }
    Ok(())
}
