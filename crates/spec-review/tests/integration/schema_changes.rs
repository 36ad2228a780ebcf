//! Makes every kind of change at every schema of the contract of this repository, one at a time and
//! back again, and expects exactly the breaks that the compatibility rule predicts.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;

use openapi_document::{Document, LoadOptions};
use serde_json::{Value, json};
use spec_review::compatibility::{Direction, SetEffect};
use spec_review::render::message;
use spec_review::{Axis, DocumentText, Level, Options, Report, compare};

use crate::slow::tries;

/// The uses of a schema: the direction, the operation, and whether values travel as text.
type Uses = BTreeSet<(Direction, String, bool)>;

/// A kind of change: its name, its effect on the set of accepted values, and how it is made.
type ChangeKind = (&'static str, SetEffect, fn(&Value) -> Option<Value>);

/// A copy of a schema with a keyword set to something else.
fn with(schema: &Value, key: &str, value: Value) -> Option<Value> {
    let mut schema = schema.clone();
    let old = schema.as_object_mut()?.insert(key.to_owned(), value.clone());
    (old != Some(value)).then_some(schema)
}

/// A copy without a keyword that it has.
fn without(schema: &Value, key: &str) -> Option<Value> {
    let mut schema = schema.clone();
    schema.as_object_mut()?.shift_remove(key).map(|_| schema)
}

fn is(schema: &Value, kind: &str) -> bool {
    schema.get("type") == Some(&json!(kind))
}

/// A string without a list of values.
fn text(schema: &Value) -> Option<&Value> {
    (is(schema, "string") && schema.get("enum").is_none()).then_some(schema)
}

fn list(schema: &Value) -> Option<&Value> {
    is(schema, "array").then_some(schema)
}

fn object(schema: &Value) -> Option<&Value> {
    is(schema, "object").then_some(schema)
}

fn number(schema: &Value, key: &str) -> Option<u64> {
    schema.get(key).and_then(Value::as_u64)
}

fn names(schema: &Value, key: &str) -> Vec<String> {
    match schema.get(key) {
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        Some(Value::Object(map)) => map.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

/// A property that is not required.
fn optional(schema: &Value) -> Option<String> {
    let required = names(schema, "required");
    names(schema, "properties").into_iter().find(|name| !required.contains(name))
}

fn requires(schema: &Value, required: &[String]) -> Option<Value> {
    if required.is_empty() {
        without(schema, "required")
    } else {
        with(schema, "required", json!(required))
    }
}

fn has_property(schema: &Value, name: &str, property: Value) -> Option<Value> {
    let mut schema = schema.clone();
    schema.get_mut("properties")?.as_object_mut()?.insert(name.to_owned(), property);
    Some(schema)
}

fn lacks_property(schema: &Value, name: &str) -> Option<Value> {
    let mut schema = schema.clone();
    schema.get_mut("properties")?.as_object_mut()?.shift_remove(name)?;
    Some(schema)
}

const CHANGES: &[ChangeKind] = &[
    ("least length", SetEffect::NARROWS, |s| {
        with(text(s)?, "minLength", json!(number(s, "minLength").unwrap_or(0) + 1))
    }),
    ("no least length", SetEffect::WIDENS, |s| without(text(s)?, "minLength")),
    ("least length spelled out", SetEffect::NEITHER, |s| {
        number(text(s)?, "minLength").is_none().then(|| with(s, "minLength", json!(0)))?
    }),
    ("greatest length", SetEffect::NARROWS, |s| {
        with(text(s)?, "maxLength", json!(number(s, "maxLength").unwrap_or(80) - 1))
    }),
    ("no greatest length", SetEffect::WIDENS, |s| without(text(s)?, "maxLength")),
    ("pattern", SetEffect::NARROWS, |s| with(text(s)?, "pattern", json!("^[0-9a-f]+$"))),
    ("pattern of everything", SetEffect::NEITHER, |s| with(text(s)?, "pattern", json!("^"))),
    ("format", SetEffect::NARROWS, |s| with(text(s)?, "format", json!("uuid"))),
    ("list of values", SetEffect::NARROWS, |s| {
        with(
            text(s)?,
            "enum",
            json!(["0123456789abcdef0123456789abcdef", "1d07f606-92d2-441c-b05c-dca47e180552"]),
        )
    }),
    ("one more value", SetEffect::WIDENS, |s| {
        let values = [names(s, "enum"), vec!["OTHER".to_owned()]].concat();
        s.get("enum").and_then(|_| with(s, "enum", json!(values)))
    }),
    ("one value less", SetEffect::NARROWS, |s| {
        with(s, "enum", json!(names(s, "enum").split_last()?.1))
    }),
    ("other values", SetEffect::BOTH, |s| {
        s.get("enum").and_then(|_| with(s, "enum", json!(["x", "y"])))
    }),
    ("no list of values", SetEffect::WIDENS, |s| without(s, "enum")),
    ("values in another order", SetEffect::NEITHER, |s| {
        with(s, "enum", names(s, "enum").into_iter().rev().map(Value::from).collect::<Value>())
            .filter(|_| s.get("enum").is_some())
    }),
    ("values one by one", SetEffect::NEITHER, |s| {
        let one = |value: &String| json!({ "type": "string", "enum": [value] });
        let values = names(s, "enum");
        (!values.is_empty()).then(|| json!({ "oneOf": values.iter().map(one).collect::<Vec<_>>() }))
    }),
    ("one item more", SetEffect::NARROWS, |s| {
        with(list(s)?, "minItems", json!(number(s, "minItems").unwrap_or(0) + 1))
    }),
    ("any number of items", SetEffect::WIDENS, |s| without(list(s)?, "minItems")),
    ("few items", SetEffect::NARROWS, |s| with(list(s)?, "maxItems", json!(5))),
    ("different items", SetEffect::NARROWS, |s| with(list(s)?, "uniqueItems", json!(true))),
    ("items may repeat, spelled out", SetEffect::NEITHER, |s| {
        with(list(s)?, "uniqueItems", json!(false))
    }),
    ("required", SetEffect::NARROWS, |s| {
        requires(s, &[names(s, "required"), vec![optional(s)?]].concat())
    }),
    ("not required", SetEffect::WIDENS, |s| requires(s, names(s, "required").split_first()?.1)),
    ("optional property added", SetEffect::NEITHER, |s| {
        has_property(object(s)?, "added", json!({ "type": "string" }))
    }),
    ("required property added", SetEffect::NARROWS, |s| {
        let added = has_property(object(s)?, "added", json!({ "type": "string" }))?;
        requires(&added, &[names(s, "required"), vec!["added".to_owned()]].concat())
    }),
    ("optional property removed", SetEffect::NEITHER, |s| {
        lacks_property(object(s)?, &optional(s)?)
    }),
    ("required property removed", SetEffect::WIDENS, |s| {
        let required = names(s, "required");
        let (first, rest) = required.split_first()?;
        requires(&lacks_property(object(s)?, first)?, rest)
    }),
    ("no other properties", SetEffect::NARROWS, |s| {
        with(object(s)?, "additionalProperties", json!(false))
    }),
    ("other properties, spelled out", SetEffect::NEITHER, |s| {
        with(object(s)?, "additionalProperties", json!(true))
    }),
    ("other properties of a kind", SetEffect::NARROWS, |s| {
        with(object(s)?, "additionalProperties", json!({ "type": "string" }))
    }),
    ("more properties", SetEffect::NARROWS, |s| {
        with(object(s)?, "minProperties", json!(names(s, "required").len() + 1))
    }),
    ("as many properties as are required", SetEffect::NEITHER, |s| {
        let required = names(object(s)?, "required").len();
        (required > 0).then(|| with(s, "minProperties", json!(required)))?
    }),
    ("few properties", SetEffect::NARROWS, |s| {
        with(object(s)?, "maxProperties", json!(names(s, "required").len().max(1)))
    }),
    ("description", SetEffect::NEITHER, |s| with(s, "description", json!("Something else."))),
    ("title", SetEffect::NEITHER, |s| with(s, "title", json!("Something else"))),
    ("example", SetEffect::NEITHER, |s| with(s, "example", json!("something else"))),
    ("extension", SetEffect::NEITHER, |s| with(s, "x-anything", json!(["something", "else"]))),
    ("deprecated", SetEffect::NEITHER, |s| with(s, "deprecated", json!(true))),
    ("wrapped", SetEffect::NEITHER, |s| Some(json!({ "allOf": [s] }))),
    ("taken apart", SetEffect::NEITHER, |s| {
        Some(json!({ "allOf": [s, {}, { "description": "Nothing more." }] }))
    }),
    ("the only alternative", SetEffect::NEITHER, |s| Some(json!({ "oneOf": [s] }))),
    ("also something else", SetEffect::WIDENS, |s| {
        object(s).map(|s| json!({ "anyOf": [s, { "type": "boolean" }] }))
    }),
    ("and something else", SetEffect::NARROWS, |s| {
        object(s).map(|s| json!({ "allOf": [s, { "required": ["more"] }] }))
    }),
];

/// Changes that have another effect where a value travels as text.
const CHANGES_IN_JSON: &[ChangeKind] = &[
    ("integer", SetEffect::BOTH, |s| is(s, "string").then(|| json!({ "type": "integer" }))),
    ("list instead", SetEffect::BOTH, |s| {
        (!is(s, "array")).then(|| json!({ "type": "array", "items": s }))
    }),
    ("string instead", SetEffect::BOTH, |s| {
        (!is(s, "string")).then(|| json!({ "type": "string" }))
    }),
    ("anything", SetEffect::WIDENS, |s| s.get("type").map(|_| json!({}))),
    ("null as well", SetEffect::WIDENS, |s| {
        s.get("enum").is_none().then(|| with(s, "nullable", json!(true)))?
    }),
    ("null, spelled out", SetEffect::NEITHER, |s| {
        s.get("nullable").is_none().then(|| with(s, "nullable", json!(false)))?
    }),
];

/// Every schema of the contract, by its pointer, with its uses.
fn places(contract: &Value) -> BTreeMap<String, Uses> {
    let mut places = BTreeMap::new();
    let paths = contract.get("paths").and_then(Value::as_object).into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let at = format!("/paths/{}/{method}", path.replace('~', "~0").replace('/', "~1"));
            let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
            let mut visit = |at: String, direction: Direction, text: bool| {
                visit(contract, &at, &(direction, id.to_owned(), text), &mut places);
            };
            for index in
                0..operation.get("parameters").and_then(Value::as_array).map_or(0, Vec::len)
            {
                let parameter = resolve(contract, &format!("{at}/parameters/{index}"));
                visit(format!("{parameter}/schema"), Direction::Request, true);
            }
            let content = "content/application~1json/schema";
            let body = resolve(contract, &format!("{at}/requestBody"));
            visit(format!("{body}/{content}"), Direction::Request, false);
            for status in names(operation, "responses") {
                let response = resolve(contract, &format!("{at}/responses/{status}"));
                visit(format!("{response}/{content}"), Direction::Response, false);
            }
        }
    }
    places
}

/// The pointer after following a reference.
fn resolve(contract: &Value, at: &str) -> String {
    let reference =
        contract.pointer(at).and_then(|node| node.get("$ref")?.as_str()?.strip_prefix('#'));
    reference.map_or_else(|| at.to_owned(), |target| resolve(contract, target))
}

fn visit(
    contract: &Value,
    at: &str,
    usage: &(Direction, String, bool),
    places: &mut BTreeMap<String, Uses>,
) {
    let at = resolve(contract, at);
    let Some(schema) = contract.pointer(&at) else { return };
    if !places.entry(at.clone()).or_default().insert(usage.clone()) {
        return;
    }
    for name in names(schema, "properties") {
        visit(contract, &format!("{at}/properties/{name}"), usage, places);
    }
    if schema.get("items").is_some() {
        visit(contract, &format!("{at}/items"), usage, places);
    }
}

fn review(old: &Value, new: &Value) -> Result<Report, Box<dyn Error>> {
    let input = |name: &str, value: &Value| DocumentText::new(name, value.to_string());
    let options = Options::default();
    Ok(compare(&input("old", old), &input("new", new), &options)?)
}

/// What is wrong with the report on a change with this effect, if anything.
fn problem_with(report: &Report, effect: SetEffect, uses: &Uses) -> Option<String> {
    let expected: BTreeSet<&str> = uses
        .iter()
        .filter(|(direction, ..)| effect.breaks(*direction))
        .map(|(_, operation, _)| operation.as_str())
        .collect();
    let breaks: Vec<_> =
        report.on_axis(Axis::Wire).filter(|finding| finding.level.is_break()).collect();
    let reported: BTreeSet<&str> =
        breaks.iter().flat_map(|finding| &finding.subject.operations).map(String::as_str).collect();
    if reported != expected {
        return Some(format!(
            "breaks {reported:?} instead of {expected:?}: {:?}",
            messages(report)
        ));
    }
    let without_witness =
        breaks.iter().any(|finding| finding.level == Level::Suspected || finding.witness.is_none());
    without_witness.then(|| format!("not proven: {:?}", messages(report)))
}

fn messages(report: &Report) -> Vec<String> {
    report
        .on_axis(Axis::Wire)
        .map(|finding| format!("{} {}", finding.level, message(finding)))
        .collect()
}

#[test]
fn reports_the_breaks_that_the_compatibility_rule_predicts() -> Result<(), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/dbss.yaml");
    let contract =
        Document::parse("dbss.yaml", std::fs::read_to_string(path)?, &LoadOptions::strict())?
            .to_json();
    let places = places(&contract);
    assert!(places.len() > 20, "the contract has {} schemas", places.len());
    // Of schemas that are used in the same ways, a few stand for all.
    let most = tries("edits of schemas that travel alike", usize::MAX, 2);
    let mut tried = BTreeMap::new();
    let mut wrong = Vec::new();
    for (at, uses) in &places {
        let schema = contract.pointer(at).ok_or("no schema there")?;
        let ways: BTreeSet<_> =
            uses.iter().map(|(direction, _, text)| (*direction, *text)).collect();
        let of_json = uses.iter().all(|(.., text)| !text);
        let kinds = CHANGES.iter().chain(CHANGES_IN_JSON.iter().filter(|_| of_json));
        for (name, effect, edit) in kinds {
            let Some(edited) = edit(schema) else { continue };
            let times = tried.entry((*name, ways.clone())).or_insert(0_usize);
            if *times >= most {
                continue;
            }
            *times += 1;
            let mut head = contract.clone();
            *head.pointer_mut(at).ok_or("no schema there")? = edited;
            for (way, report, effect) in [
                ("made", review(&contract, &head)?, *effect),
                ("undone", review(&head, &contract)?, effect.reversed_if(true)),
            ] {
                if let Some(problem) = problem_with(&report, effect, uses) {
                    wrong.push(format!("{at}: {name}, {way}: {problem}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    let never: Vec<&str> = CHANGES
        .iter()
        .chain(CHANGES_IN_JSON)
        .map(|(name, ..)| *name)
        .filter(|name| !tried.keys().any(|(tried, _)| tried == name))
        .collect();
    assert!(never.is_empty(), "the contract has no place for {never:?}");
    Ok(())
}
