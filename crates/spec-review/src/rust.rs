//! The Rust axis: what the change does to code that uses the generated client.
//!
//! Both documents are generated from, and the public items of the results are compared; so it is
//! what the generator does that counts, not what this crate believes it does.

mod compare;
mod items;
mod origin;

use dbss_codegen::Contract;
use dbss_codegen::diagnostic::Report as Refusal;

use crate::change::Change;
use crate::fingerprint::fingerprint;
use crate::input::{Input, Source};
use crate::law::{Effect, Level};
use crate::report::{Finding, RustUnavailable};
use crate::rules::Rule;
use crate::subject::{Subject, Target};
use crate::versions::Versions;
use items::Items;
use origin::Origins;

/// One change of the public items.
pub(crate) struct ItemChange {
    pub(crate) rule: &'static Rule,
    pub(crate) level: Level,
    /// The path of the item, as code names it.
    pub(crate) item: String,
    pub(crate) change: Change,
    /// The same was found in other layers.
    pub(crate) layers: bool,
}

/// Compares what is generated from two documents.
pub(crate) fn compare(
    inputs: Versions<&Input>,
    sources: Versions<&Source>,
) -> Result<Vec<Finding>, RustUnavailable> {
    if inputs.base.text == inputs.head.text {
        return Ok(Vec::new());
    }
    let base = generate(inputs.base).map_err(RustUnavailable::Base)?;
    let head = generate(inputs.head).map_err(RustUnavailable::Head)?;
    let changes = compare::compare(Versions::new(&base, &head));
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let origins = sources.map(Origins::of);
    Ok(changes.into_iter().map(|change| finding(change, origins.each(), sources)).collect())
}

fn finding(found: ItemChange, origins: Versions<&Origins>, sources: Versions<&Source>) -> Finding {
    let ItemChange { rule, level, item, change, layers } = found;
    let at = origins.zip(sources).map(|(origins, source)| origins.locate(source, &item));
    let users = origins.map(|origins| origins.operations(&item));
    let target = Target::Item { path: item, layers };
    Finding {
        rule,
        level,
        fingerprint: fingerprint(rule, &target, &change),
        subject: Subject {
            target,
            operations: users.base.union(&users.head).cloned().collect(),
            directions: Vec::new(),
            at,
        },
        change,
        effect: Effect::NEITHER,
        witness: None,
        approved: None,
    }
}

/// The public items of the client that is generated from a document.
fn generate(input: &Input) -> Result<Items, String> {
    let first = |report: &Refusal| {
        let found = report.errors().next();
        found.map_or_else(
            || "the generator refuses it".to_owned(),
            |found| {
                format!("{}:{}: {} [{}]", found.file, found.position, found.message, found.rule)
            },
        )
    };
    let contract = Contract::parse(input.name.as_str(), input.text.as_str())
        .map_err(|report| first(&report))?;
    let files = contract.generate().map_err(|report| first(&report))?;
    let mut items = Items::default();
    for file in &files {
        let Some(module) = module_of(file.name) else { continue };
        let parsed = syn::parse_file(&file.text)
            .map_err(|error| format!("{} does not parse: {error}", file.name))?;
        items.read(module, &parsed.items);
    }
    Ok(items)
}

/// Where the client crate puts a generated file; nothing for what it keeps to itself.
fn module_of(file: &str) -> Option<&'static str> {
    match file {
        "enums.rs" => Some("types"),
        "operations.rs" => Some("operations"),
        "raw.rs" => Some("raw"),
        // The descriptors describe the wire, and their items are named like the operations.
        _ => None,
    }
}
