//! Adds ten operations of the service, chosen at random, to the contract: prints the contract with
//! them. `tests/interop/random-operations.sh` uses it.
//!
//! ```sh
//! cargo run -p dbss-tests --example random_operations -- SEED
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a program for a check that cannot go on has failed"
)]

use std::collections::BTreeMap;

use dbss_tests::root;
use serde_json::{Value, json};

/// How many operations are added.
const COUNT: usize = 10;

/// What the generator rejects: bodies in DELETE, and responses that are not JSON.
const REJECTED: [&str; 5] = [
    "DeleteInstances",
    "DeleteInstancesNew",
    "DownloadAuditReport",
    "DownloadAuditAgentNew",
    "BatchDeleteResourceTag",
];

fn read(path: &str) -> (String, Value) {
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    let value = serde_norway::from_str(&text).unwrap();
    (text, value)
}

fn main() {
    let seed: u64 = std::env::args().nth(1).and_then(|seed| seed.parse().ok()).unwrap();
    let (text, before) = read("openapi/dbss.yaml");
    let mut contract = before.clone();
    let (_, service) = read("tests/contracts/service/all-operations.yaml");
    let mut candidates = candidates(&contract, &service);
    let mut random = fastrand::Rng::with_seed(seed);
    let mut names = BTreeMap::new();
    for _ in 0..COUNT {
        let (path, method) = candidates.swap_remove(random.usize(..candidates.len()));
        let mut operation = service["paths"][&path][&method].clone();
        eprintln!("{}", operation["operationId"].as_str().unwrap());
        adopt(&mut operation, &mut contract, &service, &mut names);
        contract["paths"][&path][&method] = operation;
    }
    add_tags(&mut contract, &service);
    print!("{}", with_additions(&text, &before, &contract));
}

/// The text of the contract as it was, with what was added, and with the next minor version.
fn with_additions(text: &str, before: &Value, after: &Value) -> String {
    let version = before["info"]["version"].as_str().unwrap();
    let numbers: Vec<u64> = version.split('.').map(|number| number.parse().unwrap()).collect();
    let next = format!("{}.{}.0", numbers[0], numbers[1] + 1);
    let text = text.replacen(&format!("version: {version}"), &format!("version: {next}"), 1);
    let known = before["tags"].as_array().unwrap();
    let tags = after["tags"].as_array().unwrap().iter().filter(|tag| !known.contains(tag));
    let tags: Vec<String> = tags.map(|tag| format!("  - {tag}\n")).collect();
    let text = insert(&text, "tags:", &tags);
    let text = insert(&text, "paths:", &new_entries(&before["paths"], &after["paths"], "  "));
    after["components"].as_object().unwrap().iter().fold(text, |text, (section, entries)| {
        let entries = new_entries(&before["components"][section], entries, "    ");
        insert(&text, &format!("  {section}:"), &entries)
    })
}

/// The entries that were not there before. JSON is YAML, and leaves no doubt what is a text.
fn new_entries(before: &Value, after: &Value, indent: &str) -> Vec<String> {
    let after = after.as_object().unwrap().iter().filter(|(key, _)| before.get(key).is_none());
    after.map(|(key, value)| format!("{indent}{key:?}: {value}\n")).collect()
}

/// The text with more lines at the beginning of a section.
fn insert(text: &str, heading: &str, lines: &[String]) -> String {
    let line = format!("\n{heading}\n");
    let (head, rest) = text.split_once(&line).unwrap();
    [head, &line, &lines.concat(), rest].concat()
}

/// Paths and methods that the contract does not have.
fn candidates(contract: &Value, service: &Value) -> Vec<(String, String)> {
    let known: Vec<&Value> =
        operations(contract).map(|(.., operation)| &operation["operationId"]).collect();
    let templates: Vec<String> =
        contract["paths"].as_object().unwrap().keys().map(|path| template(path)).collect();
    operations(service)
        .filter(|(path, _, operation)| {
            let id = &operation["operationId"];
            !known.contains(&id)
                && !REJECTED.contains(&id.as_str().unwrap())
                && !templates.contains(&template(path))
        })
        .map(|(path, method, _)| (path.to_owned(), method.to_owned()))
        .collect()
}

/// A path without the names of its placeholders.
fn template(path: &str) -> String {
    let segment = |segment: &str| {
        if segment.starts_with('{') { "{}".to_owned() } else { segment.to_owned() }
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

fn operations(contract: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = contract["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        let methods = methods.filter(|(_, operation)| operation.get("operationId").is_some());
        methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

/// Brings what a part of the service's document refers to into the contract, under another name if
/// the contract has something else of that name.
fn adopt(
    part: &mut Value,
    contract: &mut Value,
    service: &Value,
    names: &mut BTreeMap<String, String>,
) {
    match part {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get_mut("$ref") {
                *reference = adopted(reference, contract, service, names);
                return;
            }
            object.values_mut().for_each(|value| adopt(value, contract, service, names));
        }
        Value::Array(items) => {
            for value in items {
                adopt(value, contract, service, names);
            }
        }
        _ => {}
    }
}

fn adopted(
    reference: &str,
    contract: &mut Value,
    service: &Value,
    names: &mut BTreeMap<String, String>,
) -> String {
    if let Some(name) = names.get(reference) {
        return name.clone();
    }
    let pointer = reference.strip_prefix('#').unwrap();
    let mut component = service.pointer(pointer).unwrap().clone();
    let (section, name) = pointer.rsplit_once('/').unwrap();
    let taken = |name: &str| contract.pointer(&format!("{section}/{name}"));
    let mut new = name.to_owned();
    if taken(name) == Some(&component) {
        names.insert(reference.to_owned(), reference.to_owned());
        return reference.to_owned();
    }
    while taken(&new).is_some() {
        new.insert_str(0, "Service");
    }
    let renamed = format!("#{section}/{new}");
    names.insert(reference.to_owned(), renamed.clone());
    // What refers to itself finds its place taken.
    let key = section.rsplit('/').next().unwrap();
    contract["components"][key][&new] = json!({});
    adopt(&mut component, contract, service, names);
    contract["components"][key][&new] = component;
    renamed
}

fn add_tags(contract: &mut Value, service: &Value) {
    let used: Vec<Value> = operations(contract)
        .flat_map(|(.., operation)| operation["tags"].as_array().cloned().unwrap_or_default())
        .collect();
    for tag in service["tags"].as_array().unwrap() {
        let tags = contract["tags"].as_array_mut().unwrap();
        if used.contains(&tag["name"]) && !tags.iter().any(|known| known["name"] == tag["name"]) {
            tags.push(tag.clone());
        }
    }
}
