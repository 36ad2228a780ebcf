//! The Rust axis: what the change does to code that uses the generated client.
//!
//! Both documents are generated from, by the generator that the caller hands in, and the public items
//! of the results are compared; so it is what the generator does that counts, not what this crate
//! believes it does.

mod compare;
mod items;
mod origin;

use openapi_document::{Document, Report as Refusal};

use crate::assemble::build;
use crate::generator::ClientGenerator;
use crate::input::Input;
use crate::law::Level;
use crate::report::Finding;
use crate::rules::Rule;
use items::Items;
use origin::Origins;

/// What came of the comparison.
pub(crate) struct Outcome {
    pub(crate) findings: Vec<Finding>,
    /// Why there is none.
    pub(crate) unavailable: Option<String>,
}

impl Outcome {
    pub(crate) fn unavailable(why: String) -> Self {
        Self { findings: Vec::new(), unavailable: Some(why) }
    }
}

/// One change of the public items.
pub(crate) struct Change {
    pub(crate) rule: &'static Rule,
    pub(crate) level: Level,
    /// The path of the item, as code names it.
    pub(crate) item: String,
    pub(crate) message: String,
    pub(crate) why: &'static str,
}

/// Compares what is generated from two documents.
pub(crate) fn compare(
    generator: &dyn ClientGenerator,
    base: &Input,
    head: &Input,
    sources: (&Document, &Document),
) -> Outcome {
    if base.text == head.text {
        return Outcome { findings: Vec::new(), unavailable: None };
    }
    let (old, new) = match (items_of(generator, base), items_of(generator, head)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(why), _) => {
            return Outcome::unavailable(format!(
                "nothing is generated from the old document: {why}"
            ));
        }
        (_, Err(why)) => {
            return Outcome::unavailable(format!(
                "nothing is generated from the new document: {why}"
            ));
        }
    };
    let changes = compare::compare(&old, &new);
    if changes.is_empty() {
        return Outcome { findings: Vec::new(), unavailable: None };
    }
    let (old_origins, new_origins) = (Origins::of(sources.0), Origins::of(sources.1));
    let findings = changes.into_iter().map(|change| {
        let locations = (
            old_origins.locate(sources.0, &change.item),
            new_origins.locate(sources.1, &change.item),
        );
        let (before, after) =
            (old_origins.operations(&change.item), new_origins.operations(&change.item));
        let operations = before.union(&after).cloned().collect();
        let Change { rule, level, item, message, why } = change;
        build(rule, level, operations, locations, message, &item, why.to_owned(), None)
    });
    Outcome { findings: findings.collect(), unavailable: None }
}

/// The public items of the client that is generated from a document.
fn items_of(generator: &dyn ClientGenerator, document: &Input) -> Result<Items, String> {
    let modules = generator.generate(document).map_err(|report| first_error(&report))?;
    let mut items = Items::default();
    for module in &modules {
        let parsed = syn::parse_file(&module.code)
            .map_err(|error| format!("the module {} does not parse: {error}", module.path))?;
        items.read(&module.path, &parsed.items);
    }
    Ok(items)
}

fn first_error(report: &Refusal) -> String {
    match report.errors().next() {
        Some(found) => {
            format!("{}:{}: {} [{}]", found.file, found.position, found.message, found.rule)
        }
        None => "the generator refuses it".to_owned(),
    }
}
