//! Recursive schemas of every form, compared in bounded time.

use std::error::Error;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spec_review::render::{Colour, json as json_report, markdown, text};
use spec_review::{DocumentText, Level, Options, WireVerdict, compare};

use crate::codegen::with_rust;

/// Far more than it takes: what this finds is work that does not end.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// What no report of these pairs comes near.
const SIZE_LIMIT: usize = 256 * 1024;

/// Schemas that contain each other by alternatives: these are compared, but nothing is generated
/// from them.
const ALTERNATIVES: &str = r##"
openapi: 3.0.3
info: {title: Alternatives, version: 1.0.0}
paths:
  /find:
    post:
      operationId: Find
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Term"}}}}
      responses:
        "200": {description: Found, content: {application/json: {schema: {$ref: "#/components/schemas/Value"}}}}
components:
  schemas:
    Term:
      oneOf:
        - {$ref: "#/components/schemas/And"}
        - {$ref: "#/components/schemas/Or"}
        - {$ref: "#/components/schemas/Not"}
        - {$ref: "#/components/schemas/Value"}
    And:
      type: object
      required: [and]
      properties:
        and: {type: array, minItems: 2, items: {$ref: "#/components/schemas/Term"}}
        also: {$ref: "#/components/schemas/Term"}
    Or:
      type: object
      required: [or]
      properties:
        or: {type: array, uniqueItems: true, minItems: 2, items: {$ref: "#/components/schemas/Term"}}
        also: {$ref: "#/components/schemas/Or"}
    Not:
      type: object
      required: [not]
      properties:
        not: {$ref: "#/components/schemas/Term"}
    Value:
      anyOf:
        - {type: string}
        - {type: array, items: {$ref: "#/components/schemas/Value"}}
        - {type: object, additionalProperties: {$ref: "#/components/schemas/Value"}}
        - {type: object, required: [term], properties: {term: {allOf: [{$ref: "#/components/schemas/Term"}, {type: object}]}}}
"##;

/// Compares a document with itself after some replacements, each of which has to be found.
fn assert_bounded(
    base: &str,
    edits: &[(&str, &str)],
    options: &Options,
) -> Result<(), Box<dyn Error>> {
    let mut head = base.to_owned();
    for (from, to) in edits {
        assert!(head.contains(from), "{from}");
        head = head.replace(from, to);
    }
    let started = Instant::now();
    let report =
        compare(&DocumentText::new("base", base), &DocumentText::new("head", head), options)?;
    let rendered =
        [text(&report, Colour::Never), markdown(&report), json_report(&report).to_string()];
    assert!(started.elapsed() < TIME_LIMIT, "it took {:?}", started.elapsed());
    for rendered in rendered {
        assert!(rendered.len() < SIZE_LIMIT, "{} bytes", rendered.len());
    }
    assert_eq!(report.verdict.wire, WireVerdict::Breaking);
    let breaks = report.findings.iter().filter(|finding| finding.level == Level::Breaking).count();
    assert!(
        breaks >= edits.len(),
        "{breaks} breaks for {} edits: {}",
        edits.len(),
        text(&report, Colour::Never)
    );
    Ok(())
}

#[test]
fn compares_recursive_schemas_in_bounded_time() -> Result<(), Box<dyn Error>> {
    let base = std::fs::read_to_string("../../tests/contracts/odd/recursive.yaml")?;
    let edits = [
        ("        text: {type: string}", "        text: {type: integer}"),
        ("        value: {type: string}", "        value: {type: boolean}"),
        ("        name: {type: string}", "        name: {type: string, minLength: 2}"),
        ("properties: {end: {type: string}}", "properties: {end: {type: number}}"),
    ];
    assert_bounded(&base, &edits, &with_rust())
}

#[test]
fn compares_recursive_alternatives_in_bounded_time() -> Result<(), Box<dyn Error>> {
    let edits = [
        ("        - {type: string}", "        - {type: integer}"),
        ("minItems: 2", "minItems: 3"),
        ("required: [not]", "required: [not, why]"),
    ];
    assert_bounded(ALTERNATIVES, &edits, &Options::default())
}

/// Kinds of nodes, each with two of the next kind, one of it, or none.
fn nodes(count: usize, leaf: &Value) -> String {
    let mut schemas = serde_json::Map::new();
    for index in 0..count {
        let next = json!({ "$ref": format!("#/components/schemas/Node{}", (index + 1) % count) });
        let of = |required: Value, properties: Value| json!({ "type": "object", "required": required, "properties": properties });
        let alternatives = [
            of(json!(["left", "right"]), json!({ "left": next, "right": next })),
            of(json!(["only"]), json!({ "only": next })),
            of(json!(["leaf"]), json!({ "leaf": leaf })),
        ];
        schemas.insert(format!("Node{index}"), json!({ "oneOf": alternatives }));
    }
    let body =
        json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Node0" } } });
    let operation = json!({
        "requestBody": { "required": true, "content": body },
        "responses": { "200": { "description": "Found", "content": body } },
    });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Nodes", "version": "1.0.0" },
        "paths": { "/nodes": { "post": operation } },
        "components": { "schemas": schemas },
    })
    .to_string()
}

#[test]
fn proves_changes_of_recursive_alternatives_by_small_payloads() -> Result<(), Box<dyn Error>> {
    let [any, short] = [json!({ "type": "string" }), json!({ "type": "string", "maxLength": 1 })];
    let base = DocumentText::new("base", nodes(8, &any));
    let head = DocumentText::new("head", nodes(8, &short));
    let report = compare(&base, &head, &Options::default())?;
    let mut proofs = 0;
    for witness in report.findings.iter().filter_map(|finding| finding.witness.as_ref()) {
        let payload = witness.payload.to_string();
        // Seven levels on the way to the last kind of nodes, with a small node beside each.
        assert!(payload.len() < 400, "{payload}");
        proofs += 1;
    }
    assert!(proofs >= 8, "{proofs}");
    Ok(())
}
