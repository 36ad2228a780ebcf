//! Documents that describe far more work than they are long.

use std::error::Error;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use spec_review::render::{Colour, annotations, json as render_json, markdown, text};
use spec_review::{DocumentText, Level, Options, Report, WireVerdict, compare};

use crate::slow::tries;

/// With optimisation, on a machine of its own. Otherwise no time is asserted, because tests share the
/// machine: the budget counts work, and what it leaves unproven is asserted.
const TIME_LIMIT: Duration = Duration::from_secs(5);

fn reference(index: usize) -> Value {
    json!({ "$ref": format!("#/components/schemas/S{index}") })
}

/// A document with a body of the first schema in a request and in a response.
fn document(schemas: impl IntoIterator<Item = Value>) -> Value {
    let named = schemas.into_iter().enumerate();
    let schemas: Map<String, Value> =
        named.map(|(index, schema)| (format!("S{index}"), schema)).collect();
    let body = json!({ "application/json": { "schema": reference(0) } });
    json!({
        "openapi": "3.0.3", "info": { "title": "T", "version": "1.0.0" },
        "paths": { "/": { "post": {
            "requestBody": { "content": body },
            "responses": { "200": { "description": "", "content": body } }
        } } },
        "components": { "schemas": schemas }
    })
}

fn limited(limit: usize) -> Value {
    json!({ "type": "string", "maxLength": limit })
}

/// Compares two documents, and renders the report in every format, within the limit.
fn review(base: &Value, head: &Value) -> Result<Report, Box<dyn Error>> {
    let [base, head] =
        [base, head].map(|document| DocumentText::new("api.json", document.to_string()));
    let started = Instant::now();
    let report = compare(&base, &head, &Options::default())?;
    let json = render_json(&report).to_string();
    let rendered = [text(&report, Colour::Never), markdown(&report), annotations(&report), json];
    assert!(rendered.iter().any(|rendered| !rendered.is_empty()));
    if !cfg!(debug_assertions) {
        assert!(started.elapsed() < TIME_LIMIT, "it took {:?}", started.elapsed());
    }
    // Where not every break has a payload, the report says why.
    let unproven = report.findings.iter().any(|finding| finding.level == Level::Suspected);
    assert!(!unproven || report.proofs_cut_short);
    let shown = text(&report, Colour::Never);
    assert_eq!(shown.contains("too large for a payload for every break"), report.proofs_cut_short);
    Ok(report)
}

/// Reviews documents that differ in all limits of 9 characters.
fn assert_breaks(build: impl Fn(usize) -> Value, breaks: usize) -> Result<Report, Box<dyn Error>> {
    let report = review(&build(9), &build(8))?;
    assert_eq!(report.verdict.wire, WireVerdict::Breaking);
    let found = report.findings.iter().filter(|finding| finding.level.is_break()).count();
    assert_eq!(found, breaks);
    Ok(report)
}

#[test]
fn compares_schemas_in_cycles() -> Result<(), Box<dyn Error>> {
    let count = tries("schemas in cycles", 1_000, 150);
    let build = |limit| {
        document((0..count).map(|index| {
            let mut properties: Map<String, Value> = (1..=10)
                .map(|step| (format!("p{step}"), reference((index + step) % count)))
                .collect();
            properties.insert("k".to_owned(), limited(limit));
            json!({ "type": "object", "required": ["k"], "properties": properties })
        }))
    };
    let report = assert_breaks(build, count)?;
    assert_eq!(report.proofs_cut_short, count == 1_000);
    assert!(!report.verdict.partial);
    Ok(())
}

#[test]
fn compares_alternatives_in_cycles() -> Result<(), Box<dyn Error>> {
    let count = tries("alternatives in cycles", 60, 36);
    let all: Vec<Value> = (0..count).map(reference).collect();
    let build = |limit| {
        document((0..count).map(|index| {
            json!({ "type": "object", "properties": {
                "next": { "oneOf": all }, "own": { "allOf": all }, (format!("p{index}")): limited(limit)
            } })
        }))
    };
    assert!(assert_breaks(build, count)?.verdict.partial);
    Ok(())
}

#[test]
fn compares_ten_thousand_schemas() -> Result<(), Box<dyn Error>> {
    let all = tries("schemas of one document", 10_000, 2_000);
    let build = |limit| {
        document((0..all).map(|index| match index {
            0 => {
                let properties = (1..all).map(|other| (format!("p{other}"), reference(other)));
                json!({ "type": "object", "properties": properties.collect::<Map<_, _>>() })
            }
            _ => limited(limit),
        }))
    };
    assert_breaks(build, all - 1)?;
    Ok(())
}

#[test]
fn compares_sixty_thousand_keys_of_one_mapping() -> Result<(), Box<dyn Error>> {
    let all = tries("keys of one mapping", 60_000, 6_000);
    let keys = |count: usize, value: &Value| -> Map<String, Value> {
        (0..count).map(|index| (format!("k{index}"), value.clone())).collect()
    };
    let properties = |count: usize, value: &Value| {
        document([json!({ "type": "object", "properties": keys(count, value) })])
    };
    let text = json!({ "type": "string" });
    let report = review(&properties(all, &text), &properties(all - 1, &text))?;
    assert_eq!(report.findings.len(), 1);
    let report = review(&properties(all, &json!({})), &properties(all / 2, &json!({})))?;
    assert_eq!(report.count(Level::Warning), all / 2);
    let required = |count: usize| {
        let names: Vec<String> = (0..count).map(|index| format!("k{index}")).collect();
        let mut document = properties(all, &json!({}));
        if let Some(schema) = document.pointer_mut("/components/schemas/S0") {
            *schema =
                json!({ "type": "object", "required": names, "properties": keys(all, &json!({})) });
        }
        document
    };
    let report = review(&required(all / 2), &required(all / 2 + 500))?;
    assert_eq!(report.count(Level::Suspected) + report.count(Level::Breaking), 500);
    let listed = |from: usize| {
        let values: Vec<String> = (from..from + all).map(|index| format!("v{index}")).collect();
        document([json!({ "type": "string", "enum": values })])
    };
    assert_eq!(review(&listed(0), &listed(1))?.findings.len(), 1);
    let mapped = |from: usize| {
        let mapping: Map<String, Value> = (from..from + all)
            .map(|i| (format!("k{i}"), json!(format!("S{}", 1 + i % 2))))
            .collect();
        let kind = json!({ "type": "object", "required": ["t"], "properties": { "t": { "type": "string" } } });
        let union = json!({ "oneOf": [reference(1), reference(2)],
            "discriminator": { "propertyName": "t", "mapping": mapping } });
        document([union, kind.clone(), kind])
    };
    assert_eq!(review(&mapped(0), &mapped(1))?.count(Level::Warning), 1);
    Ok(())
}

#[test]
fn compares_patterns_that_grow_beyond_all_bounds() -> Result<(), Box<dyn Error>> {
    let count = tries("patterns", 30, 4);
    let build = |pattern: &dyn Fn(usize) -> String| {
        let properties = (0..count).map(|index| {
            (format!("p{index}"), json!({ "type": "string", "pattern": pattern(index) }))
        });
        document([json!({ "type": "object", "properties": properties.collect::<Map<_, _>>() })])
    };
    let optional = |count: usize| move |_| format!("(a?){{{count}}}");
    assert!(review(&build(&optional(50)), &build(&optional(49)))?.is_empty());
    let anchored = |count: usize| move |index| format!("^(a?){{{count}}}b{{{index}}}$");
    let report = review(&build(&anchored(50)), &build(&anchored(49)))?;
    assert_eq!(report.count(Level::Breaking), count);
    let several = |count: usize| {
        move |index: usize| format!("^(a?){{{count}}}(b?){{{count}}}(c|a?){{{}}}$", count + index)
    };
    let report = review(&build(&several(50)), &build(&several(49)))?;
    assert_eq!(report.count(Level::Breaking), count);
    if count < 30 {
        return Ok(());
    }
    // Their automata have too many states to be built, so that nothing is certain.
    let exponential =
        |count: usize| move |index: usize| format!("(a|b)*a(a|b){{{}}}$", count + index);
    let report = review(&build(&exponential(14)), &build(&exponential(15)))?;
    let breaks = report.findings.iter().filter(|finding| finding.level.is_break()).count();
    assert_eq!((breaks, report.proofs_cut_short), (count, true));
    Ok(())
}

#[test]
fn compares_chains_of_three_thousand_schemas() -> Result<(), Box<dyn Error>> {
    let length = tries("schemas of a chain", 3_000, 400);
    let chain = |link: fn(Value) -> Value| {
        move |limit| {
            let links = (1..length).map(reference).map(link);
            document(links.chain([limited(limit)]))
        }
    };
    // A link may be no step into the value.
    for link in [
        |next| next,
        |next| json!({ "allOf": [next] }),
        |next| json!({ "oneOf": [next, { "type": "integer" }] }),
        |next| json!({ "anyOf": [{ "type": "integer" }, next] }),
    ] {
        let report = assert_breaks(chain(link), 1)?;
        assert_eq!((report.count(Level::Breaking), report.verdict.partial), (1, false));
    }
    for link in [
        |next| json!({ "type": "object", "required": ["n"], "properties": { "n": next } }),
        |next| json!({ "type": "object", "properties": { "n": next } }),
        |next| json!({ "type": "array", "items": next }),
    ] {
        // Nobody reads a payload of 3,000 levels.
        assert_eq!(assert_breaks(chain(link), 1)?.count(Level::Suspected), 1);
    }
    let each = |limit| {
        document((0..length).map(|index| {
            let next = if index + 1 < length { reference(index + 1) } else { json!({}) };
            json!({ "type": "object", "required": ["v"], "properties": { "n": next, "v": limited(limit) } })
        }))
    };
    assert_breaks(each, length)?;
    Ok(())
}
