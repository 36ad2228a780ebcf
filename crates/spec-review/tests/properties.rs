//! What holds for any two documents.

#![allow(clippy::indexing_slicing, reason = "the documents are built here, and a test may fail")]

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use spec_review::render::{Colour, annotations, json as render_json, markdown, text};
use spec_review::{AcceptedBy, Axis, Input, Level, Options, WireVerdict, WitnessKind, compare};

/// Schemas of all kinds, some of which make no sense.
fn schema() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec!["A", "B", "C"]);
    let count = 0_u64..4;
    let leaf = prop_oneof![
        Just(json!({})),
        name.prop_map(|name| json!({ "$ref": format!("#/components/schemas/{name}") })),
        (count.clone(), count.clone()).prop_map(|(low, more)| json!({ "type": "string", "minLength": low, "maxLength": low + more })),
        prop::sample::select(vec!["^[a-c]+$", "^a", "b$", "^[a-z]{1,3}$", "(", "^(?=a)"]).prop_map(|pattern| json!({ "type": "string", "pattern": pattern })),
        prop::sample::select(vec!["date", "uuid", "byte", "colour"]).prop_map(|format| json!({ "type": "string", "format": format })),
        (0_i64..5, 0_i64..5, any::<bool>()).prop_map(|(low, more, exclusive)| {
            json!({ "type": "integer", "minimum": low, "maximum": low + more, "exclusiveMinimum": exclusive })
        }),
        (1_u64..4).prop_map(|step| json!({ "type": "number", "multipleOf": step, "nullable": true })),
        prop::collection::vec(prop::sample::select(vec![json!("a"), json!("b"), json!(1), json!(null)]), 1..4)
            .prop_map(|values| json!({ "enum": values })),
        Just(json!({ "type": "boolean" })),
        Just(json!({ "type": 3, "maxLength": "x", "enum": {}, "required": [1] })),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 1..3);
        prop_oneof![
            (inner.clone(), 0_u64..3, any::<bool>())
                .prop_map(|(items, least, unique)| json!({ "type": "array", "items": items, "minItems": least, "uniqueItems": unique })),
            (prop::collection::vec(inner.clone(), 0..3), any::<bool>(), any::<bool>(), prop::option::of(inner.clone())).prop_map(
                |(properties, required, closed, rest)| {
                    let named: Map<String, Value> =
                        properties.into_iter().zip(["x", "y", "z"]).map(|(value, name)| (name.to_owned(), value)).collect();
                    let mut object = json!({ "type": "object", "properties": named });
                    if required {
                        object["required"] = json!(["x"]);
                    }
                    if closed {
                        object["additionalProperties"] = json!(false);
                    } else if let Some(rest) = rest {
                        object["additionalProperties"] = rest;
                    }
                    object
                }
            ),
            list.clone().prop_map(|list| json!({ "allOf": list })),
            list.clone().prop_map(|list| json!({ "anyOf": list })),
            list.prop_map(|list| json!({ "oneOf": list })),
            inner.clone().prop_map(|inner| json!({ "not": inner })),
            inner.prop_map(|inner| json!({ "readOnly": true, "allOf": [inner] })),
        ]
    })
}

fn document(schemas: &[Value]) -> Value {
    let part = |index: usize| schemas.get(index).cloned().unwrap_or_default();
    json!({
        "openapi": "3.0.3",
        "info": { "title": "T", "version": "1.0.0" },
        "paths": {
            "/in": { "post": {
                "parameters": [{ "name": "p", "in": "query", "schema": part(3) }],
                "requestBody": { "content": { "application/json": { "schema": part(0) } } },
                "responses": { "204": { "description": "" } }
            } },
            "/out": { "get": { "responses": { "200": { "description": "", "content": { "application/json": { "schema": part(1) } } } } } }
        },
        "components": { "schemas": { "A": part(0), "B": part(1), "C": part(2) } }
    })
}

fn input(name: &str, value: &Value) -> Input {
    Input::new(name, value.to_string())
}

fn options() -> Options {
    Options { without_rust: true, ..Options::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_does_not_differ_from_itself(schemas in prop::collection::vec(schema(), 4)) {
        let document = document(&schemas);
        let report = compare(&input("a", &document), &input("b", &document), &options());
        prop_assert!(report.is_ok_and(|report| report.is_empty()));
    }

    #[test]
    fn every_proof_holds(old in prop::collection::vec(schema(), 4), new in prop::collection::vec(schema(), 4)) {
        let report = compare(&input("a", &document(&old)), &input("b", &document(&new)), &options());
        let Ok(report) = report else { return Err(TestCaseError::fail("refused")) };
        for found in &report.findings {
            let Some(witness) = &found.witness else { continue };
            let expected = match witness.kind {
                WitnessKind::Request => AcceptedBy::Base,
                WitnessKind::Response => AcceptedBy::Head,
            };
            prop_assert_eq!(witness.accepted_by, expected);
            prop_assert_eq!(found.level, Level::Breaking);
            let Some(schemas) = &witness.schemas else { continue };
            let valid = |schema: &Value| {
                let validator = jsonschema::options()
                    .with_draft(jsonschema::Draft::Draft202012)
                    .should_validate_formats(true)
                    .build(schema);
                validator.map(|validator| validator.is_valid(&witness.payload))
            };
            // `byte` is a format of OpenAPI alone, so a plain validator cannot tell.
            if !schemas.base.to_string().contains("byte") && !schemas.head.to_string().contains("byte") {
                let (base, head) = (valid(&schemas.base), valid(&schemas.head));
                prop_assert_eq!(base.ok(), Some(expected == AcceptedBy::Base));
                prop_assert_eq!(head.ok(), Some(expected == AcceptedBy::Head));
            }
        }
        // Whatever the document holds, it can be rendered.
        prop_assert!(markdown(&report).chars().count() < 65_536);
        let escapes = text(&report, Colour::Never).chars().any(|c| c == '\u{1b}');
        prop_assert!(!escapes);
        prop_assert!(annotations(&report).lines().all(|line| line.starts_with("::")));
        prop_assert!(render_json(&report).is_object());
    }

    #[test]
    fn wrapping_and_naming_change_nothing(schemas in prop::collection::vec(schema(), 4)) {
        let plain = document(&schemas);
        let mut wrapped = plain.clone();
        wrapped["components"]["schemas"]["D"] = schemas.first().cloned().unwrap_or_default();
        wrapped["paths"]["/in"]["post"]["requestBody"]["content"]["application/json"]["schema"] =
            json!({ "allOf": [{ "$ref": "#/components/schemas/D" }] });
        let report = compare(&input("a", &plain), &input("b", &wrapped), &options());
        let Ok(report) = report else { return Err(TestCaseError::fail("refused")) };
        let resolved = report.of(Axis::Wire).filter(|found| found.rule.id != "unresolved");
        let wire: Vec<_> = resolved.map(|found| found.message.clone()).collect();
        prop_assert!(wire.is_empty(), "{:?}", wire);
    }

    /// What is reported as compatible takes the old payloads: samples that the old schema accepts
    /// and that only hold properties which the old document names.
    #[test]
    fn what_is_compatible_takes_what_was_sent(
        old in prop::collection::vec(schema(), 4),
        new in prop::collection::vec(schema(), 4),
        payloads in prop::collection::vec(payload(), 24),
    ) {
        let (base, head) = (document(&old), document(&new));
        let Ok(report) = compare(&input("a", &base), &input("b", &head), &options()) else { return Err(TestCaseError::fail("refused")) };
        // A validator does not survive a schema that is nothing but itself.
        let recursive = base.to_string().contains("$ref") || head.to_string().contains("$ref");
        if report.verdict.wire == WireVerdict::Breaking || recursive {
            return Ok(());
        }
        // A plain reading of both documents, which knows nothing of this crate's normal form.
        let judge = |document: &Value| jsonschema::options().with_draft(jsonschema::Draft::Draft4).build(&plain_schema(document));
        let (Ok(base), Ok(head)) = (judge(&base), judge(&head)) else { return Ok(()) };
        for payload in payloads {
            if base.is_valid(&payload) && !head.is_valid(&payload) {
                let undeclared = undeclared_only(&payload);
                prop_assert!(undeclared, "{payload} is refused now\n{}\n{}", document(&old), document(&new));
            }
        }
    }
}

/// Payloads of the shape that the schemas above describe.
fn payload() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        (-1_i64..9).prop_map(Value::from),
        "[abc]{0,5}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(prop::sample::select(vec!["x", "y", "z"]), inner, 0..3)
                .prop_map(|map| map
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect()),
        ]
    })
}

/// Whether a payload holds objects: properties that a document does not name are taken for absent,
/// so a payload with some may be refused by a document that names them now.
fn undeclared_only(payload: &Value) -> bool {
    match payload {
        Value::Object(object) => !object.is_empty(),
        Value::Array(items) => items.iter().any(undeclared_only),
        _ => false,
    }
}

/// The request's schema in the dialect that OpenAPI 3.0 is closest to, with `nullable` written out.
fn plain_schema(document: &Value) -> Value {
    let mut schema = document["paths"]["/in"]["post"]["requestBody"]["content"]["application/json"]
        ["schema"]
        .clone();
    let mut components = document["components"].clone();
    plain(&mut schema);
    plain(&mut components);
    json!({ "allOf": [schema], "components": components })
}

fn plain(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if object.get("type") == Some(&json!(3)) {
                object.clear();
            }
            if let (Some(true), Some(kind)) =
                (object.get("nullable").and_then(Value::as_bool), object.get("type").cloned())
            {
                object.insert("type".to_owned(), json!([kind, "null"]));
            }
            object.values_mut().for_each(plain);
        }
        Value::Array(items) => items.iter_mut().for_each(plain),
        _ => {}
    }
}

#[test]
fn recursion_and_entanglement_end() {
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
