//! Properties that hold for any two documents.

#![allow(clippy::indexing_slicing, reason = "the documents are built here, and a test may fail")]

mod mirror;
mod random;
mod sampling;

use std::collections::BTreeSet;

use fastrand::Rng;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use spec_review::render::{Colour, annotations, json as render_json, markdown, message, text};
use spec_review::{
    AcceptedBy, Axis, Direction, DocumentText, Finding, Level, Options, WireVerdict, compare,
};

use random::{config, damaged, document, edited, input, options, schema};
use sampling::Body;

use crate::proofs::unproven;

proptest! {
    #![proptest_config(config("random documents", 192, 24))]

    #[test]
    fn reports_nothing_for_equal_documents(schemas in prop::collection::vec(schema(), 4)) {
        let document = document(&schemas);
        let report = compare(&input("a", &document), &input("b", &document), &options());
        prop_assert!(report.is_ok_and(|report| report.is_empty()));
    }

    #[test]
    fn gives_only_witnesses_that_a_validator_confirms(old in prop::collection::vec(schema(), 4), new in prop::collection::vec(schema(), 4)) {
        let report = compare(&input("a", &document(&old)), &input("b", &document(&new)), &options());
        let Ok(report) = report else { return Err(TestCaseError::fail("refused")) };
        for finding in &report.findings {
            let Some(witness) = &finding.witness else { continue };
            let expected = match witness.direction {
                Direction::Request => AcceptedBy::Base,
                Direction::Response => AcceptedBy::Head,
            };
            prop_assert_eq!(witness.accepted_by, expected);
            prop_assert_eq!(finding.level, Level::Breaking);
        }
        let unproven = unproven(&report);
        prop_assert!(unproven.is_empty(), "{:#?}", unproven);
        // Any report can be rendered.
        prop_assert!(markdown(&report).chars().count() < 65_536);
        let escapes = text(&report, Colour::Never).chars().any(|c| c == '\u{1b}');
        prop_assert!(!escapes);
        prop_assert!(annotations(&report).lines().all(|line| line.starts_with("::")));
        prop_assert!(render_json(&report).is_object());
    }

    #[test]
    fn ignores_wrapping_and_naming(schemas in prop::collection::vec(schema(), 4)) {
        let plain = document(&schemas);
        let mut wrapped = plain.clone();
        wrapped["components"]["schemas"]["D"] = schemas.first().cloned().unwrap_or_default();
        wrapped["paths"]["/in"]["post"]["requestBody"]["content"]["application/json"]["schema"] =
            json!({ "allOf": [{ "$ref": "#/components/schemas/D" }] });
        let report = compare(&input("a", &plain), &input("b", &wrapped), &options());
        let Ok(report) = report else { return Err(TestCaseError::fail("refused")) };
        let resolved = report.on_axis(Axis::Wire).filter(|finding| finding.rule.id != "unresolved");
        let wire: Vec<_> = resolved.map(message).collect();
        prop_assert!(wire.is_empty(), "{:?}", wire);
    }

    /// Payloads that were valid stay valid where the report says compatible: samples of base
    /// requests are checked against the head document, and samples of head responses against the
    /// base document.
    #[test]
    fn finds_no_refused_payload_where_it_reports_compatible((old, new, mut rng) in edited()) {
        let (base, head) = (document(&old), document(&new));
        let Ok(report) = compare(&input("a", &base), &input("b", &head), &options()) else { return Err(TestCaseError::fail("refused")) };
        let [old_request, new_request] = Body::requests([&base, &head]);
        let [old_response, new_response] = Body::responses([&base, &head]);
        for (operation, writer, reader) in [
            ("POST /in", old_request, new_request),
            ("GET /out", new_response, old_response),
        ] {
            let breaks = |finding: &&Finding| finding.level.is_break() && finding.subject.operations.iter().any(|name| name == operation);
            if report.on_axis(Axis::Wire).find(breaks).is_some() {
                continue;
            }
            let (Some(accepted), Some(needed)) = (writer.validators(), reader.validators()) else { continue };
            for _ in 0..24 {
                let payload = writer.sample(&mut rng);
                if accepted(&payload) == Some(true) && writer.declares_all_properties(&payload) {
                    prop_assert!(needed(&payload) != Some(false), "{operation}: {payload} is refused\n{base}\n{head}\n{:?}", report.findings);
                }
            }
        }
    }

    /// What was added there is removed back, at the same places.
    #[test]
    fn reports_the_mirror_image_of_the_other_direction((old, new, _) in edited()) {
        let (base, head) = (document(&old), document(&new));
        let there = compare(&input("a", &base), &input("b", &head), &options());
        let back = compare(&input("b", &head), &input("a", &base), &options());
        let (Ok(there), Ok(back)) = (there, back) else { return Err(TestCaseError::fail("refused")) };
        let (there, back) = (mirror::places(&there, false), mirror::places(&back, true));
        prop_assert!(there == back, "{there:#?}\n{back:#?}\n{base}\n{head}");
    }

    /// Fingerprints are unique, and another operation that uses the same schemas neither changes
    /// nor adds one.
    #[test]
    fn keeps_fingerprints_when_operations_are_added((old, new, _) in edited()) {
        let prints = |more: &[&str]| {
            let [base, head] = [&old, &new].map(|schemas| {
                let mut document = document(schemas);
                let body = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/A" } } });
                document["paths"]["/in"]["post"]["requestBody"]["content"] = body;
                for path in more {
                    document["paths"][path] = document["paths"]["/in"].clone();
                    document["paths"][path]["post"]["parameters"] = json!([]);
                }
                document
            });
            let report = compare(&input("a", &base), &input("b", &head), &options()).ok()?;
            let of_schemas = report.findings.iter().filter(|finding| finding.rule.id != "unresolved");
            let prints: Vec<String> = of_schemas.map(|finding| finding.fingerprint.clone()).collect();
            Some((prints.iter().cloned().collect::<BTreeSet<_>>(), prints.len()))
        };
        let (Some((few, count)), Some((many, _))) = (prints(&[]), prints(&["/more", "/most"])) else {
            return Err(TestCaseError::fail("refused"));
        };
        prop_assert_eq!(few.len(), count);
        prop_assert_eq!(few, many);
    }

    /// The comparison ends on any text.
    #[test]
    fn compares_damaged_documents(seed in any::<u64>()) {
        let mut rng = Rng::with_seed(seed);
        // Read when it runs: a changed contract is no reason to build this again.
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/dbss.yaml");
        let text = &*std::fs::read_to_string(path)?;
        let damaged = damaged(text, &mut rng);
        for (old, new) in [(text, damaged.as_str()), (damaged.as_str(), text)] {
            if let Ok(report) = compare(&DocumentText::new("old", old), &DocumentText::new("new", new), &options()) {
                prop_assert!(markdown(&report).chars().count() < 65_536);
            }
        }
        if let Ok(report) = compare(&DocumentText::new("a", &damaged), &DocumentText::new("b", &damaged), &Options::default()) {
            prop_assert!(report.is_empty());
        }
    }
}

#[test]
fn ends_on_recursive_and_entangled_schemas() {
    let mut schemas = Map::new();
    for index in 0..40 {
        let branches: Vec<Value> = (0..40)
            .map(|other| json!({ "$ref": format!("#/components/schemas/S{other}") }))
            .collect();
        let mut schema = json!({ "type": "object", "properties": { "next": { "oneOf": branches }, "self": { "allOf": branches } } });
        schema["properties"][format!("p{index}")] = json!({ "type": "string" });
        schemas.insert(format!("S{index}"), schema);
    }
    schemas.insert("Chain".to_owned(), json!({ "$ref": "#/components/schemas/Chain" }));
    schemas.insert("Own".to_owned(), json!({ "allOf": [{ "$ref": "#/components/schemas/Own" }], "anyOf": [{ "$ref": "#/components/schemas/Own" }, { "type": "string" }] }));
    let build = |limit: u64| {
        let mut schemas = schemas.clone();
        schemas.insert("Leaf".to_owned(), json!({ "type": "string", "maxLength": limit }));
        let mut entry = schemas.get("S0").cloned().unwrap_or_default();
        entry["properties"]["leaf"] = json!({ "$ref": "#/components/schemas/Leaf" });
        entry["properties"]["own"] = json!({ "$ref": "#/components/schemas/Own" });
        entry["properties"]["chain"] = json!({ "$ref": "#/components/schemas/Chain" });
        schemas.insert("S0".to_owned(), entry);
        json!({
            "openapi": "3.0.0", "info": { "title": "T", "version": "1.0.0" },
            "paths": { "/": { "post": {
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/S0" } } } },
                "responses": { "200": { "description": "" } }
            } } },
            "components": { "schemas": schemas }
        })
    };
    let started = std::time::Instant::now();
    let report = compare(&input("a", &build(9)), &input("b", &build(5)), &options());
    assert!(report.is_ok_and(|report| report.verdict.wire == WireVerdict::Breaking));
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
