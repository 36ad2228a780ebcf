//! Writes the clients of the first 2, 10, 50 and 168 operations of the service into a folder, each
//! whole and with progenitor's part alone, and prints how many lines each part has. For
//! `benches/contract-size.sh`, which measures what they cost to compile.

use std::collections::BTreeSet;
use std::path::Path;

use dbss_codegen::Contract;
use dbss_tests::client_crates::{self, ClientCrate};
use dbss_tests::contract_calls::document::Document;
use dbss_tests::root;
use serde_json::Value;

const SIZES: [usize; 4] = [2, 10, 50, 168];

/// What progenitor's part needs of `contract.rs`.
const NO_OPERATIONS: &str = "pub static API: crate::descriptor::Api = crate::descriptor::Api {
    title: \"\", version: \"\", server_url: \"\", server_variables: &[], operations: &[],
};
pub(crate) mod parameters {}
pub(crate) mod responses {}
pub(crate) mod schemas {}";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: contract_size FOLDER")?;
    let text = root().join("tests/contracts/service/all-operations.yaml");
    let document = Document::parse(&std::fs::read_to_string(text)?)?;
    let all: Vec<&str> = document.operations().iter().map(|operation| operation.id).collect();
    let refused: Vec<&str> = all
        .iter()
        .copied()
        .filter(|id| {
            let others: Vec<&str> = all.iter().copied().filter(|other| other != id).collect();
            Contract::parse(*id, document.without(&others)).is_err()
        })
        .collect();
    let accepted: Vec<&str> = all.iter().copied().filter(|id| !refused.contains(id)).collect();
    let mut clients = Vec::new();
    for size in SIZES {
        let left_out: Vec<&str> = accepted.iter().copied().skip(size).collect();
        let left_out: Vec<&str> = refused.iter().copied().chain(left_out).collect();
        let contract = Contract::parse("measured", used_alone(&document.without(&left_out))?)?;
        let files = contract.generate()?;
        let lines = |is_raw: bool| -> usize {
            let of = files.iter().filter(|file| (file.name == "raw.rs") == is_raw);
            of.map(|file| file.text.lines().count()).sum()
        };
        println!("{size} {} {}", lines(false), lines(true));
        let progenitors = files.iter().map(|file| {
            let text = match file.name {
                "raw.rs" | "enums.rs" => file.text.clone(),
                "contract.rs" => NO_OPERATIONS.to_owned(),
                "operations.rs" => "pub(crate) mod inputs {}".to_owned(),
                _ => String::new(),
            };
            (file.name.to_owned(), text)
        });
        clients
            .push(ClientCrate { name: format!("progenitor-{size}"), files: progenitors.collect() });
        let files = files.iter().map(|file| (file.name.to_owned(), file.text.clone()));
        clients.push(ClientCrate { name: format!("whole-{size}"), files: files.collect() });
    }
    client_crates::write_workspace(Path::new(&folder), &clients)?;
    Ok(())
}

/// The contract without the components that no operation refers to.
fn used_alone(contract: &str) -> Result<String, Box<dyn std::error::Error>> {
    let mut root: Value = serde_json::from_str(contract)?;
    let (mut used, mut open) =
        (BTreeSet::new(), root.get("paths").map(references).unwrap_or_default());
    while let Some(reference) = open.pop() {
        if used.insert(reference.clone()) {
            let target = root.pointer(reference.trim_start_matches('#'));
            open.extend(target.map(references).unwrap_or_default());
        }
    }
    let components = root.get_mut("components").and_then(Value::as_object_mut);
    for (section, components) in components.into_iter().flatten() {
        let kept = |name: &str| used.contains(&format!("#/components/{section}/{name}"));
        if let Some(components) =
            components.as_object_mut().filter(|_| section != "securitySchemes")
        {
            components.retain(|name, _| kept(name));
        }
    }
    Ok(root.to_string())
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(entries) => {
            let own = entries.get("$ref").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(entries.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}
