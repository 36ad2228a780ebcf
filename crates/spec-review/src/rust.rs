//! The Rust axis: what a change does to code that uses the generated client.
//!
//! A client is generated from both documents by the caller's generator, and their public items are
//! compared. So the result depends on what the generator does, and not on assumptions of this crate
//! about it.

mod compare;
mod items;
mod origin;

use openapi_document::Document;

use crate::change::Change;
use crate::compatibility::Level;
use crate::document_text::DocumentText;
use crate::generator::ClientGenerator;
use crate::report::{Finding, GenerationFailure, RustUnavailable};
use crate::rules::Rule;
use crate::subject::{ItemPath, Subject, Target};
use crate::versions::Versions;
use items::PublicItems;
use origin::ItemOrigins;

/// A change of one public item.
pub(crate) struct ItemChange {
    pub(crate) rule: &'static Rule,
    pub(crate) level: Level,
    pub(crate) item: ItemPath,
    pub(crate) change: Change,
    /// The same change was found in a lower layer: the builder module or the raw client.
    pub(crate) lower_layers: bool,
}

/// The findings of the Rust axis.
pub(crate) fn compare(
    generator: &dyn ClientGenerator,
    inputs: Versions<&DocumentText>,
    sources: Versions<&Document>,
) -> Result<Vec<Finding>, RustUnavailable> {
    if inputs.base.text == inputs.head.text {
        return Ok(Vec::new());
    }
    let base = items_of(generator, inputs.base).map_err(RustUnavailable::Base)?;
    let head = items_of(generator, inputs.head).map_err(RustUnavailable::Head)?;
    let changes = compare::compare(Versions::new(&base, &head));
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let origins = sources.map(ItemOrigins::of);
    Ok(changes.into_iter().map(|change| build_finding(change, origins.each(), sources)).collect())
}

fn build_finding(
    found: ItemChange,
    origins: Versions<&ItemOrigins>,
    sources: Versions<&Document>,
) -> Finding {
    let ItemChange { rule, level, item, change, lower_layers } = found;
    let locations = origins.zip(sources).map(|(origins, source)| origins.locate(source, &item));
    let users = origins.map(|origins| origins.operations(&item));
    let operations = users.base.union(&users.head).cloned().collect();
    let target = Target::Item { path: item, lower_layers };
    let subject = Subject { target, operations, directions: Vec::new(), locations };
    Finding::without_witness(rule, level, subject, change)
}

/// The public items of the client that is generated from a document.
fn items_of(
    generator: &dyn ClientGenerator,
    document: &DocumentText,
) -> Result<PublicItems, GenerationFailure> {
    let modules = generator.generate(document).map_err(GenerationFailure::Rejected)?;
    let mut items = PublicItems::default();
    for module in &modules {
        let parsed = syn::parse_file(&module.code).map_err(|error| {
            GenerationFailure::InvalidRust { module: module.path.clone(), error: error.to_string() }
        })?;
        items.read(&module.path, &parsed.items);
    }
    Ok(items)
}
